"""Checkers for the exercises: they tell right from wrong and say where to look again, never the answer.

The right answer is not written down: the checker runs the experiment, or the reference, and compares.
"""

from collections.abc import Callable, Iterable

import numpy as np

__all__ = ["check_function", "check_prediction"]

UNANSWERED = "Not answered yet: replace the three dots, then run the cell again."


def check_prediction(guess: object, experiment: Callable, look_again: str) -> None:
    """Compare a guess with what an experiment gives, and print the verdict.

    Args:
        guess: the reader's number, truth value or tuple; ``...`` (the stub) counts as unanswered.
        experiment: called without arguments; returns what really happens.
        look_again: a hint, printed when the guess is wrong.

    >>> check_prediction(4, lambda: 2 + 2, "Count on your fingers.")
    Right: the experiment gives 4 too.
    >>> check_prediction(5, lambda: 2 + 2, "Count on your fingers.")
    Not yet: you said 5, the experiment disagrees. Count on your fingers.
    >>> check_prediction(..., lambda: 2 + 2, "Count on your fingers.")
    Not answered yet: replace the three dots, then run the cell again.
    """
    if guess is ...:
        print(UNANSWERED)
    elif _same(guess, experiment()):
        print(f"Right: the experiment gives {guess} too.")
    else:
        print(f"Not yet: you said {guess}, the experiment disagrees. {look_again}")


def check_function(attempt: Callable, reference: Callable, cases: Iterable[tuple], look_again: str) -> None:
    """Call the reader's function and the reference on the same arguments, and print the verdict.

    Args:
        attempt: the reader's function; returning ``...`` (the stub) counts as unanswered.
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
        try:
            got = attempt(*arguments)
        except Exception as error:  # whatever a reader's code may raise is worth reading, not a traceback
            fault = f"your function raised {type(error).__name__}: {error}"
        else:
            if got is ...:
                print(UNANSWERED)
                return
            fault = _fault(got, reference(*arguments))
        if fault:
            print(f"Not yet: in case {number} of {len(cases)} {fault}. {look_again}")
            return
    print(f"Right: your function agrees with the reference in all {len(cases)} cases.")


def _fault(got, expected) -> str:
    """What is wrong with a result, in words; empty if nothing is."""
    if got is None:
        return "your function returned nothing (is there a `return`?)"
    if _shape(got) != _shape(expected):
        return f"your result has shape {_shape(got)}, the reference {_shape(expected)}"
    return "" if _same(got, expected) else "the values differ"


def _shape(value) -> tuple[int, ...] | str:
    try:
        return np.shape(value)
    except ValueError:  # rows of different lengths: a reader's slip, not ours
        return "ragged"


def _same(got, expected) -> bool:
    if _shape(got) != _shape(expected):
        return False
    try:
        return bool(np.allclose(np.asarray(got, float), np.asarray(expected, float)))
    except (TypeError, ValueError):  # words, or other things that are no numbers
        return got == expected
