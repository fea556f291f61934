"""A plan with loops and branches as a program of blocks: what `structured.py` writes down.

    Call      run a node
    Read      read a variable for a Call that follows
    Once      what runs in the first round of the loop around only
    Assign    give locals other names' values, all at once
    Branch    if test: yes; else: no
    Loop      start; forever: head; if not test: leave; body; following.  Then tail.
    Hot       a part of the program that may become machine code

**Invariant**: a Local is an output of a node that is called, of a loop's Merge (its variable), or
of the Merge behind a branch (assigned on both sides).  Whatever hands its input on, such as Switch,
Enter, Exit, Identity, is nothing here: its readers read its input.

Source: 2015 §4.4 (loops and branches made of primitives).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from minitf.executor.plan import Node, Table


class Local(NamedTuple):
    """An output of a node; or an input of it that is a variable's value, counted from -1 down."""

    node: Node
    output: int


class Fixed:
    """A value known beforehand: a constant, or the handle of a variable.  Compared by identity."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


Operand = Local | Fixed


@dataclass(eq=False, slots=True)
class Call:
    """Run a node.

    Attributes:
        reads: positions of inputs that are variables and wanted as their values.
    """

    node: Node
    inputs: tuple[Operand, ...]
    outputs: tuple[Local, ...]
    reads: tuple[int, ...]


@dataclass(eq=False, slots=True)
class Read:
    """Read a variable.

    Attributes:
        node: who wants its value first.
        inputs: of that node, the variable among them.
        position: where among them.
        target: what gets the value; its `output` is -1 - position.
    """

    node: Node
    inputs: tuple[Operand, ...]
    position: int
    target: Local


@dataclass(eq=False, slots=True)
class Once:
    """Run a block in the first round of the loop around."""

    block: Block


@dataclass(eq=False, slots=True)
class Assign:
    """Give each target the value of its source; all sources are read first."""

    targets: list[Local]
    sources: list[Operand]


@dataclass(eq=False, slots=True)
class Branch:
    """Run one of two blocks."""

    test: Operand
    yes: Block = field(default_factory=list)
    no: Block = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Loop:
    """Run head and body until the test fails, which stands between them.

    Attributes:
        table: whose nodes these are.
        start: gives the loop's variables their first values.
        head: what runs in every round, also in the last.
        test: whether there is another round.
        body: what runs in every round but the last, the next values at its end.
        tail: what runs in the last round only.
    """

    table: Table
    start: Assign
    head: Block
    test: Operand
    body: Block
    tail: Block


@dataclass(eq=False, slots=True)
class Hot:
    """Run a block, which a device may have as machine code (`hot.py`)."""

    block: Block


Statement = Call | Read | Assign | Branch | Once | Loop | Hot
Block = list[Statement]


@dataclass(eq=False, slots=True)
class Program:
    """A whole plan.

    Attributes:
        block: what runs.
        fed: the fed values.
        fetched: the fetched ones.
        perhaps_dead: those of them that are DEAD unless a branch has given them a value.
    """

    block: Block
    fed: tuple[Local, ...]
    fetched: tuple[Operand, ...]
    perhaps_dead: tuple[Local, ...]
