"""What several runs say, as pictures: each run as a dot, and leads with their standard errors."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from lib.comparison import paired_difference
from lib.figures import BLUE, GREEN, INK, ORANGE, PAPER, WIDTH

__all__ = ["show_leads", "show_runs"]

Results = Mapping[str, Mapping[str, ArrayLike]]
LOOKS = ((BLUE, "o", BLUE), (ORANGE, "s", PAPER), (GREEN, "^", GREEN))


def show_leads(pairs: Sequence[tuple[str, str]], conditions: Mapping[str, Results], measure: str, xlabel: str) -> None:
    """Show what one network leads another by, as a point with a bar of two standard errors either way.

    A lead is clear if its bar does not reach zero. Where one of the two has more runs, its first ones count.

    Args:
        pairs: names of two networks, of which the first may lead; the second names the row.
        conditions: by name, at most three; for each network by name what was measured, one number a run. A pair has no
            point where one of the two is missing.
        measure: the one to compare.
        xlabel: what leads over what, with its unit.

    Raises:
        ValueError: there is no pair, no condition, or more than three.

    >>> slow = {"a": {"right (%)": [93.0, 94.0, 93.5]}, "b": {"right (%)": [91.0, 92.0, 90.0]}}
    >>> show_leads([("a", "b")], {"slow": slow}, "right (%)", "per cent that a reads more")
    """
    if not pairs or not 1 <= len(conditions) <= len(LOOKS):
        raise ValueError(f"conditions: expected pairs, and 1 to {len(LOOKS)} of these, got {pairs} and {[*conditions]}")
    _, ax = plt.subplots(figsize=(WIDTH, 0.5 * len(pairs) + 1.1))
    step = 0.36 / max(1, len(conditions) - 1)
    for k, ((name, results), (color, marker, fill)) in enumerate(zip(conditions.items(), LOOKS, strict=False)):
        there = [(y, pair) for y, pair in enumerate(pairs) if all(network in results for network in pair)]
        gaps = [_lead(*(np.asarray(results[network][measure]) for network in pair)) for _, pair in there]
        places = [y + (k - (len(conditions) - 1) / 2) * step for y, _ in there]
        values, reach = zip(*gaps, strict=True)
        ax.errorbar(values, places, xerr=reach, fmt=marker, color=color, mfc=fill, capsize=3, label=name)
    ax.axvline(0, color=INK, lw=1)
    _show_rows(ax, [other for _, other in pairs], xlabel, len(conditions))


def _lead(runs: np.ndarray, others: np.ndarray) -> tuple[float, float]:
    """The mean difference and two of its standard errors, without the last digits, which differ between processors."""
    count = min(len(runs), len(others))
    gap = paired_difference(runs[:count], others[:count])
    return round(gap.value, 9), round(2 * gap.error, 9)


def show_runs(results: Results, measures: Mapping[str, str], xlabel: str, breaks: Sequence[int] = ()) -> None:
    """Show every run of several networks as a dot, a network a row, for one measure or for two or three.

    Args:
        results: for each network, by name, what was measured: one number a run.
        measures: those to show, each with what to call it.
        xlabel: what they measure, with the unit.
        breaks: rows above which a line sets off what follows.

    Raises:
        ValueError: there are no results, no measures, or more than three.

    >>> show_runs({"a": {"x": [93, 94]}, "b": {"x": [91, 92]}}, {"x": "as they are"}, "right (%)", breaks=[1])
    """
    if not results or not 1 <= len(measures) <= len(LOOKS):
        raise ValueError(f"measures: expected results, and 1 to {len(LOOKS)} of these, got {[*results]}, {[*measures]}")
    _, ax = plt.subplots(figsize=(WIDTH, 0.47 * len(results) + 0.7))
    for k, ((measure, label), (color, marker, fill)) in enumerate(zip(measures.items(), LOOKS, strict=False)):
        offset = 0.3 * (k - (len(measures) - 1) / 2)
        for row, runs in enumerate(results.values()):
            values = np.round(np.asarray(runs[measure], float), 9)
            name = "_" if row else label
            ax.plot(values, [row + offset] * len(values), marker, color=color, mfc=fill, alpha=0.6, ls="", label=name)
    for row in breaks:
        ax.axhline(row - 0.5, color=INK, lw=1)
    _show_rows(ax, list(results), xlabel, len(measures))


def _show_rows(ax: Axes, labels: Sequence[str], xlabel: str, kinds: int) -> None:
    """Rows from the top down, each with its label; the kinds of points named above, if there is more than one."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set(xlabel=xlabel, ylim=(len(labels) - 0.5, -0.5))
    ax.grid(axis="y", visible=False)
    if kinds > 1:
        ax.figure.legend(loc="outside upper left", ncols=kinds, frameon=False)
    plt.show()
