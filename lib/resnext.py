"""ResNeXt: a ResNet whose 3×3s have groups, and so can be wider at the same cost.

Xie, Girshick, Dollár, Tu and He, *Aggregated Residual Transformations*, arXiv 1611.05431. Images ``(N, C, H, W)``.
Layers are named as in torchvision's ``resnext50_32x4d``.
"""

from typing import Any

from torch import nn

from lib import _arguments as arguments
from lib.resnet import Bottleneck, ResNet, Shortcut, StrideOn

__all__ = ["ResNeXtBlock", "resnext50"]


class ResNeXtBlock(Bottleneck):
    """A bottleneck whose 3×3 works in groups (figure 3c).

    Input ``(N, in_channels, H, W)``, output ``(N, 4 · width, H / stride, W / stride)``, rounded up.

    Args:
        in_channels, width, stride, shortcut, stride_on: as for :class:`lib.resnet.Bottleneck`.
        groups: of the 3×3.
        group_width: channels in a group, where ``width`` is 64; as much more or less where it is more or less.

    Raises:
        TypeError, ValueError: as :class:`lib.resnet.Bottleneck`; also if a group had no whole number of channels.

    >>> ResNeXtBlock(256, 64).conv2
    Conv2d(128, 128, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), groups=32, bias=False)
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        stride: int = 1,
        shortcut: Shortcut = "B",
        stride_on: StrideOn = "3x3",
        groups: int = 32,
        group_width: int = 4,
    ):
        width, groups, group_width = arguments.positives(width=width, groups=groups, group_width=group_width)
        if width * group_width % 64:
            raise ValueError(f"group_width: expected a whole number of channels at width {width}, got {group_width}")
        super().__init__(in_channels, width, stride, shortcut, stride_on)
        middle, first, second = width * group_width // 64 * groups, self.conv1.stride[0], self.conv2.stride[0]
        self.conv1, self.bn1 = nn.Conv2d(in_channels, middle, 1, first, bias=False), nn.BatchNorm2d(middle)
        self.conv2 = nn.Conv2d(middle, middle, 3, second, padding=1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(middle)
        self.conv3 = nn.Conv2d(middle, 4 * width, 1, bias=False)


def resnext50(**options: Any) -> ResNet:
    """ResNeXt-50 (32×4d, Table 1); ``options`` are those of :class:`ResNet`.

    >>> resnext50(num_classes=2).layer2[0].conv2.groups
    32
    """
    return ResNet(ResNeXtBlock, (3, 4, 6, 3), **options)
