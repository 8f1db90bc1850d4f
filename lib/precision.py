"""What shorter floating-point numbers keep of a longer one.

A number is a sign, a power of two, and binary digits behind a leading 1, which are called its mantissa: 52 of them in
float64, 23 in float32, 10 in float16 and in the TF32 of graphics cards (NVIDIA, *A100 Tensor Core GPU Architecture*,
2020), 7 in bfloat16.
"""

import numpy as np
from numpy.typing import ArrayLike

from lib import _arguments as arguments

__all__ = ["round_mantissa"]


def round_mantissa(values: ArrayLike, bits: int) -> np.ndarray:
    """Each number rounded to a mantissa of so many bits, halves to the even neighbour; powers of two without a limit.

    Args:
        values: numbers of any shape.
        bits: of the mantissa, the leading 1 not counted: from 0 to 52.

    Returns:
        float64 of the same shape.

    Raises:
        TypeError, ValueError: the values are no real numbers, or bits is no integer from 0 to 52.

    >>> round_mantissa([2047, 2048.5, 1 / 3], bits=10)
    array([2.04700000e+03, 2.04800000e+03, 3.33251953e-01])
    """
    bits = arguments.integer("bits", bits, 0)
    if bits > 52:
        raise ValueError(f"bits: expected at most the 52 of float64, got {bits}")
    numbers = arguments.array("values", values, tuple(range(65)), "of any rank", "real numbers")
    fraction, power = np.frexp(numbers.astype(np.float64))  # a fraction in [1/2, 1), times 2 to the power
    return np.ldexp(np.round(np.ldexp(fraction, bits + 1)), power - bits - 1)
