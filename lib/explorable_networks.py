"""Pictures that a reader can touch, of networks: stored training runs, and a classifier that slides over a canvas."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn

from lib import _arguments as arguments
from lib import _explorable_stills as stills
from lib import _pictures as pictures
from lib._explorable import Explorable, written
from lib.fully_connected import fully_convolutional
from lib.training import History

__all__ = ["sliding_window", "training_runs"]

GREYS, DIGITS = 16, 3  # steps from black to white, and decimals of a weight


def training_runs(runs: Mapping[str, Mapping[int, Sequence[History]]]) -> Explorable:
    """Scrub through the training curves of two kinds of networks, of one depth and one run at a time.

    Args:
        runs: by kind, two of them, then by the number of layers, the same of both: the histories, as many everywhere,
            of as many epochs.

    Raises:
        TypeError, ValueError: they are not that.

    >>> run = History([2.0, 1.5, 1.0, 0.5], 0.9, 0.8)
    >>> training_runs({"residual": {10: [run]}, "plain": {10: [run]}})
    Training runs: residual and plain, of 10 layers, 1 run each
    """
    if not isinstance(runs, Mapping) or len(runs) != 2 or not all(isinstance(kind, Mapping) for kind in runs.values()):
        raise TypeError(f"runs: expected two kinds of networks, and of each its runs by depth, got {runs!r:.80}")
    histories = {kind: [list(group) for group in depths.values()] for kind, depths in runs.items()}
    every = [run for groups in histories.values() for group in groups for run in group]
    if not all(isinstance(run, History) for run in every):
        raise TypeError("runs: expected histories, as lib.training.train_many gives")
    depths = [list(kind) for kind in runs.values()]
    shapes = {(len(group), len(run.loss)) for groups in histories.values() for group in groups for run in group}
    if depths[0] != depths[1] or len(shapes) != 1 or min(shapes)[1] < 4:
        raise ValueError(f"runs: expected the same depths, runs and epochs, at least four, got {depths} and {shapes}")
    losses = {
        kind: [[[round(loss, 2) for loss in run.loss] for run in group] for group in groups]
        for kind, groups in histories.items()
    }
    right = {
        kind: [[round(100 * run.train_accuracy) for run in g] for g in groups] for kind, groups in histories.items()
    }
    names, count = " and ".join(map(str, runs)), min(shapes)[0]
    layers = ", ".join(map(str, depths[0]))
    text = f"Training runs: {names}, of {layers} layers, {count} run{'s' if count > 1 else ''} each"
    data = {"depths": depths[0], "losses": losses, "right": right}
    still = stills.curves(
        {kind: groups[-1] for kind, groups in losses.items()}, f"loss of all runs of {depths[0][-1]} layers"
    )
    return Explorable("runs", f"Training runs, {names}", data, still, text)


def sliding_window(model: nn.Sequential, canvas: ArrayLike, start: tuple[int, int] = (1, 1)) -> Explorable:
    """Move a window over a canvas: the scores of the piece alone, and the same numbers in the maps of one pass.

    The weights are rounded to three decimals, and the browser computes both from these.

    Args:
        model: a classifier of eleven classes, convolutions and fully connected layers with ReLUs between them.
        canvas: grey in [0, 1] in sixteenths, ``(H, W)``.
        start: row and column of the window at first, from 1.

    Raises:
        TypeError, ValueError: the model or the canvas is another, or the window does not fit.

    >>> model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(2 * 6 * 6, 11))
    >>> sliding_window(model, np.zeros((12, 14)))  # doctest: +ELLIPSIS
    Sliding window on 12×14 pixels
    11 scores for each of 5×7 windows; at row 1, column 1:
    ...
    """
    grey = arguments.array("canvas", canvas, (2,), "(H, W)", "real numbers")
    sixteenths = np.nan_to_num(np.round(GREYS * grey)).astype(int)
    if not grey.size or not np.allclose(sixteenths / GREYS, grey) or grey.min() < 0 or grey.max() > 1:
        raise ValueError(f"canvas: expected sixteenths from 0 to 1, got an array of shape {grey.shape}")
    with torch.random.fork_rng(devices=[]):  # new layers draw random weights, which the next cells shall not notice
        layers = list(fully_convolutional(model))
    reach = 1 + sum(max(c.kernel_size) - 1 for c in layers[::2] if isinstance(c, nn.Conv2d))
    if reach > min(grey.shape):
        raise ValueError(f"canvas: expected at least {reach}×{reach} pixels, got an array of shape {grey.shape}")
    convolutions = layers[::2]
    if not all(isinstance(c, nn.Conv2d) for c in convolutions) or not all(isinstance(r, nn.ReLU) for r in layers[1::2]):
        raise TypeError(f"model: expected layers with a ReLU between any two, got {layers}")
    if convolutions[-1].out_channels != 11:
        raise ValueError(f"model: expected 11 classes, got {convolutions[-1].out_channels}")
    scale = 10**DIGITS
    rounded = [{name: _thousandths(p) for name, p in layer.named_parameters()} for layer in convolutions]
    with torch.no_grad():
        for layer in convolutions:
            for parameter in layer.parameters():
                parameter.copy_((scale * parameter.double()).round() / scale)
        scores = nn.Sequential(*layers).double()(torch.from_numpy(sixteenths / GREYS)[None, None])[0].numpy()
    row, column = arguments.pair("start", start, 1)
    side = len(grey) - scores.shape[1] + 1
    if row > scores.shape[1] or column > scores.shape[2]:
        raise ValueError(f"start: expected a window of {side}×{side} within {grey.shape}, got {start}")
    there = [f"{score:.1f}" for score in scores[:, row - 1, column - 1]]
    lines = [
        f"Sliding window on {grey.shape[0]}×{grey.shape[1]} pixels",
        f"11 scores for each of {scores.shape[1]}×{scores.shape[2]} windows; at row {row}, column {column}:",
        written(" ".join(there)),
    ]
    data = {"canvas": sixteenths.tolist(), "layers": rounded, "start": [row, column]}
    still = stills.window(pictures.in_bytes(grey[None]), (row - 1, column - 1), side, lines)
    return Explorable("sliding", "Slide a window over a canvas", data, still, "\n".join(lines))


def _thousandths(parameter: torch.Tensor) -> list:
    return (10**DIGITS * parameter.detach().double()).round().int().tolist()
