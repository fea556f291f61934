"""Kernels of extremes and their places: NumPy's answers, NaN and ties included."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import int32, int64
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.math import extremes, reductions

PLACES = {extremes.arg_max: ops.arg_max_op, extremes.arg_min: ops.arg_min_op}
VALUES = {reductions.greatest: ops.max_op, reductions.least: ops.min_op}
NUMBERS = [0.0, -0.0, 1.0, -2.0, np.inf, -np.inf, np.nan]


@pytest.fixture
def of_any_size(monkeypatch):
    monkeypatch.setattr(reductions, "LEAST", 1)
    monkeypatch.setattr(extremes, "LEAST", 1)


@st.composite
def arrays(draw):
    """Draw arrays of few numbers, so that many are tied, and an axis of at least one element."""
    shape = tuple(draw(st.lists(st.integers(1, 5), min_size=1, max_size=4)))
    size = int(np.prod(shape))
    numbers = draw(st.lists(st.sampled_from(NUMBERS), min_size=size, max_size=size))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    return np.array(numbers, dtype).reshape(shape), draw(st.integers(0, len(shape) - 1))


@pytest.mark.parametrize("kernel", PLACES)
@given(drawn=arrays(), index_type=st.sampled_from([int32, int64]))
@pytest.mark.usefixtures("of_any_size")
def test_the_first_of_equal_places_is_found_as_numpy_finds_it(kernel, drawn, index_type):
    x, axis = drawn

    found = kernel(x, np.int32(axis), output_type=index_type)

    assert found.dtype == index_type.numpy
    np.testing.assert_array_equal(found, PLACES[kernel].body(x, axis, output_type=index_type))


@pytest.mark.parametrize("kernel", VALUES)
@given(drawn=arrays(), more=st.booleans(), keep=st.booleans())
@pytest.mark.usefixtures("of_any_size")
def test_extremes_of_any_axes_are_numpys(kernel, drawn, more, keep):
    x, axis = drawn
    axes = np.int32([axis, *([axis + 1] if more and axis + 1 < x.ndim else [])])

    found = kernel(x, axes, keep_dims=keep)

    np.testing.assert_array_equal(found, VALUES[kernel].body(x, axes, keep_dims=keep))


@pytest.mark.parametrize(
    ("shape", "axes"), [((30_000, 7), 1), ((30_000, 7), 0), ((3, 900, 40), 1), ((70_000,), 0)]
)
def test_many_parts_agree_with_numpy(shape, axes, monkeypatch):
    monkeypatch.setattr(threads, "PART", 1 << 10)
    x = np.random.default_rng(6).integers(-50, 50, shape).astype(np.float32)

    for kernel, op in {**PLACES, **VALUES}.items():
        np.testing.assert_array_equal(kernel(x, np.int32(axes)), op.body(x, np.int32(axes)))
