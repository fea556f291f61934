"""Clusters: which operations join, and that nobody notices."""

from __future__ import annotations

import numpy as np
import pytest
from executor.clustered import CPU, clusters_of, fused_of, optimized, run_clustered
from executor.random_graphs import random_graphs
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.executor import fusion
from minitf.executor.fusion import find_clusters

# --- nobody notices -------------------------------------------------------------------------------


def of_all_pure(operation):
    """Fuse whatever may be fused at all."""
    return True


@given(made=random_graphs(most=40), fusable=st.sampled_from([of_all_pure, CPU.fuses]))
def test_a_graph_with_clusters_as_nodes_runs_and_gives_the_same(made, fusable):
    subgraph = optimized(made.fetches, list(made.feeds))
    clusters = find_clusters(subgraph, fusable)
    got = run_clustered(subgraph, clusters, made.feeds)

    for tensor, value in zip(made.fetches, got, strict=True):
        np.testing.assert_array_equal(value, made.values[tensor])


@given(made=random_graphs(most=40))
def test_members_are_tied_to_nothing_and_in_one_cluster_each(made):
    subgraph = optimized(made.fetches, list(made.feeds))
    clusters = find_clusters(subgraph, CPU.fuses)
    members = [op for cluster in clusters for op in cluster.operations]
    waited_for = {op for each in subgraph.operations for op in subgraph.control_sources(each)}

    assert len(set(members)) == len(members)
    for op in members:
        assert not subgraph.control_sources(op)
        assert op not in waited_for
        assert not set(op.outputs) & set(made.feeds)
    for cluster in clusters:
        assert sum(op.type != "Identity" for op in cluster.members) > 1
        assert not set(cluster.inputs) & {t for op in cluster.operations for t in op.outputs}


@pytest.mark.thorough
@given(made=random_graphs(most=15))
def test_compiled_clusters_give_the_same_bits_of_integers(made):
    subgraph = optimized(made.fetches, list(made.feeds))
    clusters = find_clusters(subgraph, CPU.fuses)
    got = run_clustered(subgraph, clusters, made.feeds, fused_of)

    for tensor, value in zip(made.fetches, got, strict=True):
        np.testing.assert_array_equal(value, made.values[tensor])


# --- what joins -----------------------------------------------------------------------------------

UNARY = [tf.negative, tf.square, tf.nn.relu, tf.abs]
BINARY = [tf.add, tf.subtract, tf.multiply, tf.maximum]


@given(st.lists(st.integers(0, 7), min_size=2, max_size=30), st.sampled_from([None, 3]))
def test_a_chain_of_elementwise_operations_is_one_cluster(kinds, size):
    with tf.Graph().as_default():
        x = y = tf.placeholder(tf.float32, [size, 4])
        for kind in kinds:
            y = UNARY[kind](y) if kind < 4 else BINARY[kind - 4](y, x)
        (cluster,) = clusters_of([y], [x])

    assert cluster.inputs == (x,)
    assert cluster.outputs == (y,)


def gradient_cluster(size):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [size, 3], name="x")
        w = tf.placeholder(tf.float32, [3, 4], name="w")
        b = tf.placeholder(tf.float32, [4], name="b")
        y = tf.nn.relu(tf.matmul(x, w) + b)
        loss = tf.reduce_sum(y * y)
        fetches = [loss, *tf.gradients(loss, [w, b])]
        return optimized(fetches, [x, w, b]), clusters_of(fetches, [x, w, b]), fetches


@pytest.mark.parametrize("size", [None, 2])
def test_forward_and_backward_join_even_if_sizes_are_not_known(size):
    subgraph, clusters, fetches = gradient_cluster(size)

    (cluster,) = clusters
    assert [t.name for t in cluster.inputs] == ["MatMul:0", "b:0"]
    assert {fetches[0], fetches[2]} < set(cluster.outputs)
    left = {op.type for op in subgraph.operations} - {op.type for op in cluster.operations}
    assert left == {"MatMul"}


def test_sizes_that_somebody_else_needs_are_still_computed():
    with tf.Graph().as_default():
        x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.float32, [4])
        sizes = tf.shape(x)
        z = tf.broadcast_to(y + 1.0, sizes) * x
        (cluster,) = clusters_of([z, sizes], [x, y])

    assert sizes.op in cluster.sizes
    assert sizes.op not in cluster.operations


def test_what_others_read_is_an_output_and_what_only_members_read_is_none():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [4, 4])
        inner = tf.square(x)
        read = inner + 1.0
        last = tf.nn.relu(read * 2.0)
        (cluster,) = clusters_of([tf.matmul(read, read), last], [x])

    assert set(cluster.outputs) == {read, last}


def test_readers_of_one_array_join_and_readers_of_one_number_do_not():
    with tf.Graph().as_default():
        x, a = tf.placeholder(tf.float32, [8, 4]), tf.placeholder(tf.float32, [])
        y = tf.placeholder(tf.float32, [5, 7])
        sums = [tf.reduce_sum(x * 2.0, 0), tf.reduce_max(x + a, 1)]
        other = tf.exp(y * a)
        clusters = clusters_of([*sums, other], [x, y, a])

    assert sorted(len(cluster.members) for cluster in clusters) == [2, 4]


def test_spaces_that_do_not_fit_stay_apart_though_a_number_joins_them():
    with tf.Graph().as_default():
        weights = [tf.placeholder(tf.float32, shape) for shape in ([3, 4], [5, 6], [7])]
        norm = tf.sqrt(tf.add_n([tf.nn.l2_loss(w) for w in weights]))
        clipped = [w / norm for w in weights]
        clusters = clusters_of(clipped, weights)

    for cluster in clusters:
        assert len({t.shape.as_list()[0] for t in cluster.inputs if t.shape.ndims}) == 1


def test_a_cluster_has_so_many_operations_and_no_more(monkeypatch):
    monkeypatch.setattr(fusion, "MOST_OPERATIONS", 10)
    with tf.Graph().as_default():
        x = y = tf.placeholder(tf.float32, [4])
        for _ in range(25):
            y = tf.nn.relu(y - 1.0)
        clusters = clusters_of([y], [x])

    assert [len(cluster.operations) for cluster in clusters] == [10] * 5


def test_an_array_of_one_value_is_a_number_and_another_one_an_input():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [2, 2])
        ones, mixed = tf.constant(np.ones((2, 2), np.float32)), tf.constant([[1.0, 2], [3, 4]])
        (cluster,) = clusters_of([(x + ones) * mixed], [x])

    assert cluster.inputs == (x, mixed)
    assert ones in cluster.constants


# --- what does not --------------------------------------------------------------------------------


def test_control_edges_feeds_and_targets_keep_operations_out():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [4])
        fed = tf.square(x)
        before = tf.negative(fed)
        with tf.control_dependencies([before]):
            after = tf.square(fed)
        target = tf.abs(after)
        y = tf.nn.relu(after * before) + fed
        (cluster,) = clusters_of([y, target.op], [x, fed])

    assert {op.type for op in cluster.members} == {"Mul", "Relu", "AddV2"}
    assert set(cluster.inputs) == {fed, before, after}


def test_an_operation_between_two_members_keeps_them_apart():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [4, 4])
        a = tf.square(x) + 1.0
        b = tf.matmul(a, a)
        c = tf.nn.relu(b) + a
        subgraph = optimized([c], [x])
        clusters = find_clusters(subgraph, CPU.fuses)

    assert [len(cluster.members) for cluster in clusters] == [2, 2]
    value = np.eye(4, dtype=np.float32)
    (got,) = run_clustered(subgraph, clusters, {x: value})
    np.testing.assert_array_equal(got, np.maximum((value + 1) @ (value + 1), 0) + value + 1)


def test_devices_stay_apart():
    with tf.Graph().as_default():
        x = y = tf.placeholder(tf.float32, [4])
        for device in ("/cpu:0", "/cpu:1"):
            with tf.device(device):
                y = tf.square(y) + 1.0
        clusters = clusters_of([y], [x])

    assert [{op.device for op in c.members} for c in clusters] == [
        {"/device:CPU:0"},
        {"/device:CPU:1"},
    ]


def test_a_variable_is_an_input_and_what_stands_for_it_no_member():
    with tf.Graph().as_default():
        v = tf.Variable(tf.zeros([4]))
        x = tf.placeholder(tf.float32, [4])
        (cluster,) = clusters_of([tf.nn.relu(x * v) + v], [x])

    assert [t.name for t in cluster.inputs] == [x.name, "Variable/read:0"]
    assert {op.type for op in cluster.members} == {"Mul", "Relu", "AddV2"}


def test_operations_with_state_are_left_alone():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [4])
        noise = tf.random_uniform([4])
        (cluster,) = clusters_of([tf.nn.relu(x + noise) * 2.0], [x])

    assert "RandomUniform" not in {op.type for op in cluster.operations}
    assert all(not op.definition.is_stateful for op in cluster.operations)
