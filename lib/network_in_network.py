"""Network In Network: layers that slide a small multi-layer perceptron over the image instead of a single filter.

Lin, Chen and Yan, *Network In Network*, arXiv 1312.4400. Images ``(N, C, H, W)``.
"""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise

from torch import nn

from lib import _arguments as arguments
from lib import _windows as windows
from lib._arguments import IntOrPair
from lib._layers import Layers

__all__ = ["MLPConv", "NetworkInNetwork"]


class MLPConv(Layers):
    """The mlpconv layer (section 3.1): a k×k convolution, then 1×1s, with a ReLU after each of them.

    Input ``(N, in_channels, H, W)``, output ``(N, widths[-1], H_out, W_out)``.

    Args:
        in_channels: of the input.
        widths: channels after the convolution, then after each 1×1.
        kernel_size, stride, padding: of the first convolution, in pixels.

    Raises:
        TypeError, ValueError: a number of channels or pixels is no positive integer, or there are no widths.

    >>> MLPConv(3, (192, 160, 96), kernel_size=5, padding=2)[2]
    Conv2d(192, 160, kernel_size=(1, 1), stride=(1, 1))
    """

    def __init__(
        self,
        in_channels: int,
        widths: Sequence[int],
        kernel_size: IntOrPair,
        stride: IntOrPair = 1,
        padding: IntOrPair | str = 0,
    ):
        c_in = arguments.integer("in_channels", in_channels, 1)
        widths = [arguments.integer("widths", width, 1) for width in arguments.sequence("widths", widths, "integers")]
        if not widths:
            raise ValueError("widths: expected at least one, got none")
        window = windows.convolution(kernel_size, stride, padding, 1)
        layers: list[nn.Module] = [nn.Conv2d(c_in, widths[0], window.kernel, window.stride, padding), nn.ReLU()]
        for before, after in pairwise(widths):
            layers += [nn.Conv2d(before, after, kernel_size=1), nn.ReLU()]
        super().__init__(*layers)


class NetworkInNetwork(Layers):
    """The network of the paper's CIFAR-10 experiments: three mlpconv layers, then one map a class, averaged.

    Input ``(N, in_channels, H, W)``, output ``(N, num_classes)``: a score for each class, before softmax. With the
    defaults, 966,986 parameters. Widths and pooling are those of the authors' published configuration; the paper
    gives the structure (figure 2), not the widths.

    Args:
        in_channels: of the image.
        num_classes: maps averaged at the end.
        dropout: probability of dropping a number between the mlpconv layers, in training (section 4.1).

    Raises:
        TypeError, ValueError: a number of channels or classes is no positive integer, or dropout no probability.

    >>> sum(parameter.numel() for parameter in NetworkInNetwork().parameters())
    966986
    """

    def __init__(self, in_channels: int = 3, num_classes: int = 10, dropout: float = 0.5):
        num_classes = arguments.integer("num_classes", num_classes, 1)
        dropout = arguments.probability("dropout", dropout)
        super().__init__(
            OrderedDict(
                mlpconv1=MLPConv(in_channels, (192, 160, 96), kernel_size=5, padding=2),
                pool1=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # 32 pixels become 16, as in the authors' framework
                dropout1=nn.Dropout(dropout),
                mlpconv2=MLPConv(96, (192, 192, 192), kernel_size=5, padding=2),
                pool2=nn.AvgPool2d(3, stride=2, ceil_mode=True),
                dropout2=nn.Dropout(dropout),
                mlpconv3=MLPConv(192, (192, 192, num_classes), kernel_size=3, padding=1),
                average=nn.AdaptiveAvgPool2d(1),
                scores=nn.Flatten(),
            )
        )
