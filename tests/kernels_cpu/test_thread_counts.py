"""The number of threads that a session sets changes no bit, and is the number that work."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.kernels_cpu import threads

COUNTS = (1, 2, 3, 4)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Cut work into parts so small that the arrays of a test have many."""
    monkeypatch.setattr(threads, "PART", 1 << 8)
    monkeypatch.setattr(threads, "_QUEUE", None)
    monkeypatch.setenv("MINITF_JIT", "eager")


def bits(build, shapes, seed):
    """Return, for each number of threads, the bytes of what the graph gives in every tier."""
    random = np.random.RandomState(seed)
    arrays = [random.randn(*shape).astype(np.float32) for shape in shapes]
    with tf.Graph().as_default() as graph:
        feeds = [tf.placeholder(tf.float32, array.shape) for array in arrays]
        fetched = build(*feeds)
    found = []
    for count in COUNTS:
        config = tf.ConfigProto(intra_op_parallelism_threads=count)
        with tf.Session(graph=graph, config=config) as session:
            runs = [session.run(fetched, dict(zip(feeds, arrays, strict=True))) for _ in range(5)]
        found.append([value.tobytes() for run in runs for value in run])
    return found


SIZES = st.integers(1, 70)
SEEDS = st.integers(0, 1 << 16)


@pytest.mark.paper("O-32")
@given(m=SIZES, k=SIZES, n=SIZES, seed=SEEDS)
def test_matrix_products_have_the_same_bits_on_any_number_of_threads(m, k, n, seed):
    one, *others = bits(lambda x, y: [tf.matmul(x, y)], [(m, k), (k, n)], seed)

    assert all(other == one for other in others)


@given(n=st.integers(1, 5), size=st.integers(3, 14), c=st.integers(1, 6), seed=SEEDS)
def test_convolutions_have_the_same_bits_on_any_number_of_threads(n, size, c, seed):
    def build(x, w):
        y = tf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding="SAME")
        pooled = tf.nn.max_pool(y, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
        return [y, pooled, *tf.gradients(tf.reduce_sum(y * y), [x, w])]

    one, *others = bits(build, [(n, size, size, c), (3, 3, c, 4)], seed)

    assert all(other == one for other in others)


@given(m=SIZES, n=SIZES, seed=SEEDS)
def test_reductions_have_the_same_bits_on_any_number_of_threads(m, n, seed):
    def build(x):
        return [
            tf.reduce_sum(x, 0), tf.reduce_mean(x, 1), tf.reduce_max(x, 0), tf.nn.softmax(x),
            tf.expand_dims(tf.reduce_sum(x), 0),
        ]  # fmt: skip

    one, *others = bits(build, [(m, n)], seed)

    assert all(other == one for other in others)


@given(m=SIZES, n=SIZES, seed=SEEDS)
def test_elementwise_operations_have_the_same_bits_on_any_number_of_threads(m, n, seed):
    def build(x, y):
        return [tf.tanh(x * y + 1) / (tf.exp(y) + 2), tf.sqrt(tf.abs(x)) * tf.sigmoid(y)]

    one, *others = bits(build, [(m, n), (n,)], seed)

    assert all(other == one for other in others)


@pytest.mark.parametrize("count", COUNTS)
def test_as_many_threads_work_as_the_session_says(count):
    """The first parts wait for each other: they end only if so many threads take part."""
    workers, together = set(), threading.Barrier(count)

    def work(part):
        if part < count:
            together.wait(timeout=60)
        workers.add(threading.current_thread())

    def kernel():
        threads.run_parts(work, 20)
        return np.int32(len(workers))

    y = tf.py_func(kernel, [], tf.int32)
    config = tf.ConfigProto(intra_op_parallelism_threads=count)
    with tf.Session(config=config) as session:
        assert session.run(y) == count


def test_a_session_that_says_nothing_uses_the_devices_own_number():
    config = tf.ConfigProto(intra_op_parallelism_threads=3)
    x = tf.constant(1.0)
    with tf.Session(config=config) as limited:
        limited.run(x)

    assert threads.limit(None) is None


def test_jobs_inside_jobs_have_the_limit_of_the_outer_one(monkeypatch):
    seen, together = [], threading.Barrier(2)

    def work(part):
        together.wait(timeout=60)
        before = threads.limit(None)
        threads.limit(before)
        seen.append(before)

    before = threads.limit(2)
    try:
        threads.run_parts(work, 2)
    finally:
        threads.limit(before)

    assert seen == [2, 2]
