"""Pictures of runs and of leads: every run a dot, points at the means, bars of two standard errors."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lib.comparison import paired_difference
from lib.comparison_drawings import show_leads, show_runs

RUNS = np.random.default_rng(0).normal(90, 2, size=(3, 9))
SLOW = {name: {"right": runs} for name, runs in zip("abc", RUNS, strict=True)}
FAST = {"a": {"right": RUNS[0] + 1}, "b": {"right": RUNS[2][:5]}}


@pytest.fixture(autouse=True)
def figure(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    yield plt.gcf
    plt.close("all")


def drawn(ax):
    """Points and ends of the bars, by condition."""
    found = {}
    for bars in ax.containers:
        points, _, (lines,) = bars.lines
        ends = [(low[0], high[0]) for low, high in lines.get_segments()]
        found[bars.get_label()] = [(x, *pair) for x, pair in zip(points.get_xdata(), ends, strict=True)]
    return found


def test_bars_reach_two_standard_errors_either_way(figure):
    show_leads([("a", "b"), ("a", "c")], {"slow": SLOW, "fast": FAST}, "right", "lead")
    (ax,) = figure().axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b", "c"]
    gaps = {
        "slow": [paired_difference(RUNS[0], RUNS[1]), paired_difference(RUNS[0], RUNS[2])],
        "fast": [paired_difference(RUNS[0][:5] + 1, RUNS[2][:5])],
    }
    for name, bars in drawn(ax).items():
        expected = [(g.value, g.value - 2 * g.error, g.value + 2 * g.error) for g in gaps.pop(name)]
        assert np.allclose(bars, expected)
    assert not gaps


def test_every_run_is_a_dot(figure):
    results = {name: {"right": runs, "moved": runs - 10} for name, runs in zip("abc", RUNS, strict=True)}
    show_runs(results, {"right": "as they are", "moved": "moved"}, "right (%)", breaks=[1])
    (ax,) = figure().axes
    dots = [line for line in ax.lines if len(line.get_xdata()) == 9]
    assert np.allclose([line.get_xdata() for line in dots], np.concatenate([RUNS, RUNS - 10]))
    assert [round(line.get_ydata()[0]) for line in dots] == [0, 1, 2, 0, 1, 2]
    assert [text.get_text() for text in figure().legends[0].get_texts()] == ["as they are", "moved"]
    assert [line.get_ydata()[0] for line in ax.lines if line not in dots] == [0.5]


def test_rounding_noise_moves_no_point(figure):
    seen = []
    for noise in (0, 1e-13):
        results = {name: {"right": np.round(runs, 1) * (1 + noise)} for name, runs in zip("ab", RUNS[:2], strict=True)}
        show_leads([("a", "b")], {"slow": results}, "right", "lead")
        seen.append(drawn(figure().axes[0]))
        plt.close()
        show_runs(results, {"right": "right"}, "right (%)")
        seen[-1]["dots"] = [line.get_xdata().tolist() for line in figure().axes[0].lines]
        plt.close()
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: show_leads([("a", "b")], {}, "right", "x"), r"conditions: .* 1 to 3 of these, got .* and \[\]"),
        (lambda: show_leads([], {"slow": SLOW}, "right", "x"), r"conditions: expected pairs, .* got \[\] and"),
        (lambda: show_leads([("a", "b")], dict.fromkeys("wxyz", SLOW), "right", "x"), "conditions: .* 1 to 3"),
        (lambda: show_runs(SLOW, {}, "x"), "measures: expected results, and 1 to 3 of these"),
        (lambda: show_runs({}, {"right": "right"}, "x"), "measures: expected results, and 1 to 3 of these"),
    ],
)
def test_what_cannot_be_drawn_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
