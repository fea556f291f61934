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

import re
from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from keyword import iskeyword
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from minitf.errors import OpError
from minitf.executor.binding import Kernel
from minitf.executor.dataflow import Observer
from minitf.executor.failure import failure_of, shown
from minitf.executor.frames import Iteration
from minitf.executor.lines import Lines, Place
from minitf.executor.plan import Node, Plan
from minitf.executor.silence import restore, silence
from minitf.resources import Variable

_FILE = "<a step of MiniTF>"


class _Call(NamedTuple):
    """A line that runs a node, and the names of its inputs."""

    node: Node
    arguments: tuple[str, ...]


class StraightLine:
    """A plan as a function of the fed values.

    Args:
        plan: without loops, branches or asynchronous kernels.
        keeps_all: whether also operations that hand their input on are executed.

    Attributes:
        source: the generated text.

    Source: 2015 §3.1; OSDI §5.
    """

    def __init__(self, plan: Plan, *, keeps_all: bool = False) -> None:
        writer = _Writer(plan, keeps_all=keeps_all)
        self.plan = plan
        self.source = writer.written()
        self._calls = writer.calls
        self._names = writer.names
        code = compile(self.source, _FILE, "exec", dont_inherit=True)
        exec(code, self._names)  # noqa: S102 the text is made of identifiers of our own
        self._function: Callable[[Sequence[Any]], list[Any]] = self._names["step"]
        self._code: CodeType = self._names["step"].__code__

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

    @property
    def nodes(self) -> list[Node]:
        """The nodes that its lines call, in their order."""
        return [call.node for call in self._calls.values()]

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

    def _failure(self, error: Exception) -> OpError:
        """Return the error to raise: the line at which the function stopped tells the node."""
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code is not self._code:
            trace = trace.tb_next
        assert trace is not None, "only the function's own lines run kernels"
        call = self._calls.get(trace.tb_lineno)
        if call is None:  # the feeds do not fit the first line: a mistake of ours
            raise error
        if isinstance(error, OpError) and call.node.operation is None:
            return error  # a cluster of several operations has said which of them failed
        known = {**self._names, **trace.tb_frame.f_locals}
        inputs: list[Any] = [known.get(name) for name in call.arguments]
        for i in call.node.reads:
            if isinstance(inputs[i], Variable) and inputs[i].is_initialized:
                inputs[i] = inputs[i].read()
        return failure_of(error, call.node.operation, inputs)


class _Writer:
    """Writes the function of one plan.

    Attributes:
        names: the global names of the text: kernels and constants.
        calls: line number -> the node that it runs.
    """

    def __init__(self, plan: Plan, *, keeps_all: bool) -> None:
        self.names: dict[str, Any] = {}
        self.calls: dict[int, _Call] = {}
        self._plan = plan
        self._lines = Lines(plan, keeps_all=keeps_all)
        self._last_reader = self._last_readers()
        self._locals: dict[Place, str] = {}
        self._free: list[str] = []  # locals that nobody uses, the last one freed at the end
        self._named: dict[int, str] = {}  # id of a kernel or constant -> its name
        self._text: list[str] = []

    def written(self) -> str:
        """Return the text."""
        self._text.append("def step(feeds):")
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
        given = [f"{x}.read()" if i in node.reads else x for i, x in enumerate(arguments)]
        call = f"{self._global(node.kernel, _snake(node))}({', '.join(given)})"
        if node.unpack not in (None, tuple):
            call = f"{self._global(node.unpack, 'flat')}({call})"
        freed = self._freed_by(node)
        targets = self._new_locals(node)
        left = f"{', '.join(targets)}{',' * (node.unpack is not None)} = " if targets else ""
        name = re.sub(r"[^ -~]", "?", node.name)  # a graph from outside: no line may end here
        self._text.append(f"    {left}{call}  # {name}")
        self.calls[len(self._text)] = _Call(node, arguments)
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
            return self._global(self._lines.handles[place], "variable")
        if place.node >= 0:
            return self._locals[place]
        return self._global(self._plan.values[place.output], "constant")

    def _global(self, value: Any, name: str) -> str:
        """Return the global name of a kernel or constant, made the first time."""
        found = self._named.get(id(value))
        if found is None:
            found = name if name not in self.names else f"{name}_{len(self.names)}"
            self._named[id(value)] = found
            self.names[found] = value
        return found


def _snake(node: Node) -> str:
    """Return a name for a node's kernel: `mat_mul`."""
    kind = "cluster" if node.operation is None else node.operation.type
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()
    name = re.sub(r"\W", "_", name)
    return f"{name}_" if iskeyword(name) else name
