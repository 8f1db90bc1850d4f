"""DenseNet: every layer reads the maps of all layers before it, stacked, through a 1×1.

Huang, Liu, van der Maaten and Weinberger, *Densely Connected Convolutional Networks*, arXiv 1608.06993.
Images ``(N, C, H, W)``.
"""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import nn

from lib import _arguments as arguments
from lib._layers import Layers, head

__all__ = ["DenseLayer", "DenseNet"]


class DenseLayer(nn.Module):
    """A 1×1 to four times as many maps as the layer adds, a 3×3 to those, and the input stacked before them.

    Batch normalisation and ReLU stand before each convolution (section 3, "DenseNet-B"). Input
    ``(N, in_channels, H, W)``, output ``(N, in_channels + growth, H, W)``.

    Args:
        in_channels: of the input.
        growth: maps that the layer adds.

    Raises:
        TypeError, ValueError: a number of maps is no positive integer.

    >>> DenseLayer(64, 32)(torch.ones(1, 64, 7, 7)).shape
    torch.Size([1, 96, 7, 7])
    """

    def __init__(self, in_channels: int, growth: int):
        in_channels, growth = arguments.positives(in_channels=in_channels, growth=growth)
        super().__init__()
        self.new = Layers(*_conv(in_channels, 4 * growth, 1), *_conv(4 * growth, growth, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x, self.new(x)], -3)


class DenseNet(Layers):
    """Dense blocks, with a 1×1 that halves the maps between them (Table 1, "DenseNet-BC").

    Input ``(N, 3, H, W)``, output ``(N, num_classes)``. By default DenseNet-121, as torchvision's ``densenet121``.

    Args:
        depths: layers in each block.
        growth: maps that each layer adds.
        num_classes: scores to give.

    Raises:
        TypeError, ValueError: a number is no positive integer, or there are no blocks.

    >>> sum(parameter.numel() for parameter in DenseNet().parameters())
    7978856
    """

    def __init__(self, depths: Sequence[int] = (6, 12, 24, 16), growth: int = 32, num_classes: int = 1000):
        growth, num_classes = arguments.positives(growth=growth, num_classes=num_classes)
        depths = [arguments.integer("depths", depth, 1) for depth in arguments.sequence("depths", depths, "integers")]
        if not depths:
            raise ValueError("depths: expected at least one, got none")
        maps = 2 * growth
        layers: OrderedDict[str, nn.Module] = OrderedDict(
            conv=nn.Conv2d(3, maps, 7, stride=2, padding=3, bias=False),
            norm=nn.BatchNorm2d(maps),
            relu=nn.ReLU(),
            pool=nn.MaxPool2d(3, stride=2, padding=1),
        )
        for block, depth in enumerate(depths, 1):
            for k in range(depth):
                layers[f"dense{block}_{k}"] = DenseLayer(maps, growth)
                maps += growth
            if block < len(depths):
                layers[f"transition{block}"] = Layers(*_conv(maps, maps // 2, 1), nn.AvgPool2d(2))
                maps //= 2
        layers["last_norm"], layers["last_relu"] = nn.BatchNorm2d(maps), nn.ReLU()
        super().__init__(layers | head(maps, num_classes))


def _conv(c_in: int, c_out: int, kernel_size: int) -> tuple[nn.Module, nn.Module, nn.Module]:
    conv = nn.Conv2d(c_in, c_out, kernel_size, padding=kernel_size // 2, bias=False)
    return nn.BatchNorm2d(c_in), nn.ReLU(), conv
