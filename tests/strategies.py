"""Random layers for the tests of lib, and how many of them."""

import os

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

THOROUGH = os.environ.get(
    "CI"
)  # set by GitHub's workflows and by .ci/run; a save need not wait for thousands of layers

small = st.integers(1, 3)
pairs = st.one_of(small, st.tuples(small, small))


def often(examples: int) -> settings:
    """So many examples in CI, a twentieth of them elsewhere."""
    return settings(deadline=None, max_examples=examples if THOROUGH else max(10, examples // 20))


@st.composite
def layers(draw, most=11, batches=((), (0,), (1,), (2,))):
    """Arguments of one layer: every axis another size, the extremes included, in any order in memory, both types."""
    groups, kernel = draw(small), (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    stride, dilation = draw(pairs), draw(pairs)
    if draw(st.booleans()):
        dilation = draw(st.integers(4, 9))
    padding = draw(st.one_of(st.integers(0, 2), st.tuples(st.integers(0, 2), st.integers(0, 2)), st.just("valid")))
    if both(stride) == (1, 1) and draw(st.booleans()):
        padding = "same"
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, both(dilation), strict=True)]
    height, width = (draw(st.one_of(st.just(r), st.integers(r, max(r, most)))) for r in reach)
    c_in, c_out = (groups * draw(st.sampled_from([1, 2, 3, 5])) for _ in range(2))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    batch = draw(st.sampled_from(batches))
    x = stored(draw, rng.normal(size=(*batch, c_in, height, width)).astype(dtype))
    weight = stored(draw, rng.normal(size=(c_out, c_in // groups, *kernel)).astype(dtype))
    bias = rng.normal(size=c_out).astype(dtype) if draw(st.booleans()) else None
    return x, weight, bias, stride, padding, dilation, groups


def both(value):
    return value if isinstance(value, tuple) else (value, value)


def stored(draw, array):
    """The same numbers in another order in memory: reversed axes, Fortran's, every second one, read-only."""
    order = draw(st.sampled_from(["C", "F", "reversed", "every second", "read-only"]))
    if order == "reversed":
        return np.flip(np.flip(array).copy())
    if order == "every second":
        return np.repeat(array, 2, axis=-1)[..., ::2]
    array = np.array(array, order="F" if order == "F" else "C")
    array.flags.writeable = order != "read-only"
    return array
