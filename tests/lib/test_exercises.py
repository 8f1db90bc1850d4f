"""The checkers of exercises: fair to every way of being right, and to no way of being wrong."""

import numpy as np
import pytest
import torch

from lib.exercises import check_function, check_prediction


def test_a_check_that_could_not_fail_is_refused():
    with pytest.raises(ValueError, match=r"^cases: expected at least one tuple of arguments, got none$"):
        check_function(len, len, [], "")


@pytest.mark.parametrize(
    ("guess", "truth", "verdict"),
    [
        (..., 3, "Not answered yet"),
        (3, 3, "Right"),
        (np.int64(3), 3, "Right"),
        (2, 3, "Not yet"),
        ((20, 30), (20, 30), "Right"),
        ([20, 30], np.array([20, 30]), "Right"),
        ((20,), (20, 30), "Not yet"),
        (20, (20, 20), "Not yet"),
        ((20, (30, 40)), (20, 30, 40), "Not yet"),
        (0.1 + 0.2, 0.3, "Right"),
        (True, True, "Right"),
        ("one", 1, "Not yet"),
        ("3", 3, "Right"),
        (3, "3", "Right"),
        (None, 1, "Not yet"),
        ((..., 30), (20, 30), "Not answered yet"),
        # Whole numbers are counts, also where NumPy made them floats, and in a tuple beside what is none.
        (25_557_000, 25_557_032, "Not yet"),
        (25_557_032.0, 25_557_032, "Right"),
        (25_557_031.5, 25_557_032, "Not yet"),
        (25_557_000, 25_557_032.0, "Not yet"),
        (25_557_000, np.float64(25_557_032), "Not yet"),
        ((25_557_000, 0.3), (25_557_032, 0.3), "Not yet"),
        ((25_557_032, 0.300001), (25_557_032, 0.3), "Right"),
        ([64, 65], np.array([64, 64]), "Not yet"),
        # Other numbers agree to five digits, however small they are.
        (0.3333, 1 / 3, "Not yet"),
        (0.333333, 1 / 3, "Right"),
        (2e-9, 1e-9, "Not yet"),
        (np.float32(0.1), 0.1, "Right"),
        (float("nan"), float("nan"), "Right"),
        (1.5, float("inf"), "Not yet"),
        # Complex numbers have two parts.
        (1 + 2j, 1 + 3j, "Not yet"),
        (1 + 2j, 1, "Not yet"),
        (1, 1 + 2j, "Not yet"),
        (1 + 2j, 1 + 2j, "Right"),
        ("4d", "4d", "Right"),
        ("4e", "4d", "Not yet"),
        (torch.ones(3, requires_grad=True), [1, 1, 1], "Right"),
        ([1, 1, 1], torch.ones(3, requires_grad=True) * 2, "Not yet"),
    ],
)
def test_a_prediction_is_judged(capsys, guess, truth, verdict):
    check_prediction(guess, lambda: truth, "Look at the axes.")
    said = capsys.readouterr().out
    assert said.startswith(verdict)
    assert ("Look at the axes." in said) == (verdict == "Not yet")


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (lambda x: ..., "Not answered yet"),
        (lambda x: None, "Not yet: in case 1 of 2 your function returned nothing (is there a `return`?). Look again."),
        (lambda x: x.max(0), "Right: your function agrees with the reference in all 2 cases."),
        (lambda x: x.max(1), "Not yet: in case 1 of 2 your result has shape (4, 5), the reference (3, 5). Look again."),
        (lambda x: [1, [2]], "Not yet: in case 1 of 2 your result has shape ragged, the reference (3, 5). Look again."),
        (lambda x: x.min(0), "Not yet: in case 1 of 2 the values differ. Look again."),
        (lambda x: x.max(0) if len(x) == 4 else x[0], "Not yet: in case 2 of 2 the values differ. Look again."),
        (
            lambda x: x.maximum(),
            "Not yet: in case 1 of 2 your function raised AttributeError: 'numpy.ndarray' object has no",
        ),
    ],
)
def test_a_function_is_judged(capsys, attempt, said):
    rng = np.random.default_rng(0)
    cases = [(rng.normal(size=(4, 3, 5)),), (rng.normal(size=(2, 3, 5)),)]
    check_function(attempt, lambda x: x.max(0), cases, "Look again.")
    assert capsys.readouterr().out.startswith(said)


def relu(x):
    return x * (x > 0)


def erase(x):
    x[...] = 0
    return x


def double_in_place(x):
    x *= 2
    return x


def both(x):
    return x.sum(), [x.max(), x.min()]


def spin(x):
    return x * 1j


@pytest.mark.parametrize(
    ("attempt", "reference", "verdict"),
    [
        (erase, relu, "Not yet: in case 1 of 2 the values differ."),
        (relu, erase, "Not yet: in case 1 of 2 the values differ."),
        (double_in_place, lambda x: 2 * x, "Right"),
        (lambda x: 2 * x, double_in_place, "Right"),
        (both, both, "Right"),
        (lambda x: (x.sum(), [x.max(), x.max()]), both, "Not yet: in case 1 of 2 the values differ."),
        (spin, spin, "Right"),
        (lambda x: -spin(x), spin, "Not yet: in case 1 of 2 the values differ."),
        (lambda x: x, spin, "Not yet: in case 1 of 2 the values differ."),
    ],
)
@pytest.mark.parametrize("kind", [np.array, torch.tensor], ids=["NumPy", "PyTorch"])
def test_attempt_and_reference_work_on_copies_of_their_own(capsys, attempt, reference, verdict, kind):
    numbers = ([1.5, -2.0, 3.0], [-1.0, 0.5, 4.0])
    cases = [(kind(case),) for case in numbers]
    check_function(attempt, reference, cases, "")
    assert capsys.readouterr().out.startswith(verdict)
    assert [case.tolist() for (case,) in cases] == list(numbers)


def test_tensors_with_gradients_are_copied_and_compared(capsys):
    leaf = torch.tensor([1.5, -2.0], requires_grad=True)
    for case in (leaf, 2 * leaf, torch.nn.Parameter(leaf.detach())):
        check_function(lambda x: x.clamp(min=0), torch.relu, [(case,)], "")
        assert capsys.readouterr().out.startswith("Right")
        check_function(lambda pair: pair[0].abs(), lambda pair: torch.relu(pair[0]), [((case, 1),)], "")
        assert capsys.readouterr().out.startswith("Not yet: in case 1 of 1 the values differ.")
    spun = torch.tensor([1 + 2j]).conj()  # its numbers are still to be worked out
    check_function(lambda x: x, torch.clone, [(spun,)], "")
    assert capsys.readouterr().out.startswith("Right")


def test_random_generators_start_alike(capsys):
    check_function(lambda rng: rng.normal(size=3), lambda rng: rng.normal(size=3), [(np.random.default_rng(0),)], "")
    assert capsys.readouterr().out.startswith("Right")
