"""lib.pooling against PyTorch, and against bad input."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from lib.pooling import avg_pool2d, global_avg_pool2d, max_pool2d
from tests.strategies import often

ATOL = {np.float32: 1e-5, np.float64: 1e-13}
sides = st.tuples(st.integers(1, 4), st.integers(1, 4))
images = st.builds(
    lambda seed, batch, dtype: np.random.default_rng(seed).normal(size=(*batch, 3, 11, 13)).astype(dtype),
    st.integers(0, 2**32 - 1),
    st.sampled_from([(), (1,), (2,)]),
    st.sampled_from([np.float32, np.float64]),
)


@often(150)
@given(images, sides, st.none() | sides, st.integers(0, 2), st.integers(1, 3))
def test_pooling_is_pytorchs(x, kernel, stride, padding, dilation):
    padding = tuple(min(padding, k // 2) for k in kernel)
    out = max_pool2d(x, kernel, stride, padding, dilation)
    expected = F.max_pool2d(torch.from_numpy(x), kernel, stride, padding, dilation).numpy()
    assert out.dtype == expected.dtype
    np.testing.assert_array_equal(out, expected)

    out = avg_pool2d(x, kernel, stride, padding)
    expected = F.avg_pool2d(torch.from_numpy(x), kernel, stride, padding).numpy()
    assert out.dtype == expected.dtype
    np.testing.assert_allclose(out, expected, rtol=0, atol=ATOL[out.dtype.type])

    out = global_avg_pool2d(x)
    assert out.dtype == x.dtype
    np.testing.assert_allclose(
        out, F.adaptive_avg_pool2d(torch.from_numpy(x), 1).numpy(), rtol=0, atol=ATOL[out.dtype.type]
    )


def test_padding_never_wins_a_maximum():
    for x in (np.full((1, 4, 4), -5.0), np.full((1, 4, 4), -5), np.full((1, 4, 4), np.iinfo(np.int8).min, np.int8)):
        out = max_pool2d(x, 2, padding=1)
        assert out.dtype == x.dtype
        assert (out == x[0, 0, 0]).all()


def test_pooling_keeps_nan_and_channels():
    x = np.ones((3, 4, 4))
    x[1, 0, 0] = np.nan
    for pool in (max_pool2d, avg_pool2d):
        assert np.isnan(pool(x, 2)).sum() == 1
        assert pool(x, 2).shape == (3, 2, 2)


X = np.ones((3, 5, 7))


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        ((X[0], 2), ValueError, r"input: expected shape .*got 2 axes: \(5, 7\)"),
        ((X > 0, 2), TypeError, r"input: expected (real )?numbers, got dtype bool with shape \(3, 5, 7\)"),
        ((X, 0), ValueError, r"kernel_size: expected at least 1, got 0"),
        ((X, 2.0), TypeError, r"kernel_size: expected an integer, got 2\.0"),
        ((X, 2, 0), ValueError, r"stride: expected at least 1, got 0"),
        ((X, 2, 1, -1), ValueError, r"padding: expected at least 0, got -1"),
        (
            (X, 3, 1, 2),
            ValueError,
            r"padding: expected at most half the kernel_size \(3, 3\), got \(2, 2\) .*\(3, 5, 7\)",
        ),
        ((X, 6), ValueError, r"kernel_size: .*padded input of 5×7, got a 6×6 kernel"),
    ],
)
def test_bad_input_is_named(pool, args, error, message):
    with pytest.raises(error, match=message):
        pool(*args)


def test_what_has_no_largest_and_what_has_no_mean():
    with pytest.raises(TypeError, match=r"input: expected real numbers.*complex128 with shape \(3, 5, 7\)"):
        max_pool2d(X + 1j, 2)
    with pytest.raises(ValueError, match=r"input: expected at least one channel and one pixel, got shape \(3, 0, 7\)"):
        global_avg_pool2d(X[:, :0])


def test_small_integers_do_not_overflow_in_a_mean():
    x = np.full((1, 4, 4), 100, np.int8)
    assert avg_pool2d(x, 2).tolist() == [[[100.0, 100.0], [100.0, 100.0]]]
    assert avg_pool2d(x.astype(np.uint8), 2).dtype == np.float64
