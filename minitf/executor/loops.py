"""Which loop each operation of a subgraph runs in, found before the run.

Enter hands its input on to a loop, Exit to the loop around it; every other operation stays where
its inputs are.  So the loop of an operation is that in which its inputs come out, and the root
(None) for one without inputs.

Worked example: `while x < 9: x = x + y`

    x, y        the root
    Enter(x)    in the root, comes out in the loop;  Enter(y) likewise
    Merge ...   in the loop
    Exit        in the loop, comes out in the root

Source: 2015 §4.4 (frames).
"""

from __future__ import annotations

from collections.abc import Iterator

from minitf.errors import InvalidArgumentError
from minitf.executor.prune import Subgraph
from minitf.operation import Operation

ENTERS = frozenset(("Enter", "RefEnter"))
EXITS = frozenset(("Exit", "RefExit"))
NEXTS = frozenset(("NextIteration", "RefNextIteration"))
MERGES = frozenset(("Merge", "RefMerge"))
_CHANGE_FRAMES = ENTERS | EXITS | NEXTS
CONTROL_FLOW = _CHANGE_FRAMES | MERGES | {"Switch", "RefSwitch", "LoopCond", "ControlTrigger"}


class Loop:
    """A loop of a subgraph; each run of it is a frame.

    Attributes:
        name: `frame_name` of its Enters.
        parent: the loop around it, None for the root.
        parallel_iterations: how many of its iterations may be under way at once.
        enters: how many Enters lead into it.
    """

    __slots__ = ("enters", "name", "parallel_iterations", "parent")

    def __init__(self, name: str, parent: Loop | None, parallel_iterations: int) -> None:
        self.name = name
        self.parent = parent
        self.parallel_iterations = parallel_iterations
        self.enters = 0

    def __repr__(self) -> str:
        """Show its place in the tree of loops."""
        return self.name if self.parent is None else f"{self.parent}/{self.name}"


class Loops:
    """The loops of a subgraph.

    Raises:
        InvalidArgumentError: if an operation takes inputs from different loops.

    Source: 2015 §4.4.
    """

    def __init__(self, subgraph: Subgraph) -> None:
        self._subgraph = subgraph
        self._home: dict[Operation, Loop | None] = {}
        self._entered: dict[tuple[Loop | None, str], Loop] = {}
        if any(operation.type in _CHANGE_FRAMES for operation in subgraph.operations):
            self._find_all()

    def of(self, operation: Operation) -> Loop | None:
        """Return the loop that an operation runs in."""
        return self._home.get(operation)

    def behind(self, operation: Operation) -> Loop | None:
        """Return the loop that its outputs are in."""
        home = self._home.get(operation)
        if operation.type in ENTERS:
            return self._entered[home, operation.attrs["frame_name"]]
        if operation.type in EXITS:
            assert home is not None
            return home.parent
        return home

    def _find_all(self) -> None:
        present = set(self._subgraph.operations)
        for operation in self._subgraph.operations:
            self._find(operation, present)
        for operation in self._subgraph.operations:
            self._check(operation, present)
            if operation.type in ENTERS:
                entered = self.behind(operation)
                assert entered is not None
                entered.enters += 1

    def _find(self, operation: Operation, present: set[Operation]) -> None:
        """Find the loop of an operation by one of its sources, that of the source first."""
        path: dict[Operation, None] = {}
        last: Operation | None = operation
        while last is not None:
            sources = () if last in self._home else self._sources(last, present)
            source = next((each for each in sources if each not in path), None)
            if source is not None and source not in self._home:
                path[last] = None
                last = source
                continue
            if last not in self._home:
                self._settle(last, None if source is None else self.behind(source))
            last = path.popitem()[0] if path else None

    def _settle(self, operation: Operation, home: Loop | None) -> None:
        self._home[operation] = home
        if operation.type in ENTERS:
            name, most = operation.attrs["frame_name"], operation.attrs["parallel_iterations"]
            self._entered.setdefault((home, name), Loop(name, home, most))
        elif operation.type in EXITS | NEXTS and home is None:
            raise InvalidArgumentError(
                None, operation, f"'{operation.name}' is in no loop: no Enter leads to it"
            )

    def _sources(self, operation: Operation, present: set[Operation]) -> Iterator[Operation]:
        """Walk what it waits for, without the back edge of a loop."""
        subgraph = self._subgraph
        for tensor in map(subgraph.source, operation.inputs):
            source = tensor.op
            is_given = tensor in subgraph.constants or tensor in subgraph.request.feeds
            is_back_edge = operation.type in MERGES and source.type in NEXTS
            if source in present and not is_given and not is_back_edge:
                yield source
        yield from (each for each in subgraph.control_sources(operation) if each in present)

    def _check(self, operation: Operation, present: set[Operation]) -> None:
        home = self._home[operation]
        for source in self._sources(operation, present):
            if self.behind(source) is not home:
                first = next(self._sources(operation, present))
                raise InvalidArgumentError(
                    None,
                    operation,
                    f"'{operation.name}' has inputs from different frames. The input "
                    f"'{first.name}' is in frame '{home or ''}'. The input '{source.name}' is in "
                    f"frame '{self.behind(source) or ''}'.",
                )
