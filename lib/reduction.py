"""What a 1×1 keeps of many maps when it reduces them to a few: pairs of a reduction and a restoration.

A 1×1 takes the column x of a pixel, less the mean column m, to ``width`` numbers, and a second one makes ``channels``
numbers of them again: m + BA(x - m). The *pair* is the matrix BA, ``(channels, channels)`` and of rank ``width``. All
that decides how well it does is the maps' covariance.
"""

import numpy as np
from numpy.typing import ArrayLike

from lib import _arguments as arguments

__all__ = ["best_pair", "covariance", "random_pair", "variance_kept"]

TABLE = "(channels, channels)"


def covariance(maps: ArrayLike) -> np.ndarray:
    """How the maps vary together from pixel to pixel, ``(channels, channels)``, as shares: the variances add up to 1.

    Args:
        maps: ``(channels, H, W)``; or ``(channels, N, H, W)``, of several images.

    Raises:
        TypeError, ValueError: the maps are no such numbers, or not finite; or all of them are constant.

    >>> covariance([[[0, 2]], [[0, 1]]]).tolist()
    [[0.8, 0.4], [0.4, 0.2]]
    """
    maps = arguments.array("maps", maps, (3, 4), "(channels, H, W) or (channels, N, H, W)", "real numbers")
    if maps.size <= len(maps) or not np.isfinite(maps).all():
        raise ValueError(f"maps: expected at least two pixels of finite numbers, got shape {maps.shape}")
    table = np.atleast_2d(np.cov(maps.reshape(len(maps), -1)))
    if table.trace() <= 0:
        raise ValueError(f"maps: expected some that vary, got {len(maps)} that are constant")
    return table / table.trace()


def best_pair(table: ArrayLike, width: int) -> np.ndarray:
    """The pair that loses least: it keeps the ``width`` directions in which the maps vary most (PCA).

    Args:
        table: the maps' covariance, ``(channels, channels)``.
        width: maps left, 1 to ``channels``.

    Raises:
        TypeError, ValueError: the table is no square of finite numbers, or the width out of range.

    >>> best_pair([[9, 0], [0, 1]], 1).tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    table, width = _table(table), arguments.integer("width", width, 1)
    vectors = np.linalg.eigh(table)[1][:, -_at_most(width, table) :]  # largest last
    return vectors @ vectors.T


def random_pair(table: ArrayLike, width: int, rng: np.random.Generator) -> np.ndarray:
    """A reduction with random weights, and the best restoration that there is for it.

    Args:
        table: the maps' covariance, ``(channels, channels)``.
        width: maps left, 1 to ``channels``.
        rng: where the weights come from.

    Raises:
        TypeError, ValueError: as :func:`best_pair`; or ``rng`` is no generator.

    >>> int(np.linalg.matrix_rank(random_pair(np.eye(4), 3, np.random.default_rng(0))))
    3
    """
    table, width = _table(table), arguments.integer("width", width, 1)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    mix = rng.normal(size=(_at_most(width, table), len(table)))
    return table @ mix.T @ np.linalg.pinv(mix @ table @ mix.T) @ mix


def variance_kept(table: ArrayLike, pair: ArrayLike) -> float:
    """The share of the maps' variance, in per cent, that a pair brings back; the rest is its squared error.

    Args:
        table: the maps' covariance, ``(channels, channels)``, as :func:`covariance` scales it.
        pair: reduction and restoration as one matrix of the same shape.

    Raises:
        TypeError, ValueError: one is no square of finite numbers, or their shapes differ.

    >>> variance_kept([[0.9, 0], [0, 0.1]], [[1, 0], [0, 0]])
    90.0
    """
    table, pair = _table(table), _table(pair, "pair")
    if pair.shape != table.shape:
        raise ValueError(f"pair: expected the shape of table, {table.shape}, got {pair.shape}")
    lost = np.eye(len(table)) - pair
    return float(100 - 100 * (lost @ table @ lost.T).trace())


def _table(value: ArrayLike, name: str = "table") -> np.ndarray:
    table = arguments.array(name, value, (2,), TABLE, "real numbers").astype(float)
    if table.size == 0 or len(table) != table.shape[1] or not np.isfinite(table).all():
        raise ValueError(f"{name}: expected finite numbers {TABLE}, got shape {table.shape}")
    return table


def _at_most(width: int, table: np.ndarray) -> int:
    if width > len(table):
        raise ValueError(f"width: expected at most {len(table)}, the channels of table, got {width}")
    return width
