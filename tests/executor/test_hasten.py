"""Updates run as soon as they may: gradients do not wait in memory, and no read changes."""

from __future__ import annotations

import numpy as np
import pytest
from executor.stepping import request_of
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.executor.hasten import LEAST_HASTENED_BYTES, hastened
from minitf.executor.prune import prune
from minitf.executor.tiers import COMPILED_RUN

N = 300
BYTES = N * N * 4
assert BYTES > LEAST_HASTENED_BYTES
LAYERS = 6
OPTIMIZERS = {
    "gradient descent": lambda: tf.train.GradientDescentOptimizer(0.1),
    "momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
    "Adam": lambda: tf.train.AdamOptimizer(0.1),
}


def training(optimizer="gradient descent", use_resource=False):
    """Return a training step of a chain of layers, its feeds, and its initializer."""
    x = value = tf.placeholder(tf.float32, [2, N])
    with tf.variable_scope("layers", use_resource=use_resource):
        for i in range(LAYERS):
            w = tf.get_variable(f"w{i}", [N, N], initializer=tf.ones_initializer())
            value = tf.matmul(value, w) / N
    train = OPTIMIZERS[optimizer]().minimize(tf.reduce_sum(value * value))
    return train, {x: np.ones((2, N), np.float32)}


def names(request, **options):
    return [operation.name for operation in hastened(prune(request), **options)]


@pytest.mark.paper("W-28")
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("use_resource", [False, True])
def test_each_update_runs_before_the_next_gradient_is_made(optimizer, use_resource):
    train, feeds = training(optimizer, use_resource)
    order = hastened(prune(request_of([train], feeds)))
    updates = [i for i, each in enumerate(order) if "Apply" in each.type]
    products = [i for i, each in enumerate(order) if each.type == "MatMul"]
    of_weights = [i for i in products if order[i].name.endswith("_grad/MatMul_1")]

    assert len(updates) == len(of_weights) == LAYERS
    for update, following in zip(updates, of_weights[1:], strict=False):
        assert update < following


@pytest.mark.paper("W-28")
@pytest.mark.parametrize("runs", [1, COMPILED_RUN + 1])
def test_one_gradient_is_in_memory_at_a_time(runs, monkeypatch):
    train, feeds = training()
    peaks = []
    for least in (LEAST_HASTENED_BYTES, 1 << 40):
        monkeypatch.setattr(
            "minitf.executor.assembly.hastened",
            lambda subgraph, clusters=(), least=least: hastened(subgraph, clusters, least),
        )
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in range(runs):
                metadata = tf.RunMetadata()
                options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
                session.run(train, feeds, options, metadata)
        peaks.append(metadata.step_stats.dev_stats[0].node_stats[-1].memory[-1].peak_bytes)

    assert peaks[0] < 2 * BYTES
    assert peaks[1] >= LAYERS * BYTES


@pytest.mark.parametrize("use_resource", [False, True])
def test_what_reads_the_variable_before_the_update_still_does(use_resource):
    with tf.variable_scope("", use_resource=use_resource):
        w = tf.get_variable("w", [N, N], initializer=tf.ones_initializer())
        v = tf.get_variable("v", [N, N], initializer=tf.ones_initializer())
    gradient = v * 2.0
    before = w * 3.0
    train = tf.train.GradientDescentOptimizer(0.5).apply_gradients([(gradient, w)])
    after = w.read_value() * 5.0 if use_resource else w * 5.0
    order = hastened(prune(request_of([train, before, after], [])))
    (update,) = (i for i, each in enumerate(order) if "Apply" in each.type)

    reads = before.op.inputs[0].op if use_resource else before.op
    assert order.index(reads) < update
    assert order.index(after.op) > update


def test_a_rate_that_is_changed_on_the_way_is_read_after_the_change():
    w = tf.get_variable("w", [N, N], initializer=tf.ones_initializer())
    rate = tf.get_variable("rate", [], initializer=tf.ones_initializer(), use_resource=True)
    gradient = w * 2.0
    change = rate.assign(3.0, read_value=False)
    train = tf.train.GradientDescentOptimizer(rate).apply_gradients([(gradient, w)])
    order = hastened(prune(request_of([change, train], [])))
    (update,) = (i for i, each in enumerate(order) if "ApplyGradientDescent" in each.type)

    assert order.index(change) < update


@pytest.mark.parametrize("case", ["small", "loop"])
def test_small_gradients_and_steps_with_loops_keep_the_order_of_construction(case):
    train, feeds = training()
    fetched = [train]
    if case == "loop":
        fetched.append(tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0]))
    options = {"least_bytes": 1 << 40} if case == "small" else {}
    request = request_of(fetched, feeds)

    assert names(request, **options) == [each.name for each in prune(request).operations]


@given(optimizer=st.sampled_from(list(OPTIMIZERS)), use_resource=st.booleans())
def test_the_new_order_is_a_legal_one(optimizer, use_resource):
    with tf.Graph().as_default():
        train, feeds = training(optimizer, use_resource)
        order = hastened(prune(request_of([train], feeds)), least_bytes=0)
        place = {operation: i for i, operation in enumerate(order)}

    for operation in order:
        sources = [*(tensor.op for tensor in operation.inputs), *operation.control_inputs]
        assert all(place[each] < place[operation] for each in sources if each in place)


@pytest.mark.thorough
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("use_resource", [False, True])
def test_results_are_those_of_the_order_of_construction(optimizer, use_resource, monkeypatch):
    found = []
    for least in (0, 1 << 40):
        monkeypatch.setattr(
            "minitf.executor.assembly.hastened",
            lambda subgraph, clusters=(), least=least: hastened(subgraph, clusters, least),
        )
        with tf.Graph().as_default(), tf.Session() as session:
            train, feeds = training(optimizer, use_resource)
            session.run(tf.global_variables_initializer())
            for _ in range(2 * COMPILED_RUN):
                session.run(train, feeds)
            found.append(session.run(tf.global_variables()))

    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_fed_handle_could_be_any_variable():
    train, feeds = training(use_resource=True)
    handle = tf.placeholder(tf.resource, [])
    request = request_of([train], [*feeds, handle])

    assert names(request) == [each.name for each in prune(request).operations]


def test_an_update_behind_a_net_with_countless_paths_is_moved_like_others():
    w = tf.get_variable("w", [N, N], initializer=tf.ones_initializer())
    x = tf.placeholder(tf.float32, [N, N])
    gradient = x
    for _ in range(100):  # 2 ** 100 ways lead from x to the gradient
        gradient += gradient
    train = tf.train.GradientDescentOptimizer(0.1).apply_gradients([(gradient, w)])
    after = tf.sqrt(x)
    request = request_of([train, after], {x: np.ones((N, N), np.float32)})

    order = [operation.type for operation in hastened(prune(request))]

    assert order.index("ApplyGradientDescent") < order.index("Sqrt")
