"""Pictures that a reader can touch: each computes in the browser what ``lib`` computes here, from the same numbers.

On a page they move, in a notebook too; on paper, and without a script, they are still pictures. The state that a reader
has reached stands in the page's address, so that it can be linked.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from lib import _arguments as arguments
from lib import _explorable_stills as stills
from lib import _pictures as pictures
from lib._explorable import Explorable
from lib.convolution import conv2d, receptive_field
from lib.cost import conv2d_cost
from lib.filters import oriented
from lib.roofline import A100, Machine
from lib.tables import Table

__all__ = ["field_of_view", "price_of_a_pair", "recolouring", "steering_wheel", "stepper"]

COLOURS = ("red", "green", "blue")
KERNELS, SIDES, WIDEST = (1, 3, 5, 7), (7, 14, 28, 56, 112), 512
LAYERS, MOST_LAYERS = ((1, 3, 5, 7), (1, 2), (1, 2, 3)), 8  # kernels, strides and dilations
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
    lines = [f"Stepper: {stills.maps(x)}"]
    lines += [
        f"{stills.kernel(w)}: {stills.maps(y)}, {' '.join(map(str, y.ravel()))}"
        for w, y in zip(layers, outputs, strict=True)
    ]
    data = {"input": x.tolist(), "weights": [w.tolist() for w in layers], "outputs": [y.tolist() for y in outputs]}
    still = "".join(stills.step(x, w, y) for w, y in zip(layers, outputs, strict=True))
    label = f"Step through a {' or a '.join(map(stills.kernel, layers))} convolution"
    return Explorable("stepper", label, data, still, "\n".join(lines))


def _small_integers(name: str, value: ArrayLike, ndim: tuple[int, ...], axes: str) -> np.ndarray:
    out = arguments.array(name, value, ndim, axes, "integers")
    if out.size == 0 or np.abs(out).max() > LARGEST:
        raise ValueError(f"{name}: expected integers from -{LARGEST} to {LARGEST}, got an array of shape {out.shape}")
    return out.astype(int)


def recolouring(photograph: ArrayLike, matrices: Mapping[str, ArrayLike]) -> Explorable:
    """Turn the nine numbers of a 1×1 from three colours to three, see the photograph change, and undo it where one can.

    Args:
        photograph: ``(3, H, W)``, red, green and blue in [0, 1].
        matrices: to choose from by name, 3×3, a row for each colour that comes out; the first is shown first. Their
            numbers are rounded to three decimals.

    Raises:
        TypeError, ValueError: the photograph is none, or a matrix is not 3×3.

    >>> recolouring(np.zeros((3, 4, 6)), {"swap": [[0, 0, 1], [0, 1, 0], [1, 0, 0]]})
    Recolouring 4×6 pixels
    swap: red 0.0, 0.0, 1.0; green 0.0, 1.0, 0.0; blue 1.0, 0.0, 0.0
    """
    picture = _picture("photograph", photograph, 3)
    if not isinstance(matrices, Mapping) or not matrices:
        raise TypeError(f"matrices: expected at least one, by name, got {matrices!r:.80}")
    chosen = {}
    for name, given in matrices.items():
        matrix = arguments.array("matrices", given, (2,), "(3, 3)", "real numbers")
        if matrix.shape != (3, 3) or not np.isfinite(matrix).all():
            raise ValueError(f"matrices: expected shape (3, 3) and finite numbers, got {matrix.shape} for {name!r}")
        chosen[str(name)] = (matrix.astype(float).round(3) + 0.0).tolist()
    rows = {
        name: [f"{colour} {', '.join(map(str, row))}" for colour, row in zip(COLOURS, matrix, strict=True)]
        for name, matrix in chosen.items()
    }
    lines = [f"Recolouring {picture.shape[1]}×{picture.shape[2]} pixels"]
    lines += [f"{name}: {'; '.join(row)}" for name, row in rows.items()]
    still = stills.photograph(picture, lines[1:])
    return Explorable("recolour", "Recolour a photograph", {"matrices": chosen}, still, "\n".join(lines))


def steering_wheel(picture: ArrayLike, start: int = 45, step: int = 5) -> Explorable:
    """Turn the two weights of a 1×1 behind the slopes of a picture in two directions, and see the map at every angle.

    Args:
        picture: grey, ``(H, W)`` in [0, 1], at least 13×13 pixels, as the filters are :func:`lib.filters.oriented`'s.
        start, step: the angle shown first, and from one to the next, in degrees.

    Raises:
        TypeError, ValueError: the picture is no such array, or an angle is no integer from 1 to 359.

    >>> steering_wheel(np.zeros((20, 30)))
    Steering wheel over 20×30 pixels
    45°: 0.71 times the map at 0°, and 0.71 times the map at 90°
    """
    grey = _picture("picture", arguments.array("picture", picture, (2,), "(H, W)", "real numbers")[None], 1)
    if min(grey.shape[1:]) < len(oriented(0)):
        raise ValueError(f"picture: expected at least 13×13 pixels, got {grey.shape[1:]}")
    start, step = arguments.integer("start", start, 1), arguments.integer("step", step, 1)
    if max(start, step) > 359:
        raise ValueError(f"start: expected angles below 360, got {start} and steps of {step}")
    mixes = {a: [f"{f(np.radians(a)):.2f}" for f in (np.cos, np.sin)] for a in (start, 120)}
    told = [f"{angle}°: {a} times the map at 0°, and {b} times the map at 90°" for angle, (a, b) in mixes.items()]
    text = f"Steering wheel over {grey.shape[1]}×{grey.shape[2]} pixels\n{told[0]}"
    still = stills.photograph(grey, told)
    return Explorable("steering", "Steer a map of slopes", {"start": start, "step": step}, still, text)


def field_of_view(layers: Sequence[tuple[int, int, int]], side: int = 41) -> Explorable:
    """Add, remove, resize, stride and dilate layers, and see which pixels of the input one number of the output reads.

    Args:
        layers: kernel, stride and dilation of each, from 1, 3, 5, 7, from 1, 2 and from 1, 2, 3; at most eight.
        side: of the picture, in pixels.

    Raises:
        TypeError, ValueError: a layer is none of these, or there are none or too many.

    >>> field_of_view([(3, 1, 1), (3, 1, 1), (3, 1, 1)])
    Field of view: 7×7 pixels through 3 layers
    """
    side = arguments.integer("side", side, 1)
    chosen = []
    for layer in arguments.sequence("layers", layers, "layers (kernel, stride, dilation)"):
        numbers = arguments.sequence("layers", layer, "kernel, stride and dilation")
        if len(numbers) != 3:
            raise ValueError(f"layers: expected (kernel, stride, dilation), got {layer}")
        numbers = [arguments.integer("layers", number, 1) for number in numbers]
        if not all(number in allowed for number, allowed in zip(numbers, LAYERS, strict=True)):
            raise ValueError(f"layers: expected kernel, stride and dilation from {LAYERS}, got {layer}")
        chosen.append(numbers)
    if not 1 <= len(chosen) <= MOST_LAYERS:
        raise ValueError(f"layers: expected 1 to {MOST_LAYERS}, got {len(chosen)}")
    seen = receptive_field(*map(list, zip(*chosen, strict=True)))
    data = {"layers": chosen, "side": side, "values": LAYERS, "sees": seen}
    text = f"Field of view: {seen}×{seen} pixels through {len(chosen)} layer{'s' if len(chosen) > 1 else ''}"
    return Explorable("sight", "How far layers see", data, stills.field(seen, side, text), text)


def price_of_a_pair(
    maps: int = 64, kept: int = 16, filters: int = 64, kernel_size: int = 3, side: int = 28, machine: Machine = A100
) -> Explorable:
    """Set the widths of a 1×1 and of the layer behind it, and see both prices, the break-even width, and the roof.

    Biases are left aside, and every layer keeps height and width.

    Args:
        maps, kept, filters: maps in, maps that the 1×1 keeps, and maps out, from 1 to 512.
        kernel_size: of the layer behind the 1×1: 1, 3, 5 or 7.
        side: of the pictures, in pixels: 7, 14, 28, 56 or 112.
        machine: whose roof it is.

    Raises:
        TypeError, ValueError: a number is none of these, or the machine is none.

    >>> price_of_a_pair(64, 16, 64)
    64 maps of 28×28  weights        MACs    bytes  MACs a byte
    -----------------------------------------------------------
    3×3 alone          36,864  28,901,376  548,864         52.7
    1×1 in front        1,024     802,816  254,976          3.1
    3×3 behind it       9,216   7,225,344  287,744         25.1
    """
    numbers = arguments.positives(maps=maps, kept=kept, filters=filters, kernel_size=kernel_size, side=side)
    if max(numbers[:3]) > WIDEST:
        raise ValueError(f"maps: expected at most {WIDEST} of each, got {numbers[:3]}")
    for name, number, allowed in (("kernel_size", kernel_size, KERNELS), ("side", side, SIDES)):
        if number not in allowed:
            raise ValueError(f"{name}: expected one of {allowed}, got {number}")
    if not isinstance(machine, Machine):
        raise TypeError(f"machine: expected a Machine, got {machine!r:.80}")
    sizes = {f"{kernel_size}×{kernel_size} alone": (maps, filters, kernel_size), "1×1 in front": (maps, kept, 1)}
    sizes[f"{kernel_size}×{kernel_size} behind it"] = (kept, filters, kernel_size)
    costs = {n: conv2d_cost((c, side, side), f, k, padding="same", bias=False) for n, (c, f, k) in sizes.items()}
    rows = [[name, c.parameters, c.macs, c.bytes_moved(), f"{c.intensity():.1f}"] for name, c in costs.items()]
    table = Table([f"{maps} maps of {side}×{side}", "weights", "MACs", "bytes", "MACs a byte"], rows)
    start = {"maps": maps, "kept": kept, "filters": filters, "kernel": kernel_size, "side": side}
    speeds = {"macs": machine.macs_a_second, "bytes": machine.bytes_a_second}
    data = {"start": start, "machine": speeds}
    return Explorable("cost", "What a 1×1 in front costs and saves", data, table._repr_html_(), repr(table))


def _picture(name: str, value: ArrayLike, channels: int) -> np.ndarray:
    out = arguments.array(name, value, (3,), f"({channels}, H, W)", "real numbers")
    if len(out) != channels or 0 in out.shape:
        raise ValueError(f"{name}: expected {channels} maps and at least one pixel, got {out.shape}")
    return pictures.in_bytes(out)
