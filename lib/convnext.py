"""ConvNeXt: a convolutional network in the manner of transformers, a depthwise 7×7 and two 1×1s a block.

Liu et al., *A ConvNet for the 2020s*, arXiv 2201.03545. Images ``(N, C, H, W)``.
"""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import nn

from lib import _arguments as arguments
from lib._layers import Layers, Residual

__all__ = ["ConvNeXt", "ConvNeXtBlock"]


class _ChannelsLast(nn.Module):
    """(N, C, H, W) to (N, H, W, C); back again with ``first``."""

    def __init__(self, first: bool = False):
        super().__init__()
        self.order = (0, 3, 1, 2) if first else (0, 2, 3, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(self.order)


class _Scale(nn.Module):
    """A factor for each of the last axis."""

    def __init__(self, channels: int):
        super().__init__()
        self.scale = nn.Parameter(torch.full((channels,), 1e-6))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.scale


class ConvNeXtBlock(Residual):
    """A depthwise 7×7, a normalisation, a 1×1 to four times the maps, GELU, and a 1×1 back (figure 4).

    The 1×1s are linear layers on channels-last columns, as in the authors' code. Input and output
    ``(N, channels, H, W)``.

    Args:
        channels: maps of the input.

    Raises:
        TypeError, ValueError: the number of maps is no positive integer.

    >>> ConvNeXtBlock(8)(torch.ones(1, 8, 7, 7)).shape
    torch.Size([1, 8, 7, 7])
    """

    def __init__(self, channels: int):
        channels = arguments.integer("channels", channels, 1)
        body: OrderedDict[str, nn.Module] = OrderedDict(
            depthwise=nn.Conv2d(channels, channels, 7, padding=3, groups=channels),
            to_last=_ChannelsLast(),
            norm=nn.LayerNorm(channels, eps=1e-6),
            widen=nn.Linear(channels, 4 * channels),
            gelu=nn.GELU(),
            narrow=nn.Linear(4 * channels, channels),
            scale=_Scale(channels),
            to_first=_ChannelsLast(first=True),
        )
        super().__init__(Layers(body))


class ConvNeXt(Layers):
    """ConvNeXt-T by default: 28,589,128 parameters, as torchvision's ``convnext_tiny``.

    Input ``(N, 3, H, W)``, output ``(N, num_classes)``.

    Args:
        depths: blocks in each stage.
        widths: maps in each stage.
        num_classes: scores to give.

    Raises:
        TypeError, ValueError: a number is no positive integer, or depths and widths are not equally many.

    >>> sum(parameter.numel() for parameter in ConvNeXt().parameters())
    28589128
    """

    def __init__(
        self,
        depths: Sequence[int] = (3, 3, 9, 3),
        widths: Sequence[int] = (96, 192, 384, 768),
        num_classes: int = 1000,
    ):
        depths = [arguments.integer("depths", n, 1) for n in arguments.sequence("depths", depths, "integers")]
        widths = [arguments.integer("widths", n, 1) for n in arguments.sequence("widths", widths, "integers")]
        num_classes = arguments.integer("num_classes", num_classes, 1)
        if not depths or len(depths) != len(widths):
            raise ValueError(f"widths: expected one for each of the depths {depths}, at least one, got {widths}")
        layers: list[nn.Module] = [nn.Conv2d(3, widths[0], 4, stride=4), *_norm(widths[0])]
        for stage, (depth, width) in enumerate(zip(depths, widths, strict=True)):
            if stage:
                layers += [*_norm(widths[stage - 1]), nn.Conv2d(widths[stage - 1], width, 2, stride=2)]
            layers += [ConvNeXtBlock(width) for _ in range(depth)]
        mean = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        super().__init__(*layers, *mean, nn.LayerNorm(widths[-1], eps=1e-6), nn.Linear(widths[-1], num_classes))


def _norm(channels: int) -> tuple[nn.Module, nn.Module, nn.Module]:
    """Layer normalisation of each pixel's column."""
    return _ChannelsLast(), nn.LayerNorm(channels, eps=1e-6), _ChannelsLast(first=True)
