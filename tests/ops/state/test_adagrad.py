"""Adagrad's steps: the formula by hand, rows one after the other, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from variable_steps import changed

import minitf as tf
from minitf import ops
from minitf.testing.strategies import real, whole

DENSE = (ops.apply_adagrad_op, ops.resource_apply_adagrad_op)
SPARSE = (ops.sparse_apply_adagrad_op, ops.resource_sparse_apply_adagrad_op)
RATE = np.float64(0.5)


def by_hand(var, accum, grad, *, update_slots=True):
    accum = accum + grad * grad if update_slots else accum
    return var - grad * RATE / np.sqrt(accum), accum


@given(data=st.data(), update_slots=st.booleans())
def test_a_step_divides_by_the_root_of_the_sum_of_squares(data, update_slots):
    shape = data.draw(st.sampled_from([(), (0,), (3,), (2, 3)]))
    var, grad = data.draw(real(shape)), data.draw(real(shape))
    accum = data.draw(real(shape, low=0.125))
    want = by_hand(var, accum, grad, update_slots=update_slots)

    for op_def in DENSE:
        got = changed(op_def, (var, accum, RATE, grad), update_slots=update_slots)
        np.testing.assert_array_equal(got[0], want[0])
        np.testing.assert_array_equal(got[1], want[1])


@given(data=st.data(), update_slots=st.booleans())
def test_rows_are_stepped_one_after_the_other(data, update_slots):
    rows, count = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 4))
    var, accum = data.draw(real((rows, 2))), data.draw(real((rows, 2), low=0.125))
    indices = data.draw(whole((count,), np.int64, 0, rows - 1))
    grad = data.draw(real((count, 2)))
    want_var, want_accum = var.copy(), accum.copy()
    for row, slope in zip(indices, grad, strict=True):
        want_var[row], want_accum[row] = by_hand(
            want_var[row], want_accum[row], slope, update_slots=update_slots
        )

    for op_def in SPARSE:
        got = changed(op_def, (var, accum, RATE, grad, indices), update_slots=update_slots)
        np.testing.assert_array_equal(got[0], want_var)
        np.testing.assert_array_equal(got[1], want_accum)


def test_gradients_of_another_shape_are_refused():
    for op_def in DENSE:
        with pytest.raises(tf.errors.InvalidArgumentError):
            changed(op_def, (np.ones(3), np.ones(3), RATE, np.ones(2)))
    for op_def in SPARSE:
        with pytest.raises(tf.errors.InvalidArgumentError, match="grad must have shape"):
            changed(
                op_def, (np.ones((3, 2)), np.ones((3, 2)), RATE, np.ones((1, 3)), np.array([0]))
            )


def test_a_row_that_does_not_exist_is_named():
    for op_def in SPARSE:
        case = np.ones((3, 1)), np.ones((3, 1)), RATE, np.ones((1, 1)), np.array([3])
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"= 3 is not in \[0, 3\)"):
            changed(op_def, case)
