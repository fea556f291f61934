"""BroadcastTo, BroadcastArgs, BroadcastGradientArgs, Tile, TileGrad: cases, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.broadcasting import (
    broadcast_args_op,
    broadcast_gradient_args_op,
    broadcast_to_op,
    tile_grad_op,
    tile_op,
)
from minitf.testing.strategies import broadcastable, whole


@given(broadcastable())
def test_summing_over_the_repeated_dimensions_undoes_the_shape(pair):
    s0, s1 = (np.array(shape, np.int32) for shape in pair)
    whole_shape = broadcast_args_op.body(s0, s1)
    for shape, axes in zip(pair, broadcast_gradient_args_op.body(s0, s1), strict=True):
        reduced = np.zeros(whole_shape).sum(axis=tuple(axes))

        assert reduced.size == np.prod(shape)


@given(x=whole((2, 3)), a=st.integers(1, 3), b=st.integers(1, 3))
def test_tile_grad_is_the_adjoint_of_tile(x, a, b):
    times = np.array([a, b])

    np.testing.assert_array_equal(tile_grad_op.body(tile_op.body(x, times), times), x * (a * b))


def test_shapes_that_do_not_broadcast_are_refused():
    two, three = np.array([2]), np.array([3])
    for body in (broadcast_args_op.body, broadcast_gradient_args_op.body):
        with pytest.raises(InvalidArgumentError, match=r"Incompatible shapes: \[2\] vs. \[3\]"):
            body(two, three)
    with pytest.raises(InvalidArgumentError, match=r"must be equal, but are 2 and 3"):
        broadcast_to_op.body(np.zeros(2), three)


def test_tile_needs_a_multiple_per_dimension():
    with pytest.raises(
        InvalidArgumentError, match="multiples argument to be a vector of length 2 but got length 1"
    ):
        tile_op.body(np.zeros((2, 3)), np.array([2]))
