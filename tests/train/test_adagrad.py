"""Adagrad moves variables as TensorFlow's does, densely and by rows."""

from __future__ import annotations

import numpy as np
import pytest

import minitf

START = np.array([[1.0, -2.0], [3.0, 4.0], [0.5, 0.0]], np.float32)


def trained(tf, *, sparse: bool, use_resource: bool, steps: int = 4):
    """Return what a program leaves behind: the variable, its slot, and the nodes it built."""
    with tf.Graph().as_default() as graph:
        w = tf.get_variable(
            "w", initializer=tf.constant(START), use_resource=use_resource, dtype=tf.float32
        )
        x = tf.placeholder(tf.float32, [3, 2], name="x")
        used = tf.gather(w, [2, 0, 2]) if sparse else w
        loss = tf.reduce_sum(tf.square(used * x - 1.0))
        optimizer = tf.train.AdagradOptimizer(0.3, initial_accumulator_value=0.2)
        train = optimizer.minimize(loss)
        slot = optimizer.get_slot(w, "accumulator")
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for step in range(steps):
                session.run(train, {x: START + step})
            values = session.run([w, slot])
    nodes = [
        (op.name, op.type)
        for op in graph.get_operations()
        if op.name.startswith("Adagrad/update") and "Adagrad" in op.type
    ]
    return values, slot.name, nodes


@pytest.mark.tensorflow
@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("use_resource", [False, True])
def test_adagrad_goes_where_tensorflows_goes(tensorflow, sparse, use_resource):
    ours, our_slot, our_nodes = trained(minitf, sparse=sparse, use_resource=use_resource)
    theirs, their_slot, their_nodes = trained(tensorflow, sparse=sparse, use_resource=use_resource)

    np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    assert our_slot == their_slot == "w/Adagrad:0"
    assert our_nodes == their_nodes


def test_a_step_divides_by_the_root_of_the_sum_of_squares():
    tf = minitf
    w = tf.Variable([2.0, 2.0])
    optimizer = tf.train.AdagradOptimizer(0.5, initial_accumulator_value=1.0)
    train = optimizer.apply_gradients([(tf.constant([0.0, np.sqrt(3.0)]), w)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run(w).tolist() == [2.0, np.float32(2 - 0.5 * np.sqrt(3.0) / 2)]


def test_an_accumulator_starts_above_zero():
    with pytest.raises(ValueError, match="initial_accumulator_value must be positive: 0"):
        minitf.train.AdagradOptimizer(0.1, initial_accumulator_value=0)


def test_a_variable_of_open_shape_gets_its_accumulator():
    tf = minitf
    w = tf.Variable(tf.placeholder_with_default([1.0, 2.0], [None]), validate_shape=False)
    train = tf.train.AdagradOptimizer(1.0).minimize(tf.reduce_sum(w * w))
    with tf.Session() as session:
        session.run(w.initializer)
        session.run(tf.variables_initializer(tf.global_variables()))
        session.run(train)

        assert (session.run(w) < [1.0, 2.0]).all()
