"""A variable's value is read when its reader fires, whatever stands between them."""

from __future__ import annotations

import pytest

import minitf as tf


@pytest.mark.paper("O-08")
def test_a_read_under_a_control_dependency_shows_what_was_written_before():
    v = tf.Variable(0.0)
    with tf.control_dependencies([tf.assign_add(v, 1.0)]):
        after = tf.identity(v)
        doubled = v * 2.0
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert [session.run([after, doubled]) for _ in range(3)] == [[1, 2], [2, 4], [3, 6]]


@pytest.mark.paper("O-08")
@pytest.mark.parametrize("read", [tf.identity, lambda v: v.read_value()])
def test_a_read_before_a_write_keeps_what_it_has_seen(read):
    v = tf.Variable(1.0)
    before = read(v)
    with tf.control_dependencies([before]):
        write = tf.assign_add(v, 1.0)
    with tf.control_dependencies([write]):
        both = tf.stack([before, tf.identity(v)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run(both).tolist() == [1, 2]


@pytest.mark.tensorflow
def test_counters_read_after_their_update_count_as_in_tensorflow(tensorflow):
    def counts(module):
        with module.Graph().as_default(), module.Session() as session:
            step = module.Variable(0)
            with module.control_dependencies([step.assign_add(1)]):
                count = module.identity(step)
            session.run(module.global_variables_initializer())
            return [int(session.run(count)) for _ in range(3)]

    assert counts(tf) == counts(tensorflow)
