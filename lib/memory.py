"""What training keeps of one input until the gradients come back: PyTorch says so itself, on shapes alone."""

import torch
from torch import nn
from torch.func import functional_call

from lib import _arguments as arguments
from lib import _on_shapes as on_shapes

__all__ = ["kept_for_backward"]


def kept_for_backward(model: nn.Module, input_shape: tuple[int, ...]) -> int:
    """How many numbers of one input, and of what layers make of it, are kept for the way back.

    Nothing is computed. A number that two layers keep is counted once. What is the model's own, parameters and running
    statistics, is not counted, nor are the places of maxima that a pooling keeps, which are whole numbers.

    Args:
        model: any module that takes one tensor, in the mode in which it will run.
        input_shape: of one input, without the batch axis: ``(C, H, W)``, or ``(features,)``.

    Raises:
        TypeError: the model is no module, or the shape no tuple of integers.
        ValueError: the model cannot take an input of that shape.

    >>> kept_for_backward(nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU()), (3, 6, 7))  # 3 maps of 6×7, 8 of 4×5
    286
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model: expected a torch.nn.Module, got {model!r}")
    shape = arguments.shape("input_shape", input_shape, (1, 3), "(C, H, W) or (features,)")
    state = {name: torch.empty_like(t, device="meta") for name, t in model.named_buffers()}
    weights = {n: torch.empty_like(t, device="meta").requires_grad_() for n, t in model.named_parameters()}
    state |= weights
    own, kept = {_storage(t) for t in state.values()}, dict[int, torch.Tensor]()
    with (
        torch.enable_grad(),
        torch.autograd.graph.saved_tensors_hooks(lambda t: kept.setdefault(_storage(t), t), lambda t: t),
    ):
        try:
            functional_call(model, state, on_shapes.image(model, shape))
        except (RuntimeError, ValueError, IndexError) as error:
            raise ValueError(f"input_shape: expected a shape that the model can take, got {shape}: {error}") from None
    return sum(t.numel() for key, t in kept.items() if key not in own and t.is_floating_point())


def _storage(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage()._cdata
