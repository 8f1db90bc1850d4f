"""What several runs say, as a picture: leads with their standard errors beside the line of no difference."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np

from lib.comparison import Estimate
from lib.figures import BLUE, GREEN, INK, ORANGE, PAPER, WIDTH

__all__ = ["show_leads"]

LOOKS = ((BLUE, "o", BLUE), (ORANGE, "s", PAPER), (GREEN, "^", GREEN))


def show_leads(leads: Mapping[str, Mapping[str, Estimate]], xlabel: str) -> None:
    """Show leads as points with bars of two standard errors: clear is the lead whose bar does not reach zero.

    Args:
        leads: by row, the lead under each condition, by name; at most three conditions. A row may lack some.
        xlabel: what leads over what, with its unit.

    Raises:
        TypeError: a lead is no :class:`lib.comparison.Estimate`.
        ValueError: there are no leads, or more than three conditions.

    >>> show_leads({"plain": {"slow": Estimate(1.0, 0.3), "fast": Estimate(-0.2, 0.2)}}, "digits in a hundred")
    """
    conditions = list(dict.fromkeys(name for row in leads.values() for name in row))
    if not 1 <= len(conditions) <= len(LOOKS):
        raise ValueError(f"leads: expected 1 to {len(LOOKS)} conditions, got {len(conditions)}")
    for lead in (lead for row in leads.values() for lead in row.values()):
        if not isinstance(lead, Estimate):
            raise TypeError(f"leads: expected an Estimate for each condition, got {lead!r}")
    _, ax = plt.subplots(figsize=(WIDTH, 0.5 * len(leads) + 1.1))
    step = 0.36 / max(1, len(conditions) - 1)
    for k, (name, (color, marker, fill)) in enumerate(zip(conditions, LOOKS, strict=False)):
        rows = [(y, row[name]) for y, row in enumerate(leads.values()) if name in row]
        places = [y + (k - (len(conditions) - 1) / 2) * step for y, _ in rows]
        values = np.round([lead.value for _, lead in rows], 9)
        reach = np.round([2 * lead.error for _, lead in rows], 9)
        ax.errorbar(values, places, xerr=reach, fmt=marker, color=color, mfc=fill, capsize=3, label=name)
    ax.axvline(0, color=INK, lw=1)
    ax.set_yticks(range(len(leads)), list(leads))
    ax.set(xlabel=xlabel, ylim=(len(leads) - 0.5, -0.5))
    ax.grid(axis="y", visible=False)
    if len(conditions) > 1:
        ax.figure.legend(loc="outside upper left", ncols=len(conditions), frameon=False)
    plt.show()
