"""RunOptions in, RunMetadata out."""

from __future__ import annotations

import pytest
from executor import toy_ops

import minitf as tf


def traced(options):
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.add(x, [1.0, 2.0], name="y")
    metadata = tf.RunMetadata()
    with tf.Session() as session:
        session.run(y, {x: [3, 4]}, options, metadata)
    return metadata


def test_a_full_trace_fills_the_step_stats():
    metadata = traced(tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE))

    (device,) = metadata.step_stats.dev_stats
    assert [node.node_name for node in device.node_stats] == ["y"]
    assert device.node_stats[0].all_start_micros > 0


def test_without_a_trace_level_nothing_is_recorded():
    assert not traced(tf.RunOptions()).step_stats.dev_stats


def test_the_graph_that_ran_is_reported_on_request():
    metadata = traced(tf.RunOptions(output_partition_graphs=True))

    assert {node.name for node in metadata.partition_graphs[0].node} == {"x", "y/y", "y"}


def test_a_run_may_have_a_time_limit_of_its_own():
    item = toy_ops.get_op(gate_name="never", T=tf.float32)
    with tf.Session() as session, pytest.raises(tf.errors.DeadlineExceededError):
        session.run(item, options=tf.RunOptions(timeout_in_ms=10))


def test_arguments_of_other_types_are_refused():
    x = tf.constant(1)
    with tf.Session() as session:
        with pytest.raises(TypeError, match=r"options must be a tf\.RunOptions"):
            session.run(x, options={"trace_level": 3})
        with pytest.raises(TypeError, match=r"run_metadata must be a tf\.RunMetadata"):
            session.run(x, run_metadata=[])
