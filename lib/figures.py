"""The book's style, and the figures it uses more than once.

Every figure is an SVG whose bytes depend on nothing but the data, because the tests compare figures byte for byte. It
carries a fingerprint of what it shows, by which drawings of other releases of Matplotlib are compared.
Figures are 5.2 inches wide with 11-point letters: legible when a phone shrinks them to 350 pixels.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import SVG, display
from matplotlib_inline.backend_inline import set_matplotlib_formats
from matplotlib_inline.config import InlineBackend

from lib import _arguments as arguments
from lib import _fingerprint
from lib import _pictures as pictures

__all__ = ["BLUE", "GREEN", "INK", "ORANGE", "PAPER", "PINK", "SHADE", "WIDTH"]
__all__ += ["show_bars", "show_curves", "show_images", "show_marks", "use_style"]

#: One of those colours of Okabe and Ito that keep a contrast of 3 on white and on the dark page; never without a
#: marker, dash or label as well.
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
#: Colour of what is written and drawn, of what it is drawn on, or of what stands back.
INK, PAPER, SHADE = "#1b1f24", "#ffffff", "#e8edf2"
#: How the kinds of layers look in every picture: colour and hatch.
KINDS = {"1×1": (BLUE, ""), "depthwise": (ORANGE, ".."), "3×3": (PAPER, ""), "larger kernels": (PAPER, "")}
KINDS |= {"fully connected": (PAPER, "////"), "rest": (SHADE, "")}
OTHERS = ((ORANGE, "//"), (GREEN, ".."), (PINK, "\\\\"), (SHADE, "xx"))
LINES = ((BLUE, "o-"), (ORANGE, "s--"), (GREEN, "^:"), (PINK, "D-."))
#: Of a figure, in inches.
WIDTH = 5.2

STYLE: dict[Any, Any] = {
    "figure.figsize": (WIDTH, 3.2),
    "figure.constrained_layout.use": True,
    "figure.hooks": [f"{_fingerprint.__name__}:{_fingerprint.attach.__name__}"],
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.prop_cycle": plt.cycler(color=[color for color, _ in LINES]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#d5dbe1",
    "image.interpolation": "none",  # the pixels themselves go into the SVG, so no resampling can change them
    "svg.fonttype": "none",
    "svg.hashsalt": "one-by-one",
}


def use_style() -> None:
    """Draw every figure of a notebook in the book's style, as SVG without dates or random names.

    >>> use_style()
    """
    plt.rcdefaults()
    plt.rcParams.update(STYLE)
    if get_ipython() is not None:  # asking for formats outside a notebook would start an IPython shell there
        inline = InlineBackend.instance(parent=get_ipython())  # older releases of Matplotlib ask this after the cell
        undated = {"metadata": {"Date": None, "Creator": None}}
        inline.set_trait("print_figure_kwargs", inline.print_figure_kwargs | undated)
        inline.figure_formats = {"svg"}
        set_matplotlib_formats("svg")


def show_images(images: Sequence[np.ndarray], titles: Sequence[str], columns: int = 2, signed: bool = False) -> None:
    """Show pictures side by side, each with a title.

    Args:
        images: arrays (3, H, W), red, green and blue in [0, 1]; or (1, H, W) or (H, W), grey in [0, 1].
        titles: one each.
        columns: pictures in a row.
        signed: grey maps with a sign instead: zero is mid-grey, the largest magnitude of all is black or white.

    Raises:
        TypeError, ValueError: the counts differ, an image has another shape, or columns is no positive integer.
    """
    columns = arguments.integer("columns", columns, 1)
    if len(images) == 0:
        raise ValueError("images: expected at least one, got none")
    if len(images) != len(titles):
        raise ValueError(f"titles: expected one for each of {len(images)} images, got {len(titles)}")
    images = [np.asarray(image) if np.ndim(image) == 3 else np.asarray(image)[None] for image in images]
    for image in images:
        if image.ndim != 3 or len(image) not in (1, 3):
            raise ValueError(f"images: expected shapes (3, H, W), (1, H, W) or (H, W), got one of {image.shape}")
    if signed:
        largest = max(np.abs(image).max() for image in images) or 1
        images = [image / (2 * largest) + 0.5 for image in images]
    drawn = [pictures.in_bytes(image) for image in images]
    display(SVG(pictures.side_by_side(drawn, titles, columns, 72 * WIDTH, INK, PAPER)))


def show_marks(marks: np.ndarray, yes: str, no: str, title: str) -> None:
    """Show a small boolean map as a grid of marks: filled with a cross where true, empty where false.

    Args:
        marks: boolean (H, W).
        yes, no: what a crossed and an empty cell mean.
        title: above the grid.

    Raises:
        TypeError, ValueError: the marks are not boolean, or not of rank 2.
    """
    marks = np.asarray(marks)
    if marks.dtype != bool:
        raise TypeError(f"marks: expected booleans, got dtype {marks.dtype} with shape {marks.shape}")
    if marks.ndim != 2 or marks.size == 0:
        raise ValueError(f"marks: expected shape (H, W), got {marks.shape}")
    height, width = marks.shape
    _, ax = plt.subplots(figsize=(WIDTH, WIDTH * height / width * 0.72 + 0.6))
    ax.imshow(np.where(marks, 0.0, 1.0), cmap="gray", vmin=-2, vmax=1)
    for y, x in zip(*np.nonzero(marks), strict=True):
        ax.text(x, y, "×", ha="center", va="center", fontsize=13)
    ax.set_xticks(np.arange(width))
    ax.set_yticks(np.arange(height))
    ax.set_xticks(np.arange(width + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(height + 1) - 0.5, minor=True)
    ax.grid(False)
    ax.grid(which="minor", color="#9aa4ae")
    ax.tick_params(which="both", length=0)
    ax.set(xlabel="column (pixels)", ylabel="row (pixels)", title=f"{title}\n×: {yes}, blank: {no}")
    plt.show()


def show_curves(
    x: Sequence[float],
    curves: Mapping[str, np.ndarray],
    xlabel: str,
    ylabel: str,
    doubling: bool = False,
    level: float | None = None,
    ylim: tuple[float, float] | None = None,
    above: bool = False,
) -> None:
    """Show up to four curves, each with its own marker and dash; several runs as their mean, in a band from end to end.

    Args:
        x: where the curves are known.
        curves: by name; ``(len(x),)``, or ``(runs, len(x))``.
        xlabel, ylabel: what the axes show, with units.
        doubling: x doubles from tick to tick, and every x is a tick.
        level: height of a grey line to compare with; None for none.
        ylim: of the y axis; None to fit the curves.
        above: the names stand above the axes, two in a row, where the curves leave no room for them.

    Raises:
        ValueError: there are no curves, more than four, or one of another length.
    """
    if not 1 <= len(curves) <= len(LINES):
        raise ValueError(f"curves: expected 1 to {len(LINES)}, got {len(curves)}")
    curves = {name: np.atleast_2d(np.asarray(runs, float)) for name, runs in curves.items()}
    for name, runs in curves.items():
        if runs.ndim != 2 or runs.shape[1] != len(x) or len(runs) == 0:
            raise ValueError(f"curves: expected {len(x)} values a run, one for each x, got {runs.shape} for {name!r}")
    _, ax = plt.subplots()
    for size, (name, runs), (color, line) in zip((9, 7, 6, 5), curves.items(), LINES, strict=False):
        # Without the last digits, which differ between processors: they would decide where the drawing says 0 and -0.
        mean, low, high = (np.round(values, 9) for values in (runs.mean(0), runs.min(0), runs.max(0)))
        ax.plot(x, mean, line, color=color, label=name, markersize=size)
        if len(runs) > 1:
            ax.fill_between(x, low, high, color=color, alpha=0.2, lw=0)
    if level is not None:
        ax.axhline(level, color=INK, lw=1, alpha=0.6)
    if doubling:
        ax.set_xscale("log", base=2)
        ax.set_xticks(x, [str(value) for value in x])
        ax.minorticks_off()
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=ylim)
    if len(curves) > 1 and above:
        ax.figure.legend(loc="outside upper left", ncols=2, frameon=False)
    elif len(curves) > 1:
        ax.legend()
    plt.show()


def show_bars(bars: Mapping[str, Mapping[str, float]], xlabel: str, digits: int = 1) -> None:
    """Show amounts as bars from the top down, each made of parts that lie one behind the other.

    Parts called "1×1", "depthwise", "3×3", "larger kernels", "fully connected" and "rest" look as everywhere; others
    take the looks that are left.

    Args:
        bars: by the name of the bar, the amount of each of its parts, by name; at most four names but those.
        xlabel: what is shown, with its unit.
        digits: decimals of the sum beside each bar.

    Raises:
        TypeError, ValueError: there is no bar, a bar without parts, an amount that is negative or no number, more than
            four other names, or digits is no whole number from 0.
    """
    digits = arguments.integer("digits", digits, 0)
    if not bars or not all(bars.values()):
        raise ValueError(f"bars: expected at least one, each of at least one part, got {bars}")
    if wrong := [part for parts in bars.values() for part in parts.values() if arguments.finite("bars", part) < 0]:
        raise ValueError(f"bars: expected no amount below zero, got {wrong[0]}")
    names = list(dict.fromkeys(name for parts in bars.values() for name in parts))
    others = [name for name in names if name not in KINDS]
    if len(others) > len(OTHERS):
        raise ValueError(f"bars: expected at most {len(OTHERS)} names of parts besides {list(KINDS)}, got {others}")
    looks = KINDS | dict(zip(others, OTHERS, strict=False))
    _, ax = plt.subplots(figsize=(WIDTH, 0.52 * len(bars) + 0.75 + 0.25 * (len(names) > 1) * -(-len(names) // 3)))
    most = max(sum(parts.values()) for parts in bars.values())
    shown = set()
    for y, (bar, parts) in enumerate(bars.items()):
        left = 0.0
        for name, part in parts.items():
            color, hatch = looks[name]
            label = None if name in shown else name
            ax.barh(y, part, 0.45, left, color=color, hatch=hatch, ec=INK, lw=0.8, label=label)
            shown.add(name)
            left += part
        ax.text(0.01 * most, y - 0.27, bar, ha="left", va="bottom")
        ax.text(left + 0.01 * most, y, f" {left:,.{digits}f}", ha="left", va="center")
    ax.set(xlabel=xlabel, xlim=(0, 1.16 * most), ylim=(len(bars) - 0.6, -0.75))
    ax.set_yticks([])
    ax.set_axisbelow(True)
    ax.grid(axis="y", visible=False)
    if len(names) > 1:
        ax.figure.legend(loc="outside upper left", ncols=min(3, len(names)), frameon=False)
    plt.show()
