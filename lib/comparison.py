"""The yardstick of the book's experiments: what several runs say, and what they cannot say.

Run k of every network learns from split k of the digits and starts from seed k, so that two networks can be compared
run by run: what a lucky choice of digits gives to both is no difference between them. The uncertainty of a mean of n
runs is its *standard error*, their standard deviation divided by √n.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lib import _arguments as arguments
from lib.tables import Table

__all__ = ["Estimate", "estimate", "leads", "leads_of_pairs", "paired_difference"]


@dataclass(frozen=True)
class Estimate:
    """A mean of several runs, printed as "mean ± standard error".

    Args:
        value: the mean.
        error: its standard error, in the same unit.

    >>> str(Estimate(1.23, 0.4)), f"{Estimate(1.23, 0.4):+.1f}"
    ('1.2 ± 0.4', '+1.2 ± 0.4')
    """

    value: float
    error: float

    def __format__(self, spec: str) -> str:
        spec = (spec or ".1f").replace(".", "z.")  # z: no minus before a zero
        return f"{self.value:{spec}} ± {self.error:{spec.lstrip('+')}}".replace("-", "−")

    def __str__(self) -> str:
        return format(self)

    def clear(self) -> bool:
        """Whether the mean is more than two standard errors away from zero.

        >>> Estimate(1.2, 0.4).clear(), Estimate(-0.7, 0.4).clear()
        (True, False)
        """
        return bool(abs(self.value) > 2 * self.error)


def estimate(runs: ArrayLike) -> Estimate:
    """The mean of several runs and its standard error.

    Args:
        runs: one number a run, ``(n,)`` with n at least 2.

    Raises:
        TypeError, ValueError: the runs are no such numbers.

    >>> print(estimate([92.0, 94.0, 93.0, 95.0]))
    93.5 ± 0.6
    """
    values = _numbers("runs", runs)
    return Estimate(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def paired_difference(runs: ArrayLike, others: ArrayLike) -> Estimate:
    """The mean of the differences ``runs[k] - others[k]``, and its standard error.

    Args:
        runs, others: one number a run each, ``(n,)``, run k of both made with the same split.

    Raises:
        TypeError, ValueError: they are no such numbers, or not equally many.

    >>> print(paired_difference([92.0, 94.0, 93.0, 95.0], [91.0, 92.0, 92.0, 93.0]))
    1.5 ± 0.3
    """
    values, other_values = _numbers("runs", runs), _numbers("others", others)
    if len(values) != len(other_values):
        raise ValueError(f"others: expected as many as runs, {values.shape}, got {other_values.shape}")
    return estimate(values - other_values)


def leads(of: str, results: Mapping[str, Mapping[str, ArrayLike]], measures: Sequence[str]) -> Table:
    """A table of what one network leads by, against each of the others, and whether that is clear.

    "Ahead" and "behind" are said only beyond two standard errors of the paired difference.

    Args:
        of: the name of the network whose leads are wanted.
        results: for each network, by name, what was measured: one number a run, ``(n,)``, for each measure.
        measures: those to compare.

    Raises:
        TypeError, ValueError: the runs are no numbers, or not equally many; a network or a measure is not there.

    >>> results = {"a": {"right (%)": [93.0, 94.0, 93.5]}, "b": {"right (%)": [91.0, 92.0, 90.0]}}
    >>> leads("a", results, ["right (%)"])
    a, against     right (%)
    -------------------------------
    b           +2.50 ± 0.50  ahead
    """
    measures = arguments.measures("measures", results, measures)
    if not isinstance(of, str) or of not in results:
        raise ValueError(f"of: expected one of {tuple(results)}, got {of!r}")
    rows = [[name, *_cells(results[of], results[name], measures)] for name in results if name != of]
    return Table([f"{of}, against", *_head(measures)], rows)


def leads_of_pairs(
    pairs: Sequence[tuple[str, str]],
    results: Mapping[str, Mapping[str, ArrayLike]],
    measures: Sequence[str],
    runs: int | None = None,
) -> Table:
    """A table of what the first network of each pair leads the second by, in the words of :func:`leads`.

    Args:
        pairs: names of two networks each.
        results, measures: as for :func:`leads`.
        runs: how many runs to use, the first; None for all.

    Raises:
        TypeError, ValueError: as :func:`leads`; something is no pair, or there are not so many runs.

    >>> results = {"a": {"right (%)": [93.0, 94.0, 93.5]}, "b": {"right (%)": [91.0, 92.0, 90.0]}}
    >>> [row[::2] for row in leads_of_pairs([("a", "b"), ("b", "a")], results, ["right (%)"]).rows]
    [['a against b', 'ahead'], ['b against a', 'behind']]
    """
    measures = arguments.measures("measures", results, measures)
    pairs = arguments.sequence("pairs", pairs, "pairs of names")
    for pair in pairs:
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not all(isinstance(name, str) for name in pair):
            raise ValueError(f"pairs: expected pairs of names, got {pair!r}")
        if missing := [name for name in pair if name not in results]:
            raise ValueError(f"pairs: expected names out of {tuple(results)}, got {missing[0]!r}")
    count = None if runs is None else arguments.integer("runs", runs, 2)
    rows = []
    for one, other in pairs:
        rows.append([f"{one} against {other}", *_cells(results[one], results[other], measures, count)])
    return Table(["", *_head(measures)], rows)


def _head(measures: Sequence[str]) -> list[str]:
    return [text for measure in measures for text in (measure, "")]


def _cells(
    one: Mapping[str, ArrayLike], other: Mapping[str, ArrayLike], measures: Sequence[str], count: int | None = None
) -> list[str]:
    """For each measure the lead of one over the other in the first ``count`` runs, and what that is called."""
    cells = []
    for measure in measures:
        runs, others = (_numbers("results", network[measure]) for network in (one, other))
        if count is not None and count > min(len(runs), len(others)):
            raise ValueError(f"runs: expected at most {min(len(runs), len(others))}, got {count}")
        gap = paired_difference(runs[:count], others[:count])
        cells += [f"{gap:+.2f}", _words(gap)]
    return cells


def _words(gap: Estimate) -> str:
    return ("ahead" if gap.value > 0 else "behind") if gap.clear() else "not told apart"


def _numbers(name: str, value: ArrayLike) -> np.ndarray:
    numbers = arguments.array(name, value, (1,), "(n,)", "real numbers")
    if len(numbers) < 2:
        raise ValueError(f"{name}: expected at least 2 runs, without which there is no error, got {numbers.shape}")
    return numbers.astype(float)
