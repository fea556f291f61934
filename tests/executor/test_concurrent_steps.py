"""Several clients, one graph: concurrent steps share variables and queues and lose nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from executor import toy_ops
from executor.stepping import const, request_of, step_of, steps_of

from minitf import ops
from minitf.graph import Graph
from minitf.resources import ResourceStore, Variable

CLIENTS = 4


def all_at_once(*works):
    """Run functions in threads that start together; return their results."""
    barrier = threading.Barrier(len(works))

    def started(work):
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(started, works))


@pytest.mark.paper("O-11")
def test_reading_preprocessing_training_and_checkpointing_run_at_once():
    """OSDI Figure 2: four subgraphs of one graph, joined by queues and a variable."""
    graph, store, items = Graph(), ResourceStore(), 50
    with graph.as_default():
        w = ops.variable_v2_op(shape=[], dtype="float32", name="w")
        init = ops.assign_op(w, 0.0)
        record = ops.placeholder_op(dtype="float32")
        read = toy_ops.put_op(record, gate_name="raw")
        preprocess = toy_ops.put_op(
            ops.mul_op(toy_ops.get_op(gate_name="raw", T="float32"), 2.0), gate_name="ready"
        )
        train = ops.assign_add_op(w, toy_ops.get_op(gate_name="ready", T="float32"))
        checkpoint = ops.identity_op(w)
    steps = steps_of(graph, store)
    steps.find(request_of([init.op])).run([])

    def client(fetched, feeds=(), values=()):
        step = steps.find(request_of(fetched, feeds))
        return lambda: [step.run([np.float32(i)] if feeds else []) for i in range(items)]

    saved = all_at_once(
        client([read], [record]),
        client([preprocess]),
        client([train.op]),
        client([checkpoint]),
    )[-1]
    seen = [float(value) for (value,) in saved]

    final = store.find("", "w", Variable)
    assert final is not None
    assert final.read() == 2 * sum(range(items))
    assert seen == sorted(seen)  # each checkpoint is a moment of the training


@pytest.mark.paper("O-12")
def test_concurrent_additions_to_a_variable_are_all_counted():
    graph, store, times = Graph(), ResourceStore(), 500
    with graph.as_default():
        w = ops.variable_v2_op(shape=[8], dtype="int64", name="w")
        init = ops.assign_op(w, const(np.zeros(8, np.int64)))
        add = ops.assign_add_op(w, const(np.ones(8, np.int64)))
    steps = steps_of(graph, store)
    steps.find(request_of([init.op])).run([])
    step = steps.find(request_of([add.op]))

    all_at_once(*[lambda: [step.run([]) for _ in range(times)]] * CLIENTS)

    final = store.find("", "w", Variable)
    assert final is not None
    assert final.read().tolist() == [CLIENTS * times] * 8


@pytest.mark.paper("O-12")
def test_reading_and_writing_back_in_two_operations_may_lose_an_update():
    """The race is shown at its worst: both steps read before either writes."""
    graph, store = Graph(), ResourceStore()
    with graph.as_default():
        w = ops.variable_v2_op(shape=[], dtype="float32", name="w")
        init = ops.assign_op(w, 0.0)
        read = ops.identity_op(w)
        with graph.control_dependencies([toy_ops.put_op(read, gate_name="have read")]):
            turn = toy_ops.get_op(gate_name="write", T="float32")
        write = ops.assign_op(w, ops.add_v2_op(read, turn))
    steps = steps_of(graph, store)
    steps.find(request_of([init.op])).run([])
    step = steps.find(request_of([write.op]))
    have_read, turns = (
        store.find_or_create("", name, toy_ops.Gate, toy_ops.Gate)
        for name in ("have read", "write")
    )
    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(step.run, []) for _ in range(2)]
        for _ in results:
            have_read.get().result()
        for _ in results:
            turns.put(np.float32(1))
        for result in results:
            result.result()

    final = store.find("", "w", Variable)
    assert final is not None
    assert final.read() == 1  # two additions of 1


@pytest.mark.paper("O-11", "W-08")
def test_one_step_runs_in_many_threads_with_values_of_their_own():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="int64")
        y = ops.sub_op(ops.square_op(x), x)
    step = step_of(graph, [y], [x])

    def client(first):
        return lambda: [step.run([np.int64(n)])[0] for n in range(first, first + 500)]

    results = all_at_once(*[client(1000 * number) for number in range(CLIENTS)])

    for number, got in enumerate(results):
        assert got == [n * n - n for n in range(1000 * number, 1000 * number + 500)]
