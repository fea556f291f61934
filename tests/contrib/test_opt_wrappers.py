"""Optimizers of tf.contrib.opt around another one: norms, tasks, stale gradients."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import minitf as tf

opt = tf.contrib.opt
both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])


@both_kinds
@pytest.mark.parametrize(
    ("dims", "rows", "want"),
    [
        ([0, 1], None, [[1.8, 2.4], [0, 0]]),
        ([1], None, [[1.8, 2.4], [0, 0]]),
        ([1], [0, 1, 0], [[1.8, 2.4], [0, 0]]),
        ([0, 1], [0, 0, 1], [[1.8, 2.4], [0, 0]]),
    ],
)
def test_norms_are_bounded_after_the_step(use_resource, dims, rows, want, caplog):
    w = tf.Variable([[7.0, 8.0], [1.0, 2.0]], use_resource=use_resource)
    free = tf.Variable([9.0])
    moved = tf.constant([[4.0, 4.0], [1.0, 2.0]])  # to [[3, 4], [0, 0]]
    grad = moved
    if rows is not None:
        halves = [[2.0, 2.0], [2.0, 2.0], [1.0, 2.0]]
        values = [halves[0], halves[2], halves[1]] if rows[1] else halves
        grad = tf.IndexedSlices(tf.constant(values), tf.constant(rows), tf.shape(w))
    inner = tf.train.MomentumOptimizer(1.0, 0.5)
    optimizer = opt.VariableClippingOptimizer(
        inner, {w: dims}, 3.0, colocate_clip_ops_with_vars=use_resource
    )
    with caplog.at_level(logging.WARNING, "tensorflow"):
        train = optimizer.apply_gradients([(grad, w), (tf.constant([0.0]), free)], name="train")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        np.testing.assert_allclose(session.run(w), want, rtol=1e-6)
        assert session.run(free).tolist() == [9]
    assert train.name == "train"
    assert ("inefficient" in caplog.text) == (rows is not None and 0 in dims)
    assert optimizer.get_slot(w, "momentum") is inner.get_slot(w, "momentum")
    assert optimizer.variables() == inner.variables()


def test_rows_without_a_gradient_keep_their_norm():
    w = tf.Variable([[30.0, 40.0], [3.0, 4.0]])
    optimizer = opt.VariableClippingOptimizer(tf.train.GradientDescentOptimizer(1.0), {w: [1]}, 1.0)
    train = optimizer.minimize(0.0 * tf.reduce_sum(tf.gather(w, [1])))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        np.testing.assert_allclose(session.run(w), [[30, 40], [0.6, 0.8]], rtol=1e-6)


@both_kinds
@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize(
    "make",
    [lambda: tf.train.AdamOptimizer(1.0), lambda: tf.train.GradientDescentOptimizer(1.0)],
)
def test_variables_rest_where_a_task_has_no_gradient(use_resource, sparse, make):
    w = tf.Variable([[1.0], [2.0]], use_resource=use_resource)
    values = tf.placeholder(tf.float32, [2, 1])
    grad = tf.IndexedSlices(values, tf.constant([1, 1]), tf.shape(w)) if sparse else values
    optimizer = opt.MultitaskOptimizerWrapper(make())
    train = optimizer.apply_gradients([(grad, w)])
    slots = [optimizer.get_slot(w, name) for name in optimizer.get_slot_names()]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        start = session.run([w, *slots])
        session.run(train, {values: [[1.0], [0.0]]})
        moved = session.run([w, *slots])
        session.run(train, {values: [[0.0], [0.0]]})
        rested = session.run([w, *slots])

    assert all((one != other).any() for one, other in zip(start, moved, strict=True))
    for one, other in zip(moved, rested, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_no_optimizer_is_refused():
    with pytest.raises(TypeError, match=r"instance of tf.train.Optimizer, not str"):
        opt.MultitaskOptimizerWrapper("adam")


def test_gradients_are_clipped_together():
    v = tf.Variable([0.0, 0.0])
    pairs = [(tf.constant([3.0, 0.0]), v), (None, v), (tf.constant([0.0, 4.0]), v)]
    clipped, norm = opt.clip_gradients_by_global_norm(pairs, 1.0)
    with tf.Session() as session:
        (first, second), size = session.run([(clipped[0][0], clipped[2][0]), norm])

    np.testing.assert_allclose([*first, *second, size], [0.6, 0, 0, 0.8, 5], rtol=1e-6)
    assert clipped[1] == (None, v)


@both_kinds
def test_stale_gradients_are_dropped(use_resource):
    """Other workers are ahead by as many steps as are added between a gradient and its use."""
    step = tf.train.get_or_create_global_step()
    w = tf.Variable(10.0, use_resource=use_resource)
    ahead = tf.placeholder(tf.int64, [])
    inner = tf.train.MomentumOptimizer(1.0, 0.5)
    optimizer = opt.DropStaleGradientOptimizer(inner, staleness=1)
    with pytest.raises(ValueError, match="Must call compute_gradients"):
        optimizer.apply_gradients([(tf.constant(1.0), w)], global_step=step)
    ((grad, _),) = optimizer.compute_gradients(2.0 * w, [w])
    with pytest.raises(ValueError, match="needs the global_step"):
        optimizer.apply_gradients([(grad, w)])
    with tf.control_dependencies([grad]), tf.control_dependencies([tf.assign_add(step, ahead)]):
        late = tf.identity(grad)
    train = optimizer.apply_gradients([(late, w)], global_step=step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        counts = [session.run(train, {ahead: n}) for n in (0, 2, 1, 5)]

        assert counts == [0, 1, 1, 2]
        assert session.run([w, step]) == [10 - 2 - 3, 10]
    assert optimizer.get_slot(w, "momentum") is inner.get_slot(w, "momentum")
    assert optimizer.get_slot_names() == ["momentum"]
