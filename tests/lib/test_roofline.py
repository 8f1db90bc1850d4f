"""The roofline, against arithmetic by hand."""

import pytest

from lib.cost import conv2d_cost
from lib.roofline import A100, Machine, show_roofline

THREE = conv2d_cost((64, 56, 56), 64, 3, padding=1)


def test_a_layer_runs_at_the_slower_of_arithmetic_and_memory():
    bytes_moved = 4 * (2 * 64 * 56 * 56 + 64 * (9 * 64 + 1))
    assert Machine(1e9, 1e30).seconds(THREE) == THREE.macs / 1e9 == 64 * 64 * 9 * 56 * 56 / 1e9
    assert Machine(1e30, 1e6).seconds(THREE, THREE) == 2 * bytes_moved / 1e6
    assert A100.bend() == pytest.approx(50.16, abs=0.01)  # 156 TFLOPS, two to a MAC, and 1,555 GB a second
    assert Machine(THREE.macs, bytes_moved).bend() == THREE.intensity()  # there both take one second
    assert Machine(THREE.macs, bytes_moved).seconds(THREE) == 1


def test_a_roofline_of_nothing_is_refused():
    with pytest.raises(ValueError, match="macs_a_second: expected a finite number above 0, got 0"):
        Machine(0, 1)
    with pytest.raises(ValueError, match="bytes_a_second: expected a finite number above 0, got -1"):
        Machine(1, -1)
    with pytest.raises(TypeError, match="machine: expected a Machine, got 3"):
        show_roofline(3, {"a": THREE})
    with pytest.raises(TypeError, match="layers: expected costs by name"):
        show_roofline(A100, {"a": 3})
    for layers in ({}, dict.fromkeys("abcd", THREE)):
        with pytest.raises(ValueError, match=f"layers: expected 1 to 3, got {len(layers)}"):
            show_roofline(A100, layers)
