"""What each pass over a row computes, stores and takes from memory.

Nests are planned from the last to the first and passes likewise, for what a later one needs
decides what an earlier one has to keep.  A value that a pass needs and an earlier pass over the
same row has computed is computed again if that takes few instructions, else it is kept: in the
output that it goes to anyway, in one that is written later, or in a buffer of one row.

    pass 0: s = sum of exp(x);  pass 1: out = exp(x) / s        exp is dear: out = exp(x) at first
    pass 0: s = sum of x * y;   pass 1: out = x * y / s         x * y is computed twice
"""

from __future__ import annotations

from minitf.kernels_cpu.fusion.primitives import PRIMITIVES
from minitf.kernels_cpu.fusion.schedule import Nest, Pass, Schedule, Store
from minitf.kernels_cpu.fusion.values import Value

_MOST_AGAIN = 8  # simple instructions, to compute what would else go through memory
_MOST_AGAIN_IN_ROW = 4  # and what would else go through the cache


def plan_passes(schedule: Schedule) -> list[Nest]:
    """Fill the passes of all nests; return the nests that have something to do, in order."""
    for nest in reversed(schedule.nests):
        _NestPlan(schedule, nest).make()
    return [nest for nest in schedule.nests if nest.passes]


class _NestPlan:
    """The plan of one nest, all later ones having said what they need.

    **State**, per value: `passes`, in which pass it is at hand; `chains`, all that computing it
    takes, None if that is too much to do again; `kept`, the array that holds it from pass to pass.
    `wanted`: per pass, values of the column; `wanted_at_row`, `wanted_at_top`.
    """

    def __init__(self, schedule: Schedule, nest: Nest) -> None:
        self.schedule = schedule
        self.nest = nest
        self.axes = schedule.axes
        self.passes: dict[Value, int] = {}
        self.chains: dict[Value, frozenset[Value] | None] = {}
        self.kept: dict[Value, str] = {}
        self.wanted: list[set[Value]] = []
        self.wanted_at_row: set[Value] = set()
        self.wanted_at_top: set[Value] = set()

    def make(self) -> None:
        """Fill the nest's passes, if it has anything to do."""
        stores, totals = self.schedule.stores(self.nest), self.schedule.totals_of(self.nest)
        if not stores and not totals:
            return
        values = self.schedule.values
        for value in values:
            self._look_at(value)
        operands = [total.operands[0] for total in totals]
        count = 1 + max(self.passes[value] for value in (*operands, *(s[0] for s in stores)))
        self.nest.passes = [Pass() for _ in range(count)]
        self.wanted = [set() for _ in range(count)]
        self._enter(stores, totals)
        for number in reversed(range(count)):
            for value in reversed(values):
                if value in self.wanted[number]:
                    self._plan_at_column(value, number)
            for value in reversed(values):
                if value in self.wanted_at_row and self.passes[value] == number:
                    self._plan_at_row(value, self.nest.passes[number])
        for value in reversed(values):
            if value in self.wanted_at_top:
                self._plan_at_top(value)
        self.nest.top.reverse()
        for each in self.nest.passes:
            each.row.reverse()
            each.column.reverse()

    def _enter(self, stores: list[Store], totals: list[Value]) -> None:
        """Want what is stored or added up."""
        for store in stores:
            value = store[0]
            at = self.nest.passes[self.passes[value]]
            (at.stores if self._is_at_column(value) else at.row_stores).append(store)
            self._want(value, self.passes[value])
        for total in totals:
            (operand,) = total.operands
            at = self.nest.passes[self.passes[operand]]
            (at.totals if self._is_at_column(operand) else at.row_totals).append(total)
            self._want(operand, self.passes[operand])

    # --- where values are, and what they cost ----------------------------------------------------

    def _is_at_column(self, value: Value) -> bool:
        """Tell whether a value differs from column to column; without loops there is one column."""
        space = self.nest.space
        return not space or space[-1] in self.axes[value]

    def _source(self, value: Value) -> str:
        """Return where a value comes from: "direct", "here" or "memory"."""
        home = self.schedule.home(value)
        if home is None:
            return "direct"
        if home is self.nest:
            return "here"
        if value in self.schedule.stored or not self._can_do_again(value):
            return "memory"
        return "memory" if self.axes[value] and self.chains[value] is None else "here"

    def _can_do_again(self, value: Value) -> bool:
        """Tell whether a value of an earlier nest can be computed in this one."""
        axes = self.axes[value]
        fits = axes == self.nest.space or set(axes) <= set(self.nest.row)
        return value.kind == "map" and fits

    def _look_at(self, value: Value) -> None:
        """Find in which pass a value is at hand, and all that computing it takes."""
        home = self.schedule.home(value)
        self.passes[value] = 0
        self.chains[value] = frozenset((value,))
        if home is None or home.place > self.nest.place or self.schedule.is_late(value):
            return
        is_here = home is self.nest
        if not is_here and (value in self.schedule.stored or not self._can_do_again(value)):
            return
        before = max(self.passes[operand] for operand in value.operands)
        self.passes[value] = before + (value.kind == "reduce")
        if value.kind != "map" or (is_here and value in self.schedule.stored):
            return
        chain: frozenset[Value] | None = frozenset((value,))
        for operand in value.operands:
            more = self.chains[operand]
            chain = None if chain is None or more is None else chain | more
        if chain is not None and self._cost(chain) > _MOST_AGAIN:
            chain = None
        self.chains[value] = chain

    def _cost(self, chain: frozenset[Value]) -> int:
        """Return what a chain costs for each column, loads included."""
        cost = 0
        for value in chain:
            if self._is_at_column(value) and value.kind not in ("literal", "index"):
                cost += PRIMITIVES[value.what].cost if value.kind == "map" else 1
        return cost

    # --- what is wanted ---------------------------------------------------------------------------

    def _want(self, value: Value, number: int) -> None:
        """Want a value: of the column in some pass, at the row's level, or before all loops."""
        if self._is_at_column(value):
            self.wanted[number].add(value)
        elif self.axes[value]:
            self.wanted_at_row.add(value)
        else:
            self.wanted_at_top.add(value)

    def _plan_at_column(self, value: Value, number: int) -> None:
        """Compute a value for each column in a pass, or take it from where it is."""
        at, source = self.nest.passes[number], self._source(value)
        if source == "memory":
            at.reads[value] = self.schedule.memory(value)
        if source != "here":
            return
        own = self.passes[value]
        if own < number:
            kept = self._kept(value, own, number)
            if kept is not None:
                at.reads[value] = kept
                return
        at.column.append(value)
        for operand in value.operands:
            self._want(operand, number)

    def _kept(self, value: Value, own: int, number: int) -> str | None:
        """Return the array in which an earlier pass keeps a value; None to compute it again."""
        if self.schedule.home(value) is self.nest and value in self.schedule.stored:
            return self.schedule.stored[value]
        chain = self.chains[value]
        if chain is not None and self._cost(chain) <= _MOST_AGAIN_IN_ROW:
            return None
        name = self.kept.get(value)
        if name is None:
            name = self.kept[value] = self._room(value, number)
            self.nest.passes[own].stores.append((value, name, None))
            self.wanted[own].add(value)
        return name

    def _room(self, value: Value, number: int) -> str:
        """Return an array for a value of the column that is needed up to some pass.

        An output of the same type that is written not before that pass has room until then: each
        element is read before another takes its place.
        """
        for held, name, access in self.schedule.stores(self.nest):
            is_free = name not in self.kept.values() and self.passes[held] >= number
            fits = access is None and self.axes[held] == self.nest.space
            if is_free and fits and held.dtype == value.dtype:
                return name
        name = f"out_row{len(self.nest.buffers)}"
        self.nest.buffers[name] = value
        return name

    def _plan_at_row(self, value: Value, at: Pass) -> None:
        """Compute a value once per row, or take it from where it is."""
        source = self._source(value)
        if source == "memory":
            self.nest.reads[value] = self.schedule.memory(value)
        if source != "here":
            return
        if value.kind == "reduce":
            (operand,) = value.operands
            ended = self.passes[value] - 1
            self.nest.passes[ended].sums.append(value)
            self._want(operand, ended)
            return
        at.row.append(value)
        if value.kind == "pick":
            self._want_picked(value.operands[0])
            self._want(value.operands[1], self.passes[value])
            return
        for operand in value.operands:
            self._want(operand, self.passes[value])

    def _want_picked(self, value: Value) -> None:
        """Want what one column's value is made of: it is computed apart from the loop."""
        if not self._is_at_column(value):
            self._want(value, 0)
        elif self._source(value) == "memory":
            self.nest.reads[value] = self.schedule.memory(value)
        elif self._source(value) == "here":
            for operand in value.operands:
                self._want_picked(operand)

    def _plan_at_top(self, value: Value) -> None:
        """Compute a value before all loops, or take it from where it is."""
        source = self._source(value)
        if source == "memory":
            self.nest.reads[value] = self.schedule.memory(value)
        elif source == "here":
            self.nest.top.append(value)
            for operand in value.operands:
                self.wanted_at_top.add(operand)
