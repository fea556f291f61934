"""Comparisons and logic: cases, the laws of order and of truth, NaN."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import anything, whole


@given(x=anything((4,), "float32"), y=anything((4,), "float32"))
def test_numbers_are_less_equal_or_greater_unless_one_is_nan(x, y):
    ordered = [op.body(x, y) for op in (ops.less_op, ops.equal_op, ops.greater_op)]
    has_nan = ops.is_nan_op.body(x) | ops.is_nan_op.body(y)

    np.testing.assert_array_equal(np.sum(ordered, axis=0), np.where(has_nan, 0, 1))
    np.testing.assert_array_equal(ops.not_equal_op.body(x, y), ~ops.equal_op.body(x, y))


@given(x=whole((5,), bool, 0, 1), y=whole((5,), bool, 0, 1))
def test_negation_turns_and_into_or(x, y):
    turn = ops.logical_not_op.body

    np.testing.assert_array_equal(
        turn(ops.logical_and_op.body(x, y)), ops.logical_or_op.body(turn(x), turn(y))
    )


def test_shapes_that_do_not_fit_are_an_error_or_simply_unequal():
    x, y = np.zeros(2), np.zeros(3)

    assert not ops.equal_op.body(x, y, incompatible_shape_error=False)
    assert ops.not_equal_op.body(x, y, incompatible_shape_error=False)
    with pytest.raises(InvalidArgumentError, match="Incompatible shapes"):
        ops.equal_op.body(x, y)


def test_near_numbers_are_of_one_shape():
    with pytest.raises(InvalidArgumentError, match="must be of the same shape"):
        ops.approximate_equal_op.body(np.zeros(2), np.zeros(1))
