"""The runtime's own control edges: lower peak memory, the same results, no cycle."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from executor.stepping import request_of, steps_of
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.executor import step as step_module
from minitf.executor.delay import delay_large
from minitf.executor.optimize import fold_constants
from minitf.executor.prune import prune
from minitf.executor.tiers import COMPILED_RUN

EPS = np.finfo(np.float32).eps
SIDE = 256  # 256 KiB in float32


def early_noise(count: int) -> tuple[tf.Graph, tf.Tensor]:
    """Build `count` large noises first, and a chain that adds one after the other to a value."""
    with tf.Graph().as_default() as graph:
        noises = [tf.random_uniform([SIDE, SIDE], seed=i + 1) for i in range(count)]
        total = tf.placeholder(tf.float32, [SIDE, SIDE], name="start")
        for noise in noises:
            total = tf.tanh(total) + noise
    return graph, total


def peak_bytes(graph, fetch) -> tuple[int, np.ndarray]:
    with tf.Session(graph=graph) as session:
        feeds = {"start:0": np.zeros((SIDE, SIDE), np.float32)}
        for _ in range(COMPILED_RUN):
            session.run(fetch, feeds)
        tracemalloc.start()
        value = session.run(fetch, feeds)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak, value


@pytest.mark.paper("W-03")
def test_the_edges_added_are_listed_and_lower_the_peak_at_equal_results(monkeypatch):
    graph, total = early_noise(12)
    subgraph = prune(request_of([total]))
    fold_constants(subgraph)
    edges = delay_large(subgraph, least_bytes=1)

    assert len(edges) == 12  # each noise waits for the tanh before the sum that reads it
    assert all(later.type == "RandomUniform" for _, later in edges)
    monkeypatch.setattr(step_module, "delay_large", lambda _: [])
    without, plain = peak_bytes(graph, total)
    monkeypatch.setattr(step_module, "delay_large", lambda s: delay_large(s, least_bytes=1))
    with_edges, delayed = peak_bytes(graph, total)

    np.testing.assert_allclose(delayed, plain, rtol=16 * EPS)  # other operations are one loop
    assert with_edges < 0.6 * without


@pytest.mark.paper("W-03")
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_no_edge_closes_a_cycle_and_every_step_ends(reads, random):
    with tf.Graph().as_default() as graph:
        made = [tf.random_uniform([4], seed=1)]
        for read in reads:
            noise = tf.random_uniform([4], seed=random.randrange(1, 100))
            made.append(tf.tanh(made[read % len(made)]) + (noise if random.random() < 0.7 else 1.0))
            made.append(noise)
        last = tf.add_n(made)
    subgraph = prune(request_of([last]))
    fold_constants(subgraph)
    edges = delay_large(subgraph, least_bytes=1)

    assert all(first is not later for first, later in edges)
    assert np.isfinite(steps_of(graph).find(request_of([last])).run([])[0]).all()


def test_small_values_stay_where_they_are():
    with tf.Graph().as_default():
        small = tf.random_uniform([4])
        last = tf.tanh(tf.constant(1.0)) + small

    assert delay_large(prune(request_of([last]))) == []
