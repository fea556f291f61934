"""Scattering into variables: one index after the other, in ops on refs and on resources."""

from __future__ import annotations

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from variable_steps import changed

import minitf as tf
from minitf import ops
from minitf.testing.strategies import whole

COMBINE = {
    "update": lambda old, new: new,
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "min": np.minimum,
    "max": np.maximum,
}
kinds = pytest.mark.parametrize("kind", COMBINE)
DTYPES = st.sampled_from([np.float32, np.float64, np.int32])


@st.composite
def scatters(draw, kind):
    """Draw (variable, indices, updates); whole numbers, so that order is all that matters."""
    dtype = draw(DTYPES)
    rows, width = draw(st.integers(1, 4)), draw(st.lists(st.integers(0, 3), max_size=2))
    shape = draw(st.sampled_from([(), (0,), (3,), (2, 3)]))
    indices = draw(whole(shape, draw(st.sampled_from([np.int32, np.int64])), 0, rows - 1))
    low = 1 if kind == "div" else -8
    updates_shape = () if draw(st.booleans()) else (*shape, *width)
    updates = draw(whole(updates_shape, dtype, low, 8))
    return draw(whole((rows, *width), dtype)), indices, updates


def one_by_one(kind, array, indices, updates):
    """Do what scattering means: combine row after row."""
    array = array.copy()
    updates = np.broadcast_to(updates, indices.shape + array.shape[1:])
    for at in np.ndindex(indices.shape):
        row = indices[at]
        made = COMBINE[kind](array[row], updates[at])
        array[row] = np.trunc(made) if array.dtype.kind == "i" else made
    return array


def ops_of(kind):
    return getattr(ops, f"scatter_{kind}_op"), getattr(ops, f"resource_scatter_{kind}_op")


@kinds
@given(data=st.data())
def test_rows_are_combined_one_after_the_other(kind, data):
    case = data.draw(scatters(kind))

    for op_def in ops_of(kind):
        np.testing.assert_array_equal(changed(op_def, case)[0], one_by_one(kind, *case))


@kinds
@pytest.mark.tensorflow
@pytest.mark.thorough
@given(data=st.data())
def test_rows_are_combined_as_tensorflow_does(kind, data, tensorflow):
    tf1 = tensorflow
    array, indices, updates = case = data.draw(scatters(kind))
    name = f"Scatter{kind.capitalize()}"
    with tf1.Graph().as_default(), tf1.Session() as session:
        variable = tf1.Variable(array, use_resource=True)
        session.run(variable.initializer)
        step = getattr(tf1.raw_ops, f"Resource{name}")
        session.run(step(resource=variable.handle, indices=indices, updates=updates))
        theirs = session.run(variable)

    np.testing.assert_array_equal(changed(ops_of(kind)[0], case)[0], theirs)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_row_that_does_not_exist_is_named(index):
    for op_def in ops_of("add"):
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=rf"indices\[1,0\] = {index} is not in \[0, 3\)"
        ):
            changed(op_def, (np.zeros(3), np.array([[0], [index]]), np.zeros((2, 1))))


def test_updates_of_another_shape_are_refused():
    case = np.zeros((3, 2)), np.array([0, 1]), np.zeros((2, 3))
    for op_def in ops_of("add"):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"Must have updates\.shape"):
            changed(op_def, case)
    handle = ops.variable_v2_op(dtype=tf.float64, shape=[3, 2])
    with pytest.raises(ValueError, match="must be equal"):
        ops.scatter_add_op(handle, case[1], case[2])


def test_a_scalar_variable_has_no_rows():
    for op_def in ops_of("sub"):
        with pytest.raises(tf.errors.InvalidArgumentError, match="must be at least 1-D"):
            changed(op_def, (np.zeros(()), np.array(0), np.zeros(())))
    with pytest.raises(ValueError, match="at least rank 1"):
        ops.scatter_sub_op(ops.variable_v2_op(dtype=tf.float32, shape=[]), 0, 1.0)


def test_a_whole_number_is_not_divided_by_zero():
    with pytest.raises(tf.errors.InvalidArgumentError, match="Integer division by zero"):
        changed(ops.scatter_div_op, (np.array([1, 2]), np.array([0]), np.array([0])))


@given(data=st.data(), batch_dims=st.integers(0, 2))
def test_gathered_rows_are_those_that_the_indices_name(data, batch_dims):
    batch = data.draw(st.lists(st.integers(1, 3), min_size=batch_dims, max_size=batch_dims))
    rows = data.draw(st.integers(1, 4))
    params = data.draw(whole((*batch, rows, 2)))
    more = data.draw(st.sampled_from([(), (3,), (2, 2)]))
    indices = data.draw(whole((*batch, *more), np.int32, 0, rows - 1))

    with tf.Graph().as_default(), tf.Session() as session:
        handle = ops.var_handle_op_op(dtype=tf.float32, shape=params.shape)
        session.run(ops.assign_variable_op_op(handle, params))
        made = ops.resource_gather_op(handle, indices, dtype=tf.float32, batch_dims=batch_dims)
        got = session.run(made)

    assert made.shape.as_list() == list(got.shape)
    for at in np.ndindex(indices.shape):
        row = params[(*at[:batch_dims], indices[at])]
        np.testing.assert_array_equal(got[at], row)


@pytest.mark.paper("O-05")
def test_the_gradient_of_gathered_rows_stays_sparse():
    w = tf.Variable(np.zeros((4, 2)), use_resource=True)
    rows = w.sparse_read([[1, 3], [1, 0]])
    (gradient,) = tf.gradients(rows * 2.0, w)

    assert isinstance(gradient, tf.IndexedSlices)
    with tf.Session() as session:
        session.run(w.initializer)
        found = session.run(gradient)
    assert found.indices.tolist() == [1, 3, 1, 0]
    assert found.values.tolist() == [[2, 2]] * 4
    assert found.dense_shape.tolist() == [4, 2]
