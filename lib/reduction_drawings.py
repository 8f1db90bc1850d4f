"""Drawings of reductions: the four ways to make one, and what one does to the points of two maps."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lib.figures import BLUE, INK, ORANGE, PAPER, SHADE, WIDTH
from lib.reduction import covariance, variance_kept

__all__ = ["show_lost", "ways_to_reduce"]

LEARNS, FIXED, LATER = "learns", "random, never learns", "put in after training"
BOTH = f"{FIXED}, {LATER}"
#: Of each way, in rows from the top: its name, and how its one or two 1×1s come about.
WAYS = (
    ("learned", (LEARNS,)),
    ("random, from the start", (FIXED,)),
    ("best, afterwards", (LATER, LATER)),
    ("random, afterwards", (BOTH, LATER)),
)


def ways_to_reduce() -> None:
    """Draw four ways to put a reduction between two layers: there from the start or put in later, learned or not."""
    _, ax = plt.subplots(figsize=(WIDTH, 4.5))
    ax.set(xlim=(-0.06, 10.46), ylim=(-1, 7.7))
    ax.axis("off")
    for k, (name, made) in enumerate(WAYS):
        bottom = 6.05 - 2 * k
        ax.text(0, bottom + 1.15, name, weight="bold")
        steps = [("3×3", PAPER, LEARNS), *(("1×1", BLUE, how) for how in made), ("3×3", PAPER, LEARNS)]
        left, gap = 0.0, (10.4 - 1.25 * (len(steps) + 1) - 0.55) / len(steps)
        maps = ["32", "R"] if len(made) == 1 else ["32", "R", "32"]
        for (label, fill, how), inside in zip(steps, [*maps, ""], strict=True):
            _layer(ax, left, bottom, label, fill, how)
            _arrow(ax, left + 1.25, left + 1.25 + gap, bottom + 0.45, inside)
            left += 1.25 + gap
        _layer(ax, left, bottom, "classifier", PAPER, LEARNS, 1.8)
    for x, how in ((0.0, LEARNS), (2.15, FIXED), (6.45, LATER)):
        _layer(ax, x, -0.9, "", SHADE, how, 0.6, 0.45)
        ax.text(x + 0.75, -0.68, how, va="center", size=10)
    plt.show()


def _layer(
    ax: Axes, left: float, bottom: float, label: str, fill: str, how: str, width: float = 1.25, height: float = 0.9
) -> None:
    """A box; hatched if its weights are random for good, dashed if it is put in later."""
    style, thickness = ("--", 2.0) if how in (LATER, BOTH) else ("-", 1.0)
    hatch = "//" if how in (FIXED, BOTH) else None
    corner = (left, bottom)
    ax.add_patch(Rectangle(corner, width, height, fc=fill, ec=INK, ls=style, lw=thickness, hatch=hatch, zorder=2))
    ink = PAPER if fill == BLUE else INK
    box = {"fc": fill, "ec": "none", "pad": 1.5} if hatch and label else None
    ax.text(left + width / 2, bottom + height / 2, label, color=ink, ha="center", va="center", zorder=3, bbox=box)


def _arrow(ax: Axes, start: float, end: float, height: float, label: str) -> None:
    """An arrow with the number of maps that pass along it."""
    look = {"arrowstyle": "-|>", "color": INK, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (end, height), (start, height), arrowprops=look)
    ax.text((start + end) / 2, height + 0.12, label, ha="center", size=10)


def show_lost(maps: np.ndarray, pairs: Mapping[str, np.ndarray], every: int = 1) -> None:
    """Show what pairs that reduce two maps to one do to the pixels: how far each point moves, and onto what line.

    Args:
        maps: ``(2, H, W)``.
        pairs: by title, one or two matrices (2, 2) of rank 1, as :func:`lib.reduction.best_pair` makes them.
        every: draw one pixel in so many.

    Raises:
        ValueError: there are not two maps, or not one or two pairs.
    """
    if np.ndim(maps) != 3 or len(maps) != 2:
        raise ValueError(f"maps: expected shape (2, H, W), got {np.shape(maps)}")
    if not 1 <= len(pairs) <= 2:
        raise ValueError(f"pairs: expected 1 or 2, got {len(pairs)}")
    table, columns = covariance(maps), np.reshape(maps, (2, -1))
    points = (columns - columns.mean(1, keepdims=True))[:, ::every]
    _, axes = plt.subplots(1, len(pairs), figsize=(WIDTH, 3.1), sharey=True, squeeze=False)
    for ax, (title, pair) in zip(axes.flat, pairs.items(), strict=True):
        moved = pair @ points
        sticks = np.stack([points, moved, np.full_like(points, np.nan)], axis=2).reshape(2, -1)
        ax.plot(*np.round(sticks, 6), color=ORANGE, lw=1.2)
        line = np.linalg.svd(pair)[0][:, :1]
        line = line * np.sign(line[np.abs(line).argmax()])  # which processors choose as they like
        along = (line.T @ moved)[0]
        ax.plot(*np.round(line * [along.min(), along.max()], 6), color=INK, lw=1.5)
        ax.plot(*np.round(points, 6), ".", color=BLUE, markersize=3)
        ax.locator_params(nbins=4)
        ax.set(title=f"{title}:\n{variance_kept(table, pair):.0f} % kept", aspect="equal", xlabel="first map")
    axes[0, 0].set_ylabel("second map")
    plt.show()
