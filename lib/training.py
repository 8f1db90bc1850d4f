"""One short training loop, the same numbers on every processor: float64, seeded, deterministic."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn

from lib import _arguments as arguments
from lib._side_by_side import THREADS, descend

__all__ = ["History", "accuracy", "train", "train_many"]

Examples = tuple[ArrayLike, ArrayLike]
Tensors = tuple[torch.Tensor, torch.Tensor]


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
    seed, settings = arguments.integer("seed", seed, 0), _settings(epochs, learning_rate, batch_size)
    (model,), (history,) = _fit(build, [_checked(training, test)], [seed], *settings)
    return model, history


def train_many(
    build: Callable[[], nn.Module],
    splits: Sequence[tuple[Examples, Examples]],
    epochs: int,
    learning_rate: float = 0.01,
    batch_size: int = 50,
) -> list[tuple[nn.Module, History]]:
    """Train a network of one kind on each of several splits, all at once; number k starts from seed k.

    Each run is what :func:`train` gives for its split and seed. Side by side the runs of small networks take half the
    time or less, because their convolutions are computed as the groups of one, and in two threads.

    Args:
        build: called without arguments, gives the model. It may not have dropout, whose chance would be another.
        splits: pairs (training, test) as :func:`lib.datasets.split_digits` gives, of one size.
        epochs, learning_rate, batch_size: as for :func:`train`.

    Returns:
        For each split the trained model, in evaluation mode, and its history.

    Raises:
        TypeError: an argument is of the wrong kind, or the model has layers that cannot be trained side by side.
        ValueError: there are no splits, they differ in size, or :func:`train` would refuse one.

    >>> from lib.datasets import split_digits
    >>> linear = lambda: nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    >>> runs = train_many(linear, [split_digits(200, k) for k in range(3)], epochs=20)
    >>> [history.test_accuracy > 0.8 for _, history in runs]
    [True, True, True]
    """
    pairs = arguments.sequence("splits", splits, "pairs (training, test)")
    if not pairs or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        raise ValueError(f"splits: expected at least one pair (training, test), got {pairs!r:.80}")
    settings = _settings(epochs, learning_rate, batch_size)
    checked = [_checked(training, test, f"splits[{k}] ") for k, (training, test) in enumerate(pairs)]
    if len({pair[0][0].shape for pair in checked}) > 1:
        raise ValueError(f"splits: expected one size, got training images {[tuple(p[0][0].shape) for p in checked]}")
    return list(zip(*_fit(build, checked, range(len(checked)), *settings), strict=True))


def _settings(epochs: int, learning_rate: float, batch_size: int) -> tuple[int, float, int]:
    epochs, batch_size = arguments.positives(epochs=epochs, batch_size=batch_size)
    return epochs, arguments.positive("learning_rate", learning_rate), batch_size


def _checked(training: Examples, test: Examples, where: str = "") -> tuple[Tensors, Tensors]:
    pair = _examples(f"{where}training", training), _examples(f"{where}test", test)
    size, size_test = (tuple(x.shape) for x, _ in pair)
    if size[1:] != size_test[1:]:
        raise ValueError(f"{where}test images: expected the size of the training images {size}, got {size_test}")
    return pair


def _fit(
    build: Callable[[], nn.Module],
    splits: Sequence[tuple[Tensors, Tensors]],
    seeds: Sequence[int],
    epochs: int,
    learning_rate: float,
    batch_size: int,
) -> tuple[list[nn.Module], list[History]]:
    if isinstance(build, nn.Module) or not callable(build):
        raise TypeError(f"build: expected a function that gives a torch.nn.Module, got {build!r}")
    with _reproducible():
        models, generators = [], []
        for seed, ((x, y), (_, y_test)) in zip(seeds, splits, strict=True):
            torch.default_generator.manual_seed(seed)
            models.append(_built(build, x, y, y_test))
            generators.append(torch.default_generator if len(splits) == 1 else torch.Generator())
            generators[-1].set_state(torch.default_generator.get_state())
        x, y = (torch.stack([training[k] for training, _ in splits]) for k in (0, 1))
        losses = descend(models, x, y, generators, epochs, learning_rate, batch_size)
        tests = [[(model.eval(), examples) for examples in split] for model, split in zip(models, splits, strict=True)]
        with ThreadPoolExecutor(THREADS) as pool:
            shares = pool.map(lambda pair: [accuracy(*test) for test in pair], tests)
            return models, [History(loss, *share) for loss, share in zip(losses, shares, strict=True)]


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
    with _one_thread():
        for images, labels in zip(x.split(200), y.split(200), strict=True):  # in pieces, to stay small
            scores = model(images)
            if scores.ndim != 2:
                raise ValueError(
                    f"model: expected scores (N, classes) for {tuple(images.shape)}, got {tuple(scores.shape)}"
                )
            right += (scores.argmax(1) == labels).sum().item()
    return right / len(y)


@contextmanager
def _reproducible() -> Iterator[None]:
    dtype = torch.get_default_dtype()
    strict, warn = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    with torch.random.fork_rng(devices=[]), torch.enable_grad(), _one_thread():
        torch.set_default_dtype(torch.float64)  # so that even the first weights are drawn in float64
        torch.use_deterministic_algorithms(True)
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            torch.use_deterministic_algorithms(strict, warn_only=warn)


@contextmanager
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # networks this small gain nothing from more, and lose much on a busy machine
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _examples(name: str, value: Examples) -> Tensors:
    images, labels = arguments.examples(name, value)
    return torch.from_numpy(images.astype(np.float64)), torch.from_numpy(labels.astype(np.int64))


@torch.no_grad()
def _built(build: Callable[[], nn.Module], x: torch.Tensor, *labels: torch.Tensor) -> nn.Module:
    model, few = build(), x[:2]
    if not isinstance(model, nn.Module):
        raise TypeError(f"build: expected a function that gives a torch.nn.Module, got {model!r}")
    out = model.double().eval()(few)
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
    return model
