"""Every optimizer follows its formula, and goes where TensorFlow's goes by the same nodes."""

from __future__ import annotations

import numpy as np
import pytest
from train.optimizers import FORMULAS, OPTIMIZERS, step_of
from variables.scenarios import nodes

import minitf

optimizers = pytest.mark.parametrize("name", OPTIMIZERS)
both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])
START = np.array([[1.0, -2.0], [3.0, 4.0], [0.5, 0.0]])
STEPS = 50
ROWS = [2, 0, 2]
# about ten roundings a step, each relative to numbers of size < 10
BOUND = STEPS * 100 * np.finfo(np.float64).eps


def gradient(t):
    """A gradient that does not depend on the variable, so that each formula is a plain loop."""
    return np.sin(START + t)


@pytest.mark.paper("O-19")
@optimizers
@both_kinds
def test_fifty_steps_follow_the_formula(name, use_resource):
    tf = minitf
    w = tf.Variable(START, dtype=tf.float64, use_resource=use_resource)
    grad = tf.placeholder(tf.float64, START.shape)
    optimizer = OPTIMIZERS[name](tf, np.float64)  # a Python float would be rounded to float32
    train = optimizer.apply_gradients([(grad, w)], global_step=step_of(tf))
    want, state = START, {}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for t in range(STEPS):
            session.run(train, {grad: gradient(t)})
            want = FORMULAS[name](want, gradient(t), t, state)
        got = session.run(w)

    np.testing.assert_allclose(got, want, rtol=0, atol=BOUND)


@pytest.mark.paper("O-19")
@optimizers
@both_kinds
def test_fifty_sparse_steps_add_up_gradients_of_a_row_that_is_named_twice(name, use_resource):
    tf = minitf
    w = tf.Variable(START, dtype=tf.float64, use_resource=use_resource)
    grad = tf.placeholder(tf.float64, START.shape)
    optimizer = OPTIMIZERS[name](tf, np.float64)
    slices = tf.IndexedSlices(grad, tf.constant(ROWS), tf.shape(w))
    train = optimizer.apply_gradients([(slices, w)], global_step=step_of(tf))
    # Adam's means shrink in all rows; the others leave rows alone that have no gradient
    touched = [0, 1, 2] if name == "adam" else [0, 2]
    want, state = START.copy(), {}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for t in range(STEPS):
            session.run(train, {grad: gradient(t)})
            summed = np.zeros_like(START)
            np.add.at(summed, ROWS, gradient(t))
            want[touched] = FORMULAS[name](want[touched], summed[touched], t, state)
        got = session.run(w)

    np.testing.assert_allclose(got, want, rtol=0, atol=BOUND)


# --- TensorFlow ----------------------------------------------------------------------------------


def trained(tf, name, *, sparse, use_resource, steps=4):
    """Return what a program leaves behind: values, names of variables, nodes of the update."""
    with tf.Graph().as_default() as graph:
        w = tf.Variable(START, name="w", dtype=tf.float32, use_resource=use_resource)
        b = tf.Variable([0.5, 0.25], name="b", use_resource=use_resource)
        x = tf.placeholder(tf.float32, name="x")
        used = tf.gather(w, ROWS) if sparse else w
        loss = tf.reduce_sum(tf.square(used * x - b), name="loss")
        step = step_of(tf)
        optimizer = OPTIMIZERS[name](tf)
        train = optimizer.minimize(loss, global_step=step, name="train")
        slots = [optimizer.get_slot(w, slot) for slot in optimizer.get_slot_names()]
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for i in range(steps):
                session.run(train, {x: 1 + 0.5 * i})
            values = session.run([w, b, step, *slots])
    names = [v.name for v in optimizer.variables()], optimizer.get_slot_names(), train.name
    return values, names, _without_gradients(nodes(graph))


def _without_gradients(rows):
    """Drop what tf.gradients builds, which is compared elsewhere."""
    kept = [row for row in rows if not row[0].startswith("gradients/")]
    return [
        (name, kind, ["gradient" if i.startswith("gradients/") else i for i in inputs], *rest)
        for name, kind, inputs, *rest in kept
    ]


def _has_other_nodes(name, *, sparse, use_resource):
    """Tell where TensorFlow 2.21 builds other nodes than 1.15, which ours are."""
    return name.startswith("ftrl") or (name == "descent" and sparse and use_resource)


@pytest.mark.tensorflow
@optimizers
@both_kinds
@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
def test_optimizers_go_where_tensorflows_go(name, use_resource, sparse, tensorflow):
    (ours, our_names, our_nodes), (theirs, their_names, their_nodes) = (
        trained(tf, name, sparse=sparse, use_resource=use_resource) for tf in (minitf, tensorflow)
    )

    assert our_names == their_names
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-6)
    if not _has_other_nodes(name, sparse=sparse, use_resource=use_resource):
        assert our_nodes == their_nodes
