"""The gradients of lib's modules, to input and weights, against differences (torch.autograd.gradcheck)."""

import pytest
import torch
from torch import nn
from torch.autograd import gradcheck
from torch.func import functional_call

from lib.fully_connected import fully_convolutional, linear_to_conv2d
from lib.inception import Inception, NaiveInception
from lib.network_in_network import MLPConv
from lib.resnet import BasicBlock, Bottleneck


def classifier():
    return nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 2))


MODULES = {
    "MLPConv": (lambda: MLPConv(2, (3, 2), 3), (2, 2, 4, 5)),
    "NaiveInception": (lambda: NaiveInception(2, 1, 2, 1, batch_norm=True), (2, 2, 4, 5)),
    "Inception": (lambda: Inception(2, 1, 1, 2, 1, 2, 1, batch_norm=True), (2, 2, 4, 5)),
    "BasicBlock A": (lambda: BasicBlock(2, 3, 2, "A"), (2, 2, 5, 6)),
    "BasicBlock B": (lambda: BasicBlock(2, 3, 2), (2, 2, 5, 6)),
    "BasicBlock C": (lambda: BasicBlock(2, 2, 1, "C"), (2, 2, 4, 5)),
    "BasicBlock, plain": (lambda: BasicBlock(2, 2, shortcut=None), (2, 2, 4, 5)),
    "Bottleneck": (lambda: Bottleneck(4, 2, 2), (2, 4, 5, 6)),
    "fully_convolutional": (lambda: fully_convolutional(classifier()), (2, 2, 5, 6)),
    "linear_to_conv2d": (lambda: linear_to_conv2d(nn.Linear(8, 3), 2), (2, 2, 3, 4)),
}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", MODULES)
def test_gradients_are_those_of_the_function(name, training):
    torch.manual_seed(0)
    build, shape = MODULES[name]
    module = build().double().train(training)
    names, weights = zip(*((n, p.detach().requires_grad_()) for n, p in module.named_parameters()), strict=True)
    x = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    buffers = {n: b.clone() for n, b in module.named_buffers()}

    def function(x, *weights):
        return functional_call(module, dict(zip(names, weights, strict=True)) | buffers, x)

    assert gradcheck(function, (x, *weights), fast_mode=True)
