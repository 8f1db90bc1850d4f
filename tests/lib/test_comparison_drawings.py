"""The picture of leads: points at the means, bars of two standard errors."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lib.comparison import Estimate
from lib.comparison_drawings import show_leads

LEADS = {"plain": {"slow": Estimate(1.0, 0.3), "fast": Estimate(-0.5, 0.25)}, "wide": {"slow": Estimate(2.0, 1.5)}}


@pytest.fixture(autouse=True)
def figure(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    yield plt.gcf
    plt.close("all")


def test_bars_reach_two_standard_errors_either_way(figure):
    show_leads(LEADS, "lead")
    (ax,) = figure().axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["plain", "wide"]
    found = {}
    for bars in ax.containers:
        points, _, (lines,) = bars.lines
        ends = [(low[0], high[0]) for low, high in lines.get_segments()]
        found[bars.get_label()] = list(zip(points.get_xdata(), ends, strict=True))
    assert found == {"slow": [(1.0, (0.4, 1.6)), (2.0, (-1.0, 5.0))], "fast": [(-0.5, (-1.0, 0.0))]}


def test_rounding_noise_moves_no_point(figure):
    noisy = {"a": {"x": Estimate(1 + 1e-13, 0.3 + 1e-14)}}
    drawn = []
    for leads in (noisy, {"a": {"x": Estimate(1.0, 0.3)}}):
        show_leads(leads, "lead")
        drawn.append(figure().axes[0].containers[0].lines[2][0].get_segments()[0])
        plt.close()
    assert np.array_equal(*drawn)


@pytest.mark.parametrize(
    ("leads", "error", "message"),
    [
        ({}, ValueError, "leads: expected 1 to 3 conditions, got 0"),
        ({"a": dict.fromkeys("wxyz", Estimate(1.0, 1.0))}, ValueError, "leads: expected 1 to 3 conditions, got 4"),
        ({"a": {"x": 1.0}}, TypeError, "leads: expected an Estimate for each condition, got 1.0"),
    ],
)
def test_what_cannot_be_drawn_is_named(leads, error, message):
    with pytest.raises(error, match=message):
        show_leads(leads, "x")
