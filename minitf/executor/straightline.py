"""A plan as one generated Python function: a line per node, locals as slots.

The reference executor (`dataflow.py`) decides at run time what fires next.  Where nothing waits and
nothing branches that order is known beforehand, so it is written down once:

    def step(feeds):
        t0, = feeds
        t0 = mul(t0, t0)                # Mul
        t0 = add_v2(t0, c0)             # AddV2
        return [t0]

**State**, constant once made, so any number of threads may run it:
- `source`: the text; kernels and constants are its global names.
- `_calls`: per line that calls a kernel, its Node and where its inputs come from, for messages.

**Invariants**
1. The order is that of `lines.py`.
2. A local is given away or deleted by the line after which nobody reads its value, so a value lives
   as long as in the reference executor.
3. What `lines.py` leaves out is no line.

**Departures from the paper**: none of meaning; the readable executor remains, and tests hold the
two to each other.

Source: 2015 §3.1 (order of execution), §10 (compiling subgraphs); OSDI §5 (low overhead).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import partial
from types import FunctionType
from typing import Any

from minitf.executor.binding import Kernel
from minitf.executor.code import Code, Line, Names, comment
from minitf.executor.dataflow import Observer
from minitf.executor.failure import shown
from minitf.executor.frames import Iteration
from minitf.executor.lines import Lines, Place, waiting
from minitf.executor.plan import Node, Plan
from minitf.executor.silence import restore, silence


class StraightLine(Code):
    """A plan as a function of the fed values.

    Args:
        plan: without loops or branches; with operations that may wait, it needs `pausing.py`.
        keeps_all: whether also operations that hand their input on are executed.

    Attributes:
        source: the generated text.

    Source: 2015 §3.1; OSDI §5.
    """

    def __init__(self, plan: Plan, *, keeps_all: bool = False) -> None:
        writer = _Writer(plan, keeps_all=keeps_all)
        source = writer.written()
        super().__init__(plan, source, writer.lines, writer.names.values)

    def run(self, feeds: Sequence[Any]) -> list[Any]:
        """Run the plan once and return the fetched values.

        Args:
            feeds: values in the order of the request's feeds.

        Raises:
            OpError: if a node fails, with its operation and inputs.
        """
        token = silence()
        try:
            return self._function(feeds)
        except Exception as error:  # noqa: BLE001 a kernel may raise anything
            raise self._failure(error) from shown(error)
        finally:
            restore(token)

    def observed(self, feeds: Sequence[Any], observer: Observer) -> list[Any]:
        """Run the plan once, an observer told of each call; what is left out it does not see.

        Raises:
            OpError: if a node fails, with its operation and inputs.
        """
        at = Iteration(None, 0, self.plan)
        nodes = iter(self.nodes)

        def told(kernel: Kernel, *inputs: Any) -> Any:
            node = next(nodes)
            observer.scheduled(node, at)
            observer.started(node, at)
            result = kernel(*inputs)
            outputs = (result,) if node.unpack is None else node.unpack(result)
            observer.finished(node, at, outputs)
            return result if node.unpack is None else outputs

        kernels = {id(node.kernel) for node in self.nodes}
        names = {
            name: partial(told, value) if id(value) in kernels else value
            for name, value in self._names.items()
        }
        observer.finished(self.plan.source, at, feeds)
        seen = copy(self)
        seen._function = FunctionType(self._code, names)  # noqa: SLF001 ours
        return seen.run(feeds)


class _Writer:
    """Writes the function of one plan.

    Attributes:
        names: the global names of the text: kernels and constants.
        lines: line number -> the node that it runs.
    """

    def __init__(self, plan: Plan, *, keeps_all: bool) -> None:
        self.names = Names()
        self.lines: dict[int, Line] = {}
        self._plan = plan
        self._lines = Lines(plan, keeps_all=keeps_all)
        self._last_reader = self._last_readers()
        self._locals: dict[Place, str] = {}
        self._free: list[str] = []  # locals that nobody uses, the last one freed at the end
        self._text: list[str] = []

    def written(self) -> str:
        """Return the text."""
        self._text.append(f"def step(feeds{', outputs' * bool(waiting(self._plan.nodes))}):")
        fed = self._new_locals(self._plan.source)
        if fed:
            self._text.append(f"    {', '.join(fed)}, = feeds")
        for node in self._lines.nodes:
            self._write(node)
        sink = self._plan.sink
        fetched = [self._name(slot) for slot in range(sink.first, sink.last)]
        self._text.append(f"    return [{', '.join(fetched)}]")
        return "\n".join(self._text) + "\n"

    def _last_readers(self) -> dict[Place, Node]:
        nodes = (*self._lines.nodes, self._plan.sink)
        read = {self._lines.place(slot): n for n in nodes for slot in range(n.first, n.last)}
        return {place: node for place, node in read.items() if self._is_local(place)}

    def _is_local(self, place: Place) -> bool:
        return place.node >= 0 and place not in self._lines.handles

    def _write(self, node: Node) -> None:
        """Write the line of a node, and one that drops what nobody reads any more."""
        slots = range(node.first, node.last)
        arguments = tuple([self._name(slot) for slot in slots])
        call = self.names.call(node, arguments, node.reads)
        freed = self._freed_by(node)
        targets = self._new_locals(node)
        left = f"{', '.join(targets)}{',' * (node.unpack is not None)} = " if targets else ""
        self._text.append(f"    {left}{call}  {comment(node)}")
        self.lines[len(self._text)] = Line(node, arguments)
        dropped = [name for name in freed if name not in targets] + ["_"] * ("_" in targets)
        if dropped:
            self._text.append(f"    del {', '.join(dropped)}")

    def _freed_by(self, node: Node) -> list[str]:
        """Free the locals that this node is the last to read, and return them."""
        places = dict.fromkeys(map(self._lines.place, range(node.first, node.last)))
        freed = [
            self._locals.pop(place) for place in places if self._last_reader.get(place) is node
        ]
        self._free += reversed(freed)
        return freed

    def _new_locals(self, node: Node) -> list[str]:
        """Return the locals that take a node's outputs, none if nobody reads any of them."""
        places = [Place(node.index, output) for output in range(node.width)]
        if not any(place in self._last_reader for place in places):
            return ["_"] * len(places) if node is self._plan.source else []
        for place in places:
            if place in self._last_reader:
                fresh = f"t{len(self._locals)}"  # every local that is not free is in use
                self._locals[place] = self._free.pop() if self._free else fresh
        return [self._locals.get(place, "_") for place in places]

    def _name(self, slot: int) -> str:
        """Return the name of what is in a slot."""
        place = self._lines.place(slot)
        if place in self._lines.handles:
            return self.names.of(self._lines.handles[place], "variable")
        if place.node >= 0:
            return self._locals[place]
        return self.names.of(self._plan.values[place.output], "constant")
