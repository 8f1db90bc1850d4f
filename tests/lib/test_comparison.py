"""lib.comparison against SciPy's standard errors and paired tests, and against bad input."""

import numpy as np
import pytest
from scipy import stats

from lib.comparison import Estimate, estimate, leads, leads_of_pairs, paired_difference

RUNS = np.random.default_rng(0).normal(90, 2, size=(3, 9))


def test_an_estimate_is_the_mean_and_its_standard_error():
    for runs in (*RUNS, RUNS[0][:2], [1, 2, 4]):
        found = estimate(runs)
        assert found.value == pytest.approx(np.mean(runs))
        assert found.error == pytest.approx(stats.sem(runs))
    assert estimate([3, 3]) == Estimate(3.0, 0.0)


def test_a_difference_is_paired():
    gap = paired_difference(RUNS[0], RUNS[1])
    assert gap.value / gap.error == pytest.approx(stats.ttest_rel(RUNS[0], RUNS[1]).statistic)
    luck = np.arange(9) * 10  # what helps both is no difference
    assert paired_difference(RUNS[0] + luck, RUNS[1] + luck).error == pytest.approx(gap.error)


@pytest.mark.parametrize(
    ("estimated", "spec", "text"),
    [
        (Estimate(93.46, 0.64), "", "93.5 ± 0.6"),
        (Estimate(93.46, 0.64), ".0f", "93 ± 1"),
        (Estimate(1.25, 0.31), "+.2f", "+1.25 ± 0.31"),
        (Estimate(-1.26, 0.31), "+.1f", "−1.3 ± 0.3"),
        (Estimate(-0.01, 0.31), "+.1f", "+0.0 ± 0.3"),
        (Estimate(-0.01, 0.31), "", "0.0 ± 0.3"),
    ],
)
def test_an_estimate_is_printed_with_its_error(estimated, spec, text):
    assert format(estimated, spec) == text
    assert spec or str(estimated) == text


def test_clear_is_more_than_two_standard_errors_either_way():
    assert [Estimate(value, 0.5).clear() for value in (-1.01, -1.0, 0.0, 1.0, 1.01)] == [
        True,
        False,
        False,
        False,
        True,
    ]


def test_leads_compare_one_with_each_other_one():
    results = {
        "a": {"right": [5.0, 6.0, 7.0], "moved": [1, 2, 3]},
        "b": {"right": [4.0, 5.5, 6.0], "moved": [4, 5, 6.5]},
        "c": {"right": [5.0, 7.0, 6.0], "moved": [1, 2, 3]},
    }
    table = leads("a", results, ["right", "moved"])
    assert table.header == ["a, against", "right", "", "moved", ""]
    assert table.rows == [
        ["b", "+0.83 ± 0.17", "ahead", "−3.17 ± 0.17", "behind"],
        ["c", "+0.00 ± 0.58", "not told apart", "+0.00 ± 0.00", "not told apart"],
    ]


def test_leads_of_pairs_are_those_of_each_pair_in_its_first_runs():
    results = {name: {"right": runs, "moved": runs[::-1]} for name, runs in zip("abc", RUNS, strict=True)}
    for count in (None, 9, 4):
        table = leads_of_pairs([("b", "a"), ("c", "b")], results, ["moved", "right"], count)
        assert table.header == ["", "moved", "", "right", ""]
        for row, (one, other) in zip(table.rows, ("ba", "cb"), strict=True):
            pair = {name: {key: runs[:count] for key, runs in results[name].items()} for name in (one, other)}
            assert row == [
                f"{one} against {other}",
                *leads(one, pair, ["moved", "right"]).rows[0][1:],
            ]


A, B = {"x": [1, 2]}, {"x": [1, 3, 4]}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: estimate([1.0]), ValueError, r"runs: expected at least 2 runs, .*, got \(1,\)"),
        (lambda: estimate([1j, 2]), TypeError, r"runs: expected real numbers, got dtype complex128 with shape \(2,\)"),
        (lambda: estimate(RUNS), ValueError, r"runs: expected shape \(n,\), got 2 axes: \(3, 9\)"),
        (lambda: paired_difference([1, 2], [1, 2, 3]), ValueError, r"others: .* as many as runs, \(2,\), got \(3,\)"),
        (lambda: leads("b", {"a": {"x": [1, 2]}}, ["x"]), ValueError, r"of: expected one of \('a',\), got 'b'"),
        (lambda: leads("a", {"a": {"x": [1, 2]}}, ["y"]), ValueError, r"measures: .* of every network, got 'y'"),
        (lambda: leads("a", {"a": [1, 2]}, ["x"]), TypeError, r"results: expected runs by measure by network, got"),
        (
            lambda: leads_of_pairs([("a", "c")], {"a": A}, ["x"]),
            ValueError,
            r"pairs: expected names .*\('a',\), got 'c'",
        ),
        (
            lambda: leads_of_pairs(["ab"], {"a": A, "b": A}, ["x"]),
            ValueError,
            r"pairs: expected pairs of names, got 'ab'",
        ),
        (
            lambda: leads_of_pairs([("a", "b")], {"a": A, "b": B}, ["x"]),
            ValueError,
            r"others: expected as many as runs",
        ),
        (
            lambda: leads_of_pairs([("a", "b")], {"a": A, "b": B}, ["x"], 3),
            ValueError,
            r"runs: expected at most 2, got 3",
        ),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
