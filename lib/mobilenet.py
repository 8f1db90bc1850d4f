"""MobileNets: a depthwise 3×3 looks around in each map, 1×1s mix the maps.

Howard et al., *MobileNets*, arXiv 1704.04861; Sandler et al., *MobileNetV2*, arXiv 1801.04381. Images ``(N, C, H, W)``.
"""

from collections import OrderedDict
from functools import partial

import torch
from torch import nn

from lib import _arguments as arguments
from lib._layers import ConvNorm, Layers, Residual, head, stages

__all__ = ["DepthwiseSeparable", "InvertedResidual", "MobileNet", "MobileNetV2", "SqueezeExcitation"]

# Table 1 of the first paper: maps after each 1×1, and the stride of the 3×3 before it. (The last has 2 there, but keeps
# 7×7 pixels and fits the printed 569 million only with 1.)
BODY = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5, (1024, 2), (1024, 1))
# Table 2 of the second: times wider in the middle, maps, blocks, and the stride of the first of them. (These are 17
# blocks, where its section 4 speaks of 19.)
BODY_2 = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


class DepthwiseSeparable(Layers):
    """A 3×3 on each map alone, then a 1×1, each with batch normalisation and ReLU (MobileNets, figure 3, right).

    Input ``(N, in_channels, H, W)``, output ``(N, out_channels, H / stride, W / stride)``, rounded up.

    Args:
        in_channels, out_channels: maps of the input and of the output.
        stride: of the 3×3, in pixels.

    Raises:
        TypeError, ValueError: a number of channels or pixels is no positive integer.

    >>> sum(parameter.numel() for parameter in DepthwiseSeparable(64, 128)[0][0].parameters())
    576
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        c_in, c_out, stride = arguments.positives(in_channels=in_channels, out_channels=out_channels, stride=stride)
        super().__init__(
            OrderedDict(depthwise=ConvNorm(c_in, c_in, 3, stride, groups=c_in), pointwise=ConvNorm(c_in, c_out))
        )


class MobileNet(Layers):
    """The first MobileNet (Table 1), at full width: 4,231,976 parameters.

    Input ``(N, 3, H, W)``, output ``(N, num_classes)``.

    Args:
        num_classes: scores to give.

    Raises:
        TypeError, ValueError: the number of classes is no positive integer.

    >>> sum(parameter.numel() for parameter in MobileNet().parameters())
    4231976
    """

    def __init__(self, num_classes: int = 1000):
        num_classes = arguments.integer("num_classes", num_classes, 1)
        layers: OrderedDict[str, nn.Module] = OrderedDict(stem=ConvNorm(3, 32, 3, stride=2))
        c_in = 32
        for number, (maps, stride) in enumerate(BODY, 1):
            layers[f"separable{number}"] = DepthwiseSeparable(c_in, maps, stride)
            c_in = maps
        super().__init__(layers | head(c_in, num_classes))


class SqueezeExcitation(nn.Module):
    """A gate for each map, worked out from the means of all maps by two 1×1s on an image of one pixel.

    Hu, Shen and Sun, *Squeeze-and-Excitation Networks*, arXiv 1709.01507, figure 3. Input and output
    ``(N, channels, H, W)``.

    Args:
        channels: maps of the input.
        squeezed: maps between the two 1×1s.
        activation: between them.

    Raises:
        TypeError, ValueError: a number of maps is no positive integer, or the activation no class of modules.

    >>> SqueezeExcitation(64, 4)(torch.ones(1, 64, 7, 7)).shape
    torch.Size([1, 64, 7, 7])
    """

    def __init__(self, channels: int, squeezed: int, activation: type[nn.Module] = nn.ReLU):
        channels, squeezed = arguments.positives(channels=channels, squeezed=squeezed)
        activation = _activation(activation)
        super().__init__()
        self.squeeze = nn.AdaptiveAvgPool2d(1)
        self.reduce, self.activation = nn.Conv2d(channels, squeezed, 1), activation()
        self.restore, self.gate = nn.Conv2d(squeezed, channels, 1), nn.Sigmoid()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.gate(self.restore(self.activation(self.reduce(self.squeeze(x)))))


class InvertedResidual(Layers):
    """A 1×1 that widens, a depthwise kernel, and a 1×1 that narrows with no ReLU behind it (MobileNetV2, figure 4).

    Input ``(N, in_channels, H, W)``, output ``(N, out_channels, H / stride, W / stride)``, rounded up. There is a
    shortcut where input and output have the same shape. Where nothing widens the first 1×1 is left out.

    Args:
        in_channels, out_channels: maps of the input and of the output.
        stride: of the depthwise convolution, in pixels.
        expansion: how many times more maps the middle has than the input.
        kernel_size: of the depthwise convolution, in pixels; odd.
        squeezed: maps inside a squeeze-and-excitation after the depthwise convolution; 0 for none.
        activation: ReLU6 in the paper.

    Raises:
        TypeError, ValueError: a number is no positive integer, the kernel even, or the activation no class of modules.

    >>> InvertedResidual(16, 24, stride=2)(torch.ones(1, 16, 14, 14)).shape
    torch.Size([1, 24, 7, 7])
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        stride: int = 1,
        expansion: int = 6,
        kernel_size: int = 3,
        squeezed: int = 0,
        activation: type[nn.Module] = nn.ReLU6,
    ):
        c_in, c_out, stride, expansion, kernel_size = arguments.positives(
            in_channels=in_channels,
            out_channels=out_channels,
            stride=stride,
            expansion=expansion,
            kernel_size=kernel_size,
        )
        squeezed, activation = arguments.integer("squeezed", squeezed, 0), _activation(activation)
        if kernel_size % 2 == 0:
            raise ValueError(f"kernel_size: expected an odd number, so that the size stays, got {kernel_size}")
        middle = c_in * expansion
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        if expansion > 1:
            layers["expand"] = ConvNorm(c_in, middle, activation=activation)
        layers["depthwise"] = ConvNorm(middle, middle, kernel_size, stride, groups=middle, activation=activation)
        if squeezed:
            layers["gates"] = SqueezeExcitation(middle, squeezed, activation)
        layers["project"] = ConvNorm(middle, c_out, activation=None)
        same = stride == 1 and c_in == c_out
        super().__init__(OrderedDict(residual=Residual(Layers(layers))) if same else layers)


class MobileNetV2(Layers):
    """The second MobileNet (Table 2), at full width: 3,504,872 parameters, as torchvision's ``mobilenet_v2``.

    Input ``(N, 3, H, W)``, output ``(N, num_classes)``.

    Args:
        num_classes: scores to give.

    Raises:
        TypeError, ValueError: the number of classes is no positive integer.

    >>> sum(parameter.numel() for parameter in MobileNetV2().parameters())
    3504872
    """

    def __init__(self, num_classes: int = 1000):
        num_classes = arguments.integer("num_classes", num_classes, 1)
        rows = [(partial(InvertedResidual, expansion=wider), maps, n, stride) for wider, maps, n, stride in BODY_2]
        super().__init__(stages(32, rows, nn.ReLU6, num_classes))


def _activation(value: object) -> type[nn.Module]:
    try:
        fits = isinstance(value, type) and isinstance(value(), nn.Module)
    except TypeError:  # it needs arguments
        fits = False
    if not fits:
        raise TypeError(f"activation: expected a class of modules such as nn.ReLU, got {value!r}")
    return value  # type: ignore[return-value]
