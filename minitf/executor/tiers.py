"""How a step gets faster: the bodies of its ops at first, then compiled kernels in one function.

    run 1, 2, 3   bodies, by the reference executor; a compiler works behind it from run 2 on
    run 4, ...    kernels, called by generated code (`straightline.py`)

**State**: how often the step has run; the job that makes the compiled tier, once it has begun; the
plan of the present tier and, if there is one, its generated function.

**Invariants**
1. A step changes its tier at that number of runs and no other, and waits for the compiler if it
   must.  So results depend on the program alone: not on how fast the compiler was, or whether it
   found its work done on the disk.
2. A step with loops, branches or asynchronous kernels stays with the reference executor, and
   changes to kernels there.
3. Runs that are observed or limited in time go through the reference executor, with the kernels
   of their tier.

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
from minitf.executor.dataflow import Iteration
from minitf.executor.optimize import CONTROL_FLOW
from minitf.executor.plan import Node, Plan
from minitf.executor.prepare import Examples, example_of
from minitf.executor.straightline import StraightLine
from minitf.tensor import Tensor

MODES = ("auto", "off", "eager", "lazy")
BEHIND_RUN = 2  # a step that is run once, such as an initializer, is not worth compiling
COMPILED_RUN = 4

Run = Callable[[Sequence[Any]], list[Any]]


class Kinds:
    """An Observer that keeps an example of every value: what kernels are compiled for.

    Attributes:
        examples: tensor -> an array of its type and shape, or the variable behind it.
    """

    def __init__(self) -> None:
        self.examples: Examples = {}

    def scheduled(self, node: Node, at: Iteration) -> None:
        """Nothing to keep."""

    def started(self, node: Node, at: Iteration) -> None:
        """Nothing to keep."""

    def finished(self, node: Node, at: Iteration, outputs: Sequence[Any]) -> None:
        """Keep what came out."""
        if node.operation is not None:
            self.keep(node.operation.outputs, outputs)

    def keep(self, tensors: Sequence[Tensor], values: Sequence[Any]) -> None:
        """Keep examples of the values of tensors."""
        for i, tensor in enumerate(tensors):
            self.examples[tensor] = example_of(values[i])


class Tiers:
    """The tiers of one step.

    Args:
        mode: one of MODES.
        reference: its plan with bodies.
        compiled: makes its plan with kernels, compiled for values like the examples.
        keeps_all: whether generated code executes also what only hands its input on.

    Attributes:
        plan: what the reference executor runs at present.
        straight: the generated code, None before the compiled tier and for steps that have none.
        fast: its function.

    Source: 2015 §10; OSDI §5.
    """

    def __init__(
        self, mode: str, reference: Plan, compiled: Callable[[Examples], Plan], *, keeps_all: bool
    ) -> None:
        self.plan = reference
        self.straight: StraightLine | None = None
        self.fast: Run | None = None
        self._mode = mode
        self._compiled = compiled
        self._keeps_all = keeps_all
        self._runs = itertools.count(1)
        self._lock = threading.Lock()
        self._job: behind.Job[Plan] | None = None
        self._is_last = False

    def begin_run(self) -> Kinds | None:
        """Count a run, and change the tier if it is time; return how to observe it, if at all."""
        if self._is_last:
            return None
        run = next(self._runs)
        if run == BEHIND_RUN and self._mode in ("auto", "lazy"):
            return Kinds()
        if run >= COMPILED_RUN or self._mode == "eager":
            self._change()
        return None

    def compile_behind(self, kinds: Kinds) -> None:
        """Begin to compile for what was seen."""
        work = partial(self._compiled, kinds.examples)
        self._job = behind.start(work, "compiling the kernels of a step")

    def _change(self) -> None:
        with self._lock:
            if self._is_last:
                return
            job = self._job
            if job is not None and self._mode == "lazy" and not job.is_done:
                return
            if self._mode != "off":
                self.plan = self._compiled({}) if job is None else job.result()
            if not _needs_tokens(self.plan):
                self.straight = StraightLine(self.plan, keeps_all=self._keeps_all)
                self.fast = self.straight.run
            self._job = None
            self._is_last = True


def _needs_tokens(plan: Plan) -> bool:
    """Tell whether the order of a plan's nodes is known only when they run."""
    definitions = {n.operation.definition for n in plan.nodes if n.operation is not None}
    return any(each.is_asynchronous or each.name in CONTROL_FLOW for each in definitions)
