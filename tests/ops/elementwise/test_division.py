"""Quotients and remainders: cases, the law that joins them, zeros."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import INTEGERS, as_dtype
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import dtype_names, whole

ALL_INTEGERS = [ops.div_op, ops.truncate_div_op, ops.floor_div_op, ops.floor_mod_op]


@pytest.mark.parametrize("op", [*ALL_INTEGERS, ops.mod_op], ids=lambda op: op.name)
def test_integers_are_not_divided_by_zero(op):
    with pytest.raises(InvalidArgumentError, match="Integer division by zero"):
        op.body(np.int32([1, 2]), np.int32([1, 0]))


@given(data=st.data())
def test_quotient_times_divisor_plus_remainder_is_the_number(data):
    dtype = as_dtype(data.draw(dtype_names(INTEGERS))).numpy
    x, y = data.draw(whole((4,), dtype, 0, 8)), data.draw(whole((4,), dtype, 1, 5))
    if dtype.kind == "i":
        x, y = x * data.draw(whole((4,), dtype, -1, 1)), y * data.draw(st.sampled_from([-1, 1]))
    for divide, remainder in (
        (ops.floor_div_op, ops.floor_mod_op),
        (ops.truncate_div_op, np.fmod),
    ):
        rest = getattr(remainder, "body", remainder)(x, y)

        np.testing.assert_array_equal(divide.body(x, y) * y + rest, x)


def test_floor_rounds_down_and_truncation_towards_zero():
    x, y = np.int32([7, -7, 7, -7]), np.int32([2, 2, -2, -2])

    assert ops.floor_div_op.body(x, y).tolist() == [3, -4, -4, 3]
    assert ops.truncate_div_op.body(x, y).tolist() == [3, -3, -3, 3]
    assert ops.floor_mod_op.body(x, y).tolist() == [1, 1, -1, -1]


@given(x=whole((3,), np.int64, -(2**62), 2**62), y=whole((3,), np.int64, 1, 9))
def test_large_integers_are_divided_exactly(x, y):
    expected = [abs(int(a)) // int(b) * (1 if a >= 0 else -1) for a, b in zip(x, y, strict=True)]

    assert ops.truncate_div_op.body(x, y).tolist() == expected


def test_no_nan_division_of_anything_by_zero_is_zero():
    x = np.float32([0, 1, np.inf, np.nan])
    with np.errstate(all="ignore"):
        assert ops.div_no_nan_op.body(x, np.zeros(4, np.float32)).tolist() == [0, 0, 0, 0]
        assert ops.mul_no_nan_op.body(x, np.zeros(4, np.float32)).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("op", [ops.floor_mod_op, ops.floor_div_op, ops.truncate_mod_op])
def test_where_there_are_no_elements_nothing_is_divided_by_zero(op):
    nothing = op.body(np.zeros((0, 2), np.int32), np.array(0, np.int32))

    assert nothing.shape == (0, 2)
