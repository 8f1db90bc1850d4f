"""The geometry of what slides over an image: which pixels it reads, and how many places it has."""

from dataclasses import dataclass

import numpy as np

from lib import _arguments as arguments
from lib._arguments import IntOrPair

Pair = tuple[int, int]  # height and width, in pixels


@dataclass(frozen=True)
class Window:
    """A kernel, its steps, the rings around the image (before and after, in height and in width), and its dilation."""

    kernel: Pair
    stride: Pair
    pads: tuple[Pair, Pair]
    dilation: Pair

    def size(self, name: str, shape: tuple[int, ...]) -> Pair:
        """Height and width of the output for an input of ``shape``; ``name`` is blamed if there is no room for one."""
        (k_h, k_w), (d_h, d_w), (s_h, s_w) = self.kernel, self.dilation, self.stride
        height, width = shape[-2] + sum(self.pads[0]), shape[-1] + sum(self.pads[1])
        reach_h, reach_w = (k_h - 1) * d_h + 1, (k_w - 1) * d_w + 1
        if reach_h > height or reach_w > width:
            raise ValueError(
                f"{name}: expected a kernel that fits the padded input of {height}×{width}, "
                f"got a {k_h}×{k_w} kernel reaching over {reach_h}×{reach_w} (input shape {shape})"
            )
        return (height - reach_h) // s_h + 1, (width - reach_w) // s_w + 1

    def padded(self, x: np.ndarray, value: float = 0) -> np.ndarray:
        """``x`` inside its rings of ``value``; ``x`` itself if there are none."""
        if self.pads == ((0, 0), (0, 0)):
            return x
        return np.pad(x, ((0, 0),) * (x.ndim - 2) + self.pads, constant_values=value)

    def shifted(self, x: np.ndarray, i: int, j: int, size: Pair) -> np.ndarray:
        """The view of ``x`` that kernel cell (i, j) reads: one pixel for each output pixel, nothing copied."""
        (s_h, s_w), top, left = self.stride, i * self.dilation[0], j * self.dilation[1]
        return x[..., top : top + (size[0] - 1) * s_h + 1 : s_h, left : left + (size[1] - 1) * s_w + 1 : s_w]


def convolution(kernel_size: IntOrPair, stride: IntOrPair, padding: IntOrPair | str, dilation: IntOrPair) -> Window:
    """The window of a convolution, from its arguments as ``conv2d`` takes them."""
    kernel, stride = arguments.pair("kernel_size", kernel_size, 1), arguments.pair("stride", stride, 1)
    dilation = arguments.pair("dilation", dilation, 1)
    return Window(kernel, stride, _pads(padding, kernel, stride, dilation), dilation)


def pooling(
    shape: tuple[int, ...],
    kernel_size: IntOrPair,
    stride: IntOrPair | None,
    padding: IntOrPair,
    dilation: IntOrPair,
) -> tuple[Window, Pair]:
    """The window of a pooling of an input of ``shape``, and the output's height and width."""
    kernel = arguments.pair("kernel_size", kernel_size, 1)
    stride = kernel if stride is None else arguments.pair("stride", stride, 1)
    (p_h, p_w), dilation = arguments.pair("padding", padding, 0), arguments.pair("dilation", dilation, 1)
    if p_h > kernel[0] // 2 or p_w > kernel[1] // 2:
        raise ValueError(f"padding: expected at most half the kernel_size {kernel}, got {(p_h, p_w)} for input {shape}")
    window = Window(kernel, stride, ((p_h, p_h), (p_w, p_w)), dilation)
    return window, window.size("kernel_size", shape)


def _pads(padding: IntOrPair | str, kernel: Pair, stride: Pair, dilation: Pair) -> tuple[Pair, Pair]:
    if not isinstance(padding, str):
        p_h, p_w = arguments.pair("padding", padding, 0)
        return (p_h, p_h), (p_w, p_w)
    if padding not in ("valid", "same"):
        raise ValueError(f"padding: expected integers, 'valid' or 'same', got {padding!r}")
    if padding == "valid":
        return (0, 0), (0, 0)
    if stride != (1, 1):
        raise ValueError(f"padding: expected stride 1 with 'same', got stride {stride}")
    t_h, t_w = ((k - 1) * d for k, d in zip(kernel, dilation, strict=True))
    return (t_h // 2, t_h - t_h // 2), (t_w // 2, t_w - t_w // 2)  # an odd one goes below and right, as in PyTorch
