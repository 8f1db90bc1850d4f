"""Finding digits on a canvas with a classifier that was made to read pieces of 8×8 pixels.

Its classes are the ten digits and, last, "no digit". Sermanet et al., *OverFeat*, arXiv 1312.6229, find objects so.
"""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import nn

from lib import _arguments as arguments
from lib.datasets import scatter

__all__ = ["find_digits", "pieces", "smudged", "tally"]

NONE = 10  # the class of pieces without a digit
Placed = tuple[np.ndarray, Sequence[tuple[int, int, int]]]


def pieces(
    examples: tuple[np.ndarray, np.ndarray], rng: np.random.Generator, canvases: int
) -> tuple[np.ndarray, np.ndarray]:
    """Pieces of 8×8 pixels, cut from canvases strewn with digits, and what each shows.

    A piece shows a digit if one lies in it, at most a pixel off. It shows none if each is three pixels off or more; of
    these a tenth is used. Pieces in between are left out.

    Args:
        examples: images ``(N, 1, 8, 8)`` and labels ``(N,)`` from 0 to 9, as :func:`lib.datasets.split_digits` gives.
        rng: what decides which digits, where they lie, and which pieces without one are used.
        canvases: to cut up.

    Returns:
        Images ``(M, 1, 8, 8)``, and labels ``(M,)`` from 0 to 10, where 10 is no digit.

    Raises:
        TypeError, ValueError: as :func:`lib.datasets.scatter`; or ``canvases`` is no positive integer.

    >>> from lib.datasets import digits
    >>> images, labels = pieces(digits(), np.random.default_rng(0), canvases=1)
    >>> images.shape[1:], labels.max()
    ((1, 8, 8), np.int64(10))
    """
    images, labels = [], []
    for _ in range(arguments.integer("canvases", canvases, 1)):
        canvas, placed = scatter(examples, rng)
        windows = np.lib.stride_tricks.sliding_window_view(canvas, (8, 8))
        corners = np.indices(windows.shape[:2]).transpose(1, 2, 0)
        off = np.array([abs(corners - [top, left]).max(-1) for top, left, _ in placed])
        nearest, away = np.array([label for *_, label in placed])[off.argmin(0)], off.min(0)
        used = (away <= 1) | ((away > 2) & (rng.random(away.shape) < 0.1))
        images.append(windows[used])
        labels.append(np.where(away <= 1, nearest, NONE)[used])
    return np.concatenate(images)[:, None], np.concatenate(labels)


def smudged(examples: tuple[np.ndarray, np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The same images with the pixels of each in any order: as much ink, and nothing to read. Labels stay.

    Args:
        examples: images ``(N, C, H, W)`` and labels ``(N,)``.
        rng: what shuffles.

    Raises:
        TypeError, ValueError: the examples are no such pair, or ``rng`` is no generator.

    >>> smudged((np.arange(4).reshape(1, 1, 2, 2), np.array([7])), np.random.default_rng(0))[0].sum()
    np.int64(6)
    """
    images, labels = arguments.examples("examples", examples)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    return rng.permuted(images.reshape(len(images), -1), axis=1).reshape(images.shape), labels


def find_digits(detector: nn.Module, canvas: ArrayLike) -> list[tuple[int, int, int]]:
    """The digits that a detector finds: for each its top row, left column, and what it is taken for.

    The chances of the classes are averaged over 3×3 positions of the window. A digit lies where "no digit" has less
    than half, and less than anywhere in a 9×9 neighbourhood.

    Args:
        detector: gives scores ``(1, 11, rows, columns)``, one for each position of its window.
        canvas: ``(H, W)``.

    Raises:
        TypeError, ValueError: the detector is no module in float64 that gives such scores, or the canvas no image that
            it takes.

    >>> always_3 = nn.Conv2d(1, 11, 8).double().requires_grad_(False)
    >>> _ = always_3.weight.zero_(), always_3.bias.copy_(10 * torch.eye(11)[3])
    >>> find_digits(always_3, np.zeros((8, 8)))
    [(0, 0, 3)]
    """
    return _found(detector, "canvas", canvas)


@torch.no_grad()
def _found(detector: nn.Module, name: str, canvas: ArrayLike) -> list[tuple[int, int, int]]:
    image = torch.from_numpy(arguments.array(name, canvas, (2,), "(H, W)", "real numbers").astype(np.float64))
    if not isinstance(detector, nn.Module) or {p.dtype for p in detector.parameters()} - {torch.float64}:
        raise TypeError(f"detector: expected a torch.nn.Module with weights in float64, got {detector!r:.80}")
    try:
        scores = detector(image[None, None])
    except RuntimeError as error:
        raise ValueError(f"{name}: expected what the detector takes, got {tuple(image.shape)}: {error}") from None
    if scores.ndim != 4 or scores.shape[:2] != (1, NONE + 1):
        raise ValueError(f"detector: expected scores (1, {NONE + 1}, rows, columns), got {tuple(scores.shape)}")
    chances = F.avg_pool2d(scores[0].softmax(0), 3, 1, 1, count_include_pad=False)
    digit = 1 - chances[NONE]
    peaks = (digit > 0.5) & (digit == F.max_pool2d(digit[None], 9, 1, 4)[0])
    which = chances[:NONE].argmax(0)
    return [(row, column, int(which[row, column])) for row, column in peaks.nonzero().tolist()]


def tally(detector: nn.Module, canvases: Sequence[Placed]) -> list[int]:
    """Digits that lie on canvases, those of them that are found, and read correctly; and false alarms.

    A digit is found if one is detected within two pixels of its place. Other detections are false alarms.

    Args:
        detector: as :func:`find_digits` takes it.
        canvases: each with what lies on it, as :func:`lib.datasets.scatter` gives.

    Raises:
        TypeError, ValueError: as :func:`find_digits`; or the canvases are no such pairs.

    >>> tally(nn.Conv2d(1, 11, 8).double(), [])
    [0, 0, 0, 0]
    """
    counts = np.zeros(4, int)
    for pair in arguments.sequence("canvases", canvases, "pairs (canvas, placed)"):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise ValueError(f"canvases: expected pairs (canvas, placed), got one of {pair!r:.80}")
        detections, hits = _found(detector, "canvases", pair[0]), []
        for top, left, label in pair[1]:
            near = [which for row, column, which in detections if max(abs(row - top), abs(column - left)) <= 2]
            hits += [which == label for which in near][:1]
        counts += len(pair[1]), len(hits), sum(hits), len(detections) - len(hits)
    return counts.tolist()
