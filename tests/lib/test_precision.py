"""Rounding to fewer bits, against the types that have that many."""

import numpy as np
import pytest
import torch

from lib.precision import round_mantissa

rng = np.random.default_rng(0)
VALUES = rng.normal(size=2000) * 2.0 ** rng.integers(-10, 10, size=2000)


@pytest.mark.parametrize(("bits", "dtype"), [(7, torch.bfloat16), (10, torch.float16), (23, torch.float32)])
def test_it_rounds_as_pytorch_does(bits, dtype):
    given = VALUES if dtype == torch.float32 else VALUES.astype(np.float32)  # PyTorch goes through float32
    given = given[np.abs(given) > 2.0**-14]  # below that float16 has fewer bits
    expected = torch.from_numpy(given).to(dtype).double().numpy()
    np.testing.assert_array_equal(round_mantissa(given, bits), expected)


@pytest.mark.parametrize(("value", "expected"), [(2049, 2048), (2051, 2052), (-2049, -2048), (0, 0)])
def test_a_half_goes_to_the_even_neighbour(value, expected):
    assert round_mantissa(value, 10) == expected


def test_whole_numbers_of_one_more_bit_stay():
    whole = np.arange(-2048, 2049)
    np.testing.assert_array_equal(round_mantissa(whole, 10), whole)


def test_all_bits_change_nothing_and_none_leaves_powers_of_two():
    np.testing.assert_array_equal(round_mantissa(VALUES, 52), VALUES)
    np.testing.assert_array_equal(round_mantissa([3, 5, 1.4, np.inf], 0), [4, 4, 1, np.inf])


def test_what_is_no_such_number_is_refused():
    with pytest.raises(TypeError, match="values: expected real numbers, got dtype complex128"):
        round_mantissa([1j], 10)
    with pytest.raises(ValueError, match="bits: expected at most the 52 of float64, got 53"):
        round_mantissa([1], 53)
