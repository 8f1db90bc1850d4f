"""Hand-made filters."""

import numpy as np
import pytest

from lib.filters import oriented


def test_oriented_filters_turn_and_steer():
    for length in (1, 3):
        np.testing.assert_allclose(oriented(np.pi / 2, length), np.rot90(oriented(0, length), -1), atol=1e-15)
        np.testing.assert_allclose(oriented(0.7, length), -oriented(0.7 + np.pi, length), atol=1e-15)
    across, down = oriented(0), oriented(np.pi / 2)
    np.testing.assert_allclose(oriented(0.7), np.cos(0.7) * across + np.sin(0.7) * down, atol=1e-15)
    np.testing.assert_allclose(oriented(0)[6, 8], 2 * np.exp(-(2**2) / (2 * 2.0**2)))
    np.testing.assert_allclose(oriented(0, 3, sigma=5)[9, 8], 2 * np.exp(-(2**2 + (3 / 3) ** 2) / (2 * 5**2)))
    assert oriented(0, reach=1).shape == (3, 3)
    assert abs(oriented(0, length=3, reach=18)[0]).max() < 0.02  # the border of three widths holds next to nothing
    for options, error, message in (
        ({"sigma": np.inf}, ValueError, "sigma: expected a finite number above 0, got inf"),
        ({"sigma": 0}, ValueError, "sigma: expected a finite number above 0, got 0"),
        ({"length": "3"}, TypeError, "length: expected a finite number above 0, got '3'"),
        ({"reach": 1.5}, TypeError, "reach: expected an integer, got 1.5"),
    ):
        with pytest.raises(error, match=message):
            oriented(0, **options)
