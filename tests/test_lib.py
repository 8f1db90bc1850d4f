"""The rest of lib: the data, the drawings, the checkers; and what is true of every module."""

import ast
import inspect
import io
import pkgutil
from importlib import import_module

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython import get_ipython
from sklearn.datasets import load_digits, load_sample_image

import lib
from lib import drawings, figures
from lib.datasets import digits, photograph, scatter, split_digits
from lib.filters import oriented

MODULES = [import_module(f"lib.{module.name}") for module in pkgutil.iter_modules(lib.__path__)]
PUBLIC = [getattr(module, name) for module in MODULES for name in getattr(module, "__all__", [])]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_module_is_short_and_says_what_it_is(module):
    source = inspect.getsource(module)
    assert len(source.splitlines()) <= 250
    assert module.__doc__
    kinds = (ast.FunctionDef, ast.ClassDef)
    public = [n.name for n in ast.parse(source).body if isinstance(n, kinds) and n.name[0] != "_"]
    if not module.__name__.startswith("lib._"):
        assert sorted(public) == sorted(module.__all__)
        assert module.__name__.removeprefix("lib.") in lib.__doc__


def methods(cls):
    """The public methods a class adds; of `forward` the class itself gives the shapes."""
    return [m for name, m in vars(cls).items() if name[0] != "_" and name != "forward" and inspect.isfunction(m)]


DOCUMENTED = [*PUBLIC, *(method for cls in PUBLIC if inspect.isclass(cls) for method in methods(cls))]


@pytest.mark.parametrize("function", DOCUMENTED, ids=lambda function: function.__qualname__)
def test_what_is_public_is_documented_and_typed(function):
    assert function.__doc__
    signature = inspect.signature(function)
    assert inspect.isclass(function) or signature.return_annotation is not signature.empty
    for name, parameter in signature.parameters.items():
        if name in ("self", "itemsize"):  # the module says what an itemsize is
            continue
        inherited = "Arguments" in function.__doc__  # "Arguments … are those of …"
        assert inherited or name in function.__doc__
        assert parameter.annotation is not parameter.empty


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
        ({"length": "3"}, TypeError, "length: expected a number, got '3'"),
        ({"reach": 1.5}, TypeError, "reach: expected an integer, got 1.5"),
    ):
        with pytest.raises(error, match=message):
            oriented(0, **options)


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
    figures.use_style()
    return lambda function, *args, **options: (function(*args, **options), pictures[-1])[1]


def test_the_style_starts_no_shell_outside_a_notebook(drawn):
    assert get_ipython() is None  # the fixture has called use_style


def test_figures_are_the_same_bytes_each_time(drawn):
    photo = photograph()[:, :20, :30]
    for call in (
        (drawings.channel_columns,),
        (drawings.parallel_paths, ("in", [["1×1: 4"], []], "out"), ("in", [["3×3"]], "out")),
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


def test_rounding_noise_does_not_change_a_curve(drawn):
    runs = np.array([[1.0, 20, 97.3], [3.0, 24, 100]])
    plain = drawn(figures.show_curves, [1, 2, 4], {"a": runs}, "x", "y")
    for seed in range(3):
        noise = 1e-13 * np.random.default_rng(seed).normal(size=runs.shape)
        assert drawn(figures.show_curves, [1, 2, 4], {"a": runs * (1 + noise)}, "x", "y") == plain


def test_the_drawings_refuse_what_is_no_picture():
    for modules in ((), (("in", [], "out"),)):
        with pytest.raises(ValueError, match="modules: expected at least one, each with at least one path"):
            drawings.parallel_paths(*modules)
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
    with pytest.raises(TypeError, match=r"marks: expected booleans, got dtype float64 with shape \(4, 5\)"):
        figures.show_marks(np.ones((4, 5)), "yes", "no", "title")
    with pytest.raises(ValueError, match=r"marks: expected shape \(H, W\), got \(5,\)"):
        figures.show_marks(np.ones(5, bool), "yes", "no", "title")
    with pytest.raises(ValueError, match=r"images: expected shapes .*got one of \(2, 4, 5\)"):
        figures.show_images([np.ones((2, 4, 5))], ["a"])


def test_a_signed_picture_of_zeros_is_grey(drawn):
    assert b"data:image/png" in drawn(figures.show_images, [np.zeros((4, 5))], [""], signed=True)
