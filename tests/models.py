"""What the tests of the networks share."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn


def on_meta(build, **options) -> nn.Module:
    """A model without memory, for what only counts."""
    with torch.device("meta"):
        return build(**options)


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def check_that_it_computes(model: nn.Module, by_hand: Callable, x: torch.Tensor) -> None:
    """In training and in use, values and gradients are those of ``by_hand``, written with PyTorch's functions."""
    for training in (True, False):
        model.train(training)
        results = []
        for function in (model, by_hand):
            torch.manual_seed(1)  # of dropout
            images = x.clone().requires_grad_()
            out = function(images)
            direction = torch.linspace(-1, 1, out.numel(), dtype=out.dtype).view_as(out)
            results.append([out, *torch.autograd.grad(out, [images, *model.parameters()], direction)])
        torch.testing.assert_close(*results, rtol=1e-10, atol=1e-11)


def by_hand_norm(layer: nn.BatchNorm2d, x: torch.Tensor, eps: float = 1e-5) -> torch.Tensor:
    """Batch normalisation by the mean and variance of the batch in training, by those remembered in use."""
    if layer.training:
        mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
    else:
        mean, variance = layer.running_mean, layer.running_var
    scale = layer.weight / (variance + eps).sqrt()
    return x * scale[:, None, None] + (layer.bias - mean * scale)[:, None, None]


def check_that_every_parameter_learns(model: nn.Module, images: torch.Tensor, classes: int) -> None:
    out = model(images)
    assert out.shape == (len(images), classes)
    F.cross_entropy(out, torch.arange(len(images))).backward()
    assert all(p.grad is not None and p.grad.any() for p in model.parameters())
