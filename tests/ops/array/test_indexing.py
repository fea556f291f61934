"""Gather, GatherV2, GatherNd, Where: cases, sparse gradients, messages."""

import math

import numpy as np
import pytest
from array_cases import NUMBERS, arrays_of, elements, index_types, moving, types
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import shapes

from minitf.errors import InvalidArgumentError
from minitf.ops.array.indexing import gather_nd_op, gather_op, gather_v2_op


@st.composite
def index_array(draw, shape, size):
    """Draw indices below `size`; of any shape without elements if there are none."""
    if not size:
        shape = (0, *shape[1:])
    count = math.prod(shape)
    values = draw(st.lists(st.integers(0, max(size - 1, 0)), min_size=count, max_size=count))
    return np.array(values, draw(index_types())).reshape(shape)


@st.composite
def gathers(draw):
    params = draw(elements(draw(shapes(min_dims=1, max_dims=3)), draw(types())))
    return moving((params, draw(index_array(draw(shapes(max_dims=2)), len(params)))))


@st.composite
def gathers_along(draw):
    shape = draw(shapes(min_dims=1, max_dims=4))
    axis = draw(st.integers(0, len(shape) - 1))
    batch = draw(st.integers(0, axis))
    params = draw(elements(shape, draw(types())))
    inner = draw(shapes(max_dims=2))
    if not shape[axis]:
        inner = (0, *inner[1:])
    count = math.prod(shape[:batch]) * math.prod(inner)
    values = draw(st.lists(st.integers(0, max(shape[axis] - 1, 0)), min_size=count, max_size=count))
    indices = np.array(values, draw(index_types())).reshape(shape[:batch] + inner)
    if batch and indices.ndim > batch and draw(st.booleans()):
        batch -= indices.ndim
    signed = np.array(axis - draw(st.sampled_from([0, len(shape)])), draw(index_types()))
    return moving((params, indices, signed), {"batch_dims": batch})


@st.composite
def coordinates(draw, shape, *, unique=False):
    """Draw rows of coordinates into the first dimensions of a shape."""
    depth = draw(st.integers(1 if unique else 0, len(shape)))
    lead = draw(shapes(max_dims=2))
    if 0 in shape[:depth]:
        lead = (0, *lead[1:])
    count = math.prod(lead)
    places = math.prod(shape[:depth])
    if unique:
        count = min(count, places)
        lead = (count,)
    flat = st.lists(
        st.integers(0, max(places - 1, 0)), min_size=count, max_size=count, unique=unique
    )
    rows = np.stack(np.unravel_index(draw(flat), shape[:depth]), -1) if depth and count else []
    return np.array(rows, draw(index_types())).reshape(*lead, depth)


@st.composite
def gathers_nd(draw):
    params = draw(elements(draw(shapes(min_dims=1, max_dims=3)), draw(types())))
    oracle = "" if params.size else "it refuses to pick from nothing"
    return moving((params, draw(coordinates(params.shape))), oracle=oracle)


@st.composite
def conditions(draw):
    x = draw(arrays_of(("bool", *(name for name in NUMBERS if "float16" not in name))))
    return Case((x,), oracle="" if x.ndim else "it refuses scalars")


CASES = {
    "Gather": gathers(),
    "GatherV2": gathers_along(),
    "GatherNd": gathers_nd(),
    "Where": conditions(),
}


@given(x=arrays_of(("int32",), min_dims=2, min_side=1), data=st.data())
def test_gathering_along_an_axis_is_numpys_take(x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    indices = data.draw(index_array((2, 3), x.shape[axis]))

    got = gather_v2_op.body(x, indices, np.array(axis))
    np.testing.assert_array_equal(got, np.take(x, indices, axis))


@pytest.mark.parametrize(
    ("indices", "phrase"),
    [
        ([[0, 5]], r"indices\[0,1\] = 5 is not in \[0, 3\)"),
        ([-1], r"indices\[0\] = -1 is not in \[0, 3\)"),
        (7, r"indices = 7 is not in \[0, 3\)"),
    ],
)
def test_the_first_index_out_of_range_is_named(indices, phrase):
    for body in (gather_op.body, lambda p, i: gather_v2_op.body(p, i, np.array(0))):
        with pytest.raises(InvalidArgumentError, match=phrase):
            body(np.zeros(3), np.array(indices))


def test_coordinates_out_of_range_are_named():
    with pytest.raises(
        InvalidArgumentError,
        match=r"indices\[1\] = \[2, 0\] does not index into param shape \[2, 2",
    ):
        gather_nd_op.body(np.zeros((2, 2)), np.array([[0, 0], [2, 0]]))


@pytest.mark.paper("W-28", "O-17")
def test_the_gradient_of_rows_is_their_slices():
    import minitf as tf

    table = tf.placeholder(tf.float32, [None, 2])
    for rows in (tf.gather(table, [[2, 0]]), tf.gather_nd(table, [[2], [0]])):
        (grad,) = tf.gradients(rows, table)

        assert isinstance(grad, tf.IndexedSlices)
        with tf.Session() as session:
            value = session.run(grad, {table: np.zeros((3, 2))})
        assert value.indices.tolist() == [2, 0]
        assert value.values.tolist() == [[1, 1], [1, 1]]
        assert value.dense_shape.tolist() == [3, 2]


def test_the_gradient_along_another_axis_is_dense_and_adds_up():
    import minitf as tf

    table = tf.constant(np.zeros((2, 3)))
    (grad,) = tf.gradients(tf.gather(table, [1, 1, 0], axis=1), table)
    with tf.Session() as session:
        assert session.run(grad).tolist() == [[1, 2, 0]] * 2
