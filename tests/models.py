"""What the tests of the networks share."""

import torch
import torch.nn.functional as F
from torch import nn


def on_meta(build, **options) -> nn.Module:
    """A model without memory, for what only counts."""
    with torch.device("meta"):
        return build(**options)


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def check_that_every_parameter_learns(model: nn.Module, images: torch.Tensor, classes: int) -> None:
    out = model(images)
    assert out.shape == (len(images), classes)
    F.cross_entropy(out, torch.arange(len(images))).backward()
    assert all(p.grad is not None and p.grad.any() for p in model.parameters())
