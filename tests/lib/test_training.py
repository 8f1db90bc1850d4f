"""lib.training against a loop written out, against itself, and against bad input."""

import math
import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lib import training
from lib.datasets import digits, split_digits
from lib.inception import Inception, NaiveInception
from lib.resnet import BasicBlock, Bottleneck
from lib.training import train, train_many

IMAGES, LABELS = digits()
FEW = (IMAGES[:130], LABELS[:130]), (IMAGES[130:200], LABELS[130:200])
OPTIONS = {"seed": 3, "epochs": 3, "learning_rate": 0.02, "batch_size": 40}  # 130 examples: the last batch is smaller


def linear():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))


def convolutional():
    """Random in its weights and its dropout, and in evaluation not what it is in training."""
    first = nn.Conv2d(1, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.Dropout(0.3)
    return nn.Sequential(*first, nn.Conv2d(6, 10, 5), nn.MaxPool2d(4), nn.Flatten())


def numbers(model, losses, *accuracies):
    """All that a run gives, in one vector."""
    weights = [t.detach().double().flatten() for t in model.state_dict().values()]
    return torch.cat([torch.tensor([*losses, *accuracies], dtype=torch.float64), *weights])


def run(build=linear, training=FEW[0], test=FEW[1], **options):
    model, history = train(build, training, test, **OPTIONS | options)
    return numbers(model, history.loss, history.train_accuracy, history.test_accuracy)


def accuracy(model, x, y):
    return np.mean(model(x).argmax(1).numpy() == y.numpy())


def literal(build, training, test, seed, epochs, learning_rate, batch_size):
    """The loop written out."""
    (x, y), held_out = ((torch.tensor(images), torch.tensor(labels)) for images, labels in (training, test))
    torch.manual_seed(seed)
    model, losses = build(), []
    optimiser = torch.optim.Adam(model.parameters())
    for epoch in range(epochs):
        optimiser.param_groups[0]["lr"] = learning_rate * (1 + math.cos(math.pi * epoch / epochs)) / 2
        order, total = torch.randperm(len(x)), 0.0
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss = -F.log_softmax(model(x[batch]), 1)[range(len(batch)), y[batch]]
            optimiser.zero_grad()
            loss.mean().backward()
            optimiser.step()
            total += loss.sum().item()
        losses.append(total / len(x))
    model.eval()
    return numbers(model, losses, accuracy(model, x, y), accuracy(model, *held_out))


@pytest.mark.parametrize("build", [linear, convolutional])
def test_train_is_the_loop_written_out(build):
    threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=[]):
        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(1)
        try:
            expected = literal(build, *FEW, **OPTIONS)
        finally:
            torch.set_default_dtype(torch.float32)
            torch.set_num_threads(threads)
    torch.testing.assert_close(run(build), expected, rtol=0, atol=1e-10)


def test_the_seed_decides_everything():
    first = run(convolutional)
    torch.rand(1)
    assert torch.equal(run(convolutional), first)
    assert (run(convolutional, seed=4) != first)[:3].all()


def test_the_number_of_threads_decides_nothing():
    before, inside, results = torch.get_num_threads(), set(), []

    def build():
        inside.add(torch.get_num_threads())
        return convolutional()

    for threads in (1, 2):
        torch.set_num_threads(threads)
        results.append(run(build))
        assert torch.get_num_threads() == threads
    torch.set_num_threads(before)
    torch.testing.assert_close(*results, rtol=0, atol=1e-9)
    assert inside == {1}


def test_everything_is_float64_and_deterministic():
    types, modes = set(), set()

    def look(module, inputs, output):
        types.update(t.dtype for t in (*inputs, output, *module.parameters()))
        if module.training:
            modes.add((torch.get_default_dtype(), torch.are_deterministic_algorithms_enabled()))

    def build():
        model = convolutional().float()
        for module in model.modules():
            module.register_forward_hook(look)
        return model

    run(build, training=(FEW[0][0].astype(np.float32), FEW[0][1].astype(np.uint8)))
    assert types == {torch.float64}
    assert modes == {(torch.float64, True)}


def test_the_model_comes_back_in_evaluation_mode():
    model, history = train(convolutional, *FEW, **OPTIONS)
    assert not any(module.training for module in model.modules())
    test = [torch.from_numpy(array) for array in FEW[1]]
    assert accuracy(model, *test) == history.test_accuracy == accuracy(model, *test)  # dropout would give another
    assert training.accuracy(model, FEW[1]) == history.test_accuracy
    assert training.accuracy(model, FEW[0]) == history.train_accuracy


def test_accuracy_counts_every_example_once():
    scores = np.zeros((450, 1, 1, 3))  # more than two pieces, the last one smaller
    scores[:, 0, 0, 1] = 1
    labels = (np.arange(450) % 449 == 0).astype(int)  # the first and the last are a 1
    assert training.accuracy(nn.Flatten(), (scores, labels)) == 2 / 450
    with pytest.raises(
        ValueError, match=r"examples: expected one label for each image, got \(450, 1, 1, 3\) and \(9,\)"
    ):
        training.accuracy(nn.Flatten(), (scores, labels[:9]))


def test_a_linear_model_learns_the_digits():
    mixed = np.random.default_rng(0).permutation(len(IMAGES))
    known, new = ((IMAGES[part], LABELS[part]) for part in (mixed[:1400], mixed[1400:]))
    _, history = train(linear, known, new, seed=0, epochs=8)
    assert min(history.train_accuracy, history.test_accuracy) > 0.9
    assert history.loss == sorted(history.loss, reverse=True)
    assert len(history.loss) == 8


def settings():
    """What a program may have set, and `train` may not change."""
    strict = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    streams = torch.get_rng_state().tolist(), str(np.random.get_state()), random.getstate()  # noqa: NPY002
    return *strict, torch.get_default_dtype(), torch.get_num_threads(), *streams


def fails():
    raise RuntimeError("no model today")


@pytest.mark.parametrize(
    ("dtype", "strict", "warn_only"),
    [
        (torch.float32, False, False),
        (torch.float64, True, False),
        (torch.float32, True, True),
    ],
)
def test_nothing_outside_is_changed_whatever_happens(dtype, strict, warn_only):
    torch.set_default_dtype(dtype)
    torch.use_deterministic_algorithms(strict, warn_only=warn_only)
    try:
        before = settings()
        run(convolutional)
        assert settings() == before
        with pytest.raises(RuntimeError, match="no model today"):
            run(fails)
        assert settings() == before
    finally:
        torch.set_default_dtype(torch.float32)
        torch.use_deterministic_algorithms(False)


class Noisy(nn.Flatten):
    def forward(self, x):
        return super().forward(x) + torch.rand(1)


def test_a_model_that_is_random_in_evaluation_changes_nothing_outside_and_follows_from_the_seed():
    before = settings()
    first = run(lambda: nn.Sequential(Noisy(), nn.Linear(64, 10)))
    assert settings() == before
    torch.rand(1)
    assert torch.equal(run(lambda: nn.Sequential(Noisy(), nn.Linear(64, 10))), first)


X, Y = FEW[0]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"training": X}, TypeError, r"training: expected a pair \(images, labels\), got ndarray"),
        ({"test": (X, Y, Y)}, TypeError, r"test: expected a pair \(images, labels\), got tuple"),
        ({"training": (X[:, 0], Y)}, ValueError, r"training images: .*\(N, C, H, W\), got 3 axes: \(130, 8, 8\)"),
        ({"test": (X, Y[:, None])}, ValueError, r"test labels: expected shape \(N,\), got 2 axes: \(130, 1\)"),
        ({"test": (X, Y / 1)}, TypeError, r"test labels: expected integers, got dtype float64 with shape \(130,\)"),
        ({"training": (X, Y[:9])}, ValueError, r"training: .* each image, got \(130, 1, 8, 8\) and \(9,\)"),
        ({"training": (X[:0], Y[:0])}, ValueError, r"training: .* each image, got \(0, 1, 8, 8\) and \(0,\)"),
        ({"training": (X, Y - 1)}, ValueError, r"labels: expected 0 to 9, as .* gives 10 scores, got -1 to 9"),
        ({"test": (X, Y + 1)}, ValueError, r"labels: expected 0 to 9, as .* gives 10 scores, got 0 to 10"),
        ({"build": nn.Identity}, ValueError, r"build: .* scores \(N, classes\), got \(2, 1, 8, 8\) for \(2, 1, 8, 8\)"),
        ({"build": lambda: nn.Flatten(0)}, ValueError, r"build: .* \(N, classes\), got \(128,\) for \(2, 1, 8, 8\)"),
        (
            {"build": lambda: nn.Flatten(0, 2)},
            ValueError,
            r"build: .* \(N, classes\), got \(16, 8\) for \(2, 1, 8, 8\)",
        ),
        ({"build": lambda: "linear"}, TypeError, r"build: expected a function that gives .*Module, got 'linear'"),
        ({"seed": -1}, ValueError, r"seed: expected at least 0, got -1"),
        ({"epochs": 0}, ValueError, r"epochs: expected at least 1, got 0"),
        ({"batch_size": 2.0}, TypeError, r"batch_size: expected an integer, got 2\.0"),
        ({"learning_rate": "x"}, TypeError, r"learning_rate: expected a finite number above 0, got 'x'"),
        ({"learning_rate": 0}, ValueError, r"learning_rate: expected .* above 0, got 0"),
        ({"build": linear()}, TypeError, r"build: expected a function .*, got Sequential"),
        ({"build": "linear"}, TypeError, r"build: expected a function .*, got 'linear'"),
        ({"training": (X + 1j, Y)}, TypeError, r"training images: .*complex128"),
        ({"test": (X[..., 1:], Y)}, ValueError, r"test.*\(130, 1, 8, 7\)"),
    ],
)
def test_bad_input_is_named(options, error, message):
    with pytest.raises(error, match=message):
        run(**options)


def test_the_defaults_are_a_hundredth_and_fifty():
    def losses(**options):
        return train(linear, *FEW, seed=0, epochs=2, **options)[1].loss

    assert losses() == losses(learning_rate=0.01, batch_size=50)
    assert losses(batch_size=1) != losses()


SPLITS = [tuple((images[:40], labels[:40]) for images, labels in split_digits(40, k)) for k in range(3)]


def maps(*layers):
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(12, 10))


def depthwise(count, kernel, **options):
    return nn.Conv2d(count, count, kernel, groups=count, **{"padding": kernel // 2, "bias": False} | options)


KINDS = {
    "linear": linear,
    "all layers": lambda: nn.Sequential(
        *(nn.Conv2d(1, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 4, 3, stride=2, groups=2), nn.Identity(), nn.AvgPool2d(1), nn.Flatten()),
        nn.Linear(4, 10, bias=False),
    ),
    "naive module": lambda: maps(NaiveInception(1, 4, 5, 2, batch_norm=True)),
    "reduced module": lambda: maps(Inception(1, 4, 2, 3, 2, 2, 3, batch_norm=True)),
    "option A": lambda: maps(BasicBlock(1, 12, 2, "A")),
    "projection": lambda: maps(Bottleneck(1, 3, 2, "B")),
    "depthwise": lambda: maps(
        nn.Conv2d(1, 12, 3, padding=1),
        depthwise(12, 3),
        nn.MaxPool2d(2),
        depthwise(12, 3),
        depthwise(12, 1),
        depthwise(12, 3, padding=0),
        depthwise(12, 5),
        depthwise(12, 2),
        depthwise(12, 3, bias=True),
        depthwise(12, 3, padding_mode="circular"),
        depthwise(12, 3, padding=2, dilation=2),
        depthwise(12, 3, stride=2),
    ),
    "1×1s": lambda: maps(
        nn.Conv2d(1, 6, 1), nn.Conv2d(6, 6, 1, padding=1), nn.Conv2d(6, 6, 1, stride=2), nn.Conv2d(6, 12, 1, groups=2)
    ),
    "frozen": lambda: maps(nn.Conv2d(1, 3, 1).requires_grad_(False), nn.Conv2d(3, 12, 3)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_runs_side_by_side_are_the_runs_alone(kind):
    options = {"epochs": 2, "learning_rate": 0.02, "batch_size": 15}
    together = train_many(KINDS[kind], SPLITS, **options)
    for seed, (model, history) in enumerate(together):
        alone, own = train(KINDS[kind], *SPLITS[seed], seed=seed, **options)
        expected = numbers(alone, own.loss, own.train_accuracy, own.test_accuracy)
        found = numbers(model, history.loss, history.train_accuracy, history.test_accuracy)
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-10)
        assert not any(module.training for module in model.modules())


def test_a_frozen_layer_stays_as_it_was_built():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        torch.set_default_dtype(torch.float64)
        built = KINDS["frozen"]()
        torch.set_default_dtype(torch.float32)
    model, _ = train_many(KINDS["frozen"], SPLITS, epochs=1)[1]
    assert torch.equal(model[0].weight, built[0].weight)
    assert not torch.equal(model[1].weight, built[1].weight)


def test_runs_differ_and_nothing_outside_changes():
    before = settings()
    losses = [history.loss[-1] for _, history in train_many(linear, [SPLITS[0]] * 3, epochs=1)]
    assert len(set(losses)) == 3  # three seeds on one split
    assert settings() == before


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"splits": []}, ValueError, r"splits: expected at least one pair \(training, test\), got \[\]"),
        ({"splits": SPLITS[0]}, TypeError, r"splits\[0\] training: expected a pair \(images, labels\), got ndarray"),
        (
            {"splits": [SPLITS[0], FEW]},
            ValueError,
            r"splits: expected one size, got .*\(40, .*\(130, 1, 8, 8\)",
        ),
        ({"build": convolutional}, TypeError, r"build: expected layers that can be trained side by side, got Dropout"),
        ({"build": linear()}, TypeError, r"build: expected a function .*, got Sequential"),
        ({"epochs": 0}, ValueError, r"epochs: expected at least 1, got 0"),
        ({"batch_size": 1.5}, TypeError, r"batch_size: expected an integer, got 1\.5"),
        ({"learning_rate": -1}, ValueError, r"learning_rate: expected .* above 0, got -1"),
    ],
)
def test_bad_input_to_many_is_named(options, error, message):
    with pytest.raises(error, match=message):
        train_many(**{"build": linear, "splits": SPLITS, "epochs": 1} | options)
