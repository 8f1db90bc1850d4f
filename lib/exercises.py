"""Checkers for the exercises: they tell right from wrong and say where to look again, never the answer.

The right answer is not written down: the checker runs the experiment, or the reference, and compares. Whole numbers
and words must be equal; other numbers, which rounding touches, must agree to five digits.
"""

import copy
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

__all__ = ["check_function", "check_prediction"]

UNANSWERED = "Not answered yet: replace the three dots, then run the cell again."


def check_prediction(guess: object, experiment: Callable, look_again: str) -> None:
    """Compare a guess with what an experiment gives, and print the verdict.

    Args:
        guess: the reader's number, truth value or tuple; ``...`` (the stub) counts as unanswered.
        experiment: called without arguments; returns what really happens. Whole numbers are judged to the last one.
        look_again: a hint, printed when the guess is wrong.

    >>> check_prediction(4, lambda: 2 + 2, "Count on your fingers.")
    Right: the experiment gives 4 too.
    >>> check_prediction(5, lambda: 2 + 2, "Count on your fingers.")
    Not yet: you said 5, the experiment disagrees. Count on your fingers.
    >>> check_prediction(..., lambda: 2 + 2, "Count on your fingers.")
    Not answered yet: replace the three dots, then run the cell again.
    """
    if guess is ... or (isinstance(guess, tuple | list) and any(part is ... for part in guess)):
        print(UNANSWERED)
    elif _same(guess, experiment()):
        print(f"Right: the experiment gives {guess} too.")
    else:
        print(f"Not yet: you said {guess}, the experiment disagrees. {look_again}")


def check_function(attempt: Callable, reference: Callable, cases: Iterable[tuple], look_again: str) -> None:
    """Call the reader's function and the reference on equal arguments, each on its own copy, and print the verdict.

    Args:
        attempt: the reader's function; returning ``...`` (the stub) counts as unanswered. It may change its arguments.
        reference: the function it should agree with.
        cases: tuples of arguments.
        look_again: a hint, printed when the result is wrong or missing.

    Raises:
        ValueError: there are no cases, so that no function could fail.

    >>> check_function(lambda a: a + a, lambda a: 2 * a, [(1,), (2.5,)], "Think of doubling.")
    Right: your function agrees with the reference in all 2 cases.
    >>> check_function(lambda a: a * a, lambda a: 2 * a, [(2,), (3,)], "Think of doubling.")
    Not yet: in case 2 of 2 the values differ. Think of doubling.
    """
    cases = list(cases)
    if not cases:
        raise ValueError("cases: expected at least one tuple of arguments, got none")
    for number, arguments in enumerate(cases, 1):
        # Before the attempt, which may change what it is given; and away from the reference, which may, too.
        mine, theirs = _copy(tuple(arguments)), _copy(tuple(arguments))
        try:
            got = attempt(*mine)
        except Exception as error:  # whatever a reader's code may raise is worth reading, not a traceback
            fault = f"your function raised {type(error).__name__}: {error}"
        else:
            if got is ...:
                print(UNANSWERED)
                return
            fault = _fault(got, reference(*theirs))
        if fault:
            print(f"Not yet: in case {number} of {len(cases)} {fault}. {look_again}")
            return
    print(f"Right: your function agrees with the reference in all {len(cases)} cases.")


def _copy(value: Any) -> Any:
    """``value`` anew, sharing nothing. A tensor in the middle of a computation can only be copied out of it."""
    if type(value) in (tuple, list):
        return type(value)(map(_copy, value))
    if getattr(value, "is_leaf", True):
        return copy.deepcopy(value)
    return value.detach().clone().requires_grad_()


def _fault(got: Any, expected: Any) -> str:
    """What is wrong with a result, in words; empty if nothing is."""
    if got is None:
        return "your function returned nothing (is there a `return`?)"
    if _shape(got) != _shape(expected):
        return f"your result has shape {_shape(got)}, the reference {_shape(expected)}"
    return "" if _same(got, expected) else "the values differ"


def _array(value: Any) -> np.ndarray:
    """``value`` as an array; of a tensor its numbers, without what PyTorch keeps for gradients."""
    if isinstance(value, tuple | list):
        value = [_array(part) for part in value]
    return np.asarray(value.detach().cpu().resolve_conj() if hasattr(value, "detach") else value)


def _shape(value: Any) -> tuple[int, ...] | str:
    try:
        return _array(value).shape
    except ValueError:  # rows of different lengths: a reader's slip, not ours
        return "ragged"


def _same(got: Any, expected: Any) -> bool:
    """Whether two results agree; of a tuple each part is judged as what it is."""
    if _shape(got) != _shape(expected):
        return False
    if isinstance(expected, tuple | list):
        return all(map(_same, got, expected))
    got, expected = _array(got), _array(expected)
    try:
        kind = complex if "c" in (got.dtype.kind, expected.dtype.kind) else float
        values, targets = got.astype(kind), expected.astype(kind)
    except (TypeError, ValueError):  # words, or other things that are no numbers
        return bool(np.all(got == expected))
    if got.dtype.kind in "biu" and expected.dtype.kind in "biu":
        return bool(np.all(got == expected))
    size = np.abs(targets[np.isfinite(targets)]).max(initial=0)
    whole = bool(np.all(targets == np.round(targets)))
    close = {"rtol": 1e-12, "atol": 1e-6} if whole else {"rtol": 1e-5, "atol": 1e-6 * size}
    return bool(np.allclose(values, targets, equal_nan=True, **close))
