"""What generated functions of both kinds have in common: names of kernels, and what a line runs.

**State** (`Code`), constant once made, so any number of threads may run it: the text; its global
names, which are kernels and constants; per line that calls a kernel, its Node and where its inputs
come from, for messages.

Source: 2015 §10 (compiling subgraphs); OSDI §5 (low overhead).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from keyword import iskeyword
from types import CodeType
from typing import Any, NamedTuple

from minitf.errors import OpError
from minitf.executor.failure import failure_of
from minitf.executor.plan import Node, Plan
from minitf.resources import Variable

_FILE = "<a step of MiniTF>"


class Line(NamedTuple):
    """A line that runs a node.

    Attributes:
        node: what it runs.
        arguments: the names of its inputs.
        loops: the loops around it, the outermost first: name, and the local that counts rounds.
    """

    node: Node
    arguments: tuple[str, ...]
    loops: tuple[tuple[str, str], ...] = ()


class Names:
    """The global names of a text.

    Attributes:
        values: name -> kernel or constant.
    """

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._named: dict[int, str] = {}  # id of a kernel or constant -> its name

    def of(self, value: Any, name: str) -> str:
        """Return the name of a kernel or constant, made the first time."""
        found = self._named.get(id(value))
        if found is None:
            found = name if name not in self.values else f"{name}_{len(self.values)}"
            self._named[id(value)] = found
            self.values[found] = value
        return found

    def call(self, node: Node, arguments: Sequence[str], reads: Sequence[int]) -> str:
        """Return the text of a call of a node's kernel, its outputs made flat.

        Args:
            node: the node.
            arguments: the names of its inputs.
            reads: positions of those that have to be read.
        """
        given = [f"{x}.read()" if i in reads else x for i, x in enumerate(arguments)]
        call = f"{self.of(node.kernel, _snake(node))}({', '.join(given)})"
        if node.operation is not None and node.operation.definition.is_asynchronous:
            call = f"outputs({call}, {self.of(node, 'node')})"
        if node.unpack not in (None, tuple):
            call = f"{self.of(node.unpack, 'flat')}({call})"
        return call


def comment(node: Node) -> str:
    """Return what ends the line of a node: its name."""
    return "# " + re.sub(r"[^ -~]", "?", node.name)  # a graph from outside: no line may end here


def _snake(node: Node) -> str:
    """Return a name for a node's kernel: `mat_mul`."""
    kind = "cluster" if node.operation is None else node.operation.type
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()
    name = re.sub(r"\W", "_", name)
    return f"{name}_" if iskeyword(name) else name


class Code:
    """A text that defines the function `step`.

    Args:
        plan: what it runs.
        source: the text.
        lines: line number -> the node that it runs.
        names: its global names.

    Attributes:
        plan, source: as given.

    Source: 2015 §10; OSDI §5.
    """

    def __init__(
        self, plan: Plan, source: str, lines: dict[int, Line], names: dict[str, Any]
    ) -> None:
        self.plan = plan
        self.source = source
        self._lines = lines
        self._names = names
        code = compile(source, _FILE, "exec", dont_inherit=True)
        exec(code, names)  # noqa: S102 the text is made of identifiers of our own
        self._function: Callable[..., list[Any]] = names["step"]
        self._code: CodeType = names["step"].__code__

    @property
    def nodes(self) -> list[Node]:
        """The nodes that its lines call, in their order."""
        return [line.node for line in self._lines.values()]

    def _failure(self, error: Exception) -> OpError:
        """Return the error to raise: the line at which the function stopped tells the node."""
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code is not self._code:
            trace = trace.tb_next
        assert trace is not None, "only the function's own lines run kernels"
        line = self._lines.get(trace.tb_lineno)
        if line is None:  # aborted; or the feeds do not fit the first line: a mistake of ours
            raise error
        if isinstance(error, OpError) and line.node.operation is None:
            return error  # a cluster of several operations has said which of them failed
        known = {**self._names, **trace.tb_frame.f_locals}
        inputs: list[Any] = [known.get(name) for name in line.arguments]
        for i in line.node.reads:
            if isinstance(inputs[i], Variable) and inputs[i].is_initialized:
                inputs[i] = inputs[i].read()
        tag = "/".join(f"{name}:{known[counter]}" for name, counter in line.loops)
        return failure_of(error, line.node.operation, inputs, tag)
