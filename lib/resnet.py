"""Residual networks: He, Zhang, Ren and Sun, *Deep Residual Learning for Image Recognition*, arXiv 1512.03385.

Images ``(N, C, H, W)``. With the default options the layers, and the names of their weights, are those of
torchvision's ``resnet``, so that its pretrained weights load.
"""

from collections.abc import Sequence
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import nn

from lib import _arguments as arguments

__all__ = ["BasicBlock", "Bottleneck", "ResNet", "resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]
__all__ += ["digit_network"]

Shortcut = Literal["A", "B", "C"] | None
StrideOn = Literal["3x3", "1x1"]


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and a shortcut around them (figure 5, left).

    Input ``(N, in_channels, H, W)``, output ``(N, width, H / stride, W / stride)``, rounded up.

    Args:
        in_channels: of the input.
        width: channels of both convolutions.
        stride: of the first, in pixels.
        shortcut: section 3.3. Where input and output differ in shape, ``"A"`` reads every ``stride``-th pixel and adds
            zero channels, ``"B"`` is a 1×1 convolution with that stride; ``"C"`` is that 1×1 in every block. None
            leaves the shortcut out: a plain network.

    Raises:
        TypeError, ValueError: a number of channels or pixels is no positive integer, or there is no such shortcut.

    >>> BasicBlock(64, 128, stride=2)(torch.ones(1, 64, 14, 14)).shape
    torch.Size([1, 128, 7, 7])
    """

    expansion = 1

    def __init__(self, in_channels: int, width: int, stride: int = 1, shortcut: Shortcut = "B"):
        in_channels, width, stride = arguments.positives(in_channels=in_channels, width=width, stride=stride)
        super().__init__()
        self.conv1, self.bn1 = _conv(in_channels, width, 3, stride), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = _conv(width, width, 3), nn.BatchNorm2d(width)
        self.downsample = _shortcut(shortcut, in_channels, width, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        return _add(self.bn2(self.conv2(out)), x, self.downsample)


class Bottleneck(nn.Module):
    """A 1×1 that reduces, a 3×3, a 1×1 that restores, and a shortcut around them (figure 5, right).

    Input ``(N, in_channels, H, W)``, output ``(N, 4 · width, H / stride, W / stride)``, rounded up.

    Args:
        in_channels: of the input.
        width: channels of the 3×3.
        stride: in pixels.
        shortcut: as for :class:`BasicBlock`.
        stride_on: the convolution that has the stride: ``"1x1"``, the first, as in the networks that the authors
            released, or ``"3x3"``, as in torchvision (often called version 1.5).

    Raises:
        TypeError, ValueError: as :class:`BasicBlock`; also if there is no such place for the stride.

    >>> Bottleneck(256, 128, stride=2)(torch.ones(1, 256, 14, 14)).shape
    torch.Size([1, 512, 7, 7])
    """

    expansion = 4

    def __init__(
        self, in_channels: int, width: int, stride: int = 1, shortcut: Shortcut = "B", stride_on: StrideOn = "3x3"
    ):
        in_channels, width, stride = arguments.positives(in_channels=in_channels, width=width, stride=stride)
        arguments.one_of("stride_on", stride_on, ("3x3", "1x1"))
        super().__init__()
        first, second = (stride, 1) if stride_on == "1x1" else (1, stride)
        self.conv1, self.bn1 = _conv(in_channels, width, 1, first), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = _conv(width, width, 3, second), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = _conv(width, 4 * width, 1), nn.BatchNorm2d(4 * width)
        self.downsample = _shortcut(shortcut, in_channels, 4 * width, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        return _add(self.bn3(self.conv3(out)), x, self.downsample)


class ResNet(nn.Module):
    """A stem, four stages of blocks, global average pooling, and one fully connected layer (Table 1).

    Input ``(N, in_channels, H, W)``, output ``(N, num_classes)``. The stages have widths 64, 128, 256 and 512; the
    first block of each stage but the first has stride 2.

    Args:
        block: :class:`BasicBlock` or :class:`Bottleneck`.
        depths: blocks in each of the four stages.
        num_classes: scores to give.
        in_channels: of the image.
        options: for every block: ``shortcut``, and for bottlenecks ``stride_on``.

    Raises:
        TypeError, ValueError: an argument is no positive integer, or not one of those named.

    >>> ResNet(BasicBlock, (1, 1, 1, 1), num_classes=10)(torch.ones(1, 3, 64, 64)).shape
    torch.Size([1, 10])
    """

    def __init__(
        self,
        block: type[BasicBlock] | type[Bottleneck],
        depths: Sequence[int],
        num_classes: int = 1000,
        in_channels: int = 3,
        **options: Any,
    ):
        num_classes, in_channels = arguments.positives(num_classes=num_classes, in_channels=in_channels)
        _check_block(block)
        if not isinstance(depths, tuple | list) or len(depths) != 4:
            raise ValueError(f"depths: expected four numbers of blocks, got {depths!r}")
        depths = [arguments.integer("depths", depth, 1) for depth in depths]
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(in_channels, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        c_in, width, stages = 64, 64, []
        for stage, depth in enumerate(depths, 1):
            blocks = []
            for k in range(depth):
                blocks.append(block(c_in, width, 2 if k == 0 and stage > 1 else 1, **options))
                c_in = width * block.expansion
            stages.append(nn.Sequential(*blocks))
            width *= 2
        self.layer1, self.layer2, self.layer3, self.layer4 = stages
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(c_in, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


def resnet18(**options: Any) -> ResNet:
    """The 18-layer network; ``options`` are those of :class:`ResNet`."""
    return ResNet(BasicBlock, (2, 2, 2, 2), **options)


def resnet34(**options: Any) -> ResNet:
    """The 34-layer network; ``options`` are those of :class:`ResNet`."""
    return ResNet(BasicBlock, (3, 4, 6, 3), **options)


def resnet50(**options: Any) -> ResNet:
    """The 50-layer network; ``options`` are those of :class:`ResNet`."""
    return ResNet(Bottleneck, (3, 4, 6, 3), **options)


def resnet101(**options: Any) -> ResNet:
    """The 101-layer network; ``options`` are those of :class:`ResNet`."""
    return ResNet(Bottleneck, (3, 4, 23, 3), **options)


def resnet152(**options: Any) -> ResNet:
    """The 152-layer network; ``options`` are those of :class:`ResNet`."""
    return ResNet(Bottleneck, (3, 8, 36, 3), **options)


def digit_network(
    layers: int, shortcut: Shortcut = "A", block: type[BasicBlock] | type[Bottleneck] = BasicBlock, width: int = 6
) -> nn.Sequential:
    """A small residual or plain network for digits: a 3×3, blocks, global average pooling, one fully connected layer.

    Input ``(N, 1, H, W)``, output ``(N, 10)``. The second half of the blocks has twice the width of the first half, and
    begins with stride 2.

    Args:
        layers: with weights, projections not counted: 2, and 2 or 3 for each block.
        shortcut: as for :class:`BasicBlock`.
        block: :class:`BasicBlock` or :class:`Bottleneck`.
        width: of the first half of the blocks.

    Raises:
        TypeError, ValueError: as :class:`ResNet`; also if blocks do not make that number of layers.

    >>> digit_network(10, shortcut=None)(torch.ones(2, 1, 8, 8)).shape
    torch.Size([2, 10])
    """
    layers, width = arguments.positives(layers=layers, width=width)
    _check_block(block)
    number, rest = divmod(layers - 2, 2 if issubclass(block, BasicBlock) else 3)
    if number < 1 or rest:
        raise ValueError(f"layers: expected 2, and for each {block.__name__} those it has, got {layers}")
    c_in, blocks = width * block.expansion, []
    first = [nn.Conv2d(1, c_in, 3, padding=1, bias=False), nn.BatchNorm2d(c_in), nn.ReLU()]
    for k in range(number):
        maps = width if k < number // 2 else 2 * width
        blocks.append(block(c_in, maps, 2 if k == number // 2 else 1, shortcut))
        c_in = maps * block.expansion
    return nn.Sequential(*first, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c_in, 10))


class _PaddedShortcut(nn.Module):
    """Option A: every ``stride``-th pixel, and ``more`` channels of zeros."""

    def __init__(self, more: int, stride: int):
        super().__init__()
        self.more, self.stride = more, stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.pad(x[..., :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.more))


def _check_block(block: object) -> None:
    if not (isinstance(block, type) and issubclass(block, BasicBlock | Bottleneck)):
        raise TypeError(f"block: expected BasicBlock or Bottleneck, got {block!r}")


def _shortcut(option: Shortcut, c_in: int, c_out: int, stride: int) -> nn.Module | None:
    arguments.one_of("shortcut", option, ("A", "B", "C", None))
    same = c_in == c_out and stride == 1
    if option is None:
        return None
    if option == "C" or (option == "B" and not same):
        return nn.Sequential(_conv(c_in, c_out, 1, stride), nn.BatchNorm2d(c_out))
    if c_out < c_in:
        raise ValueError(f"shortcut: 'A' can only add channels, expected at least {c_in} in the output, got {c_out}")
    return nn.Identity() if same else _PaddedShortcut(c_out - c_in, stride)


def _add(out: torch.Tensor, x: torch.Tensor, shortcut: nn.Module | None) -> torch.Tensor:
    return F.relu(out if shortcut is None else out + shortcut(x))


def _conv(c_in: int, c_out: int, kernel_size: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(c_in, c_out, kernel_size, stride, kernel_size // 2, bias=False)
