"""Drawings of Network In Network: the small perceptron behind each patch, and the class maps that are averaged."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle
from torch import nn

from lib import _arguments as arguments
from lib._blank import blank
from lib.figures import BLUE, INK, ORANGE, PAPER, SHADE, WIDTH
from lib.network_in_network import MLPConv

__all__ = ["class_maps", "perceptron_under_a_patch"]

LEAN = 0.9  # of each map behind the one before it
ROW = 8.6  # between two layers of the perceptron
HALF = 17.5  # where the middle of the perceptron is
ROW_OF_MAPS = 5  # class maps side by side


def perceptron_under_a_patch(layer: MLPConv, size: tuple[int, int]) -> None:
    """Draw an mlpconv as what it is at one place: a perceptron that reads a patch and fills one pixel of its maps.

    Args:
        layer: without padding and of stride 1; of at most 16 channels in each of its layers.
        size: of the image, height and width in pixels.

    Raises:
        TypeError, ValueError: the layer is no such mlpconv, or the image smaller than its kernel.

    >>> perceptron_under_a_patch(MLPConv(3, (16, 8, 4), kernel_size=5), (12, 14))
    """
    if not isinstance(layer, MLPConv):
        raise TypeError(f"layer: expected an MLPConv, got {layer!r}")
    convolutions = [part for part in layer if isinstance(part, nn.Conv2d)]
    widths = [part.out_channels for part in convolutions]
    first, channels = convolutions[0], convolutions[0].in_channels
    if max(channels, *widths) > 16 or first.padding != (0, 0) or first.stride != (1, 1):
        raise ValueError(f"layer: expected at most 16 channels, no padding and a stride of 1, got {first} to {widths}")
    image, kernel = arguments.pair("size", size, 1), (first.kernel_size[0], first.kernel_size[1])
    out = image[0] - kernel[0] + 1, image[1] - kernel[1] + 1
    if min(out) < 1:
        raise ValueError(f"size: expected at least the {kernel[0]}×{kernel[1]} pixels of a patch, got {image}")

    height = image[0] + (channels + widths[-1]) * LEAN + ROW * len(widths) + out[0] + 5
    ax = blank(10 * WIDTH, height)
    bottom = height - 0.5 - image[0] - channels * LEAN
    place = (out[0] // 2, out[1] // 2)
    patch = _maps(ax, (HALF - image[1] / 2, bottom), channels, image, place, kernel, ORANGE)
    numbers = channels * kernel[0] * kernel[1]
    right = 2 * HALF + 1
    words = f"{channels} maps of {image[0]}×{image[1]};\none patch of them:\n{numbers} numbers"
    ax.text(right - 9, bottom + image[0] / 2 + 1, words, va="center")

    before, y, inputs = [patch], bottom - 5, numbers
    for convolution, width in zip(convolutions, widths, strict=True):
        color = BLUE if convolution.kernel_size == (1, 1) else ORANGE
        places = [(HALF + (k - (width - 1) / 2) * 2 * HALF / 17, y) for k in range(width)]
        for start in before:
            for end in places:
                ax.plot(*zip(start, end, strict=True), color=color, lw=0.7, zorder=1)
        name = "×".join(map(str, convolution.kernel_size))
        ax.text(right, y + ROW / 2, f"{name}, ReLU:\n{width}×{inputs} weights", va="center")
        for x, _ in places:
            ax.add_patch(Circle((x, y), 0.75, fc=color, ec=INK, lw=0.8, zorder=3))
        before, y, inputs = places, y - ROW, width

    last = widths[-1]
    corner = (HALF - (out[1] + (last - 1) * LEAN) / 2, 1.0)
    _maps(ax, corner, last, out, place, (1, 1), color)
    for k, start in enumerate(before):
        end = corner[0] + place[1] + 0.5 + k * LEAN, corner[1] + out[0] - place[0] + k * LEAN
        ax.plot(*zip(start, end, strict=True), color=INK, lw=1, ls=":", zorder=4)
    words = f"{last} maps of {out[0]}×{out[1]};\none pixel of each"
    ax.text(right - 9, corner[1] + out[0] / 2, words, va="center")
    plt.show()


def _maps(
    ax: Axes,
    corner: tuple[float, float],
    count: int,
    size: tuple[int, int],
    place: tuple[int, int],
    window: tuple[int, int],
    color: str,
) -> tuple[float, float]:
    """Maps one behind the other, with a window in each; the middle of the lower edge of the front window."""
    corners = [(corner[0] + k * LEAN, corner[1] + k * LEAN) for k in reversed(range(count))]
    for layer, (x, y) in enumerate(corners, 1):
        ax.add_patch(Rectangle((x, y), size[1], size[0], fc=PAPER if layer == count else SHADE, ec=INK, lw=0.8))
    for x, y in corners:  # as if the maps in front were glass
        lower_left = x + place[1], y + size[0] - place[0] - window[0]
        ax.add_patch(Rectangle(lower_left, window[1], window[0], fc=color, ec=INK, lw=0.8))
    return corner[0] + place[1] + window[1] / 2, corner[1] + size[0] - place[0] - window[0]


def class_maps(image: np.ndarray, maps: np.ndarray) -> None:
    """Show an image, one map for each class with their scale, and the mean of each map, the score of its class.

    Args:
        image: grey ``(H, W)``, in [0, 1].
        maps: ``(classes, h, w)``, of both signs: zero is mid-grey, the largest magnitude black or white.

    Raises:
        TypeError, ValueError: image or maps are not of that shape, or no numbers.

    >>> class_maps(np.zeros((8, 8)), np.arange(48).reshape(3, 4, 4))
    """
    image = arguments.array("image", image, (2,), "(H, W)", "real numbers")
    maps = np.round(arguments.array("maps", maps, (3,), "(classes, h, w)", "real numbers"), 9)
    largest, means = np.abs(maps).max() or 1, np.round(maps.mean((1, 2)), 9)
    lines = -(-len(maps) // ROW_OF_MAPS)
    figure = plt.figure(figsize=(WIDTH, 3.3 + 0.95 * lines))
    grid = figure.add_gridspec(lines + 3, ROW_OF_MAPS, height_ratios=(1.5, *[1] * lines, 0.12, 1.6))
    pictures = [
        (grid[0, :], image, (0.0, 1.0), "image"),
        *(
            (grid[1 + k // ROW_OF_MAPS, k % ROW_OF_MAPS], one, (-largest, largest), str(k))
            for k, one in enumerate(maps)
        ),
    ]
    for place, picture, (low, high), title in pictures:
        ax = figure.add_subplot(place)
        ax.imshow(picture, cmap="gray", vmin=low, vmax=high)
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, pad=2)
        ax.grid(False)
        ax.spines[:].set_visible(True)
    ax = figure.add_subplot(grid[-2, 1:-1])
    ax.imshow(np.linspace(-1, 1, 21)[None], cmap="gray", aspect="auto", extent=(-1, 1, 0, 1))
    ax.set_xticks((-1, 0, 1), (f"−{largest:.1f}", "0", f"{largest:.1f}"))
    ax.set_yticks([])
    ax.grid(False)
    ax.spines[:].set_visible(True)
    ax = figure.add_subplot(grid[-1, :])
    best = int(means.argmax())
    bars = ax.bar(range(len(maps)), means, 0.6, color=SHADE, ec=INK, lw=0.8)
    bars[best].set(color=BLUE, ec=INK)
    ax.axhline(0, color=INK, lw=0.8)
    ax.set(xlabel="class", ylabel="mean of its map", xticks=range(len(maps)), xlim=(-0.5, len(maps) - 0.5))
    ax.grid(axis="x", visible=False)
    plt.show()
