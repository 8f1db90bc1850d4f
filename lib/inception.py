"""The Inception module and GoogLeNet: Szegedy et al., *Going Deeper with Convolutions*, arXiv 1409.4842.

Images ``(N, C, H, W)``. Layers are named as in torchvision's ``googlenet``.
"""

from collections import OrderedDict

import torch
from torch import nn

from lib import _arguments as arguments
from lib._layers import Layers

__all__ = ["MODULES", "GoogLeNet", "Inception", "NaiveInception"]

#: The widths of GoogLeNet's modules as Table 1 has them (#1×1, #3×3 reduce, #3×3, #5×5 reduce, #5×5, pool proj). The
#: digit of a name is the stage.
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


class _Branches(nn.Module):
    """Four branches on the same input; their maps are stacked."""

    def __init__(self, *branches: nn.Module):
        super().__init__()
        self.branch1, self.branch2, self.branch3, self.branch4 = branches

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], -3)


class NaiveInception(_Branches):
    """The module without reductions (figure 2a): 1×1, 3×3, 5×5 and max pooling side by side, their maps stacked.

    Input ``(N, in_channels, H, W)``, output ``(N, out_channels, H, W)``, where ``out_channels`` is
    ``c1 + c3 + c5 + in_channels``: pooling keeps every map.

    Args:
        in_channels: of the input.
        c1, c3, c5: filters of the 1×1, the 3×3 and the 5×5.
        batch_norm: whether batch normalisation stands between each convolution and its ReLU (and no bias).

    Raises:
        TypeError, ValueError: a number of channels is no positive integer.

    >>> NaiveInception(192, 64, 128, 32).out_channels
    416
    """

    def __init__(self, in_channels: int, c1: int, c3: int, c5: int, batch_norm: bool = False):
        in_channels, c1, c3, c5 = arguments.positives(in_channels=in_channels, c1=c1, c3=c3, c5=c5)
        batch_norm = arguments.boolean("batch_norm", batch_norm)
        super().__init__(
            _Conv(in_channels, c1, 1, batch_norm),
            _Conv(in_channels, c3, 3, batch_norm),
            _Conv(in_channels, c5, 5, batch_norm),
            nn.MaxPool2d(3, stride=1, padding=1),
        )
        self.out_channels = c1 + c3 + c5 + in_channels


class Inception(_Branches):
    """The module with 1×1s that reduce before the 3×3 and the 5×5 and after the pooling (figure 2b).

    Input ``(N, in_channels, H, W)``, output ``(N, out_channels, H, W)``, where ``out_channels`` is
    ``c1 + c3 + c5 + pool``.

    Args:
        in_channels: of the input.
        c1: filters of the 1×1 that is a branch of its own.
        c3_reduce, c3: filters of the 1×1 before the 3×3, and of the 3×3.
        c5_reduce, c5: filters of the 1×1 before the 5×5, and of the 5×5.
        pool: filters of the 1×1 after the pooling.
        batch_norm: as for :class:`NaiveInception`.
        kernel_5: side of the largest kernel; torchvision has 3 where the paper has 5.

    Raises:
        TypeError, ValueError: a number of channels or pixels is no positive integer, or ``kernel_5`` is even.

    >>> Inception(192, 64, 96, 128, 16, 32, 32).out_channels
    256
    """

    def __init__(
        self,
        in_channels: int,
        c1: int,
        c3_reduce: int,
        c3: int,
        c5_reduce: int,
        c5: int,
        pool: int,
        batch_norm: bool = False,
        kernel_5: int = 5,
    ):
        in_channels, c1, c3_reduce, c3, c5_reduce, c5, pool = arguments.positives(
            in_channels=in_channels, c1=c1, c3_reduce=c3_reduce, c3=c3, c5_reduce=c5_reduce, c5=c5, pool=pool
        )
        kernel_5, batch_norm = arguments.integer("kernel_5", kernel_5, 1), arguments.boolean("batch_norm", batch_norm)
        if kernel_5 % 2 == 0:
            raise ValueError(f"kernel_5: expected an odd number, so that the size stays, got {kernel_5}")
        super().__init__(
            _Conv(in_channels, c1, 1, batch_norm),
            nn.Sequential(_Conv(in_channels, c3_reduce, 1, batch_norm), _Conv(c3_reduce, c3, 3, batch_norm)),
            nn.Sequential(_Conv(in_channels, c5_reduce, 1, batch_norm), _Conv(c5_reduce, c5, kernel_5, batch_norm)),
            nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), _Conv(in_channels, pool, 1, batch_norm)),
        )
        self.out_channels = c1 + c3 + c5 + pool


class GoogLeNet(Layers):
    """GoogLeNet (Table 1), without its auxiliary classifiers and local response normalisation.

    Input ``(N, 3, H, W)``, output ``(N, num_classes)``. By default 6,998,552 parameters: plain convolutions with
    biases, as far as the paper's text goes.

    Args:
        num_classes: scores to give.
        batch_norm: as for :class:`NaiveInception`; the paper has none yet.
        torchvision: batch normalisation, 3×3 in place of 5×5, and 2×2 for the last max pooling, as in torchvision's
            ``googlenet(aux_logits=False)``, so that its pretrained weights load.
        dropout: probability of dropping a number before the last layer, in training.

    Raises:
        TypeError, ValueError: the number of classes is no positive integer, or dropout no probability.

    >>> sum(parameter.numel() for parameter in GoogLeNet().parameters())
    6998552
    """

    def __init__(
        self, num_classes: int = 1000, batch_norm: bool = False, torchvision: bool = False, dropout: float = 0.4
    ):
        num_classes = arguments.integer("num_classes", num_classes, 1)
        dropout = arguments.probability("dropout", dropout)
        torchvision = arguments.boolean("torchvision", torchvision)
        batch_norm, kernel_5 = arguments.boolean("batch_norm", batch_norm) or torchvision, 3 if torchvision else 5
        layers: OrderedDict[str, nn.Module] = OrderedDict(
            conv1=_Conv(3, 64, 7, batch_norm, stride=2),
            maxpool1=_halve(3),
            conv2=_Conv(64, 64, 1, batch_norm),
            conv3=_Conv(64, 192, 3, batch_norm),
            maxpool2=_halve(3),
        )
        c_in = 192
        for name, widths in MODULES.items():
            if name in ("4a", "5a"):
                layers[f"maxpool{int(name[0]) - 1}"] = _halve(2 if torchvision and name == "5a" else 3)
            layers[f"inception{name}"] = module = Inception(c_in, *widths, batch_norm, kernel_5)
            c_in = module.out_channels
        layers |= OrderedDict(
            avgpool=nn.AdaptiveAvgPool2d(1),
            flatten=nn.Flatten(),
            dropout=nn.Dropout(dropout),
            fc=nn.Linear(c_in, num_classes),
        )
        super().__init__(layers)


class _Conv(Layers):
    """A convolution that keeps the size at stride 1, batch normalisation if asked for, and a ReLU."""

    def __init__(self, c_in: int, c_out: int, kernel_size: int, batch_norm: bool, stride: int = 1):
        conv = nn.Conv2d(c_in, c_out, kernel_size, stride, kernel_size // 2, bias=not batch_norm)
        norm = {"bn": nn.BatchNorm2d(c_out, eps=0.001)} if batch_norm else {}
        super().__init__(OrderedDict(conv=conv, **norm, relu=nn.ReLU()))


def _halve(window: int) -> nn.MaxPool2d:
    return nn.MaxPool2d(window, stride=2, ceil_mode=True)
