"""Drawings of fully connected layers as convolutions: a row folded up, windows that overlap, one answer and many."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import nn

from lib import _arguments as arguments
from lib._blank import blank
from lib.datasets import scatter, split_digits
from lib.figures import BLUE, GREEN, INK, ORANGE, PAPER, SHADE, WIDTH
from lib.fully_connected import linear_to_conv2d

__all__ = ["folded_row", "found_digits", "one_answer", "shared_sums"]

CANVAS = (24, 32)  # pixels
WINDOW = 8


def one_answer() -> None:
    """Draw what a classifier gives for a piece of 8×8 pixels, and what the same weights give for a larger canvas."""
    canvas, placed = scatter(split_digits(1200)[1], np.random.default_rng(13), CANVAS, count=5)
    top, left, _ = placed[0]
    ax = blank(52, 32.5)
    piece, pixel = canvas[top : top + WINDOW, left : left + WINDOW], 0.6
    _picture(ax, piece, (7.2, 24.6), pixel)
    _stack(ax, (36, 25.8), (1, 1), 2.4, (0, 0))
    _picture(ax, canvas, (0.3, 5), pixel)
    places = CANVAS[0] - WINDOW + 1, CANVAS[1] - WINDOW + 1
    _stack(ax, (31.5, 6), places, pixel, (top, left))
    corner = 0.3 + left * pixel, 5 + (CANVAS[0] - top - WINDOW) * pixel
    ax.add_patch(Rectangle(corner, WINDOW * pixel, WINDOW * pixel, fc="none", ec=ORANGE, lw=2))
    for y, words in ((27, "classifier"), (12.2, "same\nweights")):
        ax.annotate("", (31, y), (20.3, y), arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.5})
        ax.text(25.3, y + 0.7, words, ha="center", va="bottom")
    ax.text(9.6, 23.9, f"a piece of {WINDOW}×{WINDOW}", ha="center", va="top")
    ax.text(40, 23.9, "11 scores", ha="center", va="top")
    ax.text(9.9, 4.2, f"a canvas of {CANVAS[0]}×{CANVAS[1]}", ha="center", va="top")
    ax.text(41, 4.2, f"11 scores for each\nof {places[0]}×{places[1]} windows", ha="center", va="top")
    plt.show()


def folded_row() -> None:
    """Draw a row of the matrix that reads 16 maps of 4×4, numbered from 1 to 256, and the filter that it is."""
    linear = nn.Linear(256, 1, bias=False)
    linear.weight.data = torch.arange(1.0, 257.0)[None]
    numbers = linear_to_conv2d(linear, kernel_size=4).weight[0].int().numpy()  # (maps, rows, columns)
    ax, cell = blank(52, 28.5), 3.4
    ax.text(26, 26.3, "a row of the matrix: 256 weights", ha="center")
    ax.text(26, 0.3, "the same 256: a filter of 4×4 on 16 maps", ha="center")
    for index, color, left in ((0, BLUE, 0.6), (1, ORANGE, 16), (15, GREEN, 37.2)):
        for k, label in enumerate((*numbers[index, 0, :2], "…", numbers[index, -1, -1])):
            _cell(ax, (left + k * cell, 22), cell, f"{label}", color)
        for (row, column), number in np.ndenumerate(numbers[index]):
            _cell(ax, (left + column * cell, 14.5 - row * cell), cell, f"{number}", color)
        for edge in (left, left + 4 * cell):
            ax.plot([edge, edge], [21.9, 18], color=INK, lw=1.2, ls=":")
        ax.text(left + 2 * cell, 3.9, f"map {index + 1}", ha="center", va="top")
    for y in (23.7, 11.2):
        ax.text(33.4, y, "…", ha="center", va="center", size=14)
    plt.show()


def shared_sums(kernel_size: Sequence[int]) -> None:
    """Draw two windows, one pixel apart, and which numbers of the layers on the way are computed for both of them.

    Args:
        kernel_size: of the convolutions, in pixels, in their order; the window is as large as leaves one pixel at the
            end.

    Raises:
        TypeError, ValueError: the sizes are no positive integers.
    """
    kernels = arguments.layers("kernel_size", kernel_size, None)
    sides = [1 + sum(kernel - 1 for kernel in kernels[k:]) for k in range(len(kernels) + 1)]
    names = ["picture", *(f"{kernel}×{kernel}" for kernel in kernels)]
    margin, gap = 0.8, 1.6
    width = sum(side + 1 for side in sides) + gap * (len(sides) - 1) + 2 * margin
    ax = blank(width, sides[0] + 6.6)
    left, middle = margin, 4.6 + sides[0] / 2
    paint = ((BLUE, "\\\\\\", "one window"), (GREEN, "", "both"), (ORANGE, "///", "its neighbour"))
    for side, name in zip(sides, names, strict=True):
        for row, column in np.ndindex(side, side + 1):
            color, hatch, _ = paint[(column > 0) + (column == side)]
            corner = left + column, middle + side / 2 - (row + 1)
            ax.add_patch(Rectangle(corner, 1, 1, fc=color, ec=PAPER, lw=0.8, hatch=hatch))
        centre = left + (side + 1) / 2
        ax.text(centre, middle + sides[0] / 2 + 0.5, name, ha="center")
        ax.text(centre, 4.1, f"{side * (side - 1)} of {side * side}", ha="center", va="top")
        left += side + 1 + gap
    for k, (color, hatch, label) in enumerate(paint):
        x = margin + k * width / 3
        ax.add_patch(Rectangle((x, 0.5), 1, 1, fc=color, ec=PAPER, lw=0.8, hatch=hatch))
        ax.text(x + 1.4, 1, label, va="center")
    plt.show()


def found_digits(canvas: np.ndarray, found: Sequence[tuple[int, int, int]], chance: np.ndarray) -> None:
    """Show the digits that were found on a canvas, and below it the chance of a digit where the window's middle lies.

    Args:
        canvas: grey in [0, 1], ``(H, W)``.
        found: top row, left column and what it is taken for, of each digit, as :func:`lib.detection.find_digits` gives.
        chance: from 0 to 1, a number for each place of the window; grey is where its middle never lies.

    Raises:
        TypeError, ValueError: canvas or chance is no picture, or of a digit not three numbers are given.
    """
    pictures = [
        arguments.array(name, picture, (2,), "(H, W)", "real numbers")
        for name, picture in (("canvas", canvas), ("chance", chance))
    ]
    if wrong := [place for place in found if len(place) != 3]:
        raise ValueError(f"found: expected (top, left, digit) of each, got {wrong[0]}")
    _, axes = plt.subplots(2, 1, figsize=(WIDTH, 7.8))
    axes[0].imshow(pictures[0], cmap="gray", vmin=0, vmax=1)
    tag = {"facecolor": ORANGE, "edgecolor": "none", "pad": 1}
    for top, left, digit in found:
        frame = Rectangle((left - 0.5, top - 0.5), WINDOW, WINDOW, ec=ORANGE, fc="none", lw=1.5)
        axes[0].add_patch(frame)
        axes[0].text(left - 0.3, top - 0.3, digit, color=PAPER, weight="bold", size=10, ha="left", va="top", bbox=tag)
    (height, width), places = pictures[0].shape, pictures[1].shape
    rim, low = (width - places[1] - 1) / 2, (height - places[0] - 1) / 2
    axes[1].add_patch(Rectangle((-0.5, -0.5), width, height, fc=SHADE))
    extent = (rim, rim + places[1], low + places[0], low)
    axes[1].imshow(pictures[1], cmap="gray", vmin=0, vmax=1, extent=extent, zorder=2)
    axes[1].set(xlim=axes[0].get_xlim(), ylim=axes[0].get_ylim())
    for ax, title in zip(axes, ("found on the canvas", "chance of a digit"), strict=True):
        ax.set_title(title)
        ax.axis("off")
    plt.show()


def _picture(ax: Axes, picture: np.ndarray, corner: tuple[float, float], pixel: float) -> None:
    """A grey picture in [0, 1] with its lower left corner there, pixels of that size."""
    (left, low), (height, width) = corner, picture.shape
    extent = (left, left + width * pixel, low, low + height * pixel)
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1, extent=extent, aspect="auto", zorder=1)


def _stack(ax: Axes, corner: tuple[float, float], size: tuple[int, int], pixel: float, marked: tuple[int, int]) -> None:
    """Eleven maps one behind the other, and the column of numbers behind one of their pixels."""
    (left, low), (height, width), lean = corner, size, 0.3
    for layer in reversed(range(11)):
        x, y = left + layer * lean, low + layer * lean
        ax.add_patch(Rectangle((x, y), width * pixel, height * pixel, fc=SHADE, ec="#6b7680", lw=0.7))
    for layer in reversed(range(11)):
        x = left + marked[1] * pixel + layer * lean
        y = low + (height - 1 - marked[0]) * pixel + layer * lean
        ax.add_patch(Rectangle((x, y), pixel, pixel, fc=ORANGE, ec=PAPER, lw=0.3))


def _cell(ax: Axes, corner: tuple[float, float], size: float, label: str, color: str) -> None:
    ax.add_patch(Rectangle(corner, size, size, fc=color, ec=PAPER, lw=1))
    x, y = corner[0] + size / 2, corner[1] + size / 2
    ax.text(x, y, label, color=PAPER, ha="center", va="center", size=10)
