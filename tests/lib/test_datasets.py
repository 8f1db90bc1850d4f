"""The data: the real images, fair splits, digits strewn where they are said to lie."""

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_sample_image

from lib.datasets import digits, photograph, scatter, split_digits


def test_datasets_are_the_real_images():
    for name in ("china", "flower"):
        photo = photograph(name)
        assert photo.shape == (3, 427, 640)
        assert photo.dtype == np.float64
        np.testing.assert_array_equal(np.round(photo * 255), load_sample_image(f"{name}.jpg").transpose(2, 0, 1))
    images, labels = digits()
    assert images.shape == (1797, 1, 8, 8)
    assert (images.min(), images.max()) == (0, 1)
    np.testing.assert_array_equal(labels, load_digits().target)
    with pytest.raises(ValueError, match=r"name: expected one of \('china', 'flower'\), got 'cat'"):
        photograph("cat")


def test_a_split_has_every_digit_once_and_its_own_label():
    images, labels = digits()
    (x, y), (x_test, y_test) = split_digits(500)
    assert (len(x), len(y), len(x_test), len(y_test)) == (500, 500, 1297, 1297)

    def key(x, y):
        return sorted((image.tobytes(), int(label)) for image, label in zip(x, y, strict=True))

    assert key(np.concatenate([x, x_test]), np.concatenate([y, y_test])) == key(images, labels)
    assert np.array_equal(split_digits(500)[0][0], x)
    assert not np.array_equal(y, labels[:500])  # they are shuffled
    assert np.array_equal(y, labels[np.random.default_rng(0).permutation(1797)[:500]])  # once and for all
    with pytest.raises(ValueError, match="training_size: expected fewer than all 1797 digits, got 1797"):
        split_digits(1797)
    with pytest.raises(ValueError, match="training_size: expected at least 1, got 0"):
        split_digits(0)


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_strewn_digits_lie_where_they_are_said_to_lie(gap):
    examples, nearest = split_digits(300)[0], []
    for seed in range(20):
        canvas, placed = scatter(examples, np.random.default_rng(seed), size=(30, 41), count=30, gap=gap)
        for k, (top, left, label) in enumerate(placed):
            spot = canvas[top : top + 8, left : left + 8]
            assert (examples[0][examples[1] == label, 0] == spot).all((1, 2)).any()
            nearest += [max(abs(top - a), abs(left - b)) - 8 for a, b, _ in placed[:k]]
        for top, left, _ in placed:
            canvas[top : top + 8, left : left + 8] = 0
        assert not canvas.any()
    assert min(nearest) == gap  # among so many, two are as close as they may
    assert len(scatter(examples, np.random.default_rng(3), count=2)[1]) == 2


def test_digits_are_not_strewn_at_random_errors():
    rng, examples = np.random.default_rng(0), digits()
    for arguments, error, message in (
        ((examples, rng, (7, 40)), ValueError, "size: expected at least the 8×8 pixels of a digit, got 7×40"),
        ((examples, rng, (1, 40)), ValueError, "size: expected at least the 8×8 pixels of a digit, got 1×40"),
        ((examples, rng, 40, 0), ValueError, "count: expected at least 1, got 0"),
        ((examples, rng, 40, 1, -1), ValueError, "gap: expected at least 0, got -1"),
        ((examples, 0), TypeError, r"rng: expected a numpy\.random\.Generator, got 0"),
        ((examples[::-1], rng), ValueError, r"examples images: expected shape \(N, C, H, W\), got 1 axes: \(1797,\)"),
        (
            (([examples[0][:2, :, 1:], [0, 1]]), rng),
            ValueError,
            r"examples: expected .*\(N, 1, 8, 8\), got \(2, 1, 7, 8\)",
        ),
    ):
        with pytest.raises(error, match=message):
            scatter(*arguments)


def test_every_place_of_a_canvas_is_tried_a_hundred_times_and_defaults_are_as_documented():
    class Counting(np.random.Generator):
        def integers(self, high):
            asked.append(tuple(high))
            return super().integers(high)

    asked = []
    scatter(digits(), Counting(np.random.PCG64(0)), count=1000)
    assert asked == [(33, 49, 1797)] * 100
    with_defaults = scatter(digits(), np.random.default_rng(5), count=99)
    assert with_defaults[1] == scatter(digits(), np.random.default_rng(5), (40, 56), 99, 1)[1]
    assert len(scatter(digits(), np.random.default_rng(5), (90, 90))[1]) == 12
    assert scatter(digits(), np.random.default_rng(0), (8, 8))[1][0][:2] == (0, 0)
    corners = {scatter(digits(), np.random.default_rng(seed), (9, 9))[1][0][:2] for seed in range(40)}
    assert corners == {(0, 0), (0, 1), (1, 0), (1, 1)}
