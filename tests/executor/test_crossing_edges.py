"""The same tensors cross between the same devices as in TensorFlow."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

import minitf


def variable_and_waits(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    with tf.device("/cpu:1"):
        v = tf.get_variable("v", initializer=[1.0, 2.0], use_resource=False)
    with tf.device("/cpu:2"):
        y = tf.multiply(x, v, name="y")
        z = tf.negative(y, name="z")
    with tf.device("/cpu:0"), tf.control_dependencies([z]):
        w = tf.add(y, v, name="w")
    with tf.device("/cpu:1"):
        u = tf.assign(v, w, name="u")
    return [u, w], {x: [3.0, 4.0]}


def loop(tf):
    n = tf.placeholder(tf.int32, [], name="n")

    def body(i, a):
        with tf.device("/cpu:1"):
            b = tf.multiply(a, 2, name="b")
        with tf.device("/cpu:2"):
            return tf.add(i, 1, name="next"), tf.add(b, i, name="c")

    start = [tf.constant(0, name="i0"), tf.constant(1, name="a0")]
    return list(tf.while_loop(lambda i, _: tf.less(i, n, name="less"), body, start)), {n: 4}


def branch(tf):
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [], name="x")
    with tf.device("/cpu:1"):
        y = tf.negative(x, name="y")

    def on(device, function, name):
        def made():
            with tf.device(device):
                return function(y, name=name)

        return made

    z = tf.cond(p, on("/cpu:1", tf.square, "square"), on("/cpu:2", tf.floor, "floor"))
    with tf.device("/cpu:2"):
        return [tf.add(z, 1.0, name="w")], {p: True, x: 3.0}


def gradient(tf):
    n, x = tf.placeholder(tf.int32, [], name="n"), tf.placeholder(tf.float32, [], name="x")

    def body(i, a):
        with tf.device("/cpu:1"):
            return tf.add(i, 1, name="next"), tf.multiply(a, x, name="product")

    start = [tf.constant(0, name="i0"), tf.constant(1.0, name="a0")]
    end = tf.while_loop(lambda i, _: tf.less(i, n, name="less"), body, start)[1]
    return tf.gradients(end, x), {n: 3, x: 2.0}


def crossing(tf, program):
    """Run a program; return its results, and what crosses from where to where, how often."""
    config = tf.ConfigProto(device_count={"CPU": 3})
    config.graph_options.optimizer_options.opt_level = tf.OptimizerOptions.L0
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    options, metadata = tf.RunOptions(output_partition_graphs=True), tf.RunMetadata()
    with tf.Graph().as_default(), tf.Session(config=config) as session:
        fetches, feeds = program(tf)
        session.run(tf.global_variables_initializer())
        results = session.run(fetches, feeds, options=options, run_metadata=metadata)
    found = []
    for graph in metadata.partition_graphs:
        users = defaultdict(set)
        for node in graph.node:
            for name in node.input:
                users[name.lstrip("^").partition(":")[0]].add(node.op)
        for node in graph.node:
            edge = node.attr["tensor_name"].s.decode().split("_", 2)[-1]
            # neither what is fed nor what is fetched is sent in MiniTF
            if not node.op.endswith("Recv") or users[node.name] == {"_Retval"}:
                continue
            if not edge.startswith("_arg"):
                ends = [node.attr[end].s.decode()[-5:] for end in ("send_device", "recv_device")]
                found.append((edge, *ends))
    return results, sorted(found)


@pytest.mark.tensorflow
@pytest.mark.paper("W-19", "W-20", "O-16")
@pytest.mark.parametrize("program", [variable_and_waits, loop, branch, gradient])
def test_the_same_edges_cross_as_in_tensorflow(tensorflow, program):
    results, edges = crossing(minitf, program)
    their_results, their_edges = crossing(tensorflow, program)

    np.testing.assert_equal(results, their_results)
    assert edges == their_edges
    assert edges
