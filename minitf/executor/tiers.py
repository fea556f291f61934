"""How a step gets faster: the bodies of its ops at first, then compiled kernels in one function.

    run 1, 2      bodies, by the reference executor; a compiler works behind it after run 2
    run 3, ...    kernels, called by generated code (`straightline.py`, `structured.py`)
    soon after    machine code for loops (`hot.py`)
    much later    one function of machine code, for small steps (`native.py`)

**State**: how often the step has run; the job that makes the compiled tier, once it has begun; the
plan of the present tier and, if there is one, its generated function.

**Invariants**
1. A step changes its tier at that number of runs and no other, and waits for the compiler if it
   must.  So results depend on the program alone: not on how fast the compiler was, or whether it
   found its work done on the disk.
2. A step with operations that may wait, and that do not follow one another (`pausing.py`) or stand
   in a loop, stays with the reference executor, and changes to kernels there; so does one with
   loops or branches that are not of the known shape (`structure.py`).
3. Runs that are limited in time go through the reference executor, with the kernels of their tier.
   Runs that are observed go call by call, and token by token where something loops, branches or
   waits.  They give the bits of runs that are not, but for steps and loops that are machine code,
   whose products and sums may differ in the last bits.

`MINITF_JIT` chooses: `auto` as above; `off` bodies for ever; `eager` kernels from the first run on;
`lazy` never waits, so that bits may depend on how fast the compiler was.

Source: 2015 §10 (a just-in-time compiler); OSDI §5.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from minitf.executor import behind
from minitf.executor.dataflow import Observer
from minitf.executor.frames import Iteration
from minitf.executor.generated import (
    Generated,
    Looping,
    Native,
    Planner,
    Shapes,
    Straight,
    shapes_of,
)
from minitf.executor.layout import lay_out
from minitf.executor.lines import contested, waiting
from minitf.executor.plan import Node, Plan
from minitf.executor.prepare import Examples, example_of
from minitf.executor.structure import UnstructuredError
from minitf.executor.structured import Structured
from minitf.resources import ResourceStore
from minitf.tensor import Tensor

MODES = ("auto", "off", "eager", "lazy")
BEHIND_RUN = 2  # a step that is run once, such as an initializer, is not worth compiling
COMPILED_RUN = 3


class Kinds:
    """An Observer that keeps an example of every value: what kernels are compiled for.

    Args:
        other: an Observer that is told all the same.

    Attributes:
        examples: tensor -> an array of its type and shape, or the variable behind it.
    """

    def __init__(self, other: Observer | None = None) -> None:
        self.examples: Examples = {}
        self._other = other

    def scheduled(self, node: Node, at: Iteration) -> None:
        """Nothing to keep."""
        if self._other is not None:
            self._other.scheduled(node, at)

    def started(self, node: Node, at: Iteration) -> None:
        """Nothing to keep."""
        if self._other is not None:
            self._other.started(node, at)

    def finished(self, node: Node, at: Iteration, outputs: Sequence[Any]) -> None:
        """Keep what came out."""
        if node.operation is not None:
            self.keep(node.operation.outputs, outputs)
        if self._other is not None:
            self._other.finished(node, at, outputs)

    def keep(self, tensors: Sequence[Tensor], values: Sequence[Any]) -> None:
        """Keep examples of the values of tensors."""
        for i, tensor in enumerate(tensors):
            self.examples[tensor] = example_of(values[i])


class Tiers:
    """The tiers of one step.

    Args:
        mode: one of MODES.
        reference: its plan with bodies.
        planner: makes its plan with kernels.
        native: makes machine code of a plan for feeds of given shapes, which the function given
            runs until then; None where it cannot.
        straight: makes the function of a plan without loops or branches.
        resources: what the step's variables are kept in.
        structured: makes the function of a plan with loops or branches.
        keeps_all: whether every operation is executed, also what only hands its input on or
            depends on shapes alone.
        why_tokens: why it is to stay with the reference executor; None if the plan decides.

    Attributes:
        fast: what runs the step by generated code; None before the compiled tier, and for steps
            that stay with the reference executor.
        has_control_flow: whether it has loops or branches.
        is_linear: whether it has neither, nor operations that may wait.

    Source: 2015 §10; OSDI §5.
    """

    def __init__(
        self,
        mode: str,
        reference: Plan,
        planner: Planner,
        native: Native,
        straight: Straight,
        resources: ResourceStore,
        structured: Callable[[Plan], Structured],
        *,
        keeps_all: bool,
        why_tokens: str | None = None,
    ) -> None:
        self.fast: Generated | Looping | None = None
        self._plan: Plan | None = reference
        self._mode = mode
        self._planner = planner
        self._native = native
        self.straight = straight
        self._resources = resources
        self.structured = structured
        self._keeps_all = keeps_all
        self.has_control_flow = reference.has_control_flow
        self.is_linear = not (self.has_control_flow or waiting(reference.nodes))
        self._why_tokens = why_tokens
        self._runs = itertools.count(1)
        self._lock = threading.Lock()
        self._job: behind.Job[Any] | None = None
        self._is_last = False

    @property
    def plan(self) -> Plan:
        """What the reference executor runs in the present tier."""
        with self._lock:
            if self._plan is None:
                self._plan = self._planner({}, None)
            return self._plan

    def begin_run(self, observer: Observer | None = None) -> Kinds | None:
        """Count a run, and change the tier if it is time.

        Args:
            observer: who is told of the run anyway.

        Returns:
            How to observe the run, if more is to be known of it than the observer is told.
        """
        if self._is_last:
            return None
        run = next(self._runs)
        if run == BEHIND_RUN and self._mode in ("auto", "lazy"):
            return Kinds(observer)
        if run >= COMPILED_RUN or self._mode == "eager":
            self._change()
        return None

    def compile_behind(self, kinds: Kinds, feeds: Sequence[Any]) -> None:
        """Begin to compile for what was seen."""
        examples = kinds.examples
        if self.why_tokens:
            work: Callable[[], Any] = partial(self._planner, examples, None)
        elif self.has_control_flow:
            work = partial(self._generated, examples)
        else:
            work = partial(self._generated_for, shapes_of(feeds), examples)
        self._job = behind.start(work, "compiling the kernels of a step")

    def _change(self) -> None:
        with self._lock:
            if self._is_last:
                return
            job = self._job
            if job is not None and self._mode == "lazy" and not job.is_done:
                return
            made = None if job is None else job.result()
            if self.why_tokens:
                self._plan = self._plan if self._mode == "off" else made
            elif self._mode == "off":
                plan = self._plan
                assert plan is not None
                self.fast = self._generated_code("off", lambda *_, **__: plan)
            else:
                self.fast = made or self._generated({})
                self._plan = None  # made if a run is limited in time
            self._job = None
            self._is_last = True

    def _generated(self, examples: Examples) -> Generated | Looping:
        if self.has_control_flow:
            return Looping(self.structured, self._planner, self._resources, examples)
        mode = "off" if self._keeps_all else self._mode
        return self._generated_code(mode, self._planner)

    def _generated_code(self, mode: str, planner: Planner) -> Generated:
        return Generated(mode, planner, self._native, self.straight, self._resources)

    def _generated_for(self, shapes: Shapes, examples: Examples) -> Generated | Looping:
        made = self._generated(examples)
        assert isinstance(made, Generated)
        return made.with_shapes(shapes, examples)

    @property
    def why_tokens(self) -> str:
        """Why it stays with the reference executor, "" if it does not.

        That is found out when it is first asked for: a step that is run once need not know.
        """
        if self._why_tokens is None:
            plan = self._plan
            assert plan is not None, "it was asked for when the tier changed"
            self._why_tokens = self._reason_for_tokens(plan)
        return self._why_tokens

    def _reason_for_tokens(self, plan: Plan) -> str:
        """Say why the order of a plan's nodes is known only when they run, "" if it is."""
        if not plan.has_control_flow:
            return contested(plan)
        if self._keeps_all or self._mode == "off":
            return "every operation is executed"
        try:
            lay_out(plan)
        except UnstructuredError as reason:
            return str(reason)
        return ""
