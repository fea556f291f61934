"""Fill, ZerosLike, OnesLike, Range, LinSpace, OneHot: cases, messages."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.filling import fill_op, lin_space_op, one_hot_op, range_op

FLOATS = ("float16", "bfloat16", "float32", "float64")


def test_a_negative_size_cannot_be_filled():
    with pytest.raises(InvalidArgumentError, match="Dimension -1 must be >= 0"):
        fill_op.body(np.array([2, -1]), np.float32(0))


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-9, 9))
def test_range_counts_as_pythons(start, limit, delta):
    assume(delta and (limit - start) * delta >= 0)
    bounds = [np.array(each, np.int32) for each in (start, limit, delta)]

    assert range_op.body(*bounds).tolist() == list(range(start, limit, delta))


@pytest.mark.parametrize(
    ("bounds", "phrase"),
    [
        ((0, 5, 0), "Requires delta != 0"),
        ((5, 3, 1), "Requires start <= limit when delta > 0: 5/3"),
        ((3, 5, -1), "Requires start >= limit when delta < 0: 3/5"),
    ],
)
def test_range_refuses_steps_that_lead_away(bounds, phrase):
    import minitf as tf

    with pytest.raises(InvalidArgumentError, match=phrase):
        range_op.body(*map(np.asarray, bounds))
    with pytest.raises(ValueError, match=phrase):
        tf.range(*bounds)


def test_lin_space_ends_exactly_at_its_stop():
    ends = np.float32(0.1), np.float32(0.7)

    assert lin_space_op.body(*ends, np.int32(7))[[0, -1]].tolist() == list(map(float, ends))


def test_a_hot_place_out_of_range_is_nowhere():
    hot = one_hot_op.body(np.array([1, -1, 3]), np.int32(3), np.int32(1), np.int32(0))

    assert hot.tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
