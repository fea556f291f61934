"""How much a step compiles: equal layers count once, and no graph makes its user wait minutes."""

from __future__ import annotations

import numpy as np
from executor.clustered import CPU, clusters_of, optimized
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.executor.compile_cost import MOST_DIFFERENT, affordable
from minitf.executor.fusion import find_clusters

UNARY = (tf.abs, tf.negative, tf.square, tf.nn.relu, tf.sin, tf.exp)


def layers(count, kinds=UNARY, size=8):
    """Return a chain of clusters between products: each `kinds` in turn, one after the other."""
    y = x = tf.placeholder(tf.float32, [size, size])
    for i in range(count):
        y = tf.matmul(y, y)
        for kind in kinds[i % len(kinds) :] + kinds[: i % len(kinds)]:
            y = kind(y)
    return x, y


def test_layers_that_are_equal_are_all_compiled():
    count = MOST_DIFFERENT // 2
    x, y = layers(count, UNARY[3:4] * 6)

    assert len(clusters_of([y], [x])) == count


def test_layers_that_ask_for_different_places_are_equal():
    count = MOST_DIFFERENT // 2
    y = x = tf.placeholder(tf.float32, [8, 8])
    for _ in range(count):
        product = tf.matmul(y, y)
        with tf.colocate_with(product.op):
            y = tf.tanh(tf.tanh(tf.tanh(product)))

    assert len(clusters_of([y], [x])) == count


def irregular(size, rng):
    """Return a graph whose clusters all differ."""
    y = x = tf.placeholder(tf.float32, [size])
    for _ in range(30):
        y = tf.cumsum(y)
        for _ in range(40):
            y = UNARY[rng.integers(len(UNARY))](y) * np.float32(rng.normal())
    return x, y


def test_what_differs_is_compiled_up_to_a_bound_large_arrays_first():
    rng = np.random.default_rng(1)
    (x, small), (z, large) = irregular(4, rng), irregular(400, rng)
    clusters = clusters_of([small, large], [x, z])
    members = [op for cluster in clusters for op in cluster.members]

    assert MOST_DIFFERENT - 128 <= len(members) <= MOST_DIFFERENT
    assert {op.outputs[0].static_shape[0] for op in members} == {400}


@given(most=st.integers(0, 60), count=st.integers(1, 12))
def test_groups_stay_in_order_and_within_the_bound(most, count):
    x, y = layers(count)
    subgraph = optimized([y], [x])
    groups = [list(each.operations) for each in find_clusters(subgraph, CPU.fuses)]
    kept = affordable(groups, subgraph, lambda op: op.inputs, most)

    assert [group for group in groups if group in kept] == kept
    different = {tuple(op.type for op in group) for group in kept}
    assert sum(map(len, different)) <= most
    assert len(kept) == len(groups) or sum(map(len, groups)) > most
