"""lib.deeper: the network that was put together is the deeper one, and computes what the shallow one does."""

import numpy as np
import pytest
import torch
from torch import nn

from lib.deeper import deepened
from lib.resnet import BasicBlock, digit_network

IMAGES = np.random.default_rng(0).uniform(size=(20, 1, 8, 8))


@pytest.mark.parametrize(("layers", "blocks", "deep_layers"), [(10, 4, 26), (6, 1, 10), (8, 2, 16), (14, 3, 26)])
def test_scores_are_the_shallow_networks_and_layers_the_deep_ones(layers, blocks, deep_layers):
    torch.manual_seed(0)
    shallow, x = digit_network(layers, None, width=4).double(), torch.from_numpy(IMAGES)
    shallow(x)  # in training mode, so that its normalisations remember something
    deep = deepened(shallow, IMAGES, blocks)
    assert not any(module.training for module in deep.modules())
    torch.testing.assert_close(deep(x), shallow.eval()(x), rtol=1e-9, atol=1e-10)
    shapes = [sorted(tuple(p.shape) for p in m.parameters()) for m in (deep, digit_network(deep_layers, None, width=4))]
    assert shapes[0] == shapes[1]
    weighted = [m for m in deep.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(weighted) == deep_layers


def test_the_layers_of_the_shallow_network_are_its_own():
    shallow = digit_network(6, None).double()
    deep = deepened(shallow, IMAGES, 1)
    new = [module for module in deep if not any(module is own for own in shallow)]
    assert len(new) == 2
    assert all(isinstance(module, BasicBlock) for module in new)
    assert [deep[k] in new for k in range(3, 7)] == [False, True, False, True]


@pytest.mark.parametrize(
    ("network", "images", "blocks", "error", "message"),
    [
        (nn.ReLU(), IMAGES, 1, TypeError, "network: expected a torch.nn.Sequential"),
        (nn.Sequential(nn.ReLU()), IMAGES, 1, ValueError, "network: expected plain basic blocks"),
        (digit_network(6), IMAGES, 1, ValueError, "network: expected plain basic blocks"),
        (digit_network(6, None), IMAGES[0], 1, ValueError, r"images: expected shape \(N, C, H, W\), got 3 axes"),
        (digit_network(6, None), np.ones((2, 3, 8, 8)), 1, ValueError, "images: expected a shape that it can take"),
        (digit_network(6, None), IMAGES, 0, ValueError, "blocks: expected at least 1, got 0"),
    ],
)
def test_what_cannot_be_deepened_is_named(network, images, blocks, error, message):
    with pytest.raises(error, match=message):
        deepened(network, images, blocks)
