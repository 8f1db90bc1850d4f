"""Architectures as pictures, made from the model itself: every tensor is a bar as long as its maps are many.

What makes a tensor colours it: a 1×1 is blue, a depthwise convolution orange and dotted, another white, a pooling grey,
a fully connected layer hatched. Normalisation, ReLUs and dropout change no shape and are left out.
"""

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import nn

from lib import _arguments as arguments
from lib._anatomy import Row, Tensor, bundles, paths
from lib._blank import blank
from lib.figures import INK, KINDS, PAPER, SHADE, WIDTH

__all__ = ["draw_network", "draw_paths"]

GREY = ("max", "mean", "image", "input")  # no convolution has made it
UNCOUNTED = ("stride", "+")  # what says already how many maps there are
LINE = 0.21  # height of a row of text, in inches


def draw_network(model: nn.Module, input_shape: tuple[int, ...]) -> None:
    """Draw a network from its input at the top to its output at the bottom, a tensor a line.

    Lengths follow the maps, heights the square root of the pixels on a side. Branches that are stacked lie one behind
    the other in one line. Residual blocks that repeat are drawn once, with their number; the shortcut is left out.

    Args:
        model: layers, branches and residual blocks, one after the other.
        input_shape: of one input, ``(C, H, W)``.

    Raises:
        TypeError: the model is no module, or the shape no tuple of integers.
        ValueError: the model cannot take an input of that shape.

    >>> draw_network(nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 1)), (3, 6, 6))
    """
    shape = _checked("model", model, input_shape)
    start = "image" if shape[0] in (1, 3) else "input"
    groups = [(1, [Row(start, (Tensor(start, shape),))]), *bundles(model, shape)]
    rows = [row for _, lines in groups for row in lines]
    widest, highest = max(row.maps for row in rows), max(t.side for row in rows for t in row.tensors)

    def height(row: Row) -> float:
        return 0.55 * (row.tensors[0].side / highest) ** 0.5

    total = sum(max(LINE, height(row) + 0.06) for row in rows)
    ax = blank(WIDTH, total)
    bars = (1.3, 4.1)  # where they begin and may end, in inches
    y = total
    for times, lines in groups:
        top = y
        for row in lines:
            room = max(LINE, height(row) + 0.06)
            x, middle = bars[0], y - room / 2
            for tensor in row.tensors:
                length = (bars[1] - bars[0]) * tensor.maps / widest
                _bar(ax, tensor, x, middle, length, height(row))
                x += length
            ax.text(bars[0] - 0.08, middle, row.label, ha="right", va="center")
            ax.text(WIDTH - 0.02, middle, row.shape, ha="right", va="center")
            y -= room
        if times > 1:
            ax.plot([0.42, 0.36, 0.36, 0.42], [top - 0.03, top - 0.03, y + 0.03, y + 0.03], color=INK, lw=1)
            ax.text(0.32, (top + y) / 2, f"{times} ×", ha="right", va="center")
    plt.show()


def _bar(ax: Axes, tensor: Tensor, left: float, middle: float, length: float, height: float) -> None:
    kind = "rest" if tensor.made_by.startswith(GREY) else tensor.made_by
    kind = "depthwise" if kind.startswith("depthwise") else kind
    color, hatch = KINDS.get(kind, KINDS["3×3"])
    ax.add_patch(Rectangle((left, middle - height / 2), length, height, fc=color, hatch=hatch, ec=INK, lw=0.8))


def draw_paths(blocks: Mapping[str, tuple[nn.Module, tuple[int, ...]]], columns: int = 1) -> None:
    """Draw blocks whose input takes several paths, which are stacked or added at the end, with the maps on each.

    The lengths of all bars of a figure have one scale.

    Args:
        blocks: by title, a module and the shape of its input, ``(C, H, W)``. A module without a place where paths
            meet has one path.
        columns: blocks in a row.

    Raises:
        TypeError: a module is none, a shape no tuple of integers, or columns no integer.
        ValueError: there is no block, columns is below 1, or a module cannot take an input of that shape.

    >>> draw_paths({"two 1×1s": (nn.Sequential(nn.Conv2d(8, 2, 1), nn.Conv2d(2, 8, 1)), (8, 6, 6))})
    """
    columns = arguments.integer("columns", columns, 1)
    if not blocks:
        raise ValueError("blocks: expected at least one, got none")
    shapes = {title: _checked("blocks", module, shape) for title, (module, shape) in blocks.items()}
    drawn = {title: paths(blocks[title][0], shape) for title, shape in shapes.items()}
    rows = [list(drawn.items())[k : k + columns] for k in range(0, len(drawn), columns)]
    lanes = max(sum(len(ways) for _, (ways, _) in bundle) for bundle in rows)
    tensors = [tensor for ways, _ in drawn.values() for path in ways for tensor in path]
    longest = max([tensor.maps for tensor in tensors] + [shape[0] for shape in shapes.values()])
    heights = [1.35 + 0.56 * max(len(path) for _, (ways, _) in bundle for path in ways) for bundle in rows]
    ax = blank(WIDTH, sum(heights))
    lane, top = WIDTH / lanes, sum(heights)
    for bundle, height in zip(rows, heights, strict=True):
        left = 0.0
        for title, (ways, join) in bundle:
            out = ways[0][-1] if join == "added" and ways[0] else None
            maps = out.maps if out else sum(path[-1].maps for path in ways if path)
            ends = (f"{shapes[title][0]} maps", f"{join}: {maps} maps" if join else f"{maps} maps")
            _draw_block(ax, (left, top, lane, height), title, ways, ends, 0.9 * lane / longest)
            left += lane * len(ways)
        top -= height
    plt.show()


def _draw_block(
    ax: Axes,
    box: tuple[float, float, float, float],
    title: str,
    ways: list[list[Tensor]],
    ends: tuple[str, str],
    scale: float,
) -> None:
    """A block in a box (left, top, width of a path, height), all in inches; ``scale`` is the length of a map."""
    left, top, lane, height = box
    middle, width = left + lane * len(ways) / 2, lane * len(ways) - 0.12
    first, last = top - 0.48, top - height + 0.3
    ax.text(middle, top - 0.17, title, ha="center", va="center", weight="bold")
    for k, path in enumerate(ways):
        x = left + (k + 0.5) * lane
        arrow = {"arrowstyle": "-|>", "color": INK, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", (x, last + 0.13), (x, first - 0.13), arrowprops=arrow, zorder=1)
        for number, tensor in enumerate(path, 1):
            y = first - number * (first - last) / (len(path) + 1)
            length = tensor.maps * scale
            label = tensor.made_by if tensor.made_by.startswith(UNCOUNTED) else f"{tensor.made_by}: {tensor.maps}"
            back = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.5}
            ax.text(x, y + 0.13, label, ha="center", va="center", bbox=back, zorder=2)
            _bar(ax, tensor, x - length / 2, y - 0.07, length, 0.14)
    for y, words in ((first, ends[0]), (last, ends[1])):
        ax.add_patch(Rectangle((middle - width / 2, y - 0.13), width, 0.26, fc=SHADE, ec=INK, lw=0.8))
        ax.text(middle, y, words, ha="center", va="center")


def _checked(name: str, model: nn.Module, shape: tuple[int, ...]) -> tuple[int, ...]:
    if not isinstance(model, nn.Module):
        raise TypeError(f"{name}: expected a torch.nn.Module, got {model!r}")
    return arguments.shape("input_shape", shape, (3,), "(C, H, W)")
