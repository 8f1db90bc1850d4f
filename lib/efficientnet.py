"""EfficientNets: the blocks of MobileNetV2 with gates, and a second version that takes full 3×3s back.

Tan and Le, *EfficientNet*, arXiv 1905.11946, and *EfficientNetV2*, arXiv 2104.00298. Images ``(N, C, H, W)``.
Stochastic depth, which changes neither weights nor shapes, is left out.
"""

from collections import OrderedDict
from functools import partial

from torch import nn

from lib import _arguments as arguments
from lib._layers import ConvNorm, Layers, Residual, stages
from lib.mobilenet import InvertedResidual

__all__ = ["EfficientNetB0", "EfficientNetV2S"]

# Table 1 of the first paper: times wider, kernel, maps, blocks, and the stride of the first of them.
B0 = (
    *((1, 3, 16, 1, 1), (6, 3, 24, 2, 2), (6, 5, 40, 2, 2), (6, 3, 80, 3, 2)),
    *((6, 5, 112, 3, 1), (6, 5, 192, 4, 2), (6, 3, 320, 1, 1)),
)
# Table 4 of the second, with its output maps: a full 3×3 or a depthwise one with gates, times wider, maps, and so on.
V2S = (
    *(("full", 1, 24, 2, 1), ("full", 4, 48, 4, 2), ("full", 4, 64, 4, 2)),
    *(("depthwise", 4, 128, 6, 2), ("depthwise", 6, 160, 9, 1), ("depthwise", 6, 256, 15, 2)),
)


class EfficientNetB0(Layers):
    """The smallest EfficientNet (Table 1): 5,288,548 parameters, as torchvision's ``efficientnet_b0``.

    Input ``(N, 3, H, W)``, output ``(N, num_classes)``.

    Args:
        num_classes: scores to give.

    Raises:
        TypeError, ValueError: the number of classes is no positive integer.

    >>> sum(parameter.numel() for parameter in EfficientNetB0().parameters())
    5288548
    """

    def __init__(self, num_classes: int = 1000):
        num_classes = arguments.integer("num_classes", num_classes, 1)
        rows = [(partial(_gated, expansion=wider, kernel_size=k), maps, n, stride) for wider, k, maps, n, stride in B0]
        super().__init__(stages(32, rows, nn.SiLU, num_classes))


class EfficientNetV2S(Layers):
    """The small EfficientNetV2 (Table 4): 21,458,488 parameters, as torchvision's ``efficientnet_v2_s``.

    Input ``(N, 3, H, W)``, output ``(N, num_classes)``. In its first three stages a full 3×3 stands where the depthwise
    3×3 and the 1×1 before it stood.

    Args:
        num_classes: scores to give.

    Raises:
        TypeError, ValueError: the number of classes is no positive integer.

    >>> sum(parameter.numel() for parameter in EfficientNetV2S().parameters())
    21458488
    """

    def __init__(self, num_classes: int = 1000):
        num_classes = arguments.integer("num_classes", num_classes, 1)
        rows = [(partial(BLOCKS[kind], expansion=wider), maps, n, stride) for kind, wider, maps, n, stride in V2S]
        super().__init__(stages(24, rows, nn.SiLU, num_classes))


def _gated(c_in: int, c_out: int, stride: int, expansion: int, kernel_size: int = 3) -> nn.Module:
    """An inverted residual whose gates are squeezed to a quarter of the block's input."""
    return InvertedResidual(c_in, c_out, stride, expansion, kernel_size, max(1, c_in // 4), nn.SiLU)


def _fused(c_in: int, c_out: int, stride: int, expansion: int) -> nn.Module:
    """A full 3×3 that widens, and a 1×1 that narrows; without widening the 3×3 alone."""
    if expansion == 1:
        body: nn.Module = ConvNorm(c_in, c_out, 3, stride, activation=nn.SiLU)
    else:
        widen = ConvNorm(c_in, c_in * expansion, 3, stride, activation=nn.SiLU)
        body = Layers(OrderedDict(widen=widen, project=ConvNorm(c_in * expansion, c_out, activation=None)))
    return Residual(body) if stride == 1 and c_in == c_out else body


BLOCKS = {"full": _fused, "depthwise": _gated}
