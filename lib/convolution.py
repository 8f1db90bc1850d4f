"""Two-dimensional convolution in NumPy, from the definition to the 1×1, with PyTorch's names and argument order.

Shapes: input ``(C_in, H, W)`` or ``(N, C_in, H, W)``; weight ``(C_out, C_in / groups, kH, kW)``; bias ``(C_out,)``.
As in every deep-learning library the kernel is not flipped: "convolution" means cross-correlation.
Results keep the input's number type as NumPy promotes it: float32 stays float32, integers stay integers.
"""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from lib import _arguments as arguments
from lib import _windows as windows
from lib._arguments import IntOrPair
from lib._windows import Pair, Window

__all__ = ["as_1x1", "conv2d", "conv2d_loops", "merge", "pointwise", "receptive_field"]

CACHE = 1536 * 1024  # bytes. Measured: a smaller stack costs time in layers of many channels, a larger one saves none.


def conv2d_loops(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
) -> np.ndarray:
    """The definition of a convolution layer, one multiply–accumulate at a time. Slow; everything else is tested on it.

    Args:
        input: ``(C_in, H, W)`` or ``(N, C_in, H, W)``.
        weight: ``(C_out, C_in / groups, kH, kW)``.
        bias: ``(C_out,)``, or None.
        stride, dilation: in pixels; an integer, or a pair (height, width).
        padding: rings of zeros around the input, in pixels; an integer, a pair, ``"valid"`` (none) or ``"same"``
            (output as large as the input; needs stride 1).
        groups: parts the channels are split into, each convolved alone.

    Returns:
        ``(C_out, H_out, W_out)``, or ``(N, C_out, H_out, W_out)`` for a batch.

    Raises:
        TypeError: an argument is not numeric, or not an integer where one is needed.
        ValueError: a shape or a value does not fit; the message names the argument and both shapes.

    >>> conv2d_loops([[[1, 2], [3, 4]]], [[[[1, 0], [0, 1]]]])
    array([[[5]]])
    """
    x, weight, bias, window, size = _prepare(input, weight, bias, stride, padding, dilation, groups)
    stride, dilation = window.stride, window.dilation
    c_out, c_in, k_h, k_w = weight.shape
    out = np.zeros((len(x), c_out, *size), _result_type(x, weight, bias))
    for n, o, y, z in np.ndindex(out.shape):
        first = o // (c_out // groups) * c_in  # the first input channel of this filter's group
        for c, i, j in np.ndindex(c_in, k_h, k_w):
            pixel = x[n, first + c, y * stride[0] + i * dilation[0], z * stride[1] + j * dilation[1]]
            out[n, o, y, z] += weight[o, c, i, j] * pixel
    return _with_bias(out if np.ndim(input) == 4 else out[0], bias)


def conv2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
) -> np.ndarray:
    """The same layer as a sum of kH·kW shifted 1×1 convolutions.

    Cell (i, j) of the kernel is a 1×1 convolution of the input shifted by (i, j). With the shifted inputs stacked as
    channels, these 1×1s and their sum are a single one: a matrix product. It goes by blocks of output rows, so that
    a stack stays in the processor's cache: ``CACHE`` bytes, or one row if that is more.

    Arguments, result and errors are those of :func:`conv2d_loops` and of ``torch.nn.functional.conv2d``.

    >>> conv2d(np.ones((3, 5, 7)), np.ones((2, 3, 3, 3)), padding=1).shape
    (2, 5, 7)
    """
    x, weight, bias, window, (h, w) = _prepare(input, weight, bias, stride, padding, dilation, groups)
    c_out, c_in, k_h, k_w = weight.shape
    x = x.reshape(len(x), groups, c_in, *x.shape[2:])
    out = np.empty((len(x), groups, c_out // groups, h * w), _result_type(x, weight, bias))
    matrices = weight.astype(out.dtype, copy=False).reshape(groups, c_out // groups, c_in * k_h * k_w)
    block = min(h, max(1, CACHE // (out.itemsize * groups * c_in * k_h * k_w * w)))
    memory = np.empty(groups * c_in * k_h * k_w * block * w, out.dtype)
    for n, top in itertools.product(range(len(x)), range(0, h, block)):
        height = min(block, h - top)
        stack = memory[: memory.size // block * height].reshape(groups, c_in, k_h, k_w, height, w)
        below = x[n, ..., top * window.stride[0] :, :]
        for i, j in np.ndindex(k_h, k_w):
            stack[:, :, i, j] = window.shifted(below, i, j, (height, w))
        pixels = stack.reshape(groups, c_in * k_h * k_w, height * w)
        np.matmul(matrices, pixels, out=out[n, ..., top * w : (top + height) * w])
    out = out.reshape(len(x), c_out, h, w)
    return _with_bias(out if np.ndim(input) == 4 else out[0], bias)


def pointwise(input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> np.ndarray:
    """A 1×1 convolution: the same matrix times the channel vector of every pixel.

    Args:
        input: ``(C_in, H, W)`` or ``(N, C_in, H, W)``.
        weight: ``(C_out, C_in, 1, 1)``.
        bias: ``(C_out,)``, or None.

    Returns:
        ``(C_out, H, W)``, or ``(N, C_out, H, W)`` for a batch.

    Raises:
        TypeError, ValueError: as :func:`conv2d_loops`; also a kernel larger than 1×1.

    >>> pointwise([[[1, 3]], [[2, 4]]], [[[[1]], [[2]]]])
    array([[[ 5, 11]]])
    """
    x = arguments.image(input)
    weight, bias = arguments.weight("weight", weight, "bias", bias)
    c_out, c_in = weight.shape[0], x.shape[-3]
    if weight.shape != (c_out, c_in, 1, 1):
        raise ValueError(f"weight: expected shape ({c_out}, {c_in}, 1, 1) for input {x.shape}, got {weight.shape}")
    pixels = x.reshape(*x.shape[:-2], x.shape[-2] * x.shape[-1])
    out = np.matmul(weight[:, :, 0, 0], pixels, dtype=_result_type(x, weight, bias))
    return _with_bias(out.reshape(*x.shape[:-3], c_out, *x.shape[-2:]), bias)


def as_1x1(matrix: ArrayLike) -> np.ndarray:
    """A matrix ``(C_out, C_in)`` as the weight ``(C_out, C_in, 1, 1)`` of a 1×1 convolution, in float64.

    Raises TypeError or ValueError if ``matrix`` is not numeric or has no two axes.

    >>> as_1x1([[1, 2, 3]]).shape
    (1, 3, 1, 1)
    """
    return arguments.array("matrix", matrix, (2,), "(C_out, C_in)").astype(np.float64)[:, :, None, None]


def merge(
    first_weight: ArrayLike,
    second_weight: ArrayLike,
    first_bias: ArrayLike | None = None,
    second_bias: ArrayLike | None = None,
) -> tuple[np.ndarray, np.ndarray | None]:
    """One convolution that does the work of two in a row with nothing between them.

    Exact for stride 1 and no padding. With zero padding the merged layer differs near the border wherever the
    second layer would have read padding (chapter "Channel convolution" shows which pixels).

    Args:
        first_weight: ``(C_mid, C_in, k1H, k1W)``, applied first.
        second_weight: ``(C_out, C_mid, k2H, k2W)``, applied to the first one's output.
        first_bias: ``(C_mid,)``, or None.
        second_bias: ``(C_out,)``, or None.

    Returns:
        The weight ``(C_out, C_in, k1H + k2H - 1, k1W + k2W - 1)``, and the bias ``(C_out,)``, None if both were.

    Raises:
        TypeError, ValueError: an argument is not numeric, or the shapes do not chain.

    >>> weight, bias = merge(np.ones((4, 3, 1, 1)), np.ones((2, 4, 3, 3)))
    >>> weight.shape, bias
    ((2, 3, 3, 3), None)
    """
    first, first_bias = arguments.weight("first_weight", first_weight, "first_bias", first_bias)
    second, second_bias = arguments.weight("second_weight", second_weight, "second_bias", second_bias)
    if second.shape[1] != first.shape[0]:
        raise ValueError(
            f"second_weight: expected {first.shape[0]} input channels to follow first_weight of shape {first.shape}, "
            f"got shape {second.shape}"
        )
    k_h, k_w = first.shape[2:]
    shape = (second.shape[0], first.shape[1], k_h + second.shape[2] - 1, k_w + second.shape[3] - 1)
    weight = np.zeros(shape, np.result_type(first, second))
    for i, j in np.ndindex(second.shape[2:]):
        weight[:, :, i : i + k_h, j : j + k_w] += np.einsum("om,mcij->ocij", second[:, :, i, j], first)
    bias = second_bias
    if first_bias is not None:
        bias = second.sum((2, 3)) @ first_bias + (0 if second_bias is None else second_bias)
    return weight, bias


def receptive_field(
    kernel_size: Sequence[int], stride: int | Sequence[int] = 1, dilation: int | Sequence[int] = 1
) -> int:
    """Side, in input pixels, of the square that one output pixel of a stack of layers can see.

    ``1 + Σ_l (k_l − 1) · d_l · Π_{m<l} s_m``, equation (2) of Araujo, Norris and Sim, *Computing Receptive Fields
    of Convolutional Neural Networks* (Distill, 2019), with dilation.

    Args:
        kernel_size: one integer a layer, first layer first.
        stride, dilation: one integer for all layers, or one a layer.

    Raises:
        TypeError: something is not an integer.
        ValueError: a value is below 1, or the lengths differ.

    >>> receptive_field([3, 3, 3]), receptive_field([1, 1, 1]), receptive_field([7, 3], stride=[2, 1])
    (7, 1, 11)
    """
    kernels = arguments.layers("kernel_size", kernel_size, None)
    strides = arguments.layers("stride", stride, len(kernels))
    dilations = arguments.layers("dilation", dilation, len(kernels))
    side, jump = 1, 1
    for k, s, d in zip(kernels, strides, dilations, strict=True):
        side += (k - 1) * d * jump
        jump *= s
    return side


def _prepare(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: IntOrPair,
    padding: IntOrPair | str,
    dilation: IntOrPair,
    groups: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, Window, Pair]:
    """Check everything, then give the input as a zero-padded batch, with the window and the output's size."""
    x = arguments.image(input)
    weight, bias = arguments.weight("weight", weight, "bias", bias)
    c_in, (c_out, _, k_h, k_w) = x.shape[-3], weight.shape
    window = windows.convolution((k_h, k_w), stride, padding, dilation)
    groups = arguments.divisor("groups", groups, c_in, c_out, f"input {x.shape}, weight {weight.shape}")
    if weight.shape[1] != c_in // groups:
        raise ValueError(
            f"weight: expected shape ({c_out}, {c_in // groups}, {k_h}, {k_w}) for input {x.shape} "
            f"in {groups} group(s), got {weight.shape}"
        )
    size = window.size("weight", x.shape)
    return window.padded(x if x.ndim == 4 else x[None]), weight, bias, window, size


def _result_type(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None) -> np.dtype:
    return np.result_type(x, weight) if bias is None else np.result_type(x, weight, bias)


def _with_bias(out: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    if bias is not None:
        out += bias[:, None, None]
    return out
