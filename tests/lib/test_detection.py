"""lib.detection: pieces are what they are said to show, and detections are counted as a reader would count them."""

import numpy as np
import pytest
import torch
from torch import nn

from lib.datasets import digits, scatter
from lib.detection import find_digits, pieces, smudged, tally

# A digit is a block of ink; its label is in its grey.
BLOCKS = np.arange(1, 11)[:, None, None, None] * np.ones((1, 8, 8)) / 10, np.arange(10)


class Reader(nn.Module):
    """Knows the ten blocks by heart: a window that is one of them gets its class, any other 10."""

    def forward(self, image):
        windows = image[0, 0].unfold(0, 8, 1).unfold(1, 8, 1).flatten(2)
        grey = (10 * windows.mean(-1)).round().long() - 1
        full = (windows.amin(-1) == windows.amax(-1)) & (grey >= 0)
        scores = torch.nn.functional.one_hot(torch.where(full, grey, 10), 11).double()
        return 99 * scores.permute(2, 0, 1)[None]


class Blurred(Reader):
    """Says so at the neighbouring positions, too, as a network does that has learned from pieces a pixel off."""

    def forward(self, image):
        scores = super().forward(image)
        near = torch.nn.functional.max_pool2d(scores[:, :10], 3, 1, 1)
        return torch.cat([near, 99 - near.amax(1, keepdim=True)], 1)


def strewn(rng, count=12):
    """A canvas with a rim, where means over 3×3 places are over nine."""
    canvas, placed = scatter(BLOCKS, rng, count=count)
    return np.pad(canvas, 2), [(top + 2, left + 2, label) for top, left, label in placed]


def test_pieces_show_what_their_labels_say():
    images, labels = pieces(BLOCKS, np.random.default_rng(0), canvases=5)
    assert images.shape[1:] == (1, 8, 8)
    assert set(labels) == set(range(11))
    for image, label in zip(images[:, 0], labels, strict=True):
        if label < 10:  # at most a pixel off in both directions
            assert (image[1:7, 1:7] == (label + 1) / 10).all()
        else:  # three off, so that the middle has a gap
            assert (image[2:6, 2:6] == 0).any()
    again, _ = pieces(BLOCKS, np.random.default_rng(0), canvases=5)
    np.testing.assert_array_equal(images, again)
    assert 0.4 < np.mean(labels == 10) < 0.8


def test_smudges_have_the_ink_of_their_digits():
    before = digits()[0].copy()
    smudges, labels = smudged(digits(), np.random.default_rng(0))
    np.testing.assert_array_equal(labels, digits()[1])
    np.testing.assert_array_equal(before, digits()[0])
    assert not np.array_equal(smudges, before)
    np.testing.assert_array_equal(np.sort(smudges.reshape(-1, 64)), np.sort(before.reshape(-1, 64)))


def test_a_reader_that_errs_nowhere_finds_all_there_is():
    rng = np.random.default_rng(0)
    canvases = [strewn(rng) for _ in range(3)]
    for canvas, placed in canvases:
        assert find_digits(Blurred(), canvas) == sorted(placed)
    count = sum(len(placed) for _, placed in canvases)
    assert tally(Blurred(), canvases) == [count, count, count, 0]


def test_what_is_missed_misread_or_not_there_is_counted():
    canvas, placed = strewn(np.random.default_rng(1), count=3)
    (top, left, label), *others = placed
    misread = (top, left, (label + 1) % 10)
    assert tally(Blurred(), [(canvas, [misread, *others])]) == [3, 3, 2, 0]
    assert tally(Blurred(), [(canvas, others)]) == [2, 2, 2, 1]
    for off, found in ((2, 3), (3, 2)):  # within two pixels is found, three are not
        moved = [(top + off, left - off, label), *others]
        assert tally(Blurred(), [(canvas, moved)]) == [3, found, found, 3 - found]
    assert tally(Blurred(), [(0 * canvas, placed)]) == [3, 0, 0, 0]
    assert tally(Blurred(), [(canvas, placed)] * 2) == [6, 6, 6, 0]


def test_a_chance_of_half_is_no_digit():
    scores = torch.zeros(1, 11, 5, 5, dtype=torch.float64)
    scores[:, :10] = -torch.inf
    scores[0, 4], scores[0, 10] = 0, 0

    class Undecided(nn.Module):
        def forward(self, image):
            return scores

    assert find_digits(Undecided(), np.zeros((12, 12))) == []
    scores[0, 4] = 1e-6
    assert {which for *_, which in find_digits(Undecided(), np.zeros((12, 12)))} == {4}


def test_bad_input_is_refused():
    detector, rng = nn.Conv2d(1, 11, 8).double(), np.random.default_rng(0)
    for canvas, message in ((np.ones((7, 9)), r" expected what the .* takes, got \(7, 9\)"), (np.ones(9), ".* 1 axes")):
        with pytest.raises(ValueError, match=f"^canvas:{message}"):
            find_digits(detector, canvas)
        with pytest.raises(ValueError, match=f"^canvases:{message}"):
            tally(detector, [(canvas, [])])
    with pytest.raises(ValueError, match=r"^canvases: expected pairs \(canvas, placed\)"):
        tally(detector, [np.ones((9, 9))])
    with pytest.raises(TypeError, match=r"^detector: expected .* in float64, got Conv2d"):
        find_digits(nn.Conv2d(1, 11, 8).float(), np.ones((9, 9)))
    with pytest.raises(ValueError, match=r"^detector: expected scores \(1, 11, rows, columns\), got \(1, 1, 9, 9\)"):
        find_digits(nn.ReLU(), np.ones((9, 9)))
    with pytest.raises(ValueError, match=r"^canvases: expected at least 1, got 0"):
        pieces(BLOCKS, rng, 0)
    with pytest.raises(TypeError, match=r"^rng: expected a numpy\.random\.Generator, got 0"):
        smudged(BLOCKS, 0)
