"""A model run on shapes alone: PyTorch's "meta" tensors have a shape and no numbers."""

import torch
from torch import nn
from torch.func import functional_call


def image(model: nn.Module, shape: tuple[int, ...]) -> torch.Tensor:
    """A batch of one input of that shape, in the model's type of numbers."""
    dtype = next((p.dtype for p in model.parameters()), None)  # None is PyTorch's default type
    return torch.empty(1, *shape, device="meta", dtype=dtype)


def run(model: nn.Module, shape: tuple[int, ...]) -> None:
    """Run the model, so that its hooks see shapes; a ValueError says that it cannot take an input of that one."""
    state = {name: t.to("meta") for name, t in [*model.named_parameters(), *model.named_buffers()]}
    try:
        functional_call(model, state, image(model, shape))
    except (RuntimeError, ValueError, IndexError) as error:
        raise ValueError(f"input_shape: expected a shape that the model can take, got {shape}: {error}") from None
