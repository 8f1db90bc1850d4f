"""lib.convolution against PyTorch, against the plain loops, and against bad input."""

import tracemalloc

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from lib import convolution
from lib.convolution import as_1x1, conv2d, conv2d_loops, merge, pointwise, receptive_field
from tests.strategies import layers, often

EXACT = {np.float32: 2e-5, np.float64: 1e-12}  # relative to what the sum would be if no term cancelled another
odd = st.sampled_from([np.nan, np.inf, -np.inf])


def assert_exact(out, layer):
    """The output is PyTorch's, but for the rounding that a sum of this size has in any order."""
    expected = pytorch(*layer)
    terms = pytorch(*(None if a is None else abs(a) for a in layer[:3]), *layer[3:])
    assert out.dtype == expected.dtype
    assert out.shape == expected.shape
    assert (abs(out - expected) <= EXACT[expected.dtype.type] * terms).all()


def pytorch(x, weight, bias, *rest):
    tensors = [None if a is None else torch.from_numpy(np.array(a, order="C")) for a in (x, weight, bias)]
    return F.conv2d(*tensors, *rest).numpy()


@often(2000)
@given(layers())
def test_conv2d_is_pytorchs(layer):
    assert_exact(conv2d(*layer), layer)


@often(300)
@given(layers(), st.integers(1, 4000))
def test_conv2d_may_go_by_blocks_of_any_size(layer, cache):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "CACHE", cache)
        assert_exact(conv2d(*layer), layer)


@pytest.mark.parametrize(("cache", "rows"), [(0, 1), (1, 1), (1.99, 1), (2, 2), (4.5, 4), (6, 6), (99, 6)])
def test_the_memory_is_that_of_the_rows_whose_stack_fits_or_of_one(monkeypatch, cache, rows):
    x, weight = np.ones((3, 8, 402)), np.ones((4, 3, 3, 3))
    row = 27 * 400 * x.itemsize  # of the stack, for one row of the output's six
    monkeypatch.setattr(convolution, "CACHE", int(cache * row))
    tracemalloc.start()
    out = conv2d(x, weight)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (out == 27).all()
    assert rows * row <= peak - out.nbytes < (rows + 0.5) * row


@often(60)
@given(layers(most=6))
def test_the_loops_are_pytorchs(layer):
    assert_exact(conv2d_loops(*layer), layer)


@often(500)
@given(layers())
def test_pointwise_is_a_convolution_with_a_1x1_kernel(layer):
    x, weight, bias, *_, groups = layer
    weight = np.repeat(weight[:, :, :1, :1], groups, axis=1)
    assert_exact(pointwise(x, weight, bias), (x, weight, bias, 1, 0, 1, 1))


@often(100)
@given(layers(most=6), st.data())
def test_nan_and_infinity_go_where_the_definition_sends_them(layer, data):
    x, weight, *rest = (np.array(a) if isinstance(a, np.ndarray) else a for a in layer)
    for array in (x, weight):
        for _ in range(data.draw(st.integers(0, 2)) if array.size else 0):
            array.flat[data.draw(st.integers(0, array.size - 1))] = data.draw(
                st.sampled_from([np.nan, np.inf, -np.inf])
            )
    with np.errstate(invalid="ignore"):
        out, expected = conv2d(x, weight, *rest), conv2d_loops(x, weight, *rest)
    for kind in (np.isnan, np.isposinf, np.isneginf):
        np.testing.assert_array_equal(kind(out), kind(expected))


def test_a_bias_takes_part_in_the_promotion():
    x, weight = np.ones((2, 3, 5), int), np.ones((4, 2, 1, 1), int)
    for function in (conv2d, conv2d_loops, pointwise):
        assert function(x, weight, np.full(4, 0.5)).tolist() == np.full((4, 3, 5), 2.5).tolist()
        assert function(x.astype(np.float32), weight.astype(np.float32), np.zeros(4)).dtype == np.float64


@pytest.mark.parametrize("function", [conv2d, conv2d_loops])
def test_integers_stay_integers_and_mix_as_numpy_promotes(function):
    x, weight = np.arange(2 * 3 * 5).reshape(2, 3, 5), np.ones((7, 2, 2, 3), int)
    assert function(x, weight).dtype == np.int64
    assert function(x.astype(np.int32), weight.astype(np.int32)).dtype == np.int32
    assert function(x, weight.astype(np.float32)).dtype == np.result_type(np.int64, np.float32)
    assert function(x.tolist(), weight.tolist()).tolist() == function(x, weight).tolist()


def test_input_is_left_as_it_was():
    x, weight, bias = np.ones((2, 3, 5, 7)), np.ones((4, 3, 1, 1)), np.ones(4)
    for call in (lambda: conv2d(x, weight, bias, padding=1), lambda: pointwise(x, weight, bias)):
        call()
        assert all((a == 1).all() for a in (x, weight, bias))


X, W = np.ones((3, 5, 7)), np.ones((4, 3, 3, 3))
BAD = [
    ((X[0], W), {}, ValueError, r"input: expected shape \(C, H, W\) or \(N, C, H, W\), got 2 axes: \(5, 7\)"),
    ((X, W[0]), {}, ValueError, r"weight: expected shape .*kW\), got 3 axes: \(3, 3, 3\)"),
    ((X, W[:, :2]), {}, ValueError, r"weight: expected shape \(4, 3, 3, 3\) for input \(3, 5, 7\).*got \(4, 2, 3, 3\)"),
    ((X, W[:0]), {}, ValueError, r"weight: expected no empty axis, got shape \(0, 3, 3, 3\)"),
    ((X[:0], W), {}, ValueError, r"input: expected at least one channel and one pixel, got shape \(0, 5, 7\)"),
    ((X, W, np.ones(3)), {}, ValueError, r"bias: expected shape \(4,\) for weight \(4, 3, 3, 3\), got \(3,\)"),
    ((X, W, np.ones((4, 1))), {}, ValueError, r"bias: expected shape \(C_out,\), got 2 axes: \(4, 1\)"),
    ((X, W), {"groups": 2}, ValueError, r"groups: expected a divisor of 3 input and 4 output channels, got 2"),
    ((X, W), {"groups": 2}, ValueError, r"got 2 \(input \(3, 5, 7\), weight \(4, 3, 3, 3\)\)"),
    ((X, W[:, :2, :2]), {}, ValueError, r"weight: expected shape \(4, 3, 2, 3\)"),
    ((X, W[:, :, :2]), {"dilation": 4}, ValueError, r"got a 2×3 kernel reaching over 5×9"),
    ((X, W), {"groups": 0}, ValueError, r"groups: expected at least 1, got 0"),
    ((X, W), {"stride": 0}, ValueError, r"stride: expected at least 1, got 0"),
    ((X, W), {"stride": (1, -2)}, ValueError, r"stride: expected at least 1, got -2"),
    ((X, W), {"stride": (1, 2, 3)}, ValueError, r"stride: expected an integer or a pair .*got \(1, 2, 3\)"),
    ((X, W), {"stride": 1.0}, TypeError, r"stride: expected an integer, got 1\.0"),
    ((X, W), {"stride": True}, TypeError, r"stride: expected an integer, got True"),
    ((X, W), {"dilation": 0}, ValueError, r"dilation: expected at least 1, got 0"),
    ((X, W), {"padding": -1}, ValueError, r"padding: expected at least 0, got -1"),
    ((X, W), {"padding": "full"}, ValueError, r"padding: expected integers, 'valid' or 'same', got 'full'"),
    (
        (X, W),
        {"padding": "same", "stride": 2},
        ValueError,
        r"padding: expected stride 1 with 'same', got stride \(2, 2\)",
    ),
    (
        (X, W),
        {"dilation": 3},
        ValueError,
        r"weight: .*padded input of 5×7, got a 3×3 kernel reaching over 7×7 .*\(3, 5, 7\)",
    ),
    ((X[:, :2], W), {}, ValueError, r"weight: .*padded input of 2×7, got a 3×3 kernel reaching over 3×3"),
    ((X.astype(str), W), {}, TypeError, r"input: expected numbers, got dtype <U\d+ with shape \(3, 5, 7\)"),
    ((X, W > 0), {}, TypeError, r"weight: expected numbers, got dtype bool with shape \(4, 3, 3, 3\)"),
    (([[1, 2], [3]], W), {}, ValueError, r"input: expected an array of shape .*cannot read"),
]


@pytest.mark.parametrize("function", [conv2d, conv2d_loops])
@pytest.mark.parametrize(("args", "options", "error", "message"), BAD)
def test_bad_input_is_named_with_both_shapes(function, args, options, error, message):
    with pytest.raises(error, match=message):
        function(*args, **options)


def test_pointwise_wants_a_1x1():
    with pytest.raises(ValueError, match=r"weight: expected shape \(4, 3, 1, 1\).*got \(4, 3, 3, 3\)"):
        pointwise(X, W)
    with pytest.raises(ValueError, match=r"weight: expected shape \(4, 3, 1, 1\).*got \(4, 2, 1, 1\)"):
        pointwise(X, W[:, :2, :1, :1])


@often(100)
@given(st.integers(0, 2**32 - 1), *[st.integers(1, 3)] * 4, st.booleans(), st.booleans())
def test_merged_layers_do_what_two_do(seed, k1_h, k1_w, k2_h, k2_w, first_has_bias, second_has_bias):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(5, 3, k1_h, k1_w)), rng.normal(size=(4, 5, k2_h, k2_w))
    biases = [rng.normal(size=n) if has else None for n, has in ((5, first_has_bias), (4, second_has_bias))]
    x = rng.normal(size=(2, 3, 7, 8))
    weight, bias = merge(first, second, *biases)
    assert weight.shape == (4, 3, k1_h + k2_h - 1, k1_w + k2_w - 1)
    expected = pytorch(pytorch(x, first, biases[0]), second, biases[1])
    np.testing.assert_allclose(pytorch(x, weight, bias), expected, rtol=0, atol=1e-11)


def test_merge_refuses_layers_that_do_not_chain():
    with pytest.raises(
        ValueError, match=r"second_weight: expected 4 input channels .*\(4, 3, 3, 3\), got shape \(2, 5, 1, 1\)"
    ):
        merge(W, np.ones((2, 5, 1, 1)))
    with pytest.raises(
        ValueError, match=r"first_bias: expected shape \(4,\) for first_weight \(4, 3, 3, 3\), got \(3,\)"
    ):
        merge(W, np.ones((2, 4, 1, 1)), np.ones(3))
    with pytest.raises(ValueError, match=r"second_weight: .*got 2 axes: \(2, 4\)"):
        merge(W, np.ones((2, 4)))


@often(100)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2), st.integers(1, 2)), min_size=1, max_size=4))
def test_receptive_field_is_where_pytorchs_gradient_reaches(stack):
    kernels, strides, dilations = zip(*stack, strict=True)
    side = receptive_field(kernels, strides, dilations)
    x = torch.zeros(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    out = x
    for k, s, d in stack:
        out = F.conv2d(out, torch.ones(1, 1, k, k, dtype=torch.float64), stride=s, dilation=d)
    assert out.shape == (1, 1, 1, 1)  # one more pixel would not fit, one fewer would leave nothing
    out.sum().backward()
    seen = x.grad[0, 0].nonzero()
    assert (seen.min(0).values == 0).all()
    assert (seen.max(0).values == side - 1).all()


def test_receptive_field_refuses_what_is_no_stack():
    with pytest.raises(TypeError, match=r"kernel_size: expected a sequence of integers, one a layer, got 3"):
        receptive_field(3)
    with pytest.raises(ValueError, match=r"stride: expected 2 values, one for each kernel_size, got 1: \[1\]"):
        receptive_field([3, 3], stride=[1])
    with pytest.raises(ValueError, match=r"dilation: expected at least 1, got 0"):
        receptive_field([3, 3], dilation=0)
    with pytest.raises(TypeError, match=r"kernel_size: expected an integer, got 3\.5"):
        receptive_field([3.5])
    with pytest.raises(TypeError, match=r"kernel_size: expected a sequence of integers, one a layer, got 3"):
        receptive_field(np.array(3))
    assert receptive_field(np.array([3, 3]), np.int64(2)) == receptive_field((3, 3), (2, 2)) == 7


def test_a_matrix_becomes_a_1x1():
    matrix, x = np.random.default_rng(0).integers(-9, 9, (2, 3)), np.random.default_rng(1).normal(size=(3, 5, 7))
    weight = as_1x1(matrix)
    assert (weight.shape, weight.dtype) == ((2, 3, 1, 1), np.float64)
    np.testing.assert_allclose(pointwise(x, weight), np.tensordot(matrix, x, 1))
    with pytest.raises(ValueError, match=r"matrix: expected shape \(C_out, C_in\), got 1 axes: \(3,\)"):
        as_1x1([1, 2, 3])


def test_the_widest_number_type_wins_wherever_it_is():
    narrow, wide = np.float32, np.float64
    for types in ((wide, narrow, narrow), (narrow, wide, narrow), (narrow, narrow, wide)):
        arguments = [np.ones(s, t) for s, t in zip(((2, 3, 5), (4, 2, 1, 1), (4,)), types, strict=True)]
        for function in (conv2d, conv2d_loops, pointwise):
            assert function(*arguments).dtype == wide
    for types in ((wide, narrow), (narrow, wide)):
        assert merge(np.ones((4, 3, 1, 1), types[0]), np.ones((2, 4, 3, 3), types[1]))[0].dtype == wide
    assert merge(np.ones((4, 3, 1, 1), narrow), np.ones((2, 4, 3, 3), narrow))[0].dtype == narrow


@pytest.mark.parametrize(("kernel", "pads"), [((2, 1), ((0, 1), (0, 0))), ((1, 2), ((0, 0), (0, 1)))])
def test_an_even_kernel_pads_below_and_right(kernel, pads):
    x, weight = np.arange(1.0, 13).reshape(1, 3, 4), np.ones((1, 1, *kernel))
    expected = conv2d(np.pad(x, ((0, 0), *pads)), weight)
    for function in (conv2d, conv2d_loops):
        np.testing.assert_array_equal(function(x, weight, padding="same"), expected)


def test_layers_have_stride_and_dilation_1_unless_told():
    assert receptive_field([3, 3]) == receptive_field([3, 3], 1, 1) == 5
