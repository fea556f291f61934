"""Whatever the order of the ready queue and the number of threads, results are the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from executor import toy_ops
from executor.random_graphs import random_graphs
from executor.stepping import const, step_of
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.executor.dataflow import Run
from minitf.executor.ready import Fifo, InOrder, Lifo, Shuffled
from minitf.executor.shared_run import SharedRun
from minitf.graph import Graph


@pytest.fixture(scope="module")
def crew():
    with ThreadPoolExecutor(3) as pool:
        yield pool


def same(made, results) -> None:
    for tensor, result in zip(made.fetches, results, strict=True):
        np.testing.assert_array_equal(result, made.values[tensor])


@pytest.mark.paper("W-16")
@given(made=random_graphs(), seed=st.integers(0, 99), optimize=st.booleans())
def test_every_order_of_the_queue_gives_the_same_values(made, seed, optimize):
    step = step_of(made.graph, made.fetches, made.feeds, passes=optimize)

    for ready in (Fifo(), Lifo(), InOrder(), Shuffled(seed)):
        same(made, Run(step.plan, ready).run(list(made.feeds.values())))


@pytest.mark.paper("W-16")
@given(made=random_graphs(), helpers=st.integers(0, 3), seed=st.integers(0, 99))
def test_any_number_of_threads_gives_the_same_values(crew, made, helpers, seed):
    step = step_of(made.graph, made.fetches, made.feeds, passes=False)

    for ready in (Fifo(), Lifo(), InOrder(), Shuffled(seed)):
        run = SharedRun(step.plan, helpers, crew, ready)
        same(made, run.run(list(made.feeds.values())))


class Order:
    """An Observer that checks a run against the rule of pending counts."""

    def __init__(self) -> None:
        self.finished_nodes: list[str] = []

    def scheduled(self, node, at) -> None:
        have = set(self.finished_nodes)
        operation = node.operation
        if operation is not None:
            needed = {t.op.name for t in operation.inputs} | {
                op.name for op in operation.control_inputs
            }
            assert needed <= have

    def started(self, node, at) -> None:
        assert node.name not in self.finished_nodes

    def finished(self, node, at, outputs) -> None:
        self.finished_nodes.append(node.name)


@pytest.mark.paper("W-16")
@given(made=random_graphs(), seed=st.integers(0, 99))
def test_a_trace_replays_legally_and_each_node_fires_once(made, seed):
    placeholders = [op for op in made.graph.get_operations() if op.type == "Placeholder"]
    feeds = {op.outputs[0]: made.values[op.outputs[0]] for op in placeholders}
    order = Order()
    order.finished_nodes += [op.name for op in placeholders]
    step = step_of(made.graph, made.fetches, feeds, passes=False)

    Run(step.plan, Shuffled(seed), order).run(list(feeds.values()))

    fired = order.finished_nodes[len(placeholders) :]
    assert len(fired) == len(set(fired))


@pytest.mark.paper("W-02")
def test_a_control_dependency_forces_the_order_in_a_thousand_random_schedules():
    graph = Graph()
    with graph.as_default():
        first = toy_ops.note_op(text="first")
        with graph.control_dependencies([first]):
            second = toy_ops.note_op(text="second")
    plan = step_of(graph, [second]).plan
    toy_ops.LOG.clear()
    for seed in range(1000):
        Run(plan, Shuffled(seed)).run([])

    assert toy_ops.LOG == ["first", "second"] * 1000


@pytest.mark.paper("W-02")
def test_without_the_dependency_both_orders_occur():
    graph = Graph()
    with graph.as_default():
        notes = [toy_ops.note_op(text="first"), toy_ops.note_op(text="second")]
    plan = step_of(graph, notes).plan
    seen = set()
    for seed in range(20):
        toy_ops.LOG.clear()
        Run(plan, Shuffled(seed)).run([])
        seen.add(tuple(toy_ops.LOG))

    assert seen == {("first", "second"), ("second", "first")}


@pytest.mark.paper("L1")
@given(seed=st.integers(0, 999))
def test_a_dead_input_makes_dead_all_that_needs_it_in_any_order(seed):
    graph = Graph()
    with graph.as_default():
        data = const(3)
        off, on = toy_ops.branch_op(data, True)
        toy_ops.LOG.clear()
        dead = toy_ops.tap_op(off, text="dead branch")
        joined = ops.add_v2_op(dead, on)
        with graph.control_dependencies([joined]):
            waits = toy_ops.note_op(text="waits for the dead")
        live = toy_ops.tap_op(on, text="live branch")
    plan = step_of(graph, [live, waits], passes=False).plan

    assert Run(plan, Shuffled(seed)).run([]) == [3]
    assert toy_ops.LOG == ["live branch"]


def test_outputs_that_are_lists_reach_the_right_readers():
    graph = Graph()
    with graph.as_default():
        parts = [const(n) for n in (1, 2, 3)]
        first, rest = toy_ops.two_lists_op(parts)
    step = step_of(graph, [rest[2], first, rest[0], rest[1]], passes=False)

    assert step.run([]) == [3, 1, 1, 2]


@pytest.mark.thorough
def test_twenty_thousand_operations_in_a_row_need_no_deep_stack():
    graph = Graph()
    with graph.as_default():
        x = y = ops.placeholder_op(dtype="int32")
        for _ in range(20_000):
            y = ops.identity_op(y)
    step = step_of(graph, [y], [x])

    assert step.run([np.array(7, np.int32)]) == [7]
