"""The laws of dynamic control flow: branches, loops, frames and iterations, in every schedule."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import numpy as np
import pytest
from executor import toy_ops
from executor.raw_loops import RawLoop, triangle, triangles
from executor.stepping import const, request_of, step_of, steps_of
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.dead import DEAD
from minitf.errors import InvalidArgumentError
from minitf.executor.dataflow import Run
from minitf.executor.partial_run import PartialRun
from minitf.executor.ready import Fifo, Lifo, Shuffled
from minitf.executor.shared_run import SharedRun
from minitf.executor.trace import Trace, chrome_trace
from minitf.graph import Graph
from minitf.resources import ResourceStore

ORDERS = st.sampled_from([Fifo, Lifo]) | st.integers(0, 999).map(
    lambda seed: lambda: Shuffled(seed)
)


def number(value: int) -> np.ndarray:
    return np.array(value, np.int32)


@pytest.fixture(scope="module")
def crew():
    with ThreadPoolExecutor(7) as pool:
        yield pool


class Life:
    """An Observer that checks L8, L9 and L12, and notes how many iterations are under way."""

    def __init__(self, parallel: int) -> None:
        self.parallel = parallel
        self.most = 0
        self.fired: set[tuple[object, str]] = set()

    def scheduled(self, node, at) -> None:
        if at.frame.parent is None:
            return
        live = at.frame.live
        assert at.number in live
        assert len(live) <= self.parallel
        assert list(live) == list(range(min(live), max(live) + 1))
        self.most = max(self.most, len(live))

    def started(self, node, at) -> None:
        assert (node, at.tag) not in self.fired
        self.fired.add((node, at.tag))

    def finished(self, node, at, outputs) -> None:
        pass


# --- branches -----------------------------------------------------------------------------------


@pytest.mark.paper("L2", "L3", "W-32")
@given(pred=st.booleans(), order=ORDERS, fold=st.booleans())
def test_merge_lets_the_branch_through_that_was_taken(pred, order, fold):
    graph = Graph()
    with graph.as_default():
        p = ops.placeholder_op(dtype="bool", shape=())
        toy_ops.LOG.clear()
        off, on = ops.switch_op(const(3), p)
        branches = [toy_ops.tap_op(ops.neg_op(off), text="off"), toy_ops.tap_op(on, text="on")]
        value, index = ops.merge_op(branches)
    plan = step_of(graph, [value, index], [p], passes=fold).plan

    assert Run(plan, order()).run([np.array(pred)]) == ([3, 1] if pred else [-3, 0])
    assert [*toy_ops.LOG] == (["on"] if pred else ["off"])


@pytest.mark.paper("L3")
@given(order=ORDERS, fold=st.booleans())
def test_merge_waits_for_its_control_inputs_dead_or_not(order, fold):
    graph = Graph()
    with graph.as_default():
        off, _ = ops.switch_op(const(3), const(True))
        dead = toy_ops.tap_op(off, text="dead")
        note = toy_ops.note_op(text="waited for")
        seven = const(7)
        with graph.control_dependencies([dead, note]):
            value, _ = ops.merge_op([seven])
        after = toy_ops.tap_op(value, text="after")
    plan = step_of(graph, [after], passes=fold).plan
    toy_ops.LOG.clear()

    assert Run(plan, order()).run([]) == [7]
    assert toy_ops.LOG == ["waited for", "after"]


@pytest.mark.paper("L3", "L12")
@given(order=ORDERS)
def test_merge_ignores_what_comes_after_the_first(order):
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="int32")
        value, index = ops.merge_op([ops.neg_op(x), ops.neg_op(ops.neg_op(ops.neg_op(x)))])
        counted = toy_ops.runs_op(value)
    step = step_of(graph, [counted, index], [x], passes=False)
    life = Life(1)

    assert Run(step.plan, order(), life).run([number(2)])[0] == -2


@pytest.mark.paper("L3")
@given(order=ORDERS)
def test_merge_is_dead_when_all_its_inputs_are(order):
    graph = Graph()
    with graph.as_default():
        p = ops.placeholder_op(dtype="bool", shape=())
        off, on = ops.switch_op(const(3), p)
        off_off, off_on = ops.switch_op(off, p)
        inner, _ = ops.merge_op([off_off, off_on])
        value, index = ops.merge_op([inner, on])
    plan = step_of(graph, [value, index], [p]).plan

    assert Run(plan, order()).run([np.array(True)]) == [3, 1]
    assert Run(plan, order()).run([np.array(False)]) == [3, 0]


def test_the_body_of_merge_takes_what_has_come():
    assert ops.merge_op.body([None, DEAD, np.array(5)]) == (5, 2)
    assert ops.merge_op.body([None, DEAD]) == (DEAD, DEAD)


def test_switch_wants_a_scalar_predicate():
    with pytest.raises(InvalidArgumentError, match="must be a scalar"):
        ops.switch_op.body(np.array(1), np.array([True]))


@pytest.mark.paper("L11")
def test_fetching_what_is_dead_is_an_error_that_names_it():
    graph = Graph()
    with graph.as_default():
        off, _ = ops.switch_op(const(3), const(True), name="branch")
        dead = ops.neg_op(off, name="on_a_branch")
    step = step_of(graph, [dead])

    with pytest.raises(InvalidArgumentError, match=r"does not have value(.|\n)*on_a_branch:0"):
        step.run([])


# --- loops --------------------------------------------------------------------------------------


@pytest.mark.paper("L4", "L5", "L6", "L7", "L8", "L9", "L12", "W-32")
@given(trips=st.integers(-1, 9), parallel=st.integers(1, 4), order=ORDERS, passes=st.booleans())
def test_a_loop_gives_the_same_in_every_order(trips, parallel, order, passes):
    graph = Graph()
    with graph.as_default():
        limit = ops.placeholder_op(dtype="int32", shape=())
        ends = triangle(graph, limit, parallel)
    plan = step_of(graph, ends, [limit], passes=passes).plan
    life = Life(parallel)
    wanted = max(trips, 0)

    assert Run(plan, order(), life).run([number(trips)]) == [wanted, sum(range(wanted))]


@pytest.mark.paper("L6", "L8", "L9", "W-32")
@given(trips=st.integers(0, 6), parallel=st.integers(1, 4), order=ORDERS)
def test_a_loop_in_a_loop_has_a_frame_per_outer_iteration(trips, parallel, order):
    graph = Graph()
    with graph.as_default():
        limit = ops.placeholder_op(dtype="int32", shape=())
        end = triangles(graph, limit, parallel)
    plan = step_of(graph, [end], [limit]).plan
    wanted = sum(sum(range(i)) for i in range(trips))

    assert Run(plan, order(), Life(parallel)).run([number(trips)]) == [wanted]


@pytest.mark.paper("W-16", "W-32")
@given(
    trips=st.integers(0, 6),
    parallel=st.integers(1, 4),
    helpers=st.integers(0, 7),
    order=ORDERS,
)
def test_any_number_of_threads_runs_a_loop(crew, trips, parallel, helpers, order):
    graph = Graph()
    with graph.as_default():
        limit = ops.placeholder_op(dtype="int32", shape=())
        ends = [triangles(graph, limit, parallel), *triangle(graph, limit, parallel)]
    plan = step_of(graph, ends, [limit]).plan
    nested = sum(sum(range(i)) for i in range(trips))
    run = SharedRun(plan, helpers, crew, order(), Life(parallel))

    assert run.run([number(trips)]) == [nested, trips, sum(range(trips))]


@pytest.mark.paper("L3", "L6", "L9")
@given(taken=st.booleans(), order=ORDERS, trips=st.integers(0, 3))
def test_a_loop_on_a_branch_that_is_not_taken_runs_nothing_and_ends(taken, order, trips):
    graph = Graph()
    toy_ops.LOG.clear()
    with graph.as_default():
        p = ops.placeholder_op(dtype="bool", shape=())
        off, on = ops.switch_op(const(np.int32(trips)), p)
        loop = RawLoop(graph, "loop", [on], [on, const(np.int32(1))])
        limit, step = loop.constants
        (end,) = loop.build(
            lambda i: ops.less_op(i, ops.add_v2_op(limit, limit)),
            lambda i: [toy_ops.tap_op(ops.add_v2_op(i, step), text="trip")],
        )
        value, index = ops.merge_op([off, end])
    plan = step_of(graph, [value, index], [p]).plan

    assert Run(plan, order()).run([np.array(taken)]) == [trips * (1 + taken), int(taken)]
    assert [*toy_ops.LOG] == ["trip"] * (trips if taken else 0)


@pytest.mark.paper("W-33", "L5", "L8")
@pytest.mark.parametrize("parallel", [1, 2, 5])
def test_iterations_overlap_as_far_as_they_may(parallel):
    graph = Graph()
    store = ResourceStore()
    with graph.as_default():
        limit = const(np.int32(8))

        def slow(i):
            with graph.control_dependencies([ops.identity_op(i).op]):  # dead in the last iteration
                return toy_ops.get_op(gate_name="gate", T="int32")

        ends = triangle(graph, limit, parallel, slow)
    step = steps_of(graph, store).find(request_of(ends))
    gate = store.find_or_create("", "gate", toy_ops.Gate, toy_ops.Gate)

    def supply() -> None:
        for item in range(8):
            gate.wait_for(min(parallel, 8 - item))
            gate.put(number(item))

    life = Life(parallel)
    supplier = Thread(target=supply)
    supplier.start()
    try:
        assert Run(step.plan, observer=life).run([]) == [8, 28]
    finally:
        supplier.join()
    assert life.most == parallel


@pytest.mark.paper("L8")
def test_what_is_live_of_a_long_loop_does_not_grow():
    graph = Graph()
    with graph.as_default():
        ends = triangle(graph, const(np.int32(500)), 3)
    life = Life(3)

    assert Run(step_of(graph, ends).plan, observer=life).run([]) == [500, 124750]
    assert life.most <= 3


def test_a_constant_may_be_all_that_a_loop_variable_ever_is():
    graph = Graph()
    with graph.as_default():
        one = const(np.int32(1))
        loop = RawLoop(graph, "loop", [const(np.int32(0)), one], [one])
        ends = loop.build(
            lambda i, _: ops.less_op(i, loop.constants[0]),
            lambda i, c: (ops.add_v2_op(i, loop.constants[0]), c),
        )

    assert step_of(graph, ends).run([]) == [1, 1]


# --- what is refused ----------------------------------------------------------------------------


def test_an_operation_takes_its_inputs_from_one_loop():
    graph = Graph()
    with graph.as_default():
        x = const(np.int32(1))
        inside = ops.enter_op(x, frame_name="loop")
        torn = ops.add_v2_op(inside, x, name="torn")
        out = ops.exit_op(torn)

    with pytest.raises(
        InvalidArgumentError,
        match=r"'torn' has inputs from different frames\. The input 'Enter' is in frame 'loop'\. "
        r"The input 'Const' is in frame ''",
    ):
        step_of(graph, [out], passes=False)


@pytest.mark.parametrize("op", [ops.exit_op, ops.next_iteration_op])
def test_nothing_leaves_a_loop_that_was_never_entered(op):
    graph = Graph()
    with graph.as_default():
        out = op(const(np.int32(1)), name="out")

    with pytest.raises(InvalidArgumentError, match="'out' is in no loop"):
        step_of(graph, [out]) if op is ops.exit_op else step_of(graph, [ops.exit_op(out)])


def test_what_is_inside_a_loop_is_neither_fetched_nor_run_by_itself():
    graph = Graph()
    with graph.as_default():
        loop = RawLoop(graph, "loop", [const(np.int32(0))], [const(np.int32(3))])
        inside = []
        loop.build(
            lambda i: ops.less_op(i, loop.constants[0]),
            lambda i: inside.append(ops.neg_op(i)) or inside,
        )

    for wanted in (inside[0], inside[0].op):
        with pytest.raises(InvalidArgumentError, match="has been marked as not fetchable"):
            step_of(graph, [wanted])


def test_a_failure_tells_the_iteration():
    graph = Graph()
    toy_ops.ERRORS["in a loop"] = ValueError("it broke")
    with graph.as_default():
        ends = triangle(
            graph, const(np.int32(3)), tap=lambda i: toy_ops.fail_op(i, key="in a loop")
        )
    step = step_of(graph, ends)

    with pytest.raises(InvalidArgumentError, match=r"it broke\n(.|\n)*in iteration loop:0"):
        step.run([])


# --- loops in the rest of the runtime -----------------------------------------------------------


def test_a_trace_tells_iterations_apart():
    graph = Graph()
    with graph.as_default():
        ends = triangle(graph, const(np.int32(2)))
    step = step_of(graph, ends)
    trace = Trace(step.device)
    step.run([], trace)

    conditions = [r.tag for r in trace.records if r.node.operation.type == "LoopCond"]
    assert conditions == ["loop:0", "loop:1", "loop:2"]
    rows = chrome_trace(trace.records, "cpu")
    assert [r["args"]["iteration"] for r in rows if r["name"] == "LoopCond"] == conditions


def test_a_partial_run_goes_through_branches_and_loops():
    graph = Graph()
    with graph.as_default():
        limit = ops.placeholder_op(dtype="int32", shape=())
        more = ops.placeholder_op(dtype="int32", shape=())
        _, end = triangle(graph, limit)
        off, on = ops.switch_op(more, ops.less_op(end, more))
        value, index = ops.merge_op([off, on, more])
    plan = step_of(graph, [end, value, index], [limit, more]).plan
    run = PartialRun(plan)
    run.feed({0: number(4)})

    assert run.fetched(0) == 6
    assert run.fetched(1) is None
    run.feed({1: number(9)})
    assert run.fetched(1) == 9


def test_large_values_wait_for_nothing_that_may_be_dead_or_in_a_loop():
    graph = Graph()
    with graph.as_default():
        p = ops.placeholder_op(dtype="bool", shape=())
        off, on = ops.switch_op(const(np.float32(3)), p)
        chosen = ops.merge_op([ops.neg_op(off), on]).output
        noise = ops.random_uniform_op(const(np.array([1 << 18], np.int32)), dtype="float32")
        noise.set_shape([1 << 18])
        _, trips = triangle(graph, const(np.int32(3)))
        total = ops.add_v2_op(chosen, ops.cast_op(trips, DstT="float32"))
        sums = ops.mul_op(noise, total)
        size = ops.size_op(sums)
    step = step_of(graph, [total, size], [p])

    assert step.run([np.array(False)]) == [0, 1 << 18]
    assert step.run([np.array(True)]) == [6, 1 << 18]


def test_a_long_loop_of_short_operations_is_no_work_to_share():
    graph = Graph()
    with graph.as_default():
        ends = triangle(graph, const(np.int32(300)))
    step = step_of(graph, ends, threads=4)
    run = step._new_run(None)
    run.run([])

    assert run.firings > 300 * 10
    assert len(step.plan.nodes) < 20
