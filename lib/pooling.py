"""Two-dimensional pooling in NumPy, with PyTorch's names and argument order.

Pooling slides a window over each channel alone: height and width may change, the number of channels never does.
Shapes: input ``(C, H, W)`` or ``(N, C, H, W)``.
"""

import numpy as np
from numpy.typing import ArrayLike

from lib import _arguments as arguments
from lib import _windows as windows
from lib._arguments import IntOrPair

__all__ = ["avg_pool2d", "global_avg_pool2d", "max_pool2d"]


def max_pool2d(
    input: ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> np.ndarray:
    """The largest value in each window; padding never wins.

    Args:
        input: ``(C, H, W)`` or ``(N, C, H, W)``.
        kernel_size: of the window, in pixels; an integer, or a pair (height, width).
        stride: in pixels; None means ``kernel_size``, so that windows do not overlap.
        padding: in pixels, at most half the window.
        dilation: distance between the pixels of a window.

    Returns:
        ``(C, H_out, W_out)``, or ``(N, C, H_out, W_out)`` for a batch, of the input's number type.

    Raises:
        TypeError: an argument is not numeric, or not an integer where one is needed.
        ValueError: a shape or a value does not fit; the message names the argument and both shapes.

    >>> max_pool2d([[[1, 2, 3, 4], [5, 6, 7, 8]]], 2)
    array([[[6, 8]]])
    """
    x = arguments.image(input, "real numbers")  # complex ones have no largest
    window, size = windows.pooling(x.shape, kernel_size, stride, padding, dilation)
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    x = window.padded(x, lowest)
    out = window.shifted(x, 0, 0, size).copy()
    for i, j in np.ndindex(window.kernel):
        np.maximum(out, window.shifted(x, i, j, size), out=out)
    return out


def avg_pool2d(
    input: ArrayLike, kernel_size: IntOrPair, stride: IntOrPair | None = None, padding: IntOrPair = 0
) -> np.ndarray:
    """The mean of each window, zeros of the padding counted (PyTorch's ``count_include_pad=True``).

    Arguments, shapes and errors are those of :func:`max_pool2d`, without dilation. Integers give float64.

    >>> avg_pool2d([[[1, 2, 3, 4], [5, 6, 7, 8]]], 2)
    array([[[3.5, 5.5]]])
    """
    x = arguments.image(input)
    window, size = windows.pooling(x.shape, kernel_size, stride, padding, 1)
    x = window.padded(x)
    x = x.astype(np.float64) if x.dtype.kind in "iu" else x
    out = np.zeros((*x.shape[:-2], *size), x.dtype)
    for i, j in np.ndindex(window.kernel):
        out += window.shifted(x, i, j, size)
    return out / (window.kernel[0] * window.kernel[1])


def global_avg_pool2d(input: ArrayLike) -> np.ndarray:
    """The mean of each whole channel: what is left is one number a channel.

    Network In Network, section 3.2; ``torch.nn.functional.adaptive_avg_pool2d(input, 1)``.

    Args:
        input: ``(C, H, W)`` or ``(N, C, H, W)``, with at least one pixel.

    Returns:
        ``(C, 1, 1)``, or ``(N, C, 1, 1)`` for a batch. Integers give float64.

    Raises:
        TypeError, ValueError: as :func:`max_pool2d`.

    >>> global_avg_pool2d([[[1, 2], [3, 4]]])
    array([[[2.5]]])
    """
    return arguments.image(input).mean((-2, -1), keepdims=True)
