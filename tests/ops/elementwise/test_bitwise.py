"""Bits: worked examples and laws of two's complement."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import anything, whole


def test_bits_are_combined_place_by_place():
    x, y = np.uint8([0b1100]), np.uint8([0b1010])

    assert ops.bitwise_and_op.body(x, y) == 0b1000
    assert ops.bitwise_or_op.body(x, y) == 0b1110
    assert ops.bitwise_xor_op.body(x, y) == 0b0110
    assert ops.invert_op.body(x) == 0b11110011
    assert ops.population_count_op.body(x) == 2


def test_shifts_keep_the_sign_and_stay_within_the_number():
    x = np.int8([-8, -8, 5, 5])

    assert ops.right_shift_op.body(x, np.int8([1, 100, 1, 100])).tolist() == [-4, -1, 2, 0]
    assert ops.left_shift_op.body(x, np.int8([1, 7, 1, -3])).tolist() == [-16, 0, 10, 5]


def test_all_bits_of_minus_one_are_set():
    for dtype in (np.int8, np.int16, np.int32, np.int64):
        count = ops.population_count_op.body(np.full((2, 1), -1, dtype)[:, ::1])
        assert count.tolist() == [[np.dtype(dtype).itemsize * 8]] * 2
        assert count.dtype == np.uint8


@given(x=anything((6,), "int32"), y=anything((6,), "int32"))
def test_de_morgan_and_the_sum_of_bits(x, y):
    both, either = ops.bitwise_and_op.body(x, y), ops.bitwise_or_op.body(x, y)
    inverse = ops.invert_op.body

    np.testing.assert_array_equal(inverse(both), ops.bitwise_or_op.body(inverse(x), inverse(y)))
    np.testing.assert_array_equal(both.astype(int) + either, x.astype(int) + y)


@given(x=whole((5,), np.int64, -1000, 1000), y=whole((5,), np.int64, 0, 9))
def test_shifts_multiply_and_divide_by_powers_of_two(x, y):
    np.testing.assert_array_equal(ops.left_shift_op.body(x, y), x * 2**y)
    np.testing.assert_array_equal(ops.right_shift_op.body(x, y), x // 2**y)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(InvalidArgumentError, match=r"Incompatible shapes: \[2\] vs. \[3\]"):
        ops.bitwise_and_op.body(np.zeros(2, int), np.zeros(3, int))
