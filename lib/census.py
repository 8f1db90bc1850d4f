"""Thirteen networks of eleven years, and how much of each is 1×1.

A 1×1 is a convolution with that kernel, or a linear layer on every token or every pixel's column of numbers; the two
are one. On an image of one pixel it is a gate of a squeeze-and-excitation, and counted apart, as are the fully
connected layers at a network's end.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from lib._totals import totals
from lib.convnext import ConvNeXt
from lib.cost import Cost, layer_table
from lib.densenet import DenseNet
from lib.efficientnet import EfficientNetB0
from lib.inception import GoogLeNet
from lib.mobilenet import MobileNet, MobileNetV2
from lib.network_in_network import NetworkInNetwork
from lib.plain_networks import VGG16, AlexNet
from lib.resnet import resnet50
from lib.resnext import resnext50
from lib.vit import Attention, VisionTransformer
from lib.xception import Xception

__all__ = ["NETWORKS", "Network", "by_kind"]


@dataclass(frozen=True)
class Network:
    """A network of the census, and what is published of its size.

    Args:
        year: when its paper came out.
        build: gives the model.
        side: of the image that its paper classifies, in pixels.
        parameters: weights and biases, as published; None where no exact number is.
        gmacs: multiply–accumulates of one image in thousand millions, as published, rounded; None where no such is.
        source: where the two are published.
    """

    year: int
    build: Callable[[], nn.Module]
    side: int
    parameters: int | None
    gmacs: float | None
    source: str

    def model(self) -> nn.Module:
        """The model on PyTorch's "meta" device: shapes without numbers, which take no memory."""
        with torch.device("meta"):
            return self.build()

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """Parameters and MACs of each kind of layer, for one image, as :func:`by_kind` gives them."""
        return by_kind(self.model(), (3, self.side, self.side))


KINDS = ("1×1", "depthwise", "larger kernels", "gates", "fully connected", "attention", "rest")
TORCHVISION = "torchvision's table of weights"
#: The census, by name, in the order of the papers. Torchvision calls MACs "FLOPS".
#:
#: :meta hide-value:
NETWORKS = {
    "AlexNet": Network(2012, AlexNet, 224, None, None, ""),
    "NiN": Network(2013, NetworkInNetwork, 32, None, None, ""),
    "VGG-16": Network(2014, VGG16, 224, 138_357_544, 15.47, TORCHVISION),
    "GoogLeNet": Network(2014, GoogLeNet, 224, None, None, ""),
    "ResNet-50": Network(2015, resnet50, 224, 25_557_032, 4.089, TORCHVISION),
    "DenseNet-121": Network(2016, DenseNet, 224, 7_978_856, 2.834, TORCHVISION),
    "Xception": Network(2016, Xception, 299, 22_855_952, None, "Table 3 of its paper"),
    "ResNeXt-50": Network(2016, resnext50, 224, 25_028_904, 4.23, TORCHVISION),
    "MobileNet": Network(2017, MobileNet, 224, None, 0.569, "Table 4 of its paper"),
    "MobileNetV2": Network(2018, MobileNetV2, 224, 3_504_872, 0.301, TORCHVISION),
    "EfficientNet-B0": Network(2019, EfficientNetB0, 224, 5_288_548, 0.386, TORCHVISION),
    "ViT-B/16": Network(2020, VisionTransformer, 224, 86_567_656, 17.564, TORCHVISION),
    "ConvNeXt-T": Network(2022, ConvNeXt, 224, 28_589_128, 4.456, TORCHVISION),
}


def by_kind(model: nn.Module, input_shape: tuple[int, ...]) -> dict[str, tuple[int, int]]:
    """Parameters and MACs of each kind of layer.

    Kinds, as far as there are any: "1×1"; "depthwise", kernels on each map alone; "larger kernels", all other
    convolutions; "gates", 1×1s on one pixel; "fully connected"; "attention", its products; "rest", such as
    normalisations.

    Args:
        model: any module that takes one tensor.
        input_shape: of one input, without the batch axis: ``(C, H, W)``, or ``(features,)``.

    Raises:
        TypeError, ValueError: as :func:`lib.cost.layer_table`.

    >>> by_kind(nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(8, 4, 1)), (3, 6, 6))
    {'1×1': (36, 512), 'larger kernels': (224, 3456)}
    """
    layers = layer_table(model, input_shape).layers
    modules = dict(model.named_modules())
    kinds = totals((_kind(modules.get(name.split()[0], model), cost), cost) for name, cost in layers)
    return {kind: kinds[kind] for kind in KINDS if kind in kinds}


def _kind(layer: nn.Module, cost: Cost) -> str:
    match layer:
        case nn.Conv2d(kernel_size=(1, 1)):
            return "gates" if cost.input_shape[-2:] == (1, 1) else "1×1"
        case nn.Conv2d():
            return "depthwise" if layer.groups == layer.in_channels > 1 else "larger kernels"
        case nn.Linear():
            return "1×1" if len(cost.input_shape) > 1 else "fully connected"
        case Attention():
            return "attention"
    return "rest"
