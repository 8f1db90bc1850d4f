"""Real images with nothing to download: they come inside scikit-learn."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image

from lib import _arguments as arguments

__all__ = ["digits", "photograph", "scatter", "split_digits"]

PHOTOGRAPHS = ("china", "flower")


def _inside(name: str) -> Path:
    """A file of scikit-learn's. It is read without importing all of scikit-learn, which takes 70 MB of memory."""
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("lib.datasets reads the images of scikit-learn: pip install scikit-learn")
    return Path(package.origin).parent / "datasets" / name


def photograph(name: str = "china") -> np.ndarray:
    """A colour photograph as float64 of shape (3, 427, 640), red, green and blue in [0, 1].

    Args:
        name: ``"china"`` (a pavilion of the Summer Palace) or ``"flower"`` (a dahlia).

    Raises:
        ValueError: there is no photograph of that name.

    >>> photograph("flower").shape
    (3, 427, 640)
    """
    arguments.one_of("name", name, PHOTOGRAPHS)
    with Image.open(_inside(f"images/{name}.jpg")) as picture:
        return np.moveaxis(np.asarray(picture), -1, 0) / 255


def digits() -> tuple[np.ndarray, np.ndarray]:
    """1,797 handwritten digits: float64 images (1797, 1, 8, 8) in [0, 1], and int64 labels (1797,) from 0 to 9.

    >>> images, labels = digits()
    >>> images.shape, labels.shape
    ((1797, 1, 8, 8), (1797,))
    """
    rows = np.loadtxt(_inside("data/digits.csv.gz"), delimiter=",")  # 64 pixels and the label
    return rows[:, :-1].reshape(-1, 1, 8, 8) / 16, rows[:, -1].astype(np.int64)


def split_digits(
    training_size: int, split: int = 0
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """The digits, shuffled, as (images, labels) to train on and (images, labels) to test on.

    Args:
        training_size: how many to train on; the rest are for testing.
        split: which shuffle; each number is another choice of the digits to train on.

    Raises:
        TypeError, ValueError: the size is no integer from 1 to 1,796, or the split none from 0.

    >>> training, test = split_digits(500)
    >>> len(training[0]), len(test[0])
    (500, 1297)
    """
    images, labels = digits()
    size = arguments.integer("training_size", training_size, 1)
    if size >= len(images):
        raise ValueError(f"training_size: expected fewer than all {len(images)} digits, got {size}")
    order = np.random.default_rng(arguments.integer("split", split, 0)).permutation(len(images))
    images, labels = images[order], labels[order]
    return (images[:size], labels[:size]), (images[size:], labels[size:])


def scatter(
    examples: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
    size: tuple[int, int] = (40, 56),
    count: int = 12,
    gap: int = 1,
) -> tuple[np.ndarray, list[tuple[int, int, int]]]:
    """A black canvas strewn with digits drawn at random, none on top of another.

    Args:
        examples: images ``(N, 1, 8, 8)`` and labels ``(N,)`` to draw from, as :func:`split_digits` gives.
        rng: what decides which digits, and where.
        size: height and width of the canvas, in pixels.
        count: digits to place; fewer if a hundred tries find no room for all.
        gap: pixels of black between any two; 0 lets them touch.

    Returns:
        The canvas ``(H, W)``, and for each digit its top row, left column and label.

    Raises:
        TypeError: the size, the count or the gap is no integer, ``rng`` no generator, or ``examples`` no such pair.
        ValueError: one of them is too small, the canvas smaller than a digit, or images and labels of another shape.

    >>> canvas, placed = scatter(digits(), np.random.default_rng(0))
    >>> canvas.shape, len(placed)
    ((40, 56), 12)
    """
    images, labels = arguments.examples("examples", examples)
    if images.shape[1:] != (1, 8, 8):
        raise ValueError(f"examples: expected images (N, 1, 8, 8), got {images.shape}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    height, width = arguments.pair("size", size, 1)
    count, gap = arguments.integer("count", count, 1), arguments.integer("gap", gap, 0)
    if min(height, width) < 8:
        raise ValueError(f"size: expected at least the 8×8 pixels of a digit, got {height}×{width}")
    canvas = np.zeros((height, width))
    placed: list[tuple[int, int, int]] = []
    for _ in range(100):
        top, left, k = (int(n) for n in rng.integers((height - 7, width - 7, len(images))))
        if len(placed) < count and all(max(abs(top - a), abs(left - b)) > 7 + gap for a, b, _ in placed):
            canvas[top : top + 8, left : left + 8] = images[k, 0]
            placed.append((top, left, int(labels[k])))
    return canvas, placed
