"""Drawings of perceptrons and class maps: as many units as the layer has, the means that PyTorch gives."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, Rectangle

from lib.figures import BLUE, ORANGE, SHADE
from lib.network_in_network import MLPConv
from lib.perceptron_drawings import class_maps, perceptron_under_a_patch


@pytest.fixture(autouse=True)
def figure(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    yield plt.gcf
    plt.close("all")


@pytest.mark.parametrize(("channels", "widths", "kernel"), [(3, (16, 8, 4), 5), (1, (2, 7), 3), (2, (5,), 1)])
def test_a_perceptron_has_a_unit_for_each_channel_and_a_line_for_each_pair(figure, channels, widths, kernel):
    layer = MLPConv(channels, widths, kernel)
    perceptron_under_a_patch(layer, (9, 11))
    (ax,) = figure().axes
    units = [to_hex(p.get_facecolor()).upper() for p in ax.patches if isinstance(p, Circle)]
    first = BLUE if kernel == 1 else ORANGE
    assert units == [first] * widths[0] + [BLUE] * sum(widths[1:])
    pairs = [widths[0], *(a * b for a, b in pairwise(widths)), widths[-1]]
    assert len(ax.lines) == sum(pairs)
    windows = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_width() == p.get_height() == kernel]
    assert len(windows) == channels + (widths[-1] if kernel == 1 else 0)
    out = layer(torch.zeros(1, channels, 9, 11)).shape[1:]
    words = " ".join(text.get_text() for text in ax.texts)
    assert f"{out[0]} maps of {out[1]}×{out[2]}" in words
    inputs = [channels * kernel**2, *widths]
    for a, b in zip(inputs, widths, strict=False):
        assert f"{b}×{a} weights" in words


def test_class_maps_show_the_means_that_pytorch_gives_and_mark_the_largest(figure):
    maps = np.random.default_rng(0).normal(size=(10, 4, 4))
    class_maps(np.zeros((8, 8)), maps)
    *pictures, scale, chart = figure().axes
    assert [ax.images[0].get_array().shape for ax in pictures] == [(8, 8)] + [(4, 4)] * 10
    assert [ax.get_title() for ax in pictures[1:]] == [str(k) for k in range(10)]
    largest = f"{np.abs(maps).max():.1f}"
    assert [text.get_text() for text in scale.get_xticklabels()] == [f"−{largest}", "0", largest]
    means = torch.from_numpy(maps).mean((1, 2)).numpy()
    assert np.allclose([bar.get_height() for bar in chart.patches], means)
    colors = [to_hex(bar.get_facecolor()) for bar in chart.patches]
    assert [color.upper() for color in colors] == [BLUE if k == means.argmax() else SHADE.upper() for k in range(10)]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: perceptron_under_a_patch("x", (9, 9)), TypeError, "layer: expected an MLPConv, got 'x'"),
        (lambda: perceptron_under_a_patch(MLPConv(3, (17, 4), 3), (9, 9)), ValueError, "layer: expected at most 16"),
        (lambda: perceptron_under_a_patch(MLPConv(3, (4,), 3, 2), (9, 9)), ValueError, "layer: .* a stride of 1, got"),
        (lambda: perceptron_under_a_patch(MLPConv(3, (4,), 3, 1, 1), (9, 9)), ValueError, "layer: .* no padding"),
        (lambda: perceptron_under_a_patch(MLPConv(3, (4,), 3), (2, 9)), ValueError, r"size: .* 3×3 .*, got \(2, 9\)"),
        (lambda: perceptron_under_a_patch(MLPConv(3, (4,), 3), "x"), TypeError, "size: expected an integer, got 'x'"),
        (lambda: class_maps(np.zeros(8), np.zeros((3, 4, 4))), ValueError, r"image: expected shape \(H, W\)"),
        (lambda: class_maps(np.zeros((8, 8)), np.zeros((4, 4))), ValueError, r"maps: expected shape \(classes, h, w\)"),
    ],
)
def test_what_cannot_be_drawn_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
