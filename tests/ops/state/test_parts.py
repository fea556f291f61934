"""Writing slices and points of variables: the same as on arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from variable_steps import changed

import minitf as tf
from minitf import ops
from minitf.testing.strategies import whole

INDICES = [
    np.s_[1:3],
    np.s_[::-1],
    np.s_[2],
    np.s_[..., 0],
    np.s_[1:, ::2],
    np.s_[:, 1],
    np.s_[1, 2],
    np.s_[...],
    np.s_[-2:-1],
]
both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])


@both_kinds
@pytest.mark.parametrize("index", INDICES, ids=str)
def test_an_assigned_slice_changes_as_an_array_does(index, use_resource):
    before = np.arange(12, dtype=np.float32).reshape(4, 3)
    after = before.copy()
    part = 100 + np.arange(before[index].size, dtype=np.float32).reshape(before[index].shape)
    after[index] = part
    v = tf.Variable(before, use_resource=use_resource)
    write = v[index].assign(part)
    with tf.Session() as session:
        session.run(v.initializer)

        np.testing.assert_array_equal(session.run(write), after)
        np.testing.assert_array_equal(session.run(v), after)


@both_kinds
def test_a_value_is_broadcast_to_the_slice(use_resource):
    v = tf.Variable(np.zeros((2, 3), np.float32), use_resource=use_resource)
    with tf.Session() as session:
        session.run(v.initializer)

        assert session.run(v[:, 1:].assign(7.0)).tolist() == [[0, 7, 7]] * 2


@both_kinds
def test_a_value_that_does_not_fit_the_slice_is_refused(use_resource):
    v = tf.Variable(np.zeros((2, 3), np.float32), use_resource=use_resource)
    with pytest.raises(ValueError, match=r"must be equal|Expected value of shape"):
        v[:, 1:].assign(np.zeros((2, 3)))
    value = tf.placeholder(tf.float32)
    write = v[0].assign(value)
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"Expected value of shape \[3\]"):
            session.run(write, {value: np.zeros((1, 3))})


def test_what_is_no_slice_cannot_be_assigned_to():
    v = tf.Variable([1.0, 2.0, 3.0])

    assert hasattr(v[0], "assign")
    assert not hasattr(v[v > 1.0], "assign")
    assert not hasattr(tf.identity(v)[0], "assign")


@pytest.mark.parametrize("kind", ["update", "add", "sub"])
@given(data=st.data())
def test_points_change_as_an_arrays_do(kind, data):
    shape = (3, 2, 2)
    depth = data.draw(st.integers(1, 3))
    count = data.draw(st.integers(0, 3))
    columns = [data.draw(whole((count,), np.int32, 0, size - 1)) for size in shape[:depth]]
    indices = np.stack(columns, -1)
    before, updates = data.draw(whole(shape)), data.draw(whole((count, *shape[depth:])))
    after = before.copy()
    for point, value in zip(indices, updates, strict=True):
        old = after[tuple(point)]
        after[tuple(point)] = {"update": value, "add": old + value, "sub": old - value}[kind]

    for op_def in (
        getattr(ops, f"scatter_nd_{kind}_op"),
        getattr(ops, f"resource_scatter_nd_{kind}_op"),
    ):
        np.testing.assert_array_equal(changed(op_def, (before, indices, updates))[0], after)


def test_a_point_outside_is_named():
    with pytest.raises(tf.errors.InvalidArgumentError, match="does not index into"):
        changed(ops.scatter_nd_add_op, (np.zeros((2, 2)), np.array([[2, 0]]), np.zeros(1)))


def test_points_of_a_resource_are_gathered_with_their_gradient():
    w = tf.Variable(np.arange(6.0).reshape(2, 3), use_resource=True)
    points = w.gather_nd([[1, 2], [0, 0], [1, 2]])
    (gradient,) = tf.gradients(points, w)
    with tf.Session() as session:
        session.run(w.initializer)

        assert session.run(points).tolist() == [5, 0, 5]
        assert session.run(gradient).tolist() == [[1, 0, 0], [0, 0, 2]]
