"""Drawings made by hand, where the numbers alone would not show the idea."""

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import SVG
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from lib.convolution import pointwise
from lib.figures import BLUE, GREEN, INK, ORANGE, PAPER, SHADE, WIDTH

__all__ = ["channel_columns", "sliding_kernels"]


def channel_columns() -> None:
    """Draw what a 1×1 convolution does: one matrix times the channel column of a pixel, the same at every pixel."""
    weight = np.array([[1, 0, 2, 1], [0, 1, 1, -1]])
    column = np.array([1, 3, 0, 2])
    result = pointwise(column[:, None, None], weight[:, :, None, None])[:, 0, 0]

    _, ax = plt.subplots(figsize=(WIDTH, 4.2))
    ax.set(xlim=(-0.2, 10.2), ylim=(0, 8.25), aspect="equal")
    ax.axis("off")
    ax.text(2.3, 7.75, f"{len(column)} maps in", ha="center", size=12)
    ax.text(8.1, 7.75, f"{len(result)} maps out", ha="center", size=12)
    start = _stack(ax, 0.3, 3.7, len(column), BLUE)
    end = _stack(ax, 6.6, 3.7, len(result), ORANGE)
    ax.annotate("", (6.3, 5.6), (4.6, 5.6), arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.5})
    ax.text(5.45, 5.85, "1×1", ha="center", weight="bold", size=12)

    _cells(ax, (0.7, 0), column[:, None], BLUE)
    _cells(ax, (3.3, 0.7), weight, GREEN)
    _cells(ax, (8.1, 0.7), result[:, None], ORANGE)
    ax.text(2.35, 1.4, "→", ha="center", va="center", size=16)
    ax.text(7.1, 1.4, "→", ha="center", va="center", size=16)
    ax.text(4.7, 2.25, "one 2×4 matrix,\nthe same for every pixel", ha="center", size=10)
    ax.plot([start[0], 1.05], [start[1], 2.8], color=INK, ls=":", lw=1.3)
    ax.plot([8.45, end[0]], [2.1, end[1]], color=INK, ls=":", lw=1.3)
    plt.show()


def _stack(ax: Axes, left: float, bottom: float, depth: int, color: str, side: int = 4) -> tuple[float, float]:
    """Maps one behind the other, and the column of one pixel through them all; where that column comes out in front."""
    cell, lean = 0.7, 0.35

    def square(layer: int, row: int, column: int, fill: str) -> None:
        x, y = left + column * cell + layer * lean, bottom + row * cell + layer * lean
        corners = [(x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell)]
        ax.add_patch(Polygon(corners, fc=fill, ec=PAPER if fill == color else "#6b7680", lw=0.9))

    for layer in reversed(range(depth)):
        for row, column in np.ndindex(side, side):
            square(layer, row, column, SHADE if layer else PAPER)
    for layer in reversed(range(depth)):
        square(layer, 1, 1, color)
    return left + 1.5 * cell, bottom + cell


def _cells(ax: Axes, corner: tuple[float, float], numbers: np.ndarray, color: str, cell: float = 0.7) -> None:
    """A small matrix of integers as a grid, its first row on top."""
    for (row, column), number in np.ndenumerate(numbers):
        x, y = corner[0] + column * cell, corner[1] + (len(numbers) - 1 - row) * cell
        ax.add_patch(Polygon([(x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell)], fc=color, ec=PAPER, lw=1.2))
        label = f"{number}".replace("-", "−")
        ax.text(x + cell / 2, y + cell / 2, label, color=PAPER, ha="center", va="center", weight="bold")


def sliding_kernels() -> SVG:
    """Move a 3×3 and a 1×1 filter across three 5×5 maps, and show which output pixel each position fills.

    The movement is a style sheet inside the SVG, so it needs no script; readers who ask their system for reduced
    motion get the middle position, still.
    """
    parts = [_slide("a", 3, 0), _slide("b", 1, 216)]
    title = "A 3×3 and a 1×1 filter crossing three channels"
    return SVG(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 424" width="400" height="424" role="img">'
        f"<title>{title}</title><style>text{{font:14px sans-serif;fill:{INK}}}"
        "@media (prefers-reduced-motion: reduce){g{animation:none!important}}"
        f'{"".join(style for style, _ in parts)}</style><rect width="400" height="424" fill="{PAPER}"/>'
        f"{''.join(drawing for _, drawing in parts)}</svg>"
    )


def _slide(name: str, kernel: int, top: int, side: int = 5, channels: int = 3, cell: int = 24) -> tuple[str, str]:
    """Style and drawing of one filter's walk over all its positions, two a second."""
    last = side - kernel + 1
    steps = [(column * cell, row * cell) for row, column in np.ndindex(last, last)]
    middle = steps[len(steps) // 2]
    frames = "".join(
        f"{100 * k / len(steps):.2f}%{{transform:translate({x}px,{y}px)}}" for k, (x, y) in enumerate(steps)
    )
    style = (
        f"@keyframes {name}{{{frames}}}"
        f".{name}{{transform:translate({middle[0]}px,{middle[1]}px);"
        f"animation:{name} {len(steps) / 2}s step-end infinite}}"
    )

    def box(x: int, y: int, size: int, paint: str) -> str:
        return f'<rect x="{x}" y="{y}" width="{size}" height="{size}" {paint}/>'

    def grid(x: int, y: int, size: int) -> str:
        paint = f'fill="{PAPER}" stroke="#6b7680"'
        return "".join(box(x + c * cell, y + r * cell, cell, paint) for r, c in np.ndindex(size, size))

    def window(x: int, y: int, size: int, color: str) -> str:
        paint = f'fill="{color}" fill-opacity="0.8" stroke="{INK}" stroke-width="1.5"'
        return f'<g class="{name}">{box(x, y, size * cell, paint)}</g>'

    layers = [(20 + 16 * k, top + 40 + 16 * (channels - 1 - k)) for k in reversed(range(channels))]
    x, y = 250, top + 56 + (side - last) * cell // 2
    return style, "".join(
        [grid(*corner, side) for corner in layers]
        + [window(*corner, kernel, BLUE) for corner in layers]
        + [grid(x, y, last), window(x, y, 1, ORANGE)]
        + [f'<text x="20" y="{top + 26}">{kernel}×{kernel} filter, {channels} channels deep</text>']
        + [f'<text x="250" y="{top + 26}">one {last}×{last} map</text>']
        + [f'<text x="196" y="{top + 124}" style="font-size:28px">→</text>']
    )
