"""A generated function that a device replaces by machine code when it has run often.

    run 1, ..., 199   the function, call by call; a compiler works behind it from run 100 on
    run 200, ...      one compiled function, if the device makes one of the whole plan; else call by
                      call, with the kernels that it has for operations that run often

What the compiler costs and what a run gains both grow with the number of calls, so where a wait for
the compiler would be long it comes later: a plan of more than 12 calls changes at run 16 per call.

**Invariant.** The function changes at that run and no other, as in `tiers.py`.

Source: 2015 §10 (a just-in-time compiler for subgraphs).
"""

from __future__ import annotations

import itertools
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from minitf.devices import Call, Device, Operand, Routine, StepFunction
from minitf.executor import behind
from minitf.executor.lines import Lines, Place
from minitf.executor.plan import Node, Plan
from minitf.executor.straightline import StraightLine
from minitf.tensor import Tensor

NATIVE_RUN = 200  # at least
RUNS_PER_CALL = 16


def routine_of(plan: Plan, feeds: Sequence[Tensor], shapes: Sequence[Any]) -> Routine:
    """Return what a plan does, call by call.

    Args:
        plan: without loops or branches, made for feeds of these shapes.
        feeds: the tensors that are fed, in order.
        shapes: theirs.
    """
    lines = Lines(plan)
    numbers: dict[Place, int] = {}
    for output in range(len(feeds)):
        numbers[Place(plan.source.index, output)] = output

    def operand(place: Place) -> Operand:
        if place in lines.handles:
            return lines.handles[place]
        return numbers[place] if place.node >= 0 else plan.values[place.output]

    calls = []
    for node in lines.nodes:
        inputs = tuple([operand(place) for place in lines.inputs(node)])
        made = []
        for output in range(node.width):
            made.append(len(numbers))
            numbers[Place(node.index, output)] = made[-1]
        calls.append(Call(node.operation, node.kernel, inputs, tuple(made)))
    fed = [(t.dtype.base_dtype.numpy, shape) for t, shape in zip(feeds, shapes, strict=True)]
    results = tuple([operand(place) for place in lines.inputs(plan.sink)])
    return Routine(tuple(fed), tuple(calls), results)


def hot_step(
    device: Device,
    plan: Plan,
    feeds: Sequence[Tensor],
    shapes: Sequence[Any],
    otherwise: StepFunction,
) -> StepFunction | None:
    """Return what runs a plan that has run often, None if nothing is faster than what does.

    Args:
        device: where all of it runs.
        plan, feeds, shapes: as of `routine_of`.
        otherwise: runs it too.
    """
    made = device.native(routine_of(plan, feeds, shapes), otherwise)
    if made is not None:
        return made
    nodes = tuple([_hot(device, node) for node in plan.nodes])
    return StraightLine(replace(plan, nodes=nodes)).run if nodes != plan.nodes else None


def _hot(device: Device, node: Node) -> Node:
    """Return a node with the kernel that a device has for what runs often, if it has one."""
    kernel = node.operation and device.hot_kernel(node.operation, node.kernel)
    return replace(node, kernel=kernel) if kernel else node


class Often:
    """Runs a function, and from a certain run on what the device makes of it.

    **State**: how often it has run; the job that makes machine code, once it has begun.

    Args:
        function: the function.
        calls: how many it makes.
        make: returns machine code for it, or None.
        replace: is told what to run from then on: this, that.
        waits: whether the change waits for the compiler.
    """

    def __init__(
        self,
        function: StepFunction,
        calls: int,
        make: Callable[[], StepFunction | None],
        replace: Callable[[StepFunction, StepFunction], None],
        *,
        waits: bool,
    ) -> None:
        self._function = function
        self._make = make
        self._replace = replace
        self._waits = waits
        self._native_run = max(NATIVE_RUN, RUNS_PER_CALL * calls)
        self._runs = itertools.count(1)
        self._lock = threading.Lock()
        self._job: behind.Job[StepFunction | None] | None = None

    def run(self, feeds: Sequence[Any]) -> list[Any]:
        """StepFunction it."""
        run = next(self._runs)
        if run == self._native_run // 2:
            self._begin()
        elif run >= self._native_run:
            return self._changed()(feeds)
        return self._function(feeds)

    def changed(self) -> StepFunction:
        """Return what the function becomes, at once."""
        return self._result(self._make)

    def _begin(self) -> behind.Job[StepFunction | None]:
        with self._lock:
            if self._job is None:
                self._job = behind.start(self._make, "compiling a step")
            return self._job

    def _changed(self) -> StepFunction:
        job = self._begin()
        if not self._waits and not job.is_done:
            return self._function
        run = self._result(job.result)
        self._replace(self.run, run)
        return run

    def _result(self, make: Callable[[], StepFunction | None]) -> StepFunction:
        """Return what is made; the function itself if that fails, which is a defect of ours."""
        try:
            return make() or self._function
        except Exception as error:  # noqa: BLE001 the program goes on without it
            warnings.warn(
                f"A step stays as it is: its machine code could not be made ({error!r})",
                RuntimeWarning,
                stacklevel=2,
            )
            return self._function
