"""lib.outcomes: what histories say, in the units and decimals asked for; differences are paired."""

import pytest

from lib.outcomes import differences, means, outcomes
from lib.training import History


def test_outcomes_are_the_last_loss_and_percentages():
    runs = [(None, History([3.0, 2.0], 0.5, 0.25)), (None, History([2.5, 1.5], 0.75, 0.5))]
    found = outcomes(runs)
    assert found == {"loss": [2.0, 1.5], "training digits (%)": [50.0, 75.0], "test digits (%)": [25.0, 50.0]}
    for wrong in ([History([1.0], 0.5, 0.5)], [(None, 0.5)], [(None, History([1.0], 0.5, 0.5), 1)]):
        with pytest.raises(TypeError, match=r"runs: expected pairs \(model, history\), got"):
            outcomes(wrong)


def test_means_have_the_decimals_asked_for():
    results = {"a": {"x": [1.0, 2.0], "y": [10.0, 14.0]}, "b": {"x": [1.26, 1.26], "y": [-1.0, -1.0]}}
    table = means(results, {"y": "+.0f", "x": ".2f"})
    assert table.header == ["network", "y", "x"]
    assert table.rows == [["a", "+12 ± 2", "1.50 ± 0.50"], ["b", "−1 ± 0", "1.26 ± 0.00"]]


@pytest.mark.parametrize(
    ("results", "formats", "error", "message"),
    [
        ([1], {"x": ".1f"}, TypeError, "results: expected runs by measure by network"),
        ({"a": [1, 2]}, {"x": ".1f"}, TypeError, "results: expected runs by measure by network"),
        ({"a": {"x": [1, 2]}}, ["x"], TypeError, "formats: expected formats by measure"),
        ({"a": {"x": [1, 2]}}, {"y": ".1f"}, ValueError, "formats: expected measures of every network, got 'y'"),
        ({"a": {"x": [1, 2]}}, {"x": "s"}, ValueError, "formats: expected a number of decimals, .*, got 's'"),
        ({"a": {"x": [1, 2]}}, {"x": 1}, ValueError, "formats: expected a number of decimals, .*, got 1"),
    ],
)
def test_what_has_no_mean_is_named(results, formats, error, message):
    with pytest.raises(error, match=message):
        means(results, formats)


def test_differences_are_paired_in_the_order_given():
    one, other = {"x": [1.0, 2.0, 6.0], "y": [1, 2, 3]}, {"x": [0.0, 1.0, 2.0], "y": [2, 2, 2]}
    table = differences("title", {"a": (one, other), "b": (other, one)}, ["y", "x"])
    assert table.header == ["title", "y", "x"]
    assert table.rows == [["a", "+0.0 ± 0.6", "+2.0 ± 1.0"], ["b", "+0.0 ± 0.6", "−2.0 ± 1.0"]]
    for pairs in ([one, other], {"a": (one,)}, {"a": [one, other]}, {"a": (1, 2)}):
        with pytest.raises(TypeError, match="pairs: expected"):
            differences("title", pairs, ["x"])
    with pytest.raises(ValueError, match="measures: expected measures of every network, got 'z'"):
        differences("title", {"a": (one, other)}, ["z"])
