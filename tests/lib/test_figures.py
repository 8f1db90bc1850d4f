"""Figures and drawings: the same bytes each time, whatever the rounding; and no picture of what is none."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython import get_ipython

from lib import drawings, figures, reduction_drawings, roofline, window_drawings
from lib.cost import linear_cost
from lib.datasets import photograph


@pytest.fixture
def drawn(monkeypatch):
    """Draw with a function, and give the SVG it would show."""
    pictures = []

    def show():
        buffer = io.BytesIO()
        plt.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        plt.close()
        pictures.append(buffer.getvalue())

    monkeypatch.setattr(plt, "show", show)
    monkeypatch.setattr(figures, "display", lambda svg: pictures.append(svg.data.encode()))
    figures.use_style()
    return lambda function, *args, **options: (function(*args, **options), pictures[-1])[1]


def test_the_style_starts_no_shell_outside_a_notebook(drawn):
    assert get_ipython() is None  # the fixture has called use_style


def test_figures_are_the_same_bytes_each_time(drawn):
    photo = photograph()[:, :20, :30]
    for call in (
        (drawings.channel_columns,),
        (figures.show_bars, {"a": {"1×1": 1.5, "7×7": 2}, "b": {"rest": 1}}, "MACs"),
        (window_drawings.one_answer,),
        (window_drawings.folded_row,),
        (window_drawings.found_digits, photo[0], [(1, 2, 7)], photo[0, :13, :23]),
        (window_drawings.shared_sums, [3, 3, 4]),
        (reduction_drawings.ways_to_reduce,),
        (reduction_drawings.show_lost, photo[:2], {"a": np.diag([1, 0]), "b": np.full((2, 2), 0.5)}, 7),
        (roofline.show_roofline, roofline.A100, {"a": linear_cost(20, 30)}),
        (figures.show_images, [photo, photo[:1], photo[0]], ["a", "b", "c"]),
        (figures.show_marks, photo[0] > 0.5, "yes", "no", "title"),
        (figures.show_curves, [1, 2, 4], {"a": [1, 2, 3], "b": [[1, 2, 3], [2, 2, 2]]}, "x", "y", True, 2.5, (0, 4)),
    ):
        assert drawn(*call) == drawn(*call)
    assert drawings.sliding_kernels().data == drawings.sliding_kernels().data


def test_rounding_noise_does_not_change_a_picture(drawn):
    ties = (np.arange(600).reshape(20, 30) % 200 + 0.5) / 255  # half-way between two 8-bit values
    for image, options in ((ties, {}), (np.zeros((20, 30)), {"signed": True})):
        marked = image.copy()
        marked[0, 0] = 1  # the largest, which a signed picture is scaled by
        plain = drawn(figures.show_images, [marked], [""], **options)
        for noise in (1e-15, -1e-15):
            assert drawn(figures.show_images, [marked * (1 + noise) + noise], [""], **options) == plain


def test_names_of_curves_stand_in_the_axes_or_above_them():
    for above in (False, True):
        plt.close("all")
        curves(above=above)
        figure = plt.gcf()
        inside = figure.axes[0].get_legend()
        legend = figure.legends[0] if above else inside
        assert (inside is None) == above == bool(figure.legends)
        assert [name.get_text() for name in legend.get_texts()] == ["a", "b"]


def test_rounding_noise_does_not_change_a_curve(drawn):
    runs = np.array([[1.0, 20, 97.3], [3.0, 24, 100]])
    plain = drawn(figures.show_curves, [1, 2, 4], {"a": runs}, "x", "y")
    for seed in range(3):
        noise = 1e-13 * np.random.default_rng(seed).normal(size=runs.shape)
        assert drawn(figures.show_curves, [1, 2, 4], {"a": runs * (1 + noise)}, "x", "y") == plain


def test_a_row_is_drawn_in_the_order_of_its_filter(drawn):
    numbers = re.findall(rb">(\d+)</text>", drawn(window_drawings.folded_row))
    for first in (1, 17, 241):  # a map, after what of it stands in the row
        assert b" ".join(b"%d" % (first + k) for k in range(16)) in b" ".join(numbers)


def test_digits_that_are_found_stand_beside_their_frames(drawn):
    black = np.zeros((12, 20))
    found = drawn(window_drawings.found_digits, black, [(1, 2, 7), (3, 11, 4)], black).decode()
    assert re.findall(r">(\d)</text>", found) == ["7", "4"]
    for canvas, places, chance, message in (
        (black[0], [], black, "canvas: expected shape"),
        (black, [], black[0], "chance: expected shape"),
        (black, [(1, 2)], black, r"found: expected \(top, left, digit\) of each, got \(1, 2\)"),
    ):
        with pytest.raises(ValueError, match=message):
            window_drawings.found_digits(canvas, places, chance)


def test_a_chance_lies_under_the_middle_of_its_window(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    window_drawings.found_digits(np.zeros((20, 30)), [(0, 22, 7)], np.zeros((13, 23)))
    above, below = plt.gcf().axes
    assert below.get_xlim() == above.get_xlim() == (-0.5, 29.5)
    assert below.get_ylim() == above.get_ylim() == (19.5, -0.5)
    left, right, bottom, top = below.images[0].get_extent()
    assert (left + 0.5, top + 0.5) == (3.5, 3.5)  # the middle of the window in the corner, pixels 0 to 7
    assert (right - 0.5, bottom - 0.5) == (25.5, 15.5)
    (label,), (frame,) = above.texts, above.patches
    assert frame.get_bbox().contains(*label.get_position())
    plt.close()


def test_what_windows_share_is_counted(drawn):
    for kernels, counts in (([3, 3, 4], ["56 of 64", "30 of 36", "12 of 16", "0 of 1"]), ([2], ["2 of 4", "0 of 1"])):
        drawing = drawn(window_drawings.shared_sums, kernels).decode()
        assert re.findall(r"\d+ of \d+", re.sub("<metadata>.*</metadata>", "", drawing, flags=re.DOTALL)) == counts
    for kernels in ([0], [2.5], "x"):
        with pytest.raises((TypeError, ValueError), match=r"^kernel_size: expected .*, got"):
            window_drawings.shared_sums(kernels)


def test_the_drawings_refuse_what_is_no_picture():
    with pytest.raises(ValueError, match=r"titles: expected one for each of 1 images, got 2"):
        figures.show_images([np.ones((3, 4, 5))], ["a", "b"])
    with pytest.raises(ValueError, match=r"images: expected at least one, got none"):
        figures.show_images([], [])
    with pytest.raises(ValueError, match=r"columns: expected at least 1, got 0"):
        figures.show_images([np.ones((4, 5))], ["a"], columns=0)
    for curves, message in (
        ({}, "curves: expected 1 to 4, got 0"),
        ({"a": [1, 2]}, r"curves: expected 3 values a run, one for each x, got \(1, 2\) for 'a'"),
        ({"a": np.ones((0, 3))}, r"curves: expected 3 values a run, one for each x, got \(0, 3\) for 'a'"),
    ):
        with pytest.raises(ValueError, match=message):
            figures.show_curves([1, 2, 3], curves, "x", "y")
    for bars, message in (
        ({}, "bars: expected at least one, each of at least one part, got {}"),
        ({"a": {}}, "bars: expected at least one, each of at least one part, got {'a': {}}"),
        ({"a": {"b": 1, "c": -2}}, "bars: expected no amount below zero, got -2"),
        ({"a": dict.fromkeys("bcdef", 1)}, "bars: expected at most 4 names of parts besides .*, got .*'f'"),
    ):
        with pytest.raises(ValueError, match=message):
            figures.show_bars(bars, "x")
    with pytest.raises(TypeError, match=r"bars: expected a .*number, got 'x'"):
        figures.show_bars({"a": {"b": "x"}}, "x")
    with pytest.raises(TypeError, match=r"marks: expected booleans, got dtype float64 with shape \(4, 5\)"):
        figures.show_marks(np.ones((4, 5)), "yes", "no", "title")
    with pytest.raises(ValueError, match=r"marks: expected shape \(H, W\), got \(5,\)"):
        figures.show_marks(np.ones(5, bool), "yes", "no", "title")
    with pytest.raises(ValueError, match=r"images: expected shapes .*got one of \(2, 4, 5\)"):
        figures.show_images([np.ones((2, 4, 5))], ["a"])


def test_a_drawing_of_what_is_lost_needs_two_maps_and_one_or_two_pairs():
    with pytest.raises(ValueError, match=r"maps: expected shape \(2, H, W\), got \(3, 4, 5\)"):
        reduction_drawings.show_lost(np.ones((3, 4, 5)), {"a": np.eye(2)})
    for pairs in ({}, dict.fromkeys("abc", np.eye(2))):
        with pytest.raises(ValueError, match=f"pairs: expected 1 or 2, got {len(pairs)}"):
            reduction_drawings.show_lost(np.ones((2, 4, 5)), pairs)


def test_rounding_noise_does_not_change_what_is_lost(drawn):
    maps, pair = photograph()[:2, :20, :30], np.full((2, 2), 0.5)
    plain = drawn(reduction_drawings.show_lost, maps, {"a": pair}, 7)
    for noise in (1e-14, -1e-14):
        assert drawn(reduction_drawings.show_lost, maps * (1 + noise), {"a": pair * (1 - noise)}, 7) == plain


def test_a_signed_picture_of_zeros_is_grey(drawn):
    assert b"data:image/png" in drawn(figures.show_images, [np.zeros((4, 5))], [""], signed=True)


CURVES = {"a": [1.0, 20, 97], "b": [3.0, 24, 100]}


def curves(**changes):
    arguments = {"x": [1, 2, 4], "curves": CURVES, "xlabel": "x", "ylabel": "y", "ylim": (0, 100)}
    figures.show_curves(**(arguments | changes))


def annotated(place=(0, 1), text="here"):
    plt.figure()
    plt.annotate(text, place, (1, 1), arrowprops={"arrowstyle": "->"})
    plt.show()


def fingerprint_of(svg):
    return re.search(rb"<dc:description>(.*?)</dc:description>", svg, re.DOTALL)[1]


@pytest.mark.parametrize(
    ("function", "changes"),
    [
        (curves, {"curves": {"a": [1, 20, 97.01], "b": [3, 24, 100]}}),
        (curves, {"curves": {"b": [3, 24, 100], "a": [1, 20, 97]}}),
        (curves, {"curves": {"a": [1, 20, 97], "c": [3, 24, 100]}}),
        (curves, {"curves": {"a": [[1, 20, 97], [1, 20, 97]], "b": [3, 24, 100]}}),
        (curves, {"x": [1, 2, 5]}),
        (curves, {"xlabel": "z"}),
        (curves, {"ylim": (0, 101)}),
        (curves, {"level": 50}),
        (curves, {"doubling": True}),
        (annotated, {"place": (0, 2)}),
        (annotated, {"text": "there"}),
    ],
)
def test_a_fingerprint_tells_what_another_figure_shows(drawn, function, changes):
    assert fingerprint_of(drawn(function)) == fingerprint_of(drawn(function))
    assert fingerprint_of(drawn(function)) != fingerprint_of(drawn(function, **changes))


def test_a_fingerprint_does_not_tell_how_it_is_drawn(drawn):
    plain = drawn(curves)
    with plt.rc_context({"font.size": 9, "axes.grid": False, "figure.constrained_layout.use": False}):
        assert drawn(curves) != plain
        assert fingerprint_of(drawn(curves)) == fingerprint_of(plain)
