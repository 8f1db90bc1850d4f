"""Xception: Inception's modules taken to their end, a 3×3 for each map and a 1×1.

Chollet, *Xception: Deep Learning with Depthwise Separable Convolutions*, arXiv 1610.02357. Images ``(N, C, H, W)``.
"""

from collections import OrderedDict

from torch import nn

from lib import _arguments as arguments
from lib._layers import ConvNorm, Layers, Residual, head

__all__ = ["Xception"]

# Figure 5: maps after each separable convolution of a block with stride 2.
ENTRY = ((128, 128), (256, 256), (728, 728))
EXIT = (728, 1024)


class Xception(Layers):
    """The network of figure 5: 22,855,952 parameters, as Table 3 prints.

    Input ``(N, 3, H, W)``, 299×299 pixels in the paper, output ``(N, num_classes)``.

    Args:
        num_classes: scores to give.

    Raises:
        TypeError, ValueError: the number of classes is no positive integer.

    >>> sum(parameter.numel() for parameter in Xception().parameters())
    22855952
    """

    def __init__(self, num_classes: int = 1000):
        num_classes = arguments.integer("num_classes", num_classes, 1)
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        layers["conv1"], layers["conv2"] = _unpadded(3, 32, 2), _unpadded(32, 64, 1)
        c_in = 64
        for number, widths in enumerate(ENTRY, 1):
            layers[f"entry{number}"] = _halving(c_in, widths, relu_first=number > 1)
            c_in = widths[-1]
        for number in range(1, 9):
            body = [layer for _ in range(3) for layer in (nn.ReLU(), *_separable(c_in, c_in))]
            layers[f"middle{number}"] = Residual(Layers(*body))
        layers["exit"] = _halving(c_in, EXIT)
        layers["separable1"], layers["relu1"] = Layers(*_separable(1024, 1536)), nn.ReLU()
        layers["separable2"], layers["relu2"] = Layers(*_separable(1536, 2048)), nn.ReLU()
        super().__init__(layers | head(2048, num_classes))


def _unpadded(c_in: int, c_out: int, stride: int) -> nn.Module:
    return Layers(nn.Conv2d(c_in, c_out, 3, stride, bias=False), nn.BatchNorm2d(c_out), nn.ReLU())


def _separable(c_in: int, c_out: int) -> tuple[nn.Module, nn.Module, nn.Module]:
    """A depthwise 3×3 and a 1×1, with nothing between them."""
    depthwise = nn.Conv2d(c_in, c_in, 3, padding=1, groups=c_in, bias=False)
    return depthwise, nn.Conv2d(c_in, c_out, 1, bias=False), nn.BatchNorm2d(c_out)


def _halving(c_in: int, widths: tuple[int, int], relu_first: bool = True) -> nn.Module:
    """Two separable convolutions and a max pooling, beside a 1×1 with stride 2."""
    first = [nn.ReLU()] if relu_first else []
    body = [*first, *_separable(c_in, widths[0]), nn.ReLU(), *_separable(*widths), nn.MaxPool2d(3, 2, 1)]
    return Residual(Layers(*body), ConvNorm(c_in, widths[-1], stride=2, activation=None))
