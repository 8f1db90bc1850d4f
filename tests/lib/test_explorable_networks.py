"""What explorables of networks hold, and that they leave everything else as it was. In browsers: tests/book."""

import numpy as np
import torch
from torch import nn

from lib.explorable_networks import sliding_window
from lib.fully_connected import cropped_scores


def classifier():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(2 * 6 * 6, 4), nn.ReLU(), nn.Linear(4, 11)
    )


def test_a_model_and_the_random_numbers_to_come_stay_as_they_were():
    model, canvas = classifier(), np.zeros((12, 14))
    before = [parameter.clone() for parameter in model.parameters()]
    expected = torch.random.get_rng_state()
    sliding_window(model, canvas)
    assert torch.equal(torch.random.get_rng_state(), expected)
    assert all(torch.equal(*pair) for pair in zip(before, model.parameters(), strict=True))


def test_the_scores_are_those_of_the_rounded_weights_on_the_piece_alone():
    model, canvas = classifier().double(), np.random.default_rng(0).integers(0, 17, (12, 14)) / 16
    text = repr(sliding_window(model, canvas, start=(3, 5)))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_((1000 * parameter).round() / 1000)
    scores = cropped_scores(model, torch.from_numpy(canvas)[None, None], 8)[0, :, 2, 4]
    assert text.splitlines()[-1].replace("−", "-") == " ".join(f"{score:.1f}" for score in scores)
