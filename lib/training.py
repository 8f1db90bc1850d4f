"""One short training loop, the same numbers on every processor: float64, seeded, deterministic."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import nn

from lib import _arguments as arguments

__all__ = ["History", "train"]

Examples = tuple[ArrayLike, ArrayLike]


@dataclass
class History:
    """What a training run did, one number an epoch.

    Args:
        loss: mean cross-entropy over the training examples, as they were met.
        train_accuracy, test_accuracy: share of examples classified rightly after the epoch, from 0 to 1.
    """

    loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)


def train(
    build: Callable[[], nn.Module],
    training: Examples,
    test: Examples,
    seed: int,
    epochs: int,
    learning_rate: float = 0.01,
    batch_size: int = 50,
) -> tuple[nn.Module, History]:
    """Build a classifier and train it with Adam on shuffled batches.

    In float64 the result does not depend on the processor's instructions or the number of threads to any digit worth
    printing; in float32 it does. Nothing outside is changed: random state and PyTorch's settings are put back.

    Args:
        build: called without arguments, gives the model; its random weights follow from ``seed``.
        training, test: images ``(N, C, H, W)`` with integer labels ``(N,)``, as :func:`lib.datasets.digits` gives.
        seed: of the weights, the order of the examples, and dropout.
        epochs: times each training example is met.
        learning_rate: Adam's.
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
    >>> len(history.loss), history.train_accuracy[-1] > 0.9
    (20, True)
    """
    x, y = _examples("training", training)
    x_test, y_test = _examples("test", test)
    seed, epochs = arguments.integer("seed", seed, 0), arguments.integer("epochs", epochs, 1)
    batch_size, history = arguments.integer("batch_size", batch_size, 1), History()
    with _reproducible(seed):
        model = build()
        if not isinstance(model, nn.Module):
            raise TypeError(f"build: expected a function that gives a torch.nn.Module, got {model!r}")
        _check_output(model, x, y, y_test)
        optimiser = torch.optim.Adam(model.parameters(), learning_rate)
        for _ in range(epochs):
            model.train()
            total = 0.0
            for batch in torch.randperm(len(x)).split(batch_size):
                loss = F.cross_entropy(model(x[batch]), y[batch])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                total += loss.item() * len(batch)
            model.eval()
            history.loss.append(total / len(x))
            history.train_accuracy.append(_accuracy(model, x, y))
            history.test_accuracy.append(_accuracy(model, x_test, y_test))
    return model, history


@contextmanager
def _reproducible(seed: int):
    dtype, strict = torch.get_default_dtype(), torch.are_deterministic_algorithms_enabled()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        torch.set_default_dtype(torch.float64)  # so that even the first weights are drawn in float64
        torch.use_deterministic_algorithms(True)
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            torch.use_deterministic_algorithms(strict)


@torch.no_grad()
def _accuracy(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    return (model(x).argmax(1) == y).sum().item() / len(y)


def _examples(name: str, value: Examples) -> tuple[torch.Tensor, torch.Tensor]:
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"{name}: expected a pair (images, labels), got {type(value).__name__}")
    images = arguments.array(f"{name} images", value[0], (4,), "(N, C, H, W)")
    labels = arguments.array(f"{name} labels", value[1], (1,), "(N,)")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{name} labels: expected integers, got dtype {labels.dtype} with shape {labels.shape}")
    if len(images) != len(labels) or len(labels) == 0:
        raise ValueError(f"{name}: expected one label for each image, got {images.shape} and {labels.shape}")
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
            f"labels: expected 0 to {out.shape[1] - 1}, as the model gives {out.shape[1]} scores, got {low} to {high}"
        )
