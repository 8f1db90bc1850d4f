"""lib.memory against counts by hand, and against what PyTorch keeps of numbers."""

import pytest
import torch
from torch import nn

from lib.memory import kept_for_backward
from lib.resnet import BasicBlock, Bottleneck, digit_network

CONV = nn.Conv2d(3, 8, 3, padding=1)


@pytest.mark.parametrize(
    ("model", "kept"),
    [
        (nn.ReLU(), 0),  # nothing that wants a gradient
        (CONV, 3 * 16),  # its input
        (nn.Sequential(CONV, nn.ReLU()), 3 * 16 + 8 * 16),  # and the ReLU its output
        (nn.Sequential(CONV, nn.ReLU(), nn.Conv2d(8, 2, 1)), 3 * 16 + 8 * 16),  # which the next layer shares
        (nn.Sequential(CONV, nn.BatchNorm2d(8)), 3 * 16 + 8 * 16 + 8 + 8),  # its input, means and spreads
        (nn.Sequential(CONV, nn.MaxPool2d(2)), 3 * 16 + 8 * 16),  # its input, and places, which are not counted
    ],
)
def test_layers_keep_what_their_gradients_need(model, kept):
    assert kept_for_backward(model, (3, 4, 4)) == kept


@pytest.mark.parametrize(
    ("model", "shape"),
    [(BasicBlock(6, 8, 2), (6, 8, 8)), (Bottleneck(8, 2), (8, 6, 6)), (digit_network(10), (1, 8, 8))],
)
def test_as_much_is_kept_of_numbers(model, shape):
    own, kept = {t.data_ptr() for t in model.state_dict().values()}, {}

    def keep(tensor):
        kept[tensor.data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        model(torch.rand(1, *shape))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    expected = sum(t.numel() for pointer, t in kept.items() if pointer not in own and t.is_floating_point())
    assert kept_for_backward(model, shape) == expected
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())


def test_what_cannot_run_is_named():
    with pytest.raises(ValueError, match="input_shape: expected a shape that the model can take"):
        kept_for_backward(CONV, (4, 4, 4))
    with pytest.raises(TypeError, match=r"model: expected a torch\.nn\.Module, got 3"):
        kept_for_backward(3, (3, 4, 4))
