"""In which loops each value is computed.

A *nest* is a set of loops over a space of axes: the last axis is the *column*, innermost, the
others together are the *row*.  A reduction over the column is at hand when a pass over the row
ends, and the next pass over the same row, which is in the cache, may use it.  Every other one, a
*total*, is at hand when the nest ends; nests run one after another.

    softmax of [N, C]:     nest {n, c}: greatest; powers and their total; quotients
    batch norm of [M, C]:  nest {m, c}: sum;  nest {c}: mean;  nest {m, c}: squares;  nest {c}: ...

What a later nest needs again it computes again if that is cheap, else it goes through an array.

**State**: `home`, the nest in which a value is computed first; `stored`, value -> name of the array
that holds it after its nest.

**Invariants**
1. A value's operands are computed in its own nest, above or beside it, or in an earlier one.
2. A value at the row's level needs nothing of the column but what reductions leave.

Source: no paper; costs from docs/kernels.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from minitf.kernels_cpu.fusion.axes import Access, Axes, Axial
from minitf.kernels_cpu.fusion.values import NotFusedError, Value

Store = tuple[Value, str, Access | None]  # what goes to which array; the part of it, or None
DIRECT = frozenset(("load", "number", "literal", "index"))  # always there


@dataclass(eq=False)
class Pass:
    """One pass over a row, and what happens at the row's level before it.

    Attributes:
        row: values to compute at the row's level, in order.
        row_stores: which values at the row's level go to which arrays.
        row_totals: totals to which a value at the row's level is added.
        column: values to compute for each column, in order.
        reads: values to take from arrays: name by value.
        stores: which values go to which arrays.
        sums: reductions over the column, at hand when the pass ends.
        totals: totals to which a value of each column is added.
    """

    row: list[Value] = field(default_factory=list)
    row_stores: list[Store] = field(default_factory=list)
    row_totals: list[Value] = field(default_factory=list)
    column: list[Value] = field(default_factory=list)
    reads: dict[Value, str] = field(default_factory=dict)
    stores: list[Store] = field(default_factory=list)
    sums: list[Value] = field(default_factory=list)
    totals: list[Value] = field(default_factory=list)


@dataclass(eq=False)
class Nest:
    """Loops over a space.

    Attributes:
        space: its axes.
        place: which of the nests it is.
        top: values without axes to compute before the loops, in order.
        reads: values to take from arrays at the top or at the row's level: name by value.
        passes: over each row.
        buffers: arrays of one row: name -> what it holds.
    """

    space: Axes
    place: int = 0
    top: list[Value] = field(default_factory=list)
    reads: dict[Value, str] = field(default_factory=dict)
    passes: list[Pass] = field(default_factory=list)
    buffers: dict[str, Value] = field(default_factory=dict)

    @property
    def row(self) -> Axes:
        """The axes of its rows."""
        return self.space[:-1]

    @property
    def totals(self) -> list[Value]:
        """The reductions that are at hand when it ends."""
        return [v for each in self.passes for v in (*each.row_totals, *each.totals)]


class Schedule:
    """The nests of a Program.

    Args:
        axial: the Program by axes.
        outputs: values to be stored and the arrays' names; none is direct.

    Attributes:
        axes: of each value.
        values: all, each after its operands.
        nests: in order.
        totals: reductions that are at hand when a nest ends.
        scratch: arrays that are no outputs: name -> what they hold.
    """

    def __init__(self, axial: Axial, outputs: Sequence[tuple[Value, str]]) -> None:
        self.axes = axial.axes
        self.values = axial.values
        self.nests: list[Nest] = []
        self.totals: set[Value] = set()
        self.scratch: dict[str, Value] = {}
        self.stored: dict[Value, str] = {}
        self._outputs = outputs
        self._parts = axial.parts
        self._home: dict[Value, Nest] = {}
        self._at_row: set[Value] = set()
        for value, name in outputs:
            self.stored.setdefault(value, name)
        for value in self.values:
            if value.kind not in DIRECT:
                self._place(value)

    def home(self, value: Value) -> Nest | None:
        """Return the nest where a value is computed first; None for what is always there."""
        return self._home.get(value)

    def is_late(self, value: Value) -> bool:
        """Tell whether a value is at hand only when its nest has ended."""
        return value in self.totals or value.kind in ("join", "part")

    def memory(self, value: Value) -> str:
        """Return the array that holds a value after its nest."""
        if value.kind == "part":
            return self.memory(value.operands[0])
        name = self.stored.get(value)
        if name is None:
            name = self.stored[value] = f"out_kept{len(self.scratch)}"
            self.scratch[name] = value
        return name

    def stores(self, nest: Nest) -> list[Store]:
        """Return what a nest has to store, totals apart."""
        stored = [*self._outputs, *((value, name) for name, value in self.scratch.items())]
        wanted: list[Store] = []
        for value, name in stored:
            if value.kind == "join":
                parts = zip(value.operands, self._parts[value], strict=True)
                wanted += [(operand, name, access) for operand, access in parts]
            else:
                wanted.append((value, name, None))
        here = [store for store in wanted if self._home[store[0]] is nest]
        return [store for store in here if store[0] not in self.totals]

    def totals_of(self, nest: Nest) -> list[Value]:
        """Return the totals of a nest that somebody needs."""
        return [v for v in self.values if v in self.totals and self.is_wanted(v, nest)]

    def is_wanted(self, value: Value, nest: Nest) -> bool:
        """Tell whether a value of a nest is needed after it."""
        return self._home[value] is nest and value in self.stored

    # --- homes -----------------------------------------------------------------------------------

    def _place(self, value: Value) -> None:
        """Choose the first nest in which a value can be computed, or make one."""
        if value.kind == "part":
            self._home[value] = self._home[value.operands[0]]
            return
        homes = [self._home[u] for u in value.operands if u in self._home]
        earliest = max((home.place for home in homes), default=0)
        candidates = [] if value.kind == "join" else self.nests[earliest:]
        for nest in candidates:
            if self._fits(value, nest) and self._is_ready(value, nest):
                break
        else:
            nest = Nest(self._space(value))
            self.nests.insert(earliest + bool(homes), nest)
            for place, each in enumerate(self.nests):
                each.place = place
        self._home[value] = nest
        self._settle(value, nest)

    def _settle(self, value: Value, nest: Nest) -> None:
        """Note at which level of its nest a value is computed."""
        axes = self.axes[value]
        if value.kind == "pick":
            if not nest.row or self.axes[value.operands[1]] != nest.row:
                raise NotFusedError("a pick from something else than rows")
            self._at_row.add(value)
        elif value.kind == "reduce":
            from_column = self.axes[value.operands[0]] == nest.space
            if nest.row and from_column and axes == nest.row:
                self._at_row.add(value)
            else:
                self.totals.add(value)
        elif value.kind == "map" and axes != nest.space:
            self._at_row.add(value)

    def _space(self, value: Value) -> Axes:
        """Return the axes of the loops in which a value is computed."""
        return self.axes[value if value.kind in ("map", "join") else value.operands[0]]

    def _fits(self, value: Value, nest: Nest) -> bool:
        """Tell whether a nest has the loops for a value: its own space, or rows that it joins."""
        space = self._space(value)
        if space == nest.space:
            return True
        here = [u for u in value.operands if self._home.get(u) is nest and u in self._at_row]
        return bool(nest.row) and space == nest.row and bool(here)

    def _is_ready(self, value: Value, nest: Nest) -> bool:
        """Tell whether all operands are there in time."""
        at_row = self._space(value) != nest.space
        for operand in value.operands:
            home = self._home.get(operand)
            if home is None or home.place < nest.place:
                continue
            if home is not nest or self.is_late(operand):
                return False
            if at_row and operand not in self._at_row:
                return False
        return True
