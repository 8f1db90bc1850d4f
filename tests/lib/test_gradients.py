"""lib.gradients against gradients worked out from the definition."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lib.gradients import compare_halves
from lib.resnet import digit_network

RNG = np.random.default_rng(0)
EXAMPLES = RNG.normal(size=(10, 1, 8, 8)), RNG.integers(10, size=10)


def test_sizes_and_cosines_are_those_of_the_gradients_of_each_half():
    model = digit_network(8, "B", width=3).double().eval()
    size, agreement = compare_halves(model, EXAMPLES)
    assert model.training
    gradients = []
    for half in (slice(0, 5), slice(5, 10)):
        model.zero_grad()
        F.cross_entropy(model(torch.from_numpy(EXAMPLES[0][half])), torch.from_numpy(EXAMPLES[1][half])).backward()
        gradients.append([m.weight.grad.numpy().ravel() for m in model.modules() if isinstance(m, nn.Conv2d)])
    first, last = gradients[0][0], gradients[0][-1]
    assert size == pytest.approx(np.sqrt((first**2).sum() / (last**2).sum()))
    cosines = [a @ b / np.sqrt((a @ a) * (b @ b)) for a, b in zip(*gradients, strict=True)]
    assert agreement == pytest.approx(np.mean(cosines))
    assert -1 < agreement < 1


def test_halves_that_are_alike_agree_and_opposite_ones_do_not():
    model = nn.Sequential(nn.Conv2d(1, 2, 8, bias=False), nn.Flatten()).double()
    nn.init.zeros_(model[0].weight)
    images = np.repeat(RNG.normal(size=(1, 1, 8, 8)), 4, axis=0)
    assert compare_halves(model, (images, np.zeros(4, int))) == pytest.approx((1, 1))
    assert compare_halves(model, (images, np.array([0, 0, 1, 1]))) == pytest.approx((1, -1))


@pytest.mark.parametrize(
    ("model", "examples", "error", "message"),
    [
        ("x", EXAMPLES, TypeError, "model: expected a torch.nn.Module"),
        (nn.Linear(2, 2), EXAMPLES, ValueError, "model: expected at least one Conv2d"),
        (digit_network(6), (EXAMPLES[0][:1], EXAMPLES[1][:1]), ValueError, "examples: expected at least 2, .* got 1"),
        (digit_network(6), (np.ones((4, 3, 8, 8)), np.arange(4)), ValueError, "examples: expected images and labels"),
        (digit_network(6), (EXAMPLES[0], EXAMPLES[1] + 9), ValueError, "examples: expected .* labels up to 1"),
        (digit_network(6), EXAMPLES[0], TypeError, "examples: expected a pair"),
    ],
)
def test_what_has_no_such_gradients_is_named(model, examples, error, message):
    with pytest.raises(error, match=message):
        compare_halves(model, examples)
