"""The bytes of values that are alive in a run, against counts made by hand, in every tier."""

from __future__ import annotations

import numpy as np
import pytest
from executor.stepping import const, request_of, steps_of

import minitf as tf
from minitf import ops
from minitf.executor.generated import OFTEN
from minitf.executor.memory import LiveBytes
from minitf.executor.tiers import COMPILED_RUN
from minitf.executor.trace import Trace
from minitf.graph import Graph
from minitf.kernels_cpu.buffers import LEAST_BYTES
from minitf.kernels_cpu.device import CpuDevice
from minitf.resources import ResourceStore

N = 200
BYTES = N * N * 4  # of one matrix, more than LEAST_BYTES: kernels take it from the device
assert BYTES > LEAST_BYTES
TIERS = {"bodies": ("off", 1), "compiled": ("eager", OFTEN)}


@pytest.fixture(params=TIERS)
def tier(request):
    """Return the mode of a session, and in which run its step is in the tier."""
    return TIERS[request.param]


def traced(tier, graph, fetched, feeds, values):
    """Return the trace of a run in a tier, and what the run gave."""
    mode, runs = tier
    step = steps_of(graph, jit=mode).find(request_of(fetched, feeds))
    for _ in range(runs - 1):
        step.run(values)
    trace = Trace(step.device)
    return trace, step.run(values, trace)


def ones() -> np.ndarray:
    return np.ones((N, N), np.float32)


@pytest.mark.paper("W-13", "W-15", "W-28")
def test_a_chain_of_products_holds_two_at_a_time(tier):
    graph = Graph()
    with graph.as_default():
        x = y = ops.placeholder_op(dtype="float32", shape=[N, N])
        for _ in range(5):
            y = ops.mat_mul_op(y, x)
    trace, _ = traced(tier, graph, [y], [x], [ones()])

    assert trace.bytes.total_bytes == 5 * BYTES
    assert trace.bytes.peak_bytes == 2 * BYTES  # what a product reads, and what it makes


@pytest.mark.paper("W-15", "W-28")
def test_a_value_lives_until_its_last_reader(tier):
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", shape=[N, N])
        kept = y = ops.mat_mul_op(x, x)
        for _ in range(4):
            y = ops.mat_mul_op(y, x)
        y = ops.mat_mul_op(y, kept)
    trace, _ = traced(tier, graph, [y], [x], [ones()])

    assert trace.bytes.total_bytes == 6 * BYTES
    assert trace.bytes.peak_bytes == 3 * BYTES  # `kept` beside the two of the chain
    firsts = trace.records[0].memory.allocations
    assert [event.nbytes for event in firsts] == [BYTES, -BYTES]
    assert firsts[1].at_ns >= trace.records[-1].started_ns


def test_what_is_fetched_is_alive_at_the_end_and_all_else_has_died(tier):
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", shape=[N, N])
        a = ops.mat_mul_op(x, x)
        b = ops.mat_mul_op(a, x)
    trace, fetched = traced(tier, graph, [b], [x], [ones()])

    assert trace.bytes.live_bytes == BYTES
    del fetched
    assert trace.bytes.live_bytes == 0


def test_views_fed_arrays_constants_and_versions_of_variables_are_not_counted(tier):
    graph = Graph()
    store = ResourceStore()
    mode, runs = tier
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", shape=[N, N])
        w = ops.variable_v2_op(shape=[N, N], dtype="float32", name="w")
        init = ops.assign_op(w, const(ones()))
        flat = ops.reshape_op(x, const([N * N]))
        turned = ops.reshape_op(ops.mat_mul_op(ops.identity_op(w), x), const([N * N]))
    steps = steps_of(graph, store, jit=mode)
    steps.find(request_of([init.op])).run([])
    step = steps.find(request_of([flat, turned], [x]))
    for _ in range(runs):
        trace = Trace(step.device)
        step.run([ones()], trace)

    assert trace.bytes.total_bytes == trace.bytes.peak_bytes == BYTES  # the product's


def test_scratch_counts_while_the_kernel_runs():
    device = CpuDevice()
    bytes_ = LiveBytes(device, lambda: 0)
    begun = bytes_.begin()
    scratch = device.allocate((N, N), np.float32)
    out = device.allocate((N, N), np.float32)
    del scratch
    memory = bytes_.end(begun, [out])

    assert (memory.live_bytes, memory.scratch_bytes) == (BYTES, BYTES)
    assert (bytes_.live_bytes, bytes_.peak_bytes) == (BYTES, 2 * BYTES)


def test_a_cluster_is_one_record_and_holds_nothing_between():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [N, N])
        y = tf.matmul(x, x)
        z = tf.matmul(tf.nn.relu(y * 2 + 1) * y, x)
    trace, _ = traced(TIERS["compiled"], graph, [z], [x], [ones()])

    assert len(trace.records) == 3
    assert trace.bytes.total_bytes == 3 * BYTES


@pytest.mark.parametrize("runs", [1, COMPILED_RUN + 1])
def test_metadata_tell_the_bytes_of_each_node_and_the_peak_of_the_step(runs):
    x = tf.placeholder(tf.float32, [N, N], name="x")
    y = tf.matmul(x, x, name="y")
    z = tf.matmul(y, x, name="z")
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    with tf.Session() as session:
        for _ in range(runs):
            session.run(z, {x: ones()}, options, metadata)
    first, last = metadata.step_stats.dev_stats[0].node_stats

    (memory,) = first.memory
    assert (memory.allocator_name, memory.total_bytes, memory.live_bytes) == ("cpu", BYTES, BYTES)
    assert [event.alloc_bytes for event in memory.allocation_records] == [BYTES, -BYTES]
    of_node, of_step = last.memory
    assert of_node.peak_bytes == BYTES
    assert of_step.allocator_name == "step"
    assert of_step.peak_bytes == of_step.total_bytes == 2 * BYTES


def test_a_run_that_is_observed_gives_the_bits_of_one_that_is_not():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 40])
        y = tf.reduce_sum(tf.tanh(x) * x, 1)
    seen, unseen = (steps_of(graph, jit="auto").find(request_of([y], [x])) for _ in range(2))
    values = [np.random.RandomState(0).randn(30, 40).astype(np.float32)]

    for _ in range(2 * COMPILED_RUN):
        found = seen.run(values, Trace(seen.device))[0]
        np.testing.assert_array_equal(found, unseen.run(values)[0])
