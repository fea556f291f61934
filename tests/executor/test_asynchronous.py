"""Kernels that wait tie up no thread; what is waited for can be aborted, cancelled and timed."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest
from executor import toy_ops
from executor.stepping import const, request_of, step_of, steps_of

from minitf import ops
from minitf.errors import CancelledError, DeadlineExceededError, InvalidArgumentError
from minitf.executor.dataflow import Run
from minitf.executor.shared_run import SharedRun
from minitf.graph import Graph
from minitf.resources import ResourceStore


class Waiting:
    """A graph with operations that wait for the items of one gate."""

    def __init__(self, count: int) -> None:
        self.graph = Graph()
        self.store = ResourceStore()
        self.gate = self.store.find_or_create("", "g", toy_ops.Gate, toy_ops.Gate)
        with self.graph.as_default():
            self.items = [toy_ops.get_op(gate_name="g", T="float32") for _ in range(count)]
            self.total = ops.add_n_op(self.items) if count > 1 else self.items[0]
        self.steps = steps_of(self.graph, self.store)

    def plan(self, *fetched):
        return self.steps.find(request_of(fetched or [self.total])).plan


@pytest.mark.paper("W-42")
def test_a_thousand_blocked_operations_on_two_threads_do_not_stop_other_work():
    blocked = Waiting(1000)
    with blocked.graph.as_default():
        other = toy_ops.put_op(const(0.0), gate_name="done")
    plan = blocked.plan(blocked.total, other)
    done = blocked.store.find_or_create("", "done", toy_ops.Gate, toy_ops.Gate)
    threads = threading.active_count()
    with ThreadPoolExecutor(2) as pool:
        run = SharedRun(plan, 1, pool)
        result = pool.submit(run.run, [])
        done.get().result()  # the other work is done, while the thousand wait

        assert not result.done()
        assert threading.active_count() <= threads + 2
        for _ in range(1000):
            blocked.gate.put(np.float32(1))
        assert result.result() == [1000]


@pytest.mark.paper("W-42")
def test_the_calling_thread_alone_serves_what_arrives_in_any_order():
    blocked = Waiting(100)
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(Run(blocked.plan()).run, [])
        blocked.gate.someone_waits.wait()
        for number in range(100):
            blocked.gate.put(np.float32(number))

        assert result.result() == [sum(range(100))]


def test_a_future_that_is_done_already_is_taken_at_once():
    blocked = Waiting(1)
    blocked.gate.put(np.float32(3))

    assert Run(blocked.plan()).run([]) == [3]


def failing_while_others_wait(count: int = 10):
    blocked = Waiting(count)
    toy_ops.ERRORS["now"] = ValueError("now")
    with blocked.graph.as_default(), blocked.graph.control_dependencies(None):
        fails = toy_ops.fail_op(const(1.0), key="now")
    return blocked, blocked.plan(blocked.total, fails)


def test_the_first_error_cancels_what_is_waited_for_and_is_raised():
    blocked, plan = failing_while_others_wait()

    with pytest.raises(InvalidArgumentError, match="now"):
        Run(plan).run([])
    assert all(future.cancelled() for future in blocked.gate.waiting)


def test_the_first_error_stops_several_threads():
    blocked, plan = failing_while_others_wait()
    with (
        ThreadPoolExecutor(3) as pool,
        pytest.raises(InvalidArgumentError, match="now"),
    ):
        SharedRun(plan, 3, pool).run([])

    assert all(future.cancelled() for future in blocked.gate.waiting)


def test_an_error_in_a_future_is_told_with_its_operation():
    blocked = Waiting(1)
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(Run(blocked.plan()).run, [])
        blocked.gate.someone_waits.wait()
        blocked.gate.waiting[0].set_exception(KeyError("lost"))

        with pytest.raises(InvalidArgumentError, match="lost") as caught:
            result.result()
    assert caught.value.op is blocked.total.op


def test_a_run_that_takes_too_long_is_ended():
    blocked = Waiting(1)
    step = blocked.steps.find(request_of([blocked.total]))

    with pytest.raises(DeadlineExceededError, match="Timed out waiting for notification"):
        step.run([], timeout_s=0.01)


def test_closing_ends_the_runs_under_way():
    blocked = Waiting(5)
    step = blocked.steps.find(request_of([blocked.total]))
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(step.run, [])
        blocked.gate.someone_waits.wait()
        blocked.steps.close(CancelledError(None, None, "closed"))

        with pytest.raises(CancelledError):
            result.result()


@pytest.mark.parametrize("kind", [Run, SharedRun])
def test_a_kernel_that_interrupts_the_program_interrupts_the_run(kind):
    toy_ops.ERRORS["stop"] = KeyboardInterrupt()
    graph = Graph()
    with graph.as_default():
        stops = toy_ops.fail_op(const(1.0), key="stop")
    plan = step_of(graph, [stops]).plan
    with ThreadPoolExecutor(1) as pool:
        run = Run(plan) if kind is Run else SharedRun(plan, 0, pool)

        with pytest.raises(KeyboardInterrupt):
            run.run([])


def test_an_abort_before_a_future_is_registered_cancels_it_too():
    blocked = Waiting(1)
    run = Run(blocked.plan())
    run.abort(CancelledError(None, None, "early"))
    future: Future[None] = Future()
    run._wait_for(future, run.plan.source, None)

    assert future.cancelled()
