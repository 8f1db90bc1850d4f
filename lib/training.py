"""One short training loop, the same numbers on every processor: float64, seeded, deterministic."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import nn

from lib import _arguments as arguments

__all__ = ["History", "accuracy", "train"]

Examples = tuple[ArrayLike, ArrayLike]


@dataclass(frozen=True)
class History:
    """What a training run did.

    Args:
        loss: mean cross-entropy over the training examples as they were met, one number an epoch.
        train_accuracy, test_accuracy: share of the examples classified rightly at the end, from 0 to 1.
    """

    loss: list[float]
    train_accuracy: float
    test_accuracy: float


def train(
    build: Callable[[], nn.Module],
    training: Examples,
    test: Examples,
    seed: int,
    epochs: int,
    learning_rate: float = 0.01,
    batch_size: int = 50,
) -> tuple[nn.Module, History]:
    """Build a classifier and train it with Adam, on shuffled batches, its steps shrinking to nothing along a cosine.

    In float64 the result does not depend on the processor's instructions or the number of threads to any digit worth
    printing; in float32 it does. Nothing outside is changed: random state and PyTorch's settings are put back.

    Args:
        build: called without arguments, gives the model; its random weights follow from ``seed``.
        training, test: images ``(N, C, H, W)`` with integer labels ``(N,)``, as :func:`lib.datasets.digits` gives.
        seed: of the weights, the order of the examples, and dropout.
        epochs: times each training example is met.
        learning_rate: Adam's, in the first epoch.
        batch_size: examples a step.

    Returns:
        The trained model, in evaluation mode, and its history.

    Raises:
        TypeError: an argument is of the wrong kind.
        ValueError: images and labels, or the model's output and the labels, do not fit each other.

    >>> from lib.datasets import digits
    >>> images, labels = digits()
    >>> linear = lambda: nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    >>> _, history = train(linear, (images[:100], labels[:100]), (images[100:], labels[100:]), seed=0, epochs=20)
    >>> len(history.loss), history.train_accuracy > 0.9
    (20, True)
    """
    x, y = _examples("training", training)
    x_test, y_test = _examples("test", test)
    seed, epochs = arguments.integer("seed", seed, 0), arguments.integer("epochs", epochs, 1)
    batch_size, losses = arguments.integer("batch_size", batch_size, 1), []
    if x.shape[1:] != x_test.shape[1:]:
        raise ValueError(
            f"test images: expected the size of the training images {tuple(x.shape)}, got {tuple(x_test.shape)}"
        )
    if isinstance(build, nn.Module) or not callable(build):
        raise TypeError(f"build: expected a function that gives a torch.nn.Module, got {build!r}")
    learning_rate = arguments.positive("learning_rate", learning_rate)
    with _reproducible(seed):
        model = build()
        if not isinstance(model, nn.Module):
            raise TypeError(f"build: expected a function that gives a torch.nn.Module, got {model!r}")
        _check_output(model.double(), x, y, y_test)
        optimiser = torch.optim.Adam(model.parameters(), learning_rate)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
        model.train()
        for _ in range(epochs):
            total = 0.0
            for batch in torch.randperm(len(x)).split(batch_size):
                loss = F.cross_entropy(model(x[batch]), y[batch])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                total += loss.item() * len(batch)
            schedule.step()
            losses.append(total / len(x))
        model.eval()
        return model, History(losses, accuracy(model, (x, y)), accuracy(model, (x_test, y_test)))


@torch.no_grad()
def accuracy(model: nn.Module, examples: Examples) -> float:
    """The share of ``examples`` that ``model``, as :func:`train` gives it, classifies rightly, from 0 to 1.

    Args:
        model: gives scores ``(N, classes)``, in float64.
        examples: images ``(N, C, H, W)`` with integer labels ``(N,)``.

    Raises:
        TypeError, ValueError: the model, its scores, the images or the labels are of the wrong kind, or do not fit.

    >>> accuracy(nn.Flatten(), ([[[[1.0, 2.0]]], [[[4.0, 3.0]]]], [1, 1]))
    0.5
    """
    x, y = _examples("examples", examples)
    if not isinstance(model, nn.Module):
        raise TypeError(f"model: expected a torch.nn.Module, got {model!r}")
    if others := {p.dtype for p in model.parameters()} - {torch.float64}:
        raise TypeError(f"model: expected weights in float64, as train and model.double() give, got {others.pop()}")
    right = 0
    for images, labels in zip(x.split(200), y.split(200), strict=True):  # in pieces, to stay small
        scores = model(images)
        if scores.ndim != 2:
            raise ValueError(
                f"model: expected scores (N, classes) for {tuple(images.shape)}, got {tuple(scores.shape)}"
            )
        right += (scores.argmax(1) == labels).sum().item()
    return right / len(y)


@contextmanager
def _reproducible(seed: int):
    dtype, threads = torch.get_default_dtype(), torch.get_num_threads()
    strict, warn = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.default_generator.manual_seed(seed)
        torch.set_default_dtype(torch.float64)  # so that even the first weights are drawn in float64
        torch.use_deterministic_algorithms(True)
        torch.set_num_threads(1)  # networks this small gain nothing from more, and lose much on a busy machine
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            torch.use_deterministic_algorithms(strict, warn_only=warn)
            torch.set_num_threads(threads)


def _examples(name: str, value: Examples) -> tuple[torch.Tensor, torch.Tensor]:
    images, labels = arguments.examples(name, value)
    return torch.from_numpy(images.astype(np.float64)), torch.from_numpy(labels.astype(np.int64))


@torch.no_grad()
def _check_output(model: nn.Module, x: torch.Tensor, *labels: torch.Tensor) -> None:
    few = x[:2]
    out = model.eval()(few)
    if out.ndim != 2 or len(out) != len(few):
        raise ValueError(
            f"build: expected a model that gives scores (N, classes), got {tuple(out.shape)} for {tuple(few.shape)}"
        )
    low, high = min(int(y.min()) for y in labels), max(int(y.max()) for y in labels)
    if low < 0 or high >= out.shape[1]:
        raise ValueError(
            f"training and test labels: expected 0 to {out.shape[1] - 1}, as the model gives {out.shape[1]} scores, "
            f"got {low} to {high}"
        )
