"""Limits and neighbours: worked examples, what is refused."""

import numpy as np
import pytest

from minitf import ops
from minitf.errors import InvalidArgumentError


def test_numbers_outside_the_limits_become_the_limit():
    clip = ops.clip_by_value_op.body

    assert clip(np.int32([-3, 0, 7]), np.int32(-1), np.int32([2, 2, 5])).tolist() == [-1, 0, 5]
    with pytest.raises(InvalidArgumentError, match="either of the same shape as input, or a"):
        clip(np.zeros(3), np.zeros(2), np.zeros(()))


def test_the_neighbour_of_one_is_an_epsilon_away():
    one = np.float32([1, 1, 1])

    found = ops.next_after_op.body(one, np.float32([2, 1, 0]))

    assert (found - one).tolist() == [2.0**-23, 0, -(2.0**-24)]
    with pytest.raises(InvalidArgumentError, match=r"Incompatible shapes: \[3\] vs. \[2\]"):
        ops.next_after_op.body(one, one[:2])
