"""The generated functions of a step: one for feeds of any shapes, others for shapes seen often.

A step with loops or branches has one function, for feeds of any shapes; any other gets one of its
own for shapes that come often, in which what depends on shapes alone is known.

**State**: by shapes, the function and how often they came before they had one; how many resources
had been dropped when the functions were made, for they hold handles.

Source: 2015 §10 (specialising subgraphs); OSDI §5.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from minitf.devices import StepFunction
from minitf.executor.dataflow import Observer
from minitf.executor.native import Often
from minitf.executor.plan import Plan
from minitf.executor.prepare import Examples
from minitf.executor.straightline import StraightLine
from minitf.executor.structure import UnstructuredError
from minitf.executor.structured import Structured
from minitf.resources import ResourceStore

OFTEN = 4  # how often shapes must have come, after that, to get a function of their own
MOST_SHAPES = 8  # how many get one

Shapes = tuple[Any, ...]


class Planner(Protocol):
    """Makes a step's plan with kernels."""

    def __call__(self, examples: Examples, shapes: Shapes | None, *, fuse: bool = False) -> Plan:
        """Make it.

        Args:
            examples: values that the kernels are compiled for.
            shapes: of the feeds, which the plan is for; None: for any.
            fuse: whether to fuse operations even in a plan for any.
        """


Native = Callable[[Plan, "Shapes", StepFunction], StepFunction | None]


class Straight(Protocol):
    """Makes the function of a plan without loops or branches."""

    def __call__(self, plan: Plan, *, keeps_all: bool) -> StraightLine:
        """Make it."""


def shapes_of(arrays: Sequence[Any]) -> Shapes:
    """Return the shapes of fed arrays; None in place of one for a handle."""
    return tuple([getattr(array, "shape", None) for array in arrays])


class Generated:
    """The generated functions of a step without loops or branches.

    Args:
        mode: one of `tiers.MODES`; "off" executes every operation, whatever the shapes.
        planner, native, straight, resources: as of `Tiers`.

    Attributes:
        latest: the code made last.
        by_shapes: shapes of the fed arrays -> what runs: their code, or what it has become.
    """

    def __init__(
        self,
        mode: str,
        planner: Planner,
        native: Native,
        straight: Straight,
        resources: ResourceStore,
    ) -> None:
        self.latest: StraightLine | None = None
        self._mode = mode
        self._planner = planner
        self._native = native
        self._straight = straight
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
        self.latest = self._straight(plan, keeps_all=self._mode == "off")
        return self.latest

    def _often(self, shapes: Shapes, code: StraightLine) -> StepFunction:
        """Return the code as what becomes native when it has run often."""
        often = Often(
            code.run,
            len(code.nodes),
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


class Looping:
    """The generated function of a step with loops or branches: one, for feeds of any shapes.

    Args:
        structured: makes the function of a plan.
        planner, resources: as of `Tiers`.
        examples: what its kernels are compiled for.

    Attributes:
        latest: the code made last.
    """

    def __init__(
        self,
        structured: Callable[[Plan], Structured],
        planner: Planner,
        resources: ResourceStore,
        examples: Examples,
    ) -> None:
        self._structured = structured
        self._planner = planner
        self._resources = resources
        self._lock = threading.Lock()
        self._removals = resources.removals
        self.latest = self._made(examples)

    def run(self, feeds: Sequence[Any]) -> list[Any]:
        """Run the step and return the fetched values."""
        if self._removals != self._resources.removals:  # it holds handles
            with self._lock:
                self._removals = self._resources.removals
                self.latest = self._made({})
        return self.latest.run(feeds)

    def _made(self, examples: Examples) -> Structured:
        try:
            return self._structured(self._planner(examples, None, fuse=True))
        except UnstructuredError:  # what was fused is needed before a loop, and needs what it gives
            return self._structured(self._planner(examples, None))
