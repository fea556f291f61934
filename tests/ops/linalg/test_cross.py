"""Cross: the axes, its laws, what it refuses."""

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import FailedPreconditionError, InvalidArgumentError
from minitf.ops.linalg.cross import cross_op
from minitf.testing.strategies import whole

X, Y, Z = np.eye(3, dtype=np.int32)


def test_the_axes_turn_into_each_other():
    made = cross_op.body(np.stack([X, Y, Z]), np.stack([Y, Z, X]))

    np.testing.assert_array_equal(made, [Z, X, Y])


@given(a=whole((2, 3), np.int64), b=whole((2, 3), np.int64))
def test_the_product_is_orthogonal_to_both_and_turns_with_their_order(a, b):
    made = cross_op.body(a, b)

    assert not (made * a).sum(-1).any()
    assert not (made * b).sum(-1).any()
    np.testing.assert_array_equal(cross_op.body(b, a), -made)


def test_bytes_wrap_around():
    assert cross_op.body(np.uint8([1, 2, 3]), np.uint8([3, 5, 3])).tolist() == [247, 6, 255]


def test_other_vectors_are_refused():
    with pytest.raises(FailedPreconditionError, match="only defined for 3-element vectors"):
        cross_op.body(np.ones(2), np.ones(2))
    with pytest.raises(InvalidArgumentError, match="Both inputs must be of same shape"):
        cross_op.body(np.ones((2, 3)), np.ones(3))
    with pytest.raises(InvalidArgumentError, match="Input must be at least 1D"):
        cross_op.body(np.float32(1), np.float32(1))
