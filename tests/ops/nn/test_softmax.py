"""Softmax, LogSoftmax: cases, laws of probabilities, numerical care."""

import numpy as np
import pytest
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import dtype_names, real, shapes

from minitf.dtypes import FLOATS, as_dtype
from minitf.errors import InvalidArgumentError
from minitf.ops.nn.softmax import log_softmax_op, softmax_op

CLASSES = 4  # at most, in the shapes drawn


@st.composite
def rows(draw):
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    logits = draw(real(draw(shapes(min_dims=1, max_dims=3)), dtype.numpy, -20, 20))
    # exp and log are within 2 ulp each, a sum of C terms within C, and the exponent's own rounding
    # (shifted logits of up to 40) counts 40 / 2 relative to the result
    return Case((logits,), ulps=CLASSES + 30, smooth=dtype.name == "float64", scale=1)


CASES = {"Softmax": rows(), "LogSoftmax": rows()}


@given(logits=real((3, 5)))
def test_rows_are_probabilities(logits):
    found = softmax_op.body(logits)

    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(-1), 1, rtol=1e-15)


@given(logits=real((2, 4)), shift=st.integers(-1000, 1000))
def test_adding_a_number_to_a_row_changes_nothing(logits, shift):
    found, moved = softmax_op.body(logits), softmax_op.body(logits + shift)

    np.testing.assert_allclose(moved, found, rtol=1e-11)


def test_scores_that_would_overflow_do_no_harm():
    huge = np.float32([[1e30, 0, 1e30], [-1e30, -1e30, -1e30]])

    assert softmax_op.body(huge).tolist() == [[0.5, 0, 0.5], [np.float32(1 / 3)] * 3]


def test_the_logarithm_is_exact_where_the_softmax_is_zero():
    logits = np.float32([[0, -200, -300]])

    assert softmax_op.body(logits).tolist() == [[1, 0, 0]]
    assert log_softmax_op.body(logits).tolist() == [[0, -200, -300]]


def test_a_scalar_has_no_rows():
    with pytest.raises(InvalidArgumentError, match="must be at least rank 1"):
        softmax_op.body(np.float32(1))
