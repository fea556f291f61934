"""Softmax, LogSoftmax: laws of probabilities, numerical care."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.nn.softmax import log_softmax_op, softmax_op
from minitf.testing.strategies import real


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
