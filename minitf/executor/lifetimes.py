"""When values die in a program of blocks: after which statement, or at the entrance of which block.

Going backwards through the program, a local is *live* where somebody reads it later.  It dies
behind the statement that touches it last; where two ways part and only one of them reads it, it
dies at the entrance of the other.

**Invariant**: a value is let go as early as by the dataflow executor, except that one read on a
branch by which the program comes twice may be kept until the end of a round.

Worked example, with what dies at the right:

    loop            x := x0
      head          t = less(x, 9)
      test t                                 t; when it is left, nothing else: x is read behind
      body          y = f(x)                 x
                    x := y                   y
    z = g(x)                                 x

Source: 2015 §3.1 (buffers live as long as somebody reads them), §4.4.
"""

from __future__ import annotations

from minitf.executor.regions import (
    Assign,
    Block,
    Branch,
    Call,
    Hot,
    Local,
    Loop,
    Once,
    Operand,
    Program,
    Read,
    Statement,
)

Live = set[Local]


class Lifetimes:
    """When the values of a program die.

    Attributes:
        behind: statement -> the locals that die behind it.
        unread: statement -> the locals that it gives a value which nobody reads.
        behind_hot: statement -> what is live behind it.
        wanted: the fed values that somebody reads, among others.

    Source: 2015 §3.1.
    """

    def __init__(self, program: Program) -> None:
        self.behind: dict[Call | Assign, list[Local]] = {}
        self.unread: dict[Call | Assign, Live] = {}
        self.behind_hot: dict[Hot, Live] = {}
        self._entrance: dict[int, Live] = {}  # id of a block -> what dies there
        live = {each for each in program.fetched if isinstance(each, Local)}
        self.wanted = self._before(program.block, live)

    def at(self, block: Block) -> list[Local]:
        """Return what dies at the entrance of a block: it is read on another way only."""
        return sorted(self._entrance.get(id(block), ()), key=place)

    def _before(self, block: Block, live: Live) -> Live:
        """Return what is live before a block; `live` is what is live behind it, and is changed."""
        for statement in reversed(block):
            live = self._before_one(statement, live)
        return live

    def _before_one(self, statement: Statement, live: Live) -> Live:
        if isinstance(statement, Branch):
            yes = self._before(statement.yes, set(live))
            no = self._before(statement.no, set(live))
            both = yes | no | _locals(statement.test)
            self._entrance[id(statement.yes)] = both - yes
            self._entrance[id(statement.no)] = both - no
            return both
        if isinstance(statement, Once):
            return live | self._before(statement.block, set(live))
        if isinstance(statement, Read):
            return live - {statement.target}
        if isinstance(statement, Loop):
            return self._before_loop(statement, live)
        if isinstance(statement, Hot):
            self.behind_hot[statement] = set(live)
            return self._before(statement.block, live)
        if isinstance(statement, Call):
            made, read = statement.outputs, statement.inputs
        else:
            made, read = tuple(statement.targets), self._wanted(statement, live)
        touched = {each for each in read if isinstance(each, Local)}
        self.unread[statement] = set(made) - live
        self.behind[statement] = sorted(touched - live, key=place)
        live.difference_update(made)
        live |= touched
        return live

    @staticmethod
    def _wanted(statement: Assign, live: Live) -> tuple[Operand, ...]:
        """Return the sources whose targets are read."""
        pairs = zip(statement.targets, statement.sources, strict=True)
        return tuple([source for target, source in pairs if target in live])

    def _before_loop(self, loop: Loop, live: Live) -> Live:
        tail = self._before(loop.tail, live)
        around: Live = set()
        while True:
            body = self._before(loop.body, set(around))
            either = tail | body | _locals(loop.test)
            self._entrance[id(loop.body)] = either - body
            self._entrance[id(loop.tail)] = either - tail
            found = self._before(loop.head, set(either))
            if found == around:
                return self._before_one(loop.start, found)
            around = found


def _locals(operand: Operand) -> Live:
    return {operand} if isinstance(operand, Local) else set()


def place(local: Local) -> tuple[int, int]:
    """Return what locals are sorted by."""
    return local.node.index, local.output
