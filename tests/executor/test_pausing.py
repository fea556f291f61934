"""Generated code that waits in place: where nothing else is to do, and as long as it may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from executor import toy_ops
from executor.stepping import const, request_of, step_of, steps_of

from minitf import ops
from minitf.errors import CancelledError, OutOfRangeError
from minitf.executor.dataflow import Run
from minitf.executor.generated import OFTEN
from minitf.executor.lines import contested, in_order
from minitf.executor.pausing import PausingLine, straight_line
from minitf.executor.runs import Runs
from minitf.executor.straightline import StraightLine
from minitf.graph import Graph
from minitf.resources import ResourceStore

DEADLINE_S = 60


def taken(gate="in"):
    return toy_ops.get_op(gate_name=gate, T="float32")


def line_of(plan, runs=None):
    return straight_line(plan, keeps_all=False, runs=runs or Runs())


def from_gate_to_gate():
    """Take x from a gate, put x * x + 1 into another; make y = 3 * 2 apart from that."""
    graph, store = Graph(), ResourceStore()
    with graph.as_default():
        x = taken()
        put = toy_ops.put_op(ops.add_v2_op(ops.mul_op(x, x), 1.0), gate_name="out")
        y = ops.mul_op(toy_ops.tap_op(const(np.float32(3)), text="apart"), 2.0, name="y")
    steps = steps_of(graph, store)
    gate, other = (
        store.find_or_create("", name, toy_ops.Gate, toy_ops.Gate) for name in ("in", "out")
    )
    return steps.find(request_of([y, put])), gate, other


@pytest.mark.paper("W-42", "W-59")
def test_the_text_waits_where_an_operation_may_and_does_the_rest_before():
    step, _, _ = from_gate_to_gate()

    assert line_of(step.plan).source == (
        "def step(feeds, outputs):\n"
        "    t0 = tap(constant)  # Tap\n"
        "    t0 = mul(t0, constant_2)  # y\n"
        "    t1 = outputs(get(), node)  # Get\n"
        "    t1 = mul(t1, t1)  # Mul\n"
        "    t1 = add_v2(t1, constant_6)  # AddV2\n"
        "    put(t1)  # Put\n"
        "    del t1\n"
        "    return [t0]\n"
    )


@pytest.mark.paper("W-42", "W-59")
@pytest.mark.parametrize("comes_first", [True, False])
def test_it_gives_what_the_reference_executor_gives(comes_first):
    step, gate, other = from_gate_to_gate()
    runs = Runs()
    line = line_of(step.plan, runs)
    with ThreadPoolExecutor(1) as pool:
        for run in (Run(step.plan).run, line.run):
            if comes_first:
                gate.put(np.float32(2))
            result = pool.submit(run, [])
            if not comes_first:
                gate.wait_for(1)
                gate.put(np.float32(2))

            assert result.result(DEADLINE_S) == [6]
            assert other.get().result() == 5
    assert not list(runs)


def test_a_plan_that_never_waits_stays_a_plain_line():
    graph = Graph()
    with graph.as_default():
        y = ops.add_v2_op(toy_ops.tap_op(const(np.float32(1)), text="x"), 1.0)

    assert type(line_of(step_of(graph, [y]).plan)) is StraightLine


def test_operations_that_may_wait_must_follow_one_another():
    graph = Graph()
    with graph.as_default():
        one, other = taken("one"), taken("other")
        with graph.control_dependencies([one.op]):
            behind = taken("other")

    assert not contested(step_of(graph, [one, behind]).plan)
    assert contested(step_of(graph, [one, other]).plan) == (
        "'Get' and 'Get_1' wait for what others do"
    )


@pytest.mark.paper("W-42")
def test_a_step_that_feeds_itself_is_run_by_tokens():
    """One gate is filled by the same step: a line that sat at the other would wait for ever."""
    graph, store = Graph(), ResourceStore()
    with graph.as_default():
        x = taken("one")
        token = taken("two")
        put = toy_ops.put_op(token, gate_name="one")
    step = steps_of(graph, store, jit="eager").find(request_of([x, put]))
    store.find_or_create("", "two", toy_ops.Gate, toy_ops.Gate).put(np.float32(4))

    assert step.run([]) == [4]
    assert step.tiers.fast is None
    assert "wait for what others do" in step.tiers.why_tokens


def test_what_need_not_wait_is_in_no_cluster_with_what_must():
    graph, store = Graph(), ResourceStore()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", shape=[3])
        early = ops.exp_op(ops.mul_op(x, x))
        y = taken()
        y.set_shape([3])
        late = ops.tanh_op(ops.add_v2_op(ops.mul_op(early, y), early))
    step = steps_of(graph, store, jit="eager").find(request_of([late], [x]))
    ones = np.ones(3, np.float32)
    for _ in range(OFTEN):
        store.find_or_create("", "in", toy_ops.Gate, toy_ops.Gate).put(ones)
        (got,) = step.run([ones])

    code = step.tiers.fast.latest
    kinds = ["cluster" if n.operation is None else n.operation.type for n in in_order(code.plan)]
    assert kinds == ["cluster", "Get", "cluster"]
    np.testing.assert_allclose(got, np.tanh(2 * np.exp(ones)), rtol=1e-6)


def test_single_numbers_are_in_no_cluster_where_a_step_waits():
    """Compiled code gives up the GIL, and others who run such steps would take it at every call."""
    graph, store = Graph(), ResourceStore()
    with graph.as_default():
        x = taken()
        x.set_shape([])
        y = ops.tanh_op(ops.mul_op(ops.exp_op(x), x))
    step = steps_of(graph, store, jit="eager").find(request_of([y], []))
    for _ in range(OFTEN):
        store.find_or_create("", "in", toy_ops.Gate, toy_ops.Gate).put(np.float32(1))
        step.run([])

    kinds = [node.operation.type for node in in_order(step.tiers.fast.latest.plan)]
    assert kinds == ["Get", "Exp", "Mul", "Tanh"]


@pytest.mark.paper("W-42")
def test_an_aborted_run_ends_at_once_and_takes_nothing():
    step, gate, other = from_gate_to_gate()
    runs, end = Runs(), CancelledError(None, None, "enough")
    line = line_of(step.plan, runs)
    assert isinstance(line, PausingLine)
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(line.run, [])
        gate.wait_for(1)
        (run,) = runs
        assert run.is_blocked()
        assert [node.name for node, _ in run.waits()] == ["Get"]
        runs.end_all(end)

        assert result.exception(DEADLINE_S) is end
        with pytest.raises(CancelledError, match="enough"):
            line.run([])  # whatever begins after that
    gate.put(np.float32(1))

    assert gate.get().result() == 1
    assert not other.items


def test_what_others_fail_at_is_told_with_the_operation():
    step, gate, _ = from_gate_to_gate()
    line = line_of(step.plan)
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(line.run, [])
        gate.wait_for(1)
        gate.waiting.pop().set_exception(OutOfRangeError(None, None, "nothing more comes"))
        error = result.exception(DEADLINE_S)
        cancelled = pool.submit(line.run, [])
        gate.wait_for(1)
        gate.waiting.pop().cancel()

        assert isinstance(cancelled.exception(DEADLINE_S), CancelledError)

    assert isinstance(error, OutOfRangeError)
    assert "nothing more comes\n  in op 'Get' (Get)" in str(error)
