"""A convolution in pieces: the referees are convolutions of PyTorch in a row, and singular values of NumPy."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from lib.convolution import merge
from lib.splitting import split_channels, split_space


@pytest.fixture
def weight():
    return np.random.default_rng(0).normal(size=(5, 7, 3, 2))


def merged(layers):
    kernel = layers[0]
    for layer in layers[1:]:
        kernel, _ = merge(kernel, layer)
    return kernel


def tail(matrix, rank):
    """The squared error of the best matrix of this rank (Eckart and Young)."""
    return (np.linalg.svd(matrix, compute_uv=False)[rank:] ** 2).sum()


def test_nothing_is_lost_when_nothing_is_cut_off(weight):
    for layers in (
        split_channels(weight),
        split_channels(weight, front=7),
        split_channels(weight, behind=5),
        split_channels(weight, 7, 5),
        split_space(weight, 10),
    ):
        np.testing.assert_allclose(merged(layers), weight)


def test_the_pieces_do_the_work_in_a_row(weight):
    x = torch.from_numpy(np.random.default_rng(1).normal(size=(1, 7, 9, 8)))
    front, core, behind = map(torch.from_numpy, split_channels(weight, 7, 5))
    pieces = F.conv2d(F.conv2d(F.conv2d(x, front), core, stride=2, padding=1), behind)
    torch.testing.assert_close(pieces, F.conv2d(x, torch.from_numpy(weight), stride=2, padding=1))
    upright, level = map(torch.from_numpy, split_space(weight, 10))
    pieces = F.conv2d(F.conv2d(x, upright, stride=(2, 1), padding=(1, 0)), level, stride=(1, 2), padding=(0, 1))
    torch.testing.assert_close(pieces, F.conv2d(x, torch.from_numpy(weight), stride=2, padding=1))


def test_a_pair_is_the_closest_of_its_rank(weight):
    by_input = weight.transpose(1, 0, 2, 3).reshape(7, -1)
    by_output = weight.reshape(5, -1)
    by_rows = weight.transpose(1, 2, 0, 3).reshape(21, 10)
    for rank in range(1, 6):
        for layers, matrix in (
            (split_channels(weight, front=rank), by_input),
            (split_channels(weight, behind=rank), by_output),
            (split_space(weight, rank), by_rows),
        ):
            assert layers[0].shape[0] == rank
            np.testing.assert_allclose(((merged(layers) - weight) ** 2).sum(), tail(matrix, rank), atol=1e-9)


def test_both_ends_lose_at_least_what_each_loses_and_at_most_their_sum(weight):
    one, other = ((merged(split_channels(weight, *w)) - weight) ** 2 for w in ((3, None), (None, 2)))
    both = (merged(split_channels(weight, 3, 2)) - weight) ** 2
    assert max(one.sum(), other.sum()) < both.sum() <= one.sum() + other.sum() + 1e-9


def test_a_linear_layer_is_split_by_its_singular_values():
    matrix = np.random.default_rng(2).normal(size=(6, 9))
    first, last = split_channels(matrix[:, :, None, None], front=2)
    u, s, v = np.linalg.svd(matrix, full_matrices=False)
    np.testing.assert_allclose(last[:, :, 0, 0] @ first[:, :, 0, 0], (u[:, :2] * s[:2]) @ v[:2])


def test_what_cannot_be_split_is_refused(weight):
    for call, message in (
        (lambda: split_channels(weight[0]), r"weight: expected shape \(C_out, C_in, kH, kW\)"),
        (lambda: split_channels(weight[:0]), "weight: expected finite numbers"),
        (lambda: split_channels(np.full((1, 1, 1, 1), np.nan)), "weight: expected finite numbers"),
        (lambda: split_channels(weight, front=8), "front: expected at most 7, got 8"),
        (lambda: split_channels(weight, behind=6), "behind: expected at most 5, got 6"),
        (lambda: split_channels(weight, behind=0), "behind: expected at least 1, got 0"),
        (lambda: split_space(weight, 22), "rank: expected at most 21, got 22"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
    with pytest.raises(TypeError, match="rank"):
        split_space(weight, 2.5)
