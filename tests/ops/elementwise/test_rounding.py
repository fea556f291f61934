"""Floor, Ceil, Rint, Round: cases, and where halves go."""

import numpy as np
from hypothesis import given

from minitf import ops
from minitf.testing.strategies import real


@given(x=real((4,)))
def test_a_number_lies_between_its_floor_and_its_ceiling(x):
    low, high = ops.floor_op.body(x), ops.ceil_op.body(x)

    assert np.all((low <= x) & (x <= high) & (high - low <= 1))
    assert np.all(np.abs(ops.round_op.body(x) - x) <= 0.5)


def test_halves_go_to_the_even_number():
    halves = np.float32([-1.5, -0.5, 0.5, 1.5, 2.5])

    assert ops.round_op.body(halves).tolist() == [-2, 0, 0, 2, 2]
    assert ops.rint_op.body(halves).tolist() == [-2, 0, 0, 2, 2]
