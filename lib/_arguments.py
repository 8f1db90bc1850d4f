"""Checks shared by the modules: every error names the argument, what was expected and what came."""

from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

IntOrPair = int | tuple[int, int]
KINDS = {"numbers": "iufc", "real numbers": "iuf", "integers": "iu"}  # of NumPy's types


def array(name: str, value: ArrayLike, ndim: tuple[int, ...], axes: str, of: str = "numbers") -> np.ndarray:
    """``value`` as an array of an allowed rank and kind of numbers; ``axes`` describes it in the message."""
    try:
        out = np.asarray(value)
    except (ValueError, TypeError, RuntimeError) as error:
        raise ValueError(f"{name}: expected an array of shape {axes}, got what NumPy cannot read: {error}") from None
    if out.dtype.kind not in KINDS[of]:
        raise TypeError(f"{name}: expected {of}, got dtype {out.dtype} with shape {out.shape}")
    if out.ndim not in ndim:
        raise ValueError(f"{name}: expected shape {axes}, got {out.ndim} axes: {out.shape}")
    return out


def image(value: ArrayLike, of: str = "numbers") -> np.ndarray:
    """An input of shape (C, H, W) or (N, C, H, W); of its axes only N may be empty, as in PyTorch."""
    out = array("input", value, (3, 4), "(C, H, W) or (N, C, H, W)", of)
    if 0 in out.shape[-3:]:
        raise ValueError(f"input: expected at least one channel and one pixel, got shape {out.shape}")
    return out


def integer(name: str, value: object, least: int) -> int:
    """``value`` as an int of at least ``least``; bool is refused, NumPy integers are welcome."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(f"{name}: expected an integer, got {value!r}")
    if value < least:
        raise ValueError(f"{name}: expected at least {least}, got {value}")
    return int(value)


def positives(**values: object) -> tuple[int, ...]:
    """Each value as an int of at least 1; the keywords are the names to blame."""
    return tuple(integer(name, value, 1) for name, value in values.items())


def boolean(name: str, value: object) -> bool:
    """``value`` as a bool; nothing else passes for one."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}: expected True or False, got {value!r}")
    return bool(value)


def one_of(name: str, value: object, allowed: tuple[str | None, ...]) -> None:
    """Refuse what is not one of a few words, or None where None is allowed."""
    if not (value is None or isinstance(value, str)) or value not in allowed:
        raise ValueError(f"{name}: expected one of {allowed}, got {value!r}")


def finite(name: str, value: object) -> float:
    """``value`` as a float, neither infinite nor NaN."""
    return _number(name, value, "a finite number", lambda number: abs(number) < float("inf"))


def positive(name: str, value: object) -> float:
    """``value`` as a float above 0, and finite."""
    return _number(name, value, "a finite number above 0", lambda number: 0 < number < float("inf"))


def probability(name: str, value: object) -> float:
    """``value`` as a float from 0 to 1."""
    return _number(name, value, "a probability from 0 to 1", lambda number: 0 <= number <= 1)


def _number(name: str, value: object, expected: str, fits: Callable[[float], bool]) -> float:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name}: expected {expected}, got {value!r}")
    if not fits(float(value)):
        raise ValueError(f"{name}: expected {expected}, got {value}")
    return float(value)


def pair(name: str, value: object, least: int) -> tuple[int, int]:
    """An integer, or two of them (height, width), each at least ``least``."""
    if not isinstance(value, tuple | list):
        return (integer(name, value, least),) * 2
    if len(value) != 2:
        raise ValueError(f"{name}: expected an integer or a pair (height, width), got {value!r}")
    return integer(name, value[0], least), integer(name, value[1], least)


def sequence(name: str, values: Any, of: str) -> list:
    """``values`` as a list; ``of`` says in the message what should be in it. A string is no sequence here."""
    values = values.tolist() if isinstance(values, np.ndarray) else values
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        raise TypeError(f"{name}: expected a sequence of {of}, got {values!r}")
    return list(values)


def measures(name: str, results: Any, chosen: Any, of: str = "results") -> list[str]:
    """``chosen`` as a list of measures that every network has in ``results``, the argument ``of``: runs by measure."""
    if not isinstance(results, Mapping) or not all(isinstance(runs, Mapping) for runs in results.values()):
        raise TypeError(f"{of}: expected runs by measure by network, got {results!r:.80}")
    names = sequence(name, chosen, "names")
    for runs in results.values():
        for measure in names:
            if not isinstance(measure, str) or measure not in runs:
                raise ValueError(f"{name}: expected measures of every network, got {measure!r}, which is not there")
    return names


def shape(name: str, value: object, lengths: tuple[int, ...], axes: str) -> tuple[int, ...]:
    """``value`` as a tuple of positive integers of an allowed length; ``axes`` describes it in the message."""
    if not isinstance(value, tuple | list):
        raise TypeError(f"{name}: expected a tuple {axes}, got {value!r}")
    if len(value) not in lengths:
        raise ValueError(f"{name}: expected {axes}, got {tuple(value)}")
    return tuple(integer(name, n, 1) for n in value)


def layers(name: str, values: object, count: int | None) -> list[int]:
    """One positive integer a layer; where ``count`` is given one alone stands for all ``count`` layers."""
    if count is not None and not isinstance(values, Sequence | np.ndarray):
        values = [values] * count
    values = sequence(name, values, "integers, one a layer")
    if count is not None and len(values) != count:
        raise ValueError(f"{name}: expected {count} values, one for each kernel_size, got {len(values)}: {values!r}")
    return [integer(name, value, 1) for value in values]


def examples(name: str, value: object) -> tuple[np.ndarray, np.ndarray]:
    """A pair of real images (N, C, H, W) and integer labels (N,), at least one of each."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"{name}: expected a pair (images, labels), got {type(value).__name__}")
    images = array(f"{name} images", value[0], (4,), "(N, C, H, W)", "real numbers")
    labels = array(f"{name} labels", value[1], (1,), "(N,)", "integers")
    if len(images) != len(labels) or images.size == 0:
        raise ValueError(f"{name}: expected one label for each image, got {images.shape} and {labels.shape}")
    return images, labels


def weight(name: str, value: ArrayLike, bias_name: str, bias: ArrayLike | None) -> tuple[np.ndarray, np.ndarray | None]:
    """A weight (C_out, C_in / groups, kH, kW) with its bias (C_out,), or None."""
    weight = array(name, value, (4,), "(C_out, C_in / groups, kH, kW)")
    if 0 in weight.shape:
        raise ValueError(f"{name}: expected no empty axis, got shape {weight.shape}")
    if bias is None:
        return weight, None
    bias = array(bias_name, bias, (1,), "(C_out,)")
    if len(bias) != len(weight):
        raise ValueError(f"{bias_name}: expected shape {weight.shape[:1]} for {name} {weight.shape}, got {bias.shape}")
    return weight, bias


def divisor(name: str, value: object, c_in: int, c_out: int, shapes: str) -> int:
    """``value`` as a number of groups that both the input and the output channels can be split into."""
    groups = integer(name, value, 1)
    if c_in % groups or c_out % groups:
        raise ValueError(
            f"{name}: expected a divisor of {c_in} input and {c_out} output channels, got {groups} ({shapes})"
        )
    return groups
