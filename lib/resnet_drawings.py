"""Residual networks as pictures, made from the networks themselves: every layer, every shortcut, every stage."""

import re
from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from lib import _arguments as arguments
from lib._blank import blank
from lib.cost import Cost, layer_table
from lib.figures import BLUE, INK, PAPER, WIDTH
from lib.resnet import ResNet

__all__ = ["draw_stages"]

TALLEST = 0.9  # the layer with most maps
TITLE, BELOW, ARC = 0.28, 0.5, 0.26  # room for the words above and below a network, and for its arcs, all in inches
Layer = tuple[str, Cost]


def draw_stages(networks: Mapping[str, ResNet], input_shape: tuple[int, ...] = (3, 224, 224)) -> None:
    """Draw networks from left to right, one below the other: a bar for each layer with weights, an arc a shortcut.

    Heights follow the square root of the number of maps, on one scale. 1×1s are blue, and so is a shortcut with a 1×1.

    Args:
        networks: by title.
        input_shape: of one image, ``(C, H, W)``.

    Raises:
        TypeError: a network is none of :class:`lib.resnet.ResNet`, or the shape no tuple of integers.
        ValueError: there is no network, or it cannot take an input of that shape.
    """
    if not isinstance(networks, Mapping) or not all(isinstance(network, ResNet) for network in networks.values()):
        raise TypeError(f"networks: expected a ResNet by title, got {networks!r:.80}")
    if not networks:
        raise ValueError("networks: expected at least one, got none")
    shape = arguments.shape("input_shape", input_shape, (3,), "(C, H, W)")
    tables = {title: _weighted(layer_table(network, shape).layers) for title, network in networks.items()}
    most = max(cost.output_shape[0] for layers in tables.values() for name, cost in layers if "fc" not in name)
    scale = TALLEST / most**0.5
    highs = [max(_high(layer, scale) for layer in layers) for layers in tables.values()]
    height = sum(highs) + len(highs) * (TITLE + ARC + BELOW)
    ax = blank(WIDTH, height)
    top = height
    for high, (title, layers) in zip(highs, tables.items(), strict=True):
        ax.text(0.05, top - TITLE / 2, title, weight="bold", va="center")
        _draw_network(ax, top - TITLE - ARC - high, layers, scale)
        top -= TITLE + ARC + high + BELOW
    ax.legend(
        [Rectangle((0, 0), 1, 1, fc=BLUE, ec=INK), Rectangle((0, 0), 1, 1, fc=PAPER, ec=INK)],
        ["1×1", "other layers"],
        loc="upper right",
        ncols=2,
        frameon=False,
        borderpad=0,
    )
    plt.show()


def _weighted(layers: tuple[Layer, ...]) -> list[Layer]:
    return [(name, cost) for name, cost in layers if re.search("Conv2d|Linear", name)]


def _high(layer: Layer, scale: float) -> float:
    name, cost = layer
    return 0.25 if "fc" in name else scale * cost.output_shape[0] ** 0.5


def _draw_network(ax: Axes, base: float, layers: list[Layer], scale: float) -> None:
    """A network on the line ``base``; ``scale`` times the root of a layer's maps is its height, in inches."""
    way = [(name, cost) for name, cost in layers if "downsample" not in name]
    projected = {_block(name) for name, _ in layers if "downsample" in name}
    width = (WIDTH - 0.1) / len(way)
    blocks: dict[str, tuple[float, float, float]] = {}  # left, right and top of each
    stages: dict[str, list[tuple[float, Cost]]] = {}
    for k, (name, cost) in enumerate(way):
        left, high = 0.05 + k * width, _high((name, cost), scale)
        color, hatch = (BLUE if name.endswith("1×1") else PAPER), ("//////" if "fc" in name else "")
        ax.add_patch(Rectangle((left, base), 0.86 * width, high, fc=color, hatch=hatch, ec=INK, lw=0.7))
        if block := _block(name):
            first, _, top = blocks.get(block, (left, 0, 0))
            blocks[block] = first, left + 0.86 * width, max(top, high)
            stages.setdefault(block.split(".")[0], []).append((left, cost))
    for block, (left, right, high) in blocks.items():
        color, line = (BLUE, 2.6) if block in projected else (INK, 1.0)
        low, top = base + high + 0.03, base + high + ARC
        curve = Path([(left, low), (left, top), (right, top), (right, low)], [Path.MOVETO, *[Path.CURVE4] * 3])
        ax.add_patch(PathPatch(curve, fc="none", ec=color, lw=line))
    for drawn in stages.values():
        left, right = drawn[0][0], drawn[-1][0] + 0.86 * width
        maps, rows, columns = drawn[-1][1].output_shape
        inset = 0.3 * width  # so that the lines of two stages do not run together
        ax.plot([left + inset, right - inset], [base - 0.06] * 2, color=INK, lw=1)
        ax.text((left + right) / 2, base - 0.1, f"{maps} maps\n{rows}×{columns}", ha="center", va="top")


def _block(name: str) -> str:
    found = re.match(r"(layer\d\.\d+)\.", name)
    return found[1] if found else ""
