"""Pictures that a reader can touch: each computes in the browser what ``lib`` computes here, from the same numbers.

On a page they move, in a notebook too; on paper, and without a script, they are still pictures. The state that a reader
has reached stands in the page's address, so that it can be linked.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from lib import _arguments as arguments
from lib import _explorable as parts
from lib._explorable import CELL, GAP, Explorable
from lib.convolution import conv2d
from lib.figures import BLUE, GREEN, ORANGE

__all__ = ["stepper"]

LARGEST = 9  # magnitude of a pixel or a weight, so that it fits its cell


def stepper(input: ArrayLike, weights: Sequence[ArrayLike]) -> Explorable:
    """Step through a convolution, one number of its output after the other; every pixel and weight can be changed.

    A step shows the column that the window reads, the matrix of the filters, each product, their sum, and the pixel
    that it fills. The order is that of the pixels, and at each pixel that of the filters.

    Args:
        input: integers ``(C_in, H, W)`` from -9 to 9.
        weights: of the layers to choose from, integers ``(C_out, C_in, k, k)`` from -9 to 9, each of another k.

    Raises:
        TypeError, ValueError: they are no such integers, or a kernel is larger than the input.

    >>> stepper([[[1, 3]], [[2, 4]]], [[[[[1]], [[2]]]]])
    Stepper: 2 maps of 1×2 pixels
    1×1: 1 map of 1×2 pixels, 5 11
    """
    x = _small_integers("input", input, (3,), "(C_in, H, W)")
    layers = []
    for given in arguments.sequence("weights", weights, "weight arrays"):
        weight = _small_integers("weights", given, (4,), "(C_out, C_in, k, k)")
        if weight.shape[1] != len(x) or weight.shape[2] != weight.shape[3] or weight.shape[2] > min(x.shape[1:]):
            raise ValueError(
                f"weights: expected shapes (C_out, {len(x)}, k, k) for input {x.shape}, got {weight.shape}"
            )
        layers.append(weight)
    if not layers or len({len(weight[0, 0]) for weight in layers}) < len(layers):
        raise ValueError(f"weights: expected one or more layers of different kernels, got {[w.shape for w in layers]}")
    outputs = [conv2d(x, weight) for weight in layers]
    lines = [f"Stepper: {_maps(x)}"]
    lines += [
        f"{_kernel(w)}: {_maps(y)}, {' '.join(map(str, y.ravel()))}" for w, y in zip(layers, outputs, strict=True)
    ]
    data = {"input": x.tolist(), "weights": [w.tolist() for w in layers], "outputs": [y.tolist() for y in outputs]}
    stills = "".join(_stepper_still(x, w, y) for w, y in zip(layers, outputs, strict=True))
    label = f"Step through a {' or a '.join(map(_kernel, layers))} convolution"
    return Explorable("stepper", label, data, stills, "\n".join(lines))


def _small_integers(name: str, value: ArrayLike, ndim: tuple[int, ...], axes: str) -> np.ndarray:
    out = arguments.array(name, value, ndim, axes, "integers")
    if out.size == 0 or np.abs(out).max() > LARGEST:
        raise ValueError(f"{name}: expected integers from -{LARGEST} to {LARGEST}, got an array of shape {out.shape}")
    return out.astype(int)


def _kernel(weight: np.ndarray) -> str:
    return f"{weight.shape[2]}×{weight.shape[3]}"


def _maps(x: np.ndarray) -> str:
    return f"{len(x)} map{'s' if len(x) > 1 else ''} of {x.shape[1]}×{x.shape[2]} pixels"


def _stepper_still(x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> str:
    """The step in the middle: the maps; below them the row of the matrix, the column and the sum."""
    filters, k = len(weight), weight.shape[2]
    row, column = np.array(y.shape[1:]) // 2
    under = np.zeros(x.shape[1:], bool)
    under[row : row + k, column : column + k] = True
    filled = np.arange(y[0].size).reshape(y.shape[1:])
    filled = filled <= filled[row, column]
    width, height = x.shape[2] * CELL, x.shape[1] * CELL
    drawn = [parts.words(0, 14, f"{_kernel(weight)}: {_maps(x)}")]
    for c, image in enumerate(x):
        drawn.append(parts.grid(1 + c * (width + GAP), 24, image, under))
    left = len(x) * (width + GAP) + 28
    drawn.append(parts.words(left - 24, 24 + height / 2, "→", size=20))
    drawn.append(parts.words(left, 14, f"{filters} map{'s' if filters > 1 else ''} out, so far"))
    for o, image in enumerate(y):
        here = filled & (filled.cumsum().reshape(filled.shape) == filled.sum())
        known = image.astype(object)
        known[~filled] = None
        drawn.append(parts.grid(left + o * (y.shape[2] * CELL + GAP), 24, known, here, ORANGE))
    right = left + filters * (y.shape[2] * CELL + GAP)
    top = 24 + height + 34
    seen = x[:, row : row + k, column : column + k]
    drawn.append(parts.words(0, top - 10, f"filter 1 × the column of row {row + 1}, column {column + 1}"))
    for c in range(len(x)):
        drawn.append(parts.grid(1 + c * (k * CELL + GAP), top, weight[0, c], np.array(True), GREEN))
        drawn.append(parts.grid(1 + (len(x) + c) * (k * CELL + GAP) + 24, top, seen[c], np.array(True), BLUE))
    drawn.append(parts.words(len(x) * (k * CELL + GAP) + 2, top + k * CELL / 2 + 5, "×"))
    sums = (weight[0] * seen).sum((1, 2)).tolist()
    end = top + k * CELL + 24
    said = (
        f"{'' if k == 1 else f'{k * k} products a map, added: '}{parts.in_one_sum(sums)} = {parts.written(sum(sums))}"
    )
    drawn.append(parts.words(0, end, said))
    wide = max(right, 2 * len(x) * (k * CELL + GAP) + 26, 360)
    alt = (
        f"A {_kernel(weight)} over {len(x)} maps. Its window stands at row {row + 1}, column {column + 1} of each, "
        f"and fills that pixel of each map out; for the first filter {said}."
    )
    return parts.drawing(wide, end + 10, alt, *drawn)
