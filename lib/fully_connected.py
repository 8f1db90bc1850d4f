"""Fully connected layers as convolutions, so that a classifier of one image reads every window of a larger one.

Sermanet et al., *OverFeat*, arXiv 1312.6229, section 3.5; Long, Shelhamer and Darrell, *Fully Convolutional Networks*,
arXiv 1411.4038, section 3.1. Images ``(N, C, H, W)``.
"""

from collections.abc import Iterator
from copy import deepcopy
from math import isqrt

import torch
from torch import nn

from lib import _arguments as arguments
from lib._arguments import IntOrPair

__all__ = ["cropped_scores", "fully_convolutional", "linear_to_conv2d"]

# Layers that treat every number alike, wherever it is, and so serve vectors and images of any size.
POINTWISE = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Sigmoid, nn.Tanh, nn.Identity, nn.Dropout)
# Layers that treat every place alike, so that a larger image gives a larger output.
SLIDING = (*POINTWISE, nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d, nn.BatchNorm2d, nn.Dropout2d)


def linear_to_conv2d(linear: nn.Linear, kernel_size: IntOrPair = 1) -> nn.Conv2d:
    """The convolution that gives for one window what ``linear`` gives for its numbers, flattened as C×H×W.

    Input of the convolution ``(N, C, H, W)``, output ``(N, out_features, H - kH + 1, W - kW + 1)``, where ``C`` is
    ``in_features / (kH·kW)``. The weights are copied.

    Args:
        linear: the fully connected layer.
        kernel_size: height and width of the maps that were flattened, in pixels; 1 if the layer reads a vector.

    Raises:
        TypeError: ``linear`` is no ``nn.Linear``, or the kernel no integers.
        ValueError: the number of inputs is no multiple of the pixels of the kernel.

    >>> linear_to_conv2d(nn.Linear(512 * 7 * 7, 10), kernel_size=7)
    Conv2d(512, 10, kernel_size=(7, 7), stride=(1, 1))
    """
    if not isinstance(linear, nn.Linear):
        raise TypeError(f"linear: expected an nn.Linear, got {linear!r}")
    kernel = arguments.pair("kernel_size", kernel_size, 1)
    channels, rest = divmod(linear.in_features, kernel[0] * kernel[1])
    if rest or not channels:
        raise ValueError(
            f"kernel_size: expected a kernel whose {kernel[0]}×{kernel[1]} pixels divide the {linear.in_features} "
            f"inputs of the layer, got {kernel} for a weight of shape {tuple(linear.weight.shape)}"
        )
    weight, bias = linear.weight, linear.bias
    conv = nn.Conv2d(
        channels, linear.out_features, kernel, bias=bias is not None, device=weight.device, dtype=weight.dtype
    )
    with torch.no_grad():
        conv.weight.copy_(weight.view_as(conv.weight))
        if bias is not None:
            conv.get_parameter("bias").copy_(bias)
    return conv.train(linear.training)


def fully_convolutional(model: nn.Sequential, kernel_size: IntOrPair | None = None) -> nn.Sequential:
    """The classifier ``model`` for images of any larger size: its scores for every window, in one pass.

    For images of the original size the output ``(N, classes)`` becomes ``(N, classes, 1, 1)``, with the same numbers.
    Larger images give a map for each class. The first fully connected layer becomes a convolution as large as the maps
    it reads, the later ones become 1×1s. Everything is copied; ``model`` stays as it is.

    Args:
        model: convolutions and poolings, one ``nn.Flatten``, fully connected layers; nested ``nn.Sequential`` are
            taken apart.
        kernel_size: height and width of the flattened maps, in pixels; None if they are square and a convolution comes
            before them.

    Raises:
        TypeError: ``model`` is no ``nn.Sequential``, or has a layer that does not work alike at every place.
        ValueError: it has not exactly one flatten with a fully connected layer behind it, or the kernel does not fit.

    >>> classifier = nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(6 * 6 * 6, 10))  # for 8×8
    >>> fully_convolutional(classifier)(torch.ones(1, 1, 20, 30)).shape
    torch.Size([1, 10, 13, 23])
    """
    if not isinstance(model, nn.Sequential):
        raise TypeError(f"model: expected an nn.Sequential, got {type(model).__name__}")
    layers = list(_leaves(model))
    flattens = [k for k, layer in enumerate(layers) if isinstance(layer, nn.Flatten)]
    if len(flattens) != 1:
        raise ValueError(f"model: expected exactly one nn.Flatten, got {len(flattens)} in {len(layers)} layers")
    features, head = layers[: flattens[0]], layers[flattens[0] + 1 :]
    if (layers[flattens[0]].start_dim, layers[flattens[0]].end_dim) != (1, -1):
        raise ValueError(f"model: expected a flatten of all axes but the first, got {layers[flattens[0]]}")
    for layer in features:
        if not isinstance(layer, SLIDING):
            raise TypeError(f"model: expected layers that work alike at every place before the flatten, got {layer}")
    for layer in head:
        if not isinstance(layer, (nn.Linear, *POINTWISE)):
            raise TypeError(f"model: expected nn.Linear, dropout or activations behind the flatten, got {layer}")
    linears = [layer for layer in head if isinstance(layer, nn.Linear)]
    if not linears:
        raise ValueError(f"model: expected an nn.Linear behind the nn.Flatten, got {[type(n).__name__ for n in head]}")
    kernel_size = _kernel(features, linears[0]) if kernel_size is None else kernel_size
    converted = [deepcopy(layer) for layer in features]
    for layer in head:
        if isinstance(layer, nn.Linear):
            converted.append(linear_to_conv2d(layer, kernel_size if layer is linears[0] else 1))
        else:
            converted.append(deepcopy(layer))
    return nn.Sequential(*converted).train(model.training)


def _leaves(model: nn.Sequential) -> Iterator[nn.Module]:
    for child in model:
        yield from _leaves(child) if isinstance(child, nn.Sequential) else (child,)


def _kernel(features: list[nn.Module], linear: nn.Linear) -> int:
    channels = next((layer.out_channels for layer in reversed(features) if isinstance(layer, nn.Conv2d)), None)
    if channels is None:
        raise ValueError("kernel_size: expected a size, as no convolution tells the number of maps, got None")
    side = isqrt(linear.in_features // channels)
    if channels * side * side != linear.in_features:
        raise ValueError(
            f"kernel_size: expected a size, as {linear.in_features} inputs are no square maps of {channels} channels, "
            "got None"
        )
    return side


@torch.no_grad()
def cropped_scores(model: nn.Module, image: torch.Tensor, size: IntOrPair, stride: IntOrPair = 1) -> torch.Tensor:
    """What a classifier gives for every window of an image, each cut out alone: what one pass is compared with.

    Input of ``model`` ``(N, C, *size)``, output ``(N, classes)``. All windows go through it as one batch.

    Args:
        model: the classifier.
        image: ``(N, C, H, W)``.
        size: height and width of a window, in pixels.
        stride: from one window to the next, in pixels.

    Returns:
        The scores, ``(N, classes, rows, columns)`` for as many rows and columns of windows as fit.

    Raises:
        TypeError: the model is no module, the image no tensor, or a size no integers.
        ValueError: no window fits, or the model does not take it.

    >>> classifier = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    >>> cropped_scores(classifier, torch.ones(1, 1, 20, 30), size=8).shape
    torch.Size([1, 10, 13, 23])
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model: expected a torch.nn.Module, got {model!r}")
    if not isinstance(image, torch.Tensor):
        raise TypeError(f"image: expected a torch.Tensor, got {image!r:.80}")
    height, width = arguments.pair("size", size, 1)
    down, right = arguments.pair("stride", stride, 1)
    if image.ndim != 4 or 0 in image.shape or image.shape[2] < height or image.shape[3] < width:
        raise ValueError(f"image: expected (N, C, H, W) of at least {height}×{width} pixels, got {tuple(image.shape)}")
    windows = image.unfold(2, height, down).unfold(3, width, right).permute(0, 2, 3, 1, 4, 5)
    try:
        scores = model(windows.flatten(0, 2))
    except (RuntimeError, TypeError) as error:
        raise ValueError(f"model: expected one for {tuple(windows.shape[3:])}, got an error from it: {error}") from None
    if not isinstance(scores, torch.Tensor) or scores.ndim != 2:
        raise ValueError(f"model: expected scores (N, classes), got {getattr(scores, 'shape', type(scores))}")
    return scores.unflatten(0, windows.shape[:3]).permute(0, 3, 1, 2)
