"""ReverseV2, Reverse, ReverseSequence, Roll: cases, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.reversing import reverse_sequence_op, reverse_v2_op, roll_op
from minitf.testing.array_cases import arrays_of
from minitf.testing.strategies import whole


@given(x=arrays_of(("int32",), min_dims=1))
def test_reversing_twice_changes_nothing(x):
    axis = np.array([0])

    np.testing.assert_array_equal(reverse_v2_op.body(reverse_v2_op.body(x, axis), axis), x)


@given(x=whole((3, 5)), shift=st.integers(-9, 9))
def test_rolling_back_changes_nothing(x, shift):
    there = roll_op.body(x, np.array(shift), np.array(1))

    np.testing.assert_array_equal(roll_op.body(there, np.array(-shift), np.array(1)), x)


def test_each_sequence_is_turned_up_to_its_length():
    x = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])

    turned = reverse_sequence_op.body(x, np.array([3, 0]), seq_dim=1)
    assert turned.tolist() == [[3, 2, 1, 4], [5, 6, 7, 8]]


def test_what_reversing_refuses():
    x = np.zeros((2, 3))
    with pytest.raises(InvalidArgumentError, match=r"'axis'\[0\] = 2 is out of valid range \[0, 1"):
        reverse_v2_op.body(x, np.array([2]))
    with pytest.raises(InvalidArgumentError, match=r"axis 1 specified more than once"):
        reverse_v2_op.body(x, np.array([1, -1]))
    with pytest.raises(InvalidArgumentError, match=r"seq_lens\(1\) > input.dims\(1\)"):
        reverse_sequence_op.body(x, np.array([3, 4]), seq_dim=1)
    with pytest.raises(InvalidArgumentError, match="batch_dim == seq_dim == 0"):
        reverse_sequence_op.body(x, np.array([1, 1]), seq_dim=0)
    with pytest.raises(InvalidArgumentError, match="shift and axis must have the same size"):
        roll_op.body(x, np.array([1, 2]), np.array([0]))
