"""One operation on its way into a Program, and the table of rules that tell what it computes.

A rule takes a Call and gives the outputs, as symbols or views.  The op's own shape rule has checked
the shapes before.

    @lowers("LeakyRelu", types=REALS)
    def leaky_relu(call: Call) -> list[Any]:
        x = call.symbol(0)
        return [(x > 0.0).where(x, x * call.attrs["alpha"])]

**State**: `RULES`, registry name -> Entry; it grows as the files of rules are imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from minitf import dtypes
from minitf.kernels_cpu.fusion.scalars import Symbol, Trace
from minitf.kernels_cpu.fusion.values import Layout, NotFusedError, Program, View
from minitf.operation import Operation

REALS = frozenset({dtypes.float32, dtypes.float64})
NUMBERS = REALS | dtypes.INTEGERS
TYPES = NUMBERS | {dtypes.bool_}
Types = frozenset[dtypes.DType]
Rule = Callable[["Call"], list["Symbol | View"]]


@dataclass(frozen=True)
class Entry:
    """A rule, and the operations that it is for.

    Attributes:
        rule: gives the outputs.
        types: allowed for inputs and outputs that are read or made.
        when: further condition on the operation, or None.
    """

    rule: Rule
    types: Types
    when: Callable[[Operation], bool] | None


RULES: dict[str, Entry] = {}


def lowers(
    *names: str,
    types: Types = TYPES,
    when: Callable[[Operation], bool] | None = None,
) -> Callable[[Rule], Rule]:
    """Enter a rule for ops of some names."""

    def enter(rule: Rule) -> Rule:
        RULES.update({name: Entry(rule, types, when) for name in names})
        return rule

    return enter


class Call:
    """One operation on its way into a Program.

    Args:
        trace: makes symbols of the Program's values.
        operation: the operation.
        views: of its inputs; None for one that only the shape rule reads.
        known: arrays of the inputs that are known, by position.
        shapes: of its outputs.
        layouts: of its inputs, also where only the shape matters.
    """

    def __init__(
        self,
        trace: Trace,
        operation: Operation,
        views: list[View | None],
        known: Mapping[int, Any],
        shapes: list[tuple[int, ...]],
    ) -> None:
        self.trace = trace
        self.program: Program = trace.program
        self.operation = operation
        self.attrs = operation.attrs
        self.known = known
        self.shapes = shapes
        self._views = views
        self.layout: Layout = ()  # of the outputs that are given as symbols

    def view(self, position: int) -> View:
        """Return an input.

        Raises:
            NotFusedError: if it is an array known beforehand of which the elements differ.
        """
        found = self._views[position]
        if found is None:
            raise NotFusedError("a known array is read as data")
        return found

    def symbol(self, position: int) -> Symbol:
        """Return an input for arithmetic; outputs get the layout to which those taken broadcast."""
        return self.placed(self.view(position))

    def placed(self, view: View) -> Symbol:
        """Return a view for arithmetic, likewise."""
        self.layout = self.program.joined([self.layout, view.layout])
        return self.trace.symbol(view.value)


def by_body(operation: Operation, arrays: list[Any]) -> list[Any]:
    """Return what an operation's body gives for flat inputs: its outputs, flat."""
    definition, rest = operation.definition, arrays
    arguments: list[Any] = []
    for arg in definition.inputs:
        length = definition.length(arg, operation.attrs) if arg.is_list else 1
        given, rest = rest[:length], rest[length:]
        arguments.append(given if arg.is_list else given[0])
    attrs = {name: operation.attrs[name] for name in definition.explicit_attrs}
    found = definition.body(*arguments, **attrs)
    return list(found) if isinstance(found, (list, tuple)) else [found]
