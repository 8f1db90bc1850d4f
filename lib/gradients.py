"""What gradients say of a network: how large they are in its first layer and its last, and whether examples agree."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import nn

from lib import _arguments as arguments

__all__ = ["compare_halves"]


def compare_halves(model: nn.Module, examples: tuple[ArrayLike, ArrayLike]) -> tuple[float, float]:
    """The gradients of the weights of all convolutions, from one half of the examples and from the other.

    The model is put into training mode, in which batch normalisation takes the mean and the spread of each half.

    Args:
        model: a classifier with convolutions.
        examples: images ``(N, C, H, W)`` and labels ``(N,)``, at least two.

    Returns:
        How many times as large the first layer's gradient is as the last's (their Euclidean norms, from the first
        half), and how well the halves agree: the cosine of the angle between their gradients, mean over the layers.

    Raises:
        TypeError: the model is none, or examples no pair of images and labels.
        ValueError: the model has no convolution, cannot take the images, or has no scores for the labels.

    >>> model = nn.Sequential(nn.Conv2d(1, 3, 8), nn.Flatten()).double()
    >>> same = compare_halves(model, (np.ones((4, 1, 8, 8)), np.zeros(4, int)))  # a layer alone, and halves alike
    >>> np.round(same, 9).tolist()
    [1.0, 1.0]
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model: expected a torch.nn.Module, got {model!r}")
    arrays = arguments.examples("examples", examples)
    if len(arrays[0]) < 2:
        raise ValueError(f"examples: expected at least 2, one for each half, got {len(arrays[0])}")
    weights = [module.weight for module in model.train().modules() if isinstance(module, nn.Conv2d)]
    if not weights:
        raise ValueError(f"model: expected at least one Conv2d, got {model}")
    images, labels = torch.from_numpy(arrays[0]).to(weights[0]), torch.from_numpy(arrays[1]).long()
    halves = []
    for half, right in zip(images.tensor_split(2), labels.tensor_split(2), strict=True):
        try:
            loss = F.cross_entropy(model(half), right)
        except (RuntimeError, ValueError, IndexError) as error:
            shape, most = tuple(images.shape), int(labels.max())
            raise ValueError(
                f"examples: expected images and labels for this model, got {shape} and labels up to {most}: {error}"
            ) from None
        halves.append(torch.autograd.grad(loss, weights))
    size = halves[0][0].norm() / halves[0][-1].norm()
    cosines = [F.cosine_similarity(a.flatten(), b.flatten(), dim=0).item() for a, b in zip(*halves, strict=True)]
    return size.item(), float(np.mean(cosines))
