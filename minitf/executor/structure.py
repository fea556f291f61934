"""What the tokens of a plan will do, found out before it runs: who is alive when, and who hands on.

Loops and branches as programs make them have a known shape: a Merge joins the two sides of one
predicate; a loop has one LoopCond, and each of its variables one Enter, Merge and NextIteration.
Then no token is needed: what fires in a round of a loop, or on a branch, is known by predicates.

**State**
- `Scope`, one per table: who fills each slot, who is waited for; of a loop the conditions around
  it and its test.
- per node its *conditions*, relative to its table: it fires where all of them hold.  A condition is
  a predicate and what it must be.
- per output its *operand*: where its value comes from (`regions.py`).

**Invariants**
1. Nodes with equal conditions live and die together.
2. What is not of the known shape raises UnstructuredError, which says why: the dataflow executor
   runs it.

Worked example, `while x < 9: x = f(x)` on a branch where p holds:

    Enter                     p                  in the root
    Merge, Less, LoopCond     none               in the loop, relative to a round
    f, NextIteration          Less is true
    Exit                      Less is false      and behind it, in the root, p

Source: 2015 §4.4; OSDI §3.4 (dead tokens).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from minitf.executor.lines import HANDED_ON, HANDLES, kind_of, waiting
from minitf.executor.loops import ENTERS, EXITS, MERGES, NEXTS
from minitf.executor.plan import CONTROL, Node, Plan, Table
from minitf.executor.regions import Fixed, Local, Operand

Condition = tuple[Operand, int]
Conditions = frozenset[Condition]
ALWAYS: Conditions = frozenset()
SWITCHES = frozenset(("Switch", "RefSwitch"))
_NOTHING = ("NoOp", "ControlTrigger")
_JUST_HAND_ON = HANDED_ON | ENTERS | EXITS | NEXTS | {"LoopCond"}


class UnstructuredError(Exception):
    """The plan is of no shape that can be written down; the message says why."""


class Scope:
    """A table in its place.

    Attributes:
        table: the table.
        parent: the scope that it is entered from, None for the root.
        producers: slot -> who fills it, by which output.
        waits: index of a node -> whom it waits for without data.
        enters: the nodes of the parent that enter it.
        conditions: under which it is run: those of all its Enters.
        test: whether it goes round again, None if there is no LoopCond.
    """

    def __init__(self, table: Table, parent: Scope | None) -> None:
        self.table = table
        self.parent = parent
        self.producers: dict[int, list[tuple[Node, int]]] = defaultdict(list)
        self.waits: dict[int, list[Node]] = defaultdict(list)
        self.enters: list[Node] = []
        self.conditions = ALWAYS
        self.test: Operand | None = None

    def sources(self, node: Node) -> Iterator[tuple[Node, int]]:
        """Walk who fills the slots of a node."""
        for slot in range(node.first, node.last):
            yield from self.producers.get(slot, ())


class Structure:
    """What is known of a plan.

    Args:
        plan: any plan.

    Attributes:
        scopes: its scopes, by table, the root first.
        home: the scope of each node.
        of: the conditions of each node.
        arms: of a Merge that joins two sides: the value and the conditions of each.

    Raises:
        UnstructuredError: if it has to be run with tokens.

    Source: 2015 §4.4.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.scopes: dict[Table, Scope] = {}
        self.home: dict[Node, Scope] = {}
        self.of: dict[Node, Conditions] = {}
        self.arms: dict[Node, list[tuple[Operand, Conditions]]] = {}
        self._operands: dict[tuple[Node, int], Operand] = {}
        self._behind: dict[Node, Conditions] = {}  # conditions of whoever reads its outputs
        self._fixed: dict[int, Fixed] = {}
        self._called: set[Node] = set()
        self._around: dict[Node, Conditions] = {}  # of the Enters that it depends on
        self._collect(plan, None)
        waits = waiting(node for node, scope in self.home.items() if scope.parent is not None)
        if waits:
            raise UnstructuredError(f"{waits}, in a loop, whose iterations overlap")
        self._connect()
        for node in self._in_order():
            self._around[node] = self._conditions_around(self.home[node], node)
            self._settle(self.home[node], node)
        self._check_loops()

    def operand(self, scope: Scope, slot: int) -> Operand:
        """Return where the value of a slot comes from."""
        producers = scope.producers.get(slot)
        if not producers:
            return self._constant(scope.table.values[slot])
        return self._operands[producers[0]]

    def inputs(self, node: Node) -> tuple[Operand, ...]:
        """Return where the inputs of a node come from."""
        scope = self.home[node]
        return tuple([self.operand(scope, slot) for slot in range(node.first, node.last)])

    def conditions_at(self, scope: Scope, slot: int) -> Conditions:
        """Return the conditions under which a value comes to a slot."""
        found = ALWAYS
        for node, output in scope.producers.get(slot, ()):
            found |= self._behind[node]
            if kind_of(node) in SWITCHES:
                condition = self.inputs(node)[1], output
                if not self._is_implied(node, condition):
                    found |= {condition}
        return found

    def _is_implied(self, node: Node, condition: Condition) -> bool:
        """Tell whether a loop around a node runs only where a condition holds."""
        if condition in self._around[node]:
            return True
        enters = self.home[node].enters
        return any(self._is_implied(each, condition) for each in enters if each in self._around)

    def is_loop_variable(self, node: Node) -> bool:
        """Tell whether a node is the Merge of a loop's variable."""
        return kind_of(node) in MERGES and any(
            source.enters is not None or source.goes_round
            for source, _ in self.home[node].sources(node)
        )

    def is_called(self, node: Node) -> bool:
        """Tell whether a node is run at all."""
        return node in self._called

    def ends_of(self, merge: Node) -> tuple[Operand, Operand]:
        """Return the first and the next value of a loop's variable."""
        first = following = None
        for source, output in self.home[merge].sources(merge):
            if source.goes_round:
                following = self._operands[source, output]
            else:
                first = self._operands[source, output]
        assert first is not None
        assert following is not None
        return first, following

    # --- wiring ----------------------------------------------------------------------------------

    def _collect(self, table: Table, parent: Scope | None) -> None:
        scope = self.scopes[table] = Scope(table, parent)
        for node in table.nodes:
            self.home[node] = scope
            if node.enters is not None:
                if node.enters not in self.scopes:
                    self._collect(node.enters, scope)
                self.scopes[node.enters].enters.append(node)

    def _connect(self) -> None:
        for node, home in self.home.items():
            to = self._scope_behind(node, home)
            for output, slot, reader in (*node.edges, *node.merges):
                if slot == CONTROL:
                    to.waits[reader].append(node)
                else:
                    to.producers[slot].append((node, output))
            for reader in node.controls:
                to.waits[reader].append(node)
            comes_once = node.goes_round or (node.enters is not None and not _brings_to_all(node))
            if comes_once and (node.edges or node.controls or CONTROL in _slots(node)):
                raise UnstructuredError(f"something besides a loop's variable needs '{node.name}'")

    def _scope_behind(self, node: Node, home: Scope) -> Scope:
        """Return the scope that the outputs of a node are in."""
        if node.enters is not None:
            return self.scopes[node.enters]
        if node.exits:
            assert home.parent is not None
            return home.parent
        return home

    def _in_order(self) -> list[Node]:
        """Return all nodes, each after what it needs but for a loop's way back."""
        waiting: dict[Node, int] = {}
        readers: dict[Node, list[Node]] = defaultdict(list)
        for node, home in self.home.items():
            sources = [each for each, _ in home.sources(node) if not each.goes_round]
            sources += home.waits.get(node.index, ())
            waiting[node] = len(sources)
            for each in sources:
                readers[each].append(node)
        order = [node for node, count in waiting.items() if not count]
        for node in order:  # it grows
            for reader in readers[node]:
                waiting[reader] -= 1
                if not waiting[reader]:
                    order.append(reader)
        if len(order) < len(waiting):
            raise UnstructuredError("it has a cycle that is no loop")
        return order

    # --- one node after the other ----------------------------------------------------------------

    def _settle(self, scope: Scope, node: Node) -> None:
        """Find the conditions of a node and the operands of its outputs."""
        kind = kind_of(node)
        if kind in MERGES:
            self._settle_merge(scope, node)
            return
        waits = scope.waits.get(node.index, ())
        found = ALWAYS.union(*[self._behind[each] for each in waits])
        if kind == "ControlTrigger":  # it fires though dead
            found = ALWAYS
        for slot in range(node.first, node.last):
            found |= self.conditions_at(scope, slot)
        self.of[node] = self._behind[node] = found
        if node.enters is not None:
            self.scopes[node.enters].conditions |= found
            self._behind[node] = ALWAYS
        elif kind in SWITCHES and node.reads:
            raise UnstructuredError(f"'{node.name}' reads a variable to branch")
        elif node.exits:
            self._behind[node] = self._around[node]
        self._give_operands(scope, node, kind)
        if kind == "LoopCond":
            if scope.test is not None or scope.parent is None or found:
                raise UnstructuredError(f"'{node.name}' is not the one condition of a loop")
            scope.test = self._operands[node, 0]

    def _conditions_around(self, scope: Scope, node: Node) -> Conditions:
        """Return the conditions under which a loop's first round gives a node what it needs."""
        if kind_of(node) == "ControlTrigger":  # it fires though dead
            return ALWAYS
        found = ALWAYS
        for each in (*dict(scope.sources(node)), *scope.waits.get(node.index, ())):
            if each.enters is scope.table:
                found |= self.of[each]
            elif each.exits:
                enters = self.home[each].enters
                found = found.union(*[self._around.get(enter, ALWAYS) for enter in enters])
            elif not each.goes_round:
                found |= self._around[each]
        return found

    def _give_operands(self, scope: Scope, node: Node, kind: str) -> None:
        """Say what stands for a node's outputs: its input if it only hands that on."""
        inputs = self.inputs(node)
        if kind in SWITCHES:
            self._operands[node, 0] = self._operands[node, 1] = inputs[0]
            if not _is_scalar(node, 1):
                self._called.add(node)  # it says what is wrong with its predicate
        elif kind in _JUST_HAND_ON and not node.reads:
            self._operands[node, 0] = inputs[0]
        elif self._is_constant(node):
            self._operands[node, 0] = self._constant(node.kernel())
        else:
            for output in range(node.width):
                self._operands[node, output] = Local(node, output)
            if kind not in _NOTHING and node not in (self.plan.source, self.plan.sink):
                self._called.add(node)

    def _is_constant(self, node: Node) -> bool:
        """Tell whether a node brings a constant, or the handle of a variable."""
        if node in (self.plan.source, self.plan.sink):
            return False
        if node.operation is None:
            return node.first == node.last and not node.members
        kind = node.operation.type
        return kind == "Const" or (kind in HANDLES and not node.controls)

    def _settle_merge(self, scope: Scope, node: Node) -> None:
        self._operands[node, 0], self._operands[node, 1] = Local(node, 0), Local(node, 1)
        if self.is_loop_variable(node):
            sources = [source for source, _ in scope.sources(node)]
            enters = [each for each in sources if each.enters is not None]
            if len(sources) != 2 or len(enters) != 1 or _brings_to_all(enters[0]):
                raise UnstructuredError(f"'{node.name}' is not a loop's variable of the known form")
            if scope.waits.get(node.index) or _reads_index(node):
                raise UnstructuredError(f"'{node.name}' is more than a loop's variable")
            self.of[node] = self._behind[node] = ALWAYS
            return
        arms = [
            (self.operand(scope, slot), self.conditions_at(scope, slot))
            for slot in range(node.first, node.last)
        ]
        if all(arm == arms[0] for arm in arms) and not _reads_index(node):
            self._operands[node, 0] = arms[0][0]
            self.of[node] = self._behind[node] = arms[0][1]
            return
        common = arms[0][1] & arms[-1][1]
        rests = [conditions - common for _, conditions in arms]
        if len(arms) != 2 or not _are_opposite(*rests):
            raise UnstructuredError(f"'{node.name}' does not merge the two sides of one predicate")
        self.arms[node] = arms
        self.of[node] = self._behind[node] = common

    def _constant(self, value: Any) -> Fixed:
        return self._fixed.setdefault(id(value), Fixed(value))

    def _check_loops(self) -> None:
        for scope in self.scopes.values():
            if scope.parent is not None:
                self._check_loop(scope)

    def _check_loop(self, scope: Scope) -> None:
        if scope.test is None:
            raise UnstructuredError(f"the loop '{scope.table.name}' has no condition")
        for node in scope.table.nodes:
            if node.goes_round and self.of[node] != {(scope.test, 1)}:
                raise UnstructuredError(f"'{node.name}' may be dead when its loop goes on")
            if node.exits and self.of[node] != {(scope.test, 0)}:
                raise UnstructuredError(f"'{node.name}' may be alive when its loop goes on")
            is_free = self._around[node] != scope.conditions
            if is_free and (node.exits or self.is_called(node)):
                raise UnstructuredError(f"'{node.name}' runs whether its loop does or not")


def _brings_to_all(enter: Node) -> bool:
    """Tell whether an Enter gives its value to every round."""
    assert enter.operation is not None
    return bool(enter.operation.attrs["is_constant"])


def _slots(node: Node) -> list[int]:
    return [slot for _, slot, _ in node.merges]


def _reads_index(merge: Node) -> bool:
    """Tell whether anybody asks which input of a Merge has come."""
    return any(output == 1 for output, _, _ in (*merge.edges, *merge.merges))


def _is_scalar(node: Node, position: int) -> bool:
    assert node.operation is not None
    return node.operation.inputs[position].static_shape.rank == 0


def _are_opposite(one: Conditions, other: Conditions) -> bool:
    """Tell whether two conditions are the two outputs of a Switch on one predicate."""
    if len(one) != 1 or len(other) != 1:
        return False
    (first,), (second,) = one, other
    return first[0] == second[0] and {first[1], second[1]} == {0, 1}
