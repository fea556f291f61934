"""How a step gets faster: the bodies of its ops at first, then compiled kernels in one function.

    run 1, 2      bodies, by the reference executor; a compiler works behind it after run 2
    run 3, ...    kernels, called by generated code (`straightline.py`)
    much later    one function of machine code, for small steps (`native.py`)

**State**: how often the step has run; the job that makes the compiled tier, once it has begun; the
plan of the present tier and, if there is one, its generated function.

**Invariants**
1. A step changes its tier at that number of runs and no other, and waits for the compiler if it
   must.  So results depend on the program alone: not on how fast the compiler was, or whether it
   found its work done on the disk.
2. A step with loops, branches or asynchronous kernels stays with the reference executor, and
   changes to kernels there.
3. Runs that are limited in time go through the reference executor, with the kernels of their tier.
   Runs that are observed go call by call.  They give the bits of runs that are not, but for steps
   that are machine code, whose products and sums may differ in the last bits.

`MINITF_JIT` chooses: `auto` as above; `off` bodies for ever; `eager` kernels from the first run on;
`lazy` never waits, so that bits may depend on how fast the compiler was.

Source: 2015 §10 (a just-in-time compiler); OSDI §5.
"""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from minitf.devices import StepFunction
from minitf.executor import behind
from minitf.executor.dataflow import Observer
from minitf.executor.frames import Iteration
from minitf.executor.loops import CONTROL_FLOW
from minitf.executor.native import Often
from minitf.executor.plan import Node, Plan
from minitf.executor.prepare import Examples, example_of
from minitf.executor.straightline import StraightLine
from minitf.resources import ResourceStore
from minitf.tensor import Tensor

MODES = ("auto", "off", "eager", "lazy")
BEHIND_RUN = 2  # a step that is run once, such as an initializer, is not worth compiling
COMPILED_RUN = 3
OFTEN = 4  # how often shapes must have come, after that, to get a function of their own
MOST_SHAPES = 8  # how many get one

Planner = Callable[[Examples, "Shapes | None"], Plan]
Native = Callable[[Plan, "Shapes", StepFunction], StepFunction | None]


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
        planner: makes its plan with kernels, compiled for values like the examples; for feeds of
            any shapes, or of those given.
        native: makes machine code of a plan for feeds of given shapes, which the function given
            runs until then; None where it cannot.
        resources: what the step's variables are kept in.
        keeps_all: whether every operation is executed, also what only hands its input on or
            depends on shapes alone.

    Attributes:
        fast: what runs the step by generated code; None before the compiled tier, and for steps
            that stay with the reference executor.
        needs_tokens: whether it stays there: the order of its nodes is known only when they run.

    Source: 2015 §10; OSDI §5.
    """

    def __init__(
        self,
        mode: str,
        reference: Plan,
        planner: Planner,
        native: Native,
        resources: ResourceStore,
        *,
        keeps_all: bool,
    ) -> None:
        self.fast: Generated | None = None
        self._plan: Plan | None = reference
        self._mode = mode
        self._planner = planner
        self._native = native
        self._resources = resources
        self._keeps_all = keeps_all
        self.needs_tokens = _needs_tokens(reference)
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
        if self.needs_tokens:
            work: Callable[[], Any] = partial(self._planner, kinds.examples, None)
        else:
            made = self._generated()
            work = partial(made.with_shapes, shapes_of(feeds), kinds.examples)
        self._job = behind.start(work, "compiling the kernels of a step")

    def _change(self) -> None:
        with self._lock:
            if self._is_last:
                return
            job = self._job
            if job is not None and self._mode == "lazy" and not job.is_done:
                return
            made = None if job is None else job.result()
            if self.needs_tokens:
                self._plan = self._plan if self._mode == "off" else made
            elif self._mode == "off":
                plan = self._plan
                assert plan is not None
                self.fast = Generated("off", lambda *_: plan, self._native, self._resources)
            else:
                self.fast = made or self._generated()
                self._plan = None  # made if a run is limited in time
            self._job = None
            self._is_last = True

    def _generated(self) -> Generated:
        mode = "off" if self._keeps_all else self._mode
        return Generated(mode, self._planner, self._native, self._resources)


def _needs_tokens(plan: Plan) -> bool:
    """Tell whether the order of a plan's nodes is known only when they run."""
    definitions = {n.operation.definition for n in plan.nodes if n.operation is not None}
    return any(each.is_asynchronous or each.name in CONTROL_FLOW for each in definitions)


Shapes = tuple[Any, ...]


def shapes_of(arrays: Sequence[Any]) -> Shapes:
    """Return the shapes of fed arrays; None in place of one for a handle."""
    return tuple([getattr(array, "shape", None) for array in arrays])


class Generated:
    """The generated functions of a step: one for feeds of any shapes, others for shapes seen often.

    **State**: by shapes, the function and how often they came before they had one; how many
    resources had been dropped when the functions were made.

    Args:
        mode: one of MODES; "off" executes every operation, whatever the shapes.
        planner, native, resources: as of `Tiers`.

    Attributes:
        latest: the code made last.
        by_shapes: shapes of the fed arrays -> what runs: their code, or what it has become.
    """

    def __init__(
        self, mode: str, planner: Planner, native: Native, resources: ResourceStore
    ) -> None:
        self.latest: StraightLine | None = None
        self._mode = mode
        self._planner = planner
        self._native = native
        self._general: StraightLine | None = None
        self._codes: dict[Shapes, StraightLine] = {}
        self.by_shapes: dict[Shapes, StepFunction] = {}
        self._seen: Counter[Shapes] = Counter()
        self._lock = threading.Lock()
        self._resources = resources
        self._removals = resources.removals

    def run(self, feeds: Sequence[Any]) -> list[Any]:
        """Run the step and return the fetched values."""
        if self._removals != self._resources.removals:
            self._forget()
        shapes = tuple([each.shape for each in feeds])
        run = self.by_shapes.get(shapes) or self._found(shapes)
        return run(feeds)

    def observed(self, feeds: Sequence[Any], observer: Observer) -> list[Any]:
        """Run the step call by call, an observer told of each."""
        return self.code_for(feeds).observed(feeds, observer)

    def code_for(self, feeds: Sequence[Any]) -> StraightLine:
        """Return the code for feeds of these shapes."""
        if self._removals != self._resources.removals:
            self._forget()
        shapes = shapes_of(feeds)
        if shapes not in self._codes:
            self._found(shapes)
        code = self._codes.get(shapes) or self._general
        assert code is not None
        return code

    def with_shapes(self, shapes: Shapes, examples: Examples) -> Generated:
        """Make the function for feeds of these shapes."""
        if self._mode == "off":
            code = self._made(examples, None)
            run: StepFunction = code.run
        else:
            code = self._made(examples, shapes)
            run = self._often(shapes, code)
        self._codes[shapes], self.by_shapes[shapes] = code, run
        return self

    @property
    def codes(self) -> dict[Shapes | None, StraightLine]:
        """The code made so far, by the shapes of the feeds; None for feeds of any shapes."""
        general: dict[Shapes | None, StraightLine] = {}
        if self._general is not None:
            general[None] = self._general
        return general | self._codes

    def is_native(self, shapes: Shapes | None) -> bool:
        """Tell whether the code for feeds of these shapes has become machine code."""
        run = None if shapes is None else self.by_shapes.get(shapes)
        owner = getattr(run, "__self__", None)  # of code and what counts its runs, a method
        return run is not None and not isinstance(owner, (StraightLine, Often))

    def _found(self, shapes: Shapes) -> StepFunction:
        """Return the function for shapes that have none of their own yet."""
        with self._lock:
            self._seen[shapes] += 1
            if self._seen[shapes] >= OFTEN and len(self.by_shapes) < MOST_SHAPES:
                self.with_shapes(shapes, {})
                return self.by_shapes[shapes]
            if self._general is None:
                self._general = self._made({}, None)
            return self._general.run

    def _forget(self) -> None:
        """Make all functions anew: they hold handles, and some variables were dropped."""
        with self._lock:
            self._removals = self._resources.removals
            self._general = None
            for shapes in list(self.by_shapes):
                self.with_shapes(shapes, {})

    def _made(self, examples: Examples, shapes: Shapes | None) -> StraightLine:
        plan = self._planner(examples, shapes)
        self.latest = StraightLine(plan, keeps_all=self._mode == "off")
        return self.latest

    def _often(self, shapes: Shapes, code: StraightLine) -> StepFunction:
        """Return the code as what becomes native when it has run often."""
        often = Often(
            code.run,
            partial(self._native, code.plan, shapes, code.run),
            partial(self._replace, shapes),
            waits=self._mode != "lazy",
        )
        return often.changed() if self._mode == "eager" else often.run

    def _replace(self, shapes: Shapes, old: StepFunction, new: StepFunction) -> None:
        """Put another function in the place of one, if that is still there."""
        with self._lock:
            if self.by_shapes.get(shapes) == old:
                self.by_shapes[shapes] = new
