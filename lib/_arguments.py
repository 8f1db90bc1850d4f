"""Checks shared by the array functions: every error names the argument, what was expected and what came."""

from numbers import Integral

import numpy as np

IntOrPair = int | tuple[int, int]


def array(name: str, value, ndim: tuple[int, ...], axes: str) -> np.ndarray:
    """``value`` as a real or complex array of an allowed rank; ``axes`` describes it in the message."""
    try:
        out = np.asarray(value)
    except (ValueError, TypeError, RuntimeError) as error:
        raise ValueError(
            f"{name}: expected an array of shape {axes}, got something NumPy cannot read: {error}"
        ) from None
    if out.dtype.kind not in "iufc":
        raise TypeError(f"{name}: expected numbers, got dtype {out.dtype} with shape {out.shape}")
    if out.ndim not in ndim:
        raise ValueError(f"{name}: expected shape {axes}, got {out.ndim} axes: {out.shape}")
    return out


def image(value) -> np.ndarray:
    """An input of shape (C, H, W) or (N, C, H, W)."""
    out = array("input", value, (3, 4), "(C, H, W) or (N, C, H, W)")
    if out.shape[-3] == 0:
        raise ValueError(f"input: expected at least one channel, got shape {out.shape}")
    return out


def integer(name: str, value, least: int) -> int:
    """``value`` as an int of at least ``least``; bool is refused, NumPy integers are welcome."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(f"{name}: expected an integer, got {value!r}")
    if value < least:
        raise ValueError(f"{name}: expected at least {least}, got {value}")
    return int(value)


def pair(name: str, value, least: int) -> tuple[int, int]:
    """An integer, or two of them (height, width), each at least ``least``."""
    if isinstance(value, tuple | list):
        if len(value) != 2:
            raise ValueError(f"{name}: expected an integer or a pair (height, width), got {value!r}")
        return integer(name, value[0], least), integer(name, value[1], least)
    return (integer(name, value, least),) * 2


def output_size(
    name: str,
    shape: tuple[int, ...],
    kernel: tuple[int, int],
    stride: tuple[int, int],
    pads: tuple[tuple[int, int], tuple[int, int]],
    dilation: tuple[int, int],
) -> tuple[int, int]:
    """Height and width of what a window leaves of an input of ``shape``; ``name`` is blamed if it does not fit once."""
    padded = tuple(n + sum(pad) for n, pad in zip(shape[-2:], pads, strict=True))
    reach = tuple((k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True))
    if reach[0] > padded[0] or reach[1] > padded[1]:
        raise ValueError(
            f"{name}: expected a kernel that fits the padded input of {padded[0]}×{padded[1]}, "
            f"got a {kernel[0]}×{kernel[1]} kernel reaching over {reach[0]}×{reach[1]} (input shape {shape})"
        )
    return tuple((n - r) // s + 1 for n, r, s in zip(padded, reach, stride, strict=True))


def shifted(
    x: np.ndarray, i: int, j: int, size: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int]
) -> np.ndarray:
    """The view of ``x`` that kernel cell (i, j) reads: one pixel for each output pixel, nothing copied."""
    top, left = i * dilation[0], j * dilation[1]
    bottom, right = top + (size[0] - 1) * stride[0] + 1, left + (size[1] - 1) * stride[1] + 1
    return x[..., top : bottom : stride[0], left : right : stride[1]]
