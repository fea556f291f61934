"""BroadcastTo, BroadcastArgs, BroadcastGradientArgs, Tile, TileGrad: cases, laws, messages."""

import numpy as np
import pytest
from array_cases import NUMBERS, elements, index_types, moving, types
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import broadcastable, shapes, whole

from minitf.errors import InvalidArgumentError
from minitf.ops.array.broadcasting import (
    broadcast_args_op,
    broadcast_gradient_args_op,
    broadcast_to_op,
    tile_grad_op,
    tile_op,
)


@st.composite
def broadcasts(draw):
    small, large = draw(broadcastable())
    wanted = np.broadcast_shapes(small, large)
    value = draw(elements(small, draw(types(("bool", *NUMBERS)))))
    return moving((value, np.array(wanted, draw(index_types()))))


@st.composite
def two_shapes(draw):
    kind = draw(index_types())
    return Case(tuple(np.array(shape, kind) for shape in draw(broadcastable())))


@st.composite
def tiles(draw):
    shape = draw(shapes(max_dims=3))
    times = np.array([draw(st.integers(0, 3)) for _ in shape], draw(index_types()))
    return moving((draw(elements(shape, draw(types()))), times))


@st.composite
def tile_gradients(draw):
    shape = draw(shapes(max_dims=3))
    times = np.array([draw(st.integers(1, 3)) for _ in shape], np.int32)
    whole_shape = tuple(np.multiply(shape, times).tolist())
    value = draw(whole(whole_shape, draw(st.sampled_from([np.int32, np.float64]))))
    return Case((value, times), ulps=0, smooth=True, oracle="it is deprecated there: it refuses")


CASES = {
    "BroadcastTo": broadcasts(),
    "BroadcastArgs": two_shapes(),
    "BroadcastGradientArgs": two_shapes(),
    "Tile": tiles(),
    "TileGrad": tile_gradients(),
}


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
