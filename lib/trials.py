"""Several runs of one network, and what is measured in each: what :mod:`lib.comparison` compares."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from torch import nn

from lib.outcomes import outcomes
from lib.training import Examples, accuracy, train_many

__all__ = ["trials"]


def trials(
    build: Callable[[], nn.Module],
    splits: Sequence[tuple[Examples, Examples]],
    epochs: int,
    learning_rate: float = 0.01,
    batch_size: int = 50,
    test: str = "test (%)",
    views: Mapping[str, Callable[[np.ndarray], np.ndarray]] | None = None,
) -> dict[str, list[float]]:
    """Train a network on each split, and measure it: run k learns from split k and starts from seed k.

    Args:
        build, splits, epochs, learning_rate, batch_size: as for :func:`lib.training.train_many`.
        test: what to call the share of the test examples that are classified rightly.
        views: other tests, by name: each a function that changes the test images.

    Returns:
        By name, one number a run: "loss" in the last epoch, "training (%)", the test, and the other tests, in per cent.

    Raises:
        TypeError, ValueError: as :func:`lib.training.train_many`; ``test`` is no string, or ``views`` not of that kind.

    >>> from lib.datasets import split_digits
    >>> linear = lambda: nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    >>> splits = [split_digits(200, k) for k in range(3)]
    >>> measured = trials(linear, splits, epochs=20, views={"upside down (%)": lambda images: images[:, :, ::-1]})
    >>> list(measured), [share > 80 for share in measured["test (%)"]]
    (['loss', 'training (%)', 'test (%)', 'upside down (%)'], [True, True, True])
    """
    if not isinstance(test, str):
        raise TypeError(f"test: expected a string, got {test!r}")
    views = {} if views is None else views
    if not isinstance(views, Mapping) or not all(isinstance(n, str) and callable(v) for n, v in views.items()):
        raise TypeError(f"views: expected functions by name, got {views!r:.80}")
    runs = train_many(build, splits, epochs, learning_rate, batch_size)
    measured = outcomes(runs, "training (%)", test)
    models = [model for model, _ in runs]
    for name, view in views.items():
        tests = [(view(np.asarray(images)), labels) for _, (images, labels) in splits]
        with ThreadPoolExecutor(2) as pool:  # two at a time, on two cores
            measured[name] = [100 * share for share in pool.map(accuracy, models, tests)]
    return measured
