"""Checks shared by the array functions: every error names the argument, what was expected and what came."""

from collections.abc import Sequence
from numbers import Integral, Real

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


def boolean(name: str, value) -> bool:
    """``value`` as a bool; nothing else passes for one."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}: expected True or False, got {value!r}")
    return bool(value)


def one_of(name: str, value, allowed: tuple[str | None, ...]) -> str | None:
    """``value``, which must be one of a few words, or None where None is allowed."""
    if not (value is None or isinstance(value, str)) or value not in allowed:
        raise ValueError(f"{name}: expected one of {allowed}, got {value!r}")
    return value


def finite(name: str, value) -> float:
    """``value`` as a float, neither infinite nor NaN."""
    if not abs(_number(name, value)) < float("inf"):
        raise ValueError(f"{name}: expected a finite number, got {value}")
    return float(value)


def positive(name: str, value) -> float:
    """``value`` as a float above 0, and finite."""
    if not 0 < _number(name, value) < float("inf"):
        raise ValueError(f"{name}: expected a finite number above 0, got {value}")
    return float(value)


def positives(**values) -> tuple[int, ...]:
    """Each value as an int of at least 1; the keywords are the names to blame."""
    return tuple(integer(name, value, 1) for name, value in values.items())


def probability(name: str, value) -> float:
    """``value`` as a float from 0 to 1."""
    if not 0 <= _number(name, value) <= 1:
        raise ValueError(f"{name}: expected a probability from 0 to 1, got {value}")
    return float(value)


def _number(name: str, value) -> Real:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name}: expected a number, got {value!r}")
    return value


def pair(name: str, value, least: int) -> tuple[int, int]:
    """An integer, or two of them (height, width), each at least ``least``."""
    if isinstance(value, tuple | list):
        if len(value) != 2:
            raise ValueError(f"{name}: expected an integer or a pair (height, width), got {value!r}")
        return integer(name, value[0], least), integer(name, value[1], least)
    return (integer(name, value, least),) * 2


def sequence(name: str, values, of: str) -> list:
    """``values`` as a list; ``of`` says in the message what should be in it. A string is no sequence here."""
    values = values.tolist() if isinstance(values, np.ndarray) else values
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        raise TypeError(f"{name}: expected a sequence of {of}, got {values!r}")
    return list(values)


def examples(name: str, value) -> tuple[np.ndarray, np.ndarray]:
    """A pair of real images (N, C, H, W) and integer labels (N,), at least one of each."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"{name}: expected a pair (images, labels), got {type(value).__name__}")
    images = array(f"{name} images", value[0], (4,), "(N, C, H, W)")
    labels = array(f"{name} labels", value[1], (1,), "(N,)")
    if images.dtype.kind == "c":
        raise TypeError(f"{name} images: expected real numbers, got dtype {images.dtype} with shape {images.shape}")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{name} labels: expected integers, got dtype {labels.dtype} with shape {labels.shape}")
    if len(images) != len(labels) or images.size == 0:
        raise ValueError(f"{name}: expected one label for each image, got {images.shape} and {labels.shape}")
    return images, labels


def layers(name: str, values, count: int | None) -> list[int]:
    """One positive integer a layer; where ``count`` is given one alone stands for all ``count`` layers."""
    if count is not None and not isinstance(values, Sequence | np.ndarray):
        values = [values] * count
    values = sequence(name, values, "integers, one a layer")
    if count is not None and len(values) != count:
        raise ValueError(f"{name}: expected {count} values, one for each kernel_size, got {len(values)}: {values!r}")
    return [integer(name, value, 1) for value in values]


def weight(name: str, value, bias_name: str, bias) -> tuple[np.ndarray, np.ndarray | None]:
    """A weight (C_out, C_in / groups, kH, kW) with its bias (C_out,), or None."""
    weight = array(name, value, (4,), "(C_out, C_in / groups, kH, kW)")
    if 0 in weight.shape:
        raise ValueError(f"{name}: expected no empty axis, got shape {weight.shape}")
    if bias is not None:
        bias = array(bias_name, bias, (1,), "(C_out,)")
        if bias.shape != weight.shape[:1]:
            raise ValueError(
                f"{bias_name}: expected shape {weight.shape[:1]} for {name} {weight.shape}, got {bias.shape}"
            )
    return weight, bias


def divisor(name: str, value, c_in: int, c_out: int, shapes: str) -> int:
    """``value`` as a number of groups that both the input and the output channels can be split into."""
    groups = integer(name, value, 1)
    if c_in % groups or c_out % groups:
        raise ValueError(
            f"{name}: expected a divisor of {c_in} input and {c_out} output channels, got {groups} ({shapes})"
        )
    return groups


def pads(
    padding, kernel: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Zeros before and after, for height and for width, from ``padding`` as ``conv2d`` takes it."""
    if isinstance(padding, str) and padding == "valid":
        padding = 0
    elif isinstance(padding, str) and padding == "same":
        if stride != (1, 1):
            raise ValueError(f"padding: expected stride 1 with 'same', got stride {stride}")
        total = [(k - 1) * d for k, d in zip(kernel, dilation, strict=True)]
        return tuple((t // 2, t - t // 2) for t in total)  # an odd one goes to the bottom and right, as in PyTorch
    elif isinstance(padding, str):
        raise ValueError(f"padding: expected integers, 'valid' or 'same', got {padding!r}")
    return tuple((p, p) for p in pair("padding", padding, 0))


def shape(name: str, value, lengths: tuple[int, ...], axes: str) -> tuple[int, ...]:
    """``value`` as a tuple of positive integers of an allowed length; ``axes`` describes it in the message."""
    if not isinstance(value, tuple | list):
        raise TypeError(f"{name}: expected a tuple {axes}, got {value!r}")
    if len(value) not in lengths:
        raise ValueError(f"{name}: expected {axes}, got {tuple(value)}")
    return tuple(integer(name, n, 1) for n in value)


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


def pooling(shape: tuple[int, ...], kernel_size, stride, padding, dilation):
    """Kernel, stride, zeros around, dilation and output size of a pooling of an input of ``shape``."""
    kernel = pair("kernel_size", kernel_size, 1)
    stride = kernel if stride is None else pair("stride", stride, 1)
    padding, dilation = pair("padding", padding, 0), pair("dilation", dilation, 1)
    if any(p > k // 2 for p, k in zip(padding, kernel, strict=True)):
        raise ValueError(f"padding: expected at most half the kernel_size {kernel}, got {padding} for input {shape}")
    around = tuple((p, p) for p in padding)
    return kernel, stride, around, dilation, output_size("kernel_size", shape, kernel, stride, around, dilation)
