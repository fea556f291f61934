"""What is fed to a step of a server is any tensor, as in a local session."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf


@pytest.fixture
def session():
    """Return a session with a server that has two devices, and three tensors, c = a + b."""
    server = tf.train.Server.create_local_server(config=tf.ConfigProto(device_count={"CPU": 2}))
    with tf.Graph().as_default(), tf.Session(server.target) as made:
        yield made
    server.stop()


def chain():
    """Return a, b = 1, 2 on one device, c = a + b and d = c * b on another."""
    with tf.device("/cpu:0"):
        a, b = tf.unstack(tf.Variable([1.0, 2.0]))
    with tf.device("/cpu:1"):
        c = tf.add(a, b)
        d = tf.multiply(c, b)
    return a, b, c, d


def test_an_output_may_be_fed_where_its_operation_runs_for_another(session):
    a, b, _, d = chain()
    session.run(tf.global_variables_initializer())

    assert session.run(d, {a: 5}) == (5 + 2) * 2
    assert session.run(d, {b: 5}) == (1 + 5) * 5
    assert session.run([d, a, b], {b: 5}) == [30, 1, 5]


def test_tensors_between_devices_may_be_fed_and_fetched(session):
    _, b, c, d = chain()
    session.run(tf.global_variables_initializer())

    assert session.run(d, {c: 1, b: 2}) == 2
    assert session.run([d, c], {d: 1}) == [1, 3]
    assert session.run([d, b, c], {c: 7}) == [14, 2, 7]


def test_a_value_is_given_once_however_many_operations_read_it(session):
    x = tf.placeholder(tf.float32, [], name="x")
    with tf.device("/cpu:1"):
        y = x * x + tf.square(x)

    assert session.run(y, {x: 3}) == 18


def test_a_fed_array_is_not_what_a_variable_keeps(session):
    """The server is in this process, and gets what is fed as it is."""
    x = tf.placeholder(tf.float32, [2])
    v = tf.Variable([0.0, 0.0])
    put = v.assign(x)
    session.run(tf.global_variables_initializer())
    array = np.ones(2, np.float32)
    session.run(put.op, {x: array})
    array += 1
    kept = session.run(v)
    kept += 10

    assert session.run(v).tolist() == [1, 1]
