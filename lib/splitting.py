"""A trained convolution as two or three smaller ones in a row, with nothing between them.

With as many maps between them as it has directions they do what it did. With fewer they come near it, and cost less.
Weights ``(C_out, C_in, kH, kW)``, in NumPy; :func:`lib.convolution.merge` makes one kernel of the pieces again.
"""

import numpy as np
from numpy.typing import ArrayLike

from lib import _arguments as arguments
from lib.convolution import as_1x1

__all__ = ["split_channels", "split_space"]


def split_channels(weight: ArrayLike, front: int | None = None, behind: int | None = None) -> list[np.ndarray]:
    """A convolution with a 1×1 in front of it, one behind it, or both: a Tucker decomposition of its two channel axes.

    With one 1×1 the pair is the closest to ``weight`` that there is, in squared error (channel decomposition); with two
    it is nearly so. Kim and others, *Compression of deep convolutional neural networks*, arXiv 1511.06530; Zhang and
    others, *Accelerating very deep convolutional networks*, arXiv 1505.06798, who fit the maps and not the weights.

    Args:
        weight: ``(C_out, C_in, kH, kW)``.
        front: maps left by a 1×1 in front, 1 to ``C_in``; None for no such layer.
        behind: maps left for a 1×1 behind, 1 to ``C_out``; None for no such layer.

    Returns:
        The weights of the layers, first to last. Stride and padding belong to the k×k, the bias to the last.

    Raises:
        TypeError, ValueError: the weight has another shape or is not finite, or a width is out of range.

    >>> [layer.shape for layer in split_channels(np.ones((8, 4, 3, 3)), front=2, behind=5)]
    [(2, 4, 1, 1), (5, 2, 3, 3), (8, 5, 1, 1)]
    """
    core = kernel = _kernel(weight)
    layers = []
    if front is not None:
        rows = _directions(core.swapaxes(0, 1), "front", front).T
        layers, core = [as_1x1(rows)], np.einsum("rc,ochw->orhw", rows, core)
    if behind is None:
        return [*layers, core]
    columns = _directions(kernel, "behind", behind)
    return [*layers, np.einsum("or,ochw->rchw", columns, core), as_1x1(columns)]


def split_space(weight: ArrayLike, rank: int) -> list[np.ndarray]:
    """A kH×kW as a kH×1 and a 1×kW, the closest such pair in squared error.

    Jaderberg, Vedaldi and Zisserman, *Speeding up convolutional neural networks with low rank expansions*, arXiv
    1405.3866, scheme 2.

    Args:
        weight: ``(C_out, C_in, kH, kW)``.
        rank: maps between the two layers, 1 to ``C_in · kH``.

    Returns:
        The weights of both layers, ``(rank, C_in, kH, 1)`` and ``(C_out, rank, 1, kW)``.

    Raises:
        TypeError, ValueError: the weight has another shape or is not finite, or the rank is out of range.

    >>> [layer.shape for layer in split_space(np.ones((8, 4, 3, 3)), 2)]
    [(2, 4, 3, 1), (8, 2, 1, 3)]
    """
    kernel = _kernel(weight)
    c_out, c_in, height, width = kernel.shape
    upright = kernel.transpose(1, 2, 0, 3).reshape(c_in * height, c_out, width)
    columns = _directions(upright, "rank", rank)
    level = np.einsum("ur,uow->orw", columns, upright)
    return [columns.T.reshape(-1, c_in, height, 1), level[:, :, None]]


def _kernel(weight: ArrayLike) -> np.ndarray:
    kernel = arguments.array("weight", weight, (4,), "(C_out, C_in, kH, kW)", "real numbers").astype(float)
    if kernel.size == 0 or not np.isfinite(kernel).all():
        raise ValueError(f"weight: expected finite numbers (C_out, C_in, kH, kW), got shape {kernel.shape}")
    return kernel


def _directions(rows: np.ndarray, name: str, rank: object) -> np.ndarray:
    """Of the first axis of ``rows``, the ``rank`` directions in which it is largest, as columns."""
    rank = arguments.integer(name, rank, 1)
    if rank > len(rows):
        raise ValueError(f"{name}: expected at most {len(rows)}, got {rank}")
    flat = rows.reshape(len(rows), -1)
    return np.linalg.eigh(flat @ flat.T)[1][:, -rank:]  # largest last
