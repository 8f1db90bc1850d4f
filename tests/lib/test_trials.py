"""lib.trials against one run after the other."""

import numpy as np
import pytest
from torch import nn

from lib.datasets import split_digits
from lib.training import accuracy, train
from lib.trials import trials

SPLITS = [
    (training, (images[:200], labels[:200])) for training, (images, labels) in map(split_digits, (60,) * 3, (0, 1, 2))
]


def build():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))


def turned(images):
    return np.rot90(images, axes=(2, 3)).copy()


def test_trials_are_runs_one_after_the_other():
    settings = {"epochs": 3, "learning_rate": 0.02, "batch_size": 20}
    found = trials(build, SPLITS, **settings, test="upright", views={"turned": turned})
    assert list(found) == ["loss", "training (%)", "upright", "turned"]
    for k, (training, (images, labels)) in enumerate(SPLITS):
        model, history = train(build, training, (images, labels), seed=k, **settings)
        assert found["loss"][k] == pytest.approx(history.loss[-1])
        assert found["training (%)"][k] == 100 * history.train_accuracy
        assert found["upright"][k] == 100 * history.test_accuracy
        assert found["turned"][k] == 100 * accuracy(model, (turned(images), labels))
    assert list(trials(build, SPLITS[:1], 1)) == ["loss", "training (%)", "test (%)"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"test": 1}, "test: expected a string, got 1"),
        ({"views": [abs]}, r"views: expected functions by name, got \["),
        ({"views": {"a": 1}}, r"views: expected functions by name, got \{'a': 1\}"),
    ],
)
def test_bad_input_is_named(options, message):
    with pytest.raises(TypeError, match=message):
        trials(build, SPLITS, 1, **options)
