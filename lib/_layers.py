"""What the networks of the book share."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn


class Layers(nn.Sequential):
    """Layers in a row; a slice of them is a plain ``nn.Sequential``, since no subclass can be built from a slice."""

    def __getitem__(self, index: Any) -> Any:
        return nn.Sequential(*list(self)[index]) if isinstance(index, slice) else super().__getitem__(index)


class Residual(nn.Module):
    """A body whose output is added to its input, or to what a shortcut makes of that."""

    def __init__(self, body: nn.Module, shortcut: nn.Module | None = None):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x) + (x if self.shortcut is None else self.shortcut(x))


class ConvNorm(Layers):
    """A convolution that keeps the size at stride 1, batch normalisation, and an activation unless that is None."""

    def __init__(
        self,
        c_in: int,
        c_out: int,
        kernel_size: int = 1,
        stride: int = 1,
        groups: int = 1,
        activation: type[nn.Module] | None = nn.ReLU,
    ):
        conv = nn.Conv2d(c_in, c_out, kernel_size, stride, kernel_size // 2, groups=groups, bias=False)
        last = {} if activation is None else {"activation": activation()}
        super().__init__(OrderedDict(conv=conv, norm=nn.BatchNorm2d(c_out), **last))


def head(maps: int, num_classes: int) -> "OrderedDict[str, nn.Module]":
    """The mean of each map, and a fully connected layer."""
    return OrderedDict(average=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), scores=nn.Linear(maps, num_classes))


def stages(
    stem: int,
    rows: Iterable[tuple[Callable[[int, int, int], nn.Module], int, int, int]],
    activation: type[nn.Module],
    num_classes: int,
) -> "OrderedDict[str, nn.Module]":
    """A 3×3 with stride 2, stages of blocks, a 1×1 to 1,280 maps and the head: MobileNetV2 and those built after it.

    Args:
        stem: maps after the 3×3.
        rows: of each stage what makes a block, from maps in, maps out and stride; its maps; how many blocks; and the
            stride of the first.
        activation: behind the first and the last convolution.
        num_classes: scores to give.
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict(stem=ConvNorm(3, stem, 3, 2, activation=activation))
    c_in = stem
    for stage, (block, maps, blocks, stride) in enumerate(rows, 1):
        for k in range(blocks):
            layers[f"block{stage}_{k}"] = block(c_in, maps, stride if k == 0 else 1)
            c_in = maps
    layers["last"] = ConvNorm(c_in, 1280, activation=activation)
    return layers | head(1280, num_classes)
