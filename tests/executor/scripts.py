"""Golden scripts: a graph and its runs as text, with the trace that they must give.

    # What it shows.  (2015 §3.1)
    graph
      x = Placeholder float32
      y = AddV2 x 1.0
      w = VariableV2 shape=[] dtype=float32
      a = Assign w y  after z
    run y z  x=3
    ---
    (the trace of each run)

A line of the graph is `outputs = Op inputs attributes`, with `after` and the operations that it
waits for.  An input is the name of an output or a number; a word that is neither is the attribute
`dtype`.  `back n m` closes a loop: the output n becomes the second input of the Merge m.  A run
names what is fetched, then feeds.  Options of all runs stand in lines before `graph`: `optimize`,
`order lifo`, `store` (variables keep their values from run to run anyway).

A line of the trace tells what came out of a node, in brackets of which iteration of which loops.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
from executor import toy_ops

from minitf import dtypes, ops
from minitf.dead import DEAD
from minitf.devices import local_devices
from minitf.executor import dataflow, frames, ready, step, step_options
from minitf.executor.prune import Request
from minitf.graph import Graph
from minitf.op_def import OpDef
from minitf.operation import Operation
from minitf.resources import ResourceStore, Variable
from minitf.tensor import Tensor


class Narrator:
    """An Observer that writes each event down as a line."""

    def __init__(self, names: dict[Tensor, str]) -> None:
        self.lines: list[str] = []
        self._names = names

    def scheduled(self, node: Any, at: Any) -> None:
        pass  # follows from what finished

    def started(self, node: Any, at: Any) -> None:
        pass  # each node finishes before the next starts, unless it waits

    def finished(self, node: Any, at: Any, outputs: Any) -> None:
        if node.operation is None:
            return
        name = f"{node.name} [{at.tag}]" if at.tag else node.name
        if outputs is frames.ALL_DEAD:
            self.lines.append(f"{name} -> dead")
            return
        tensors = node.operation.outputs
        if not tensors:
            self.lines.append(f"{name} ran")
        elif len(tensors) == 1:
            self.lines.append(f"{name} -> {shown(outputs[0])}")
        else:
            parts = [f"{self._names[t]}: {shown(v)}" for t, v in zip(tensors, outputs, strict=True)]
            self.lines.append(f"{name} -> {', '.join(parts)}")


def shown(value: Any) -> str:
    if value is DEAD:
        return "dead"
    if isinstance(value, Variable):
        return "uninitialized" if not value.is_initialized else f"[{shown(value.read())}]"
    return np.array2string(np.asarray(value), separator=", ", formatter={"float": "{:g}".format})


class Script:
    """A golden script, read."""

    def __init__(self, text: str) -> None:
        head, _, self.expected = text.partition("---\n")
        self.head = head
        self.graph = Graph()
        self.tensors: dict[str, Tensor] = {}
        self.operations: dict[str, Operation] = {}
        self.options: set[str] = set()
        self.runs: list[str] = []
        self._read()

    def _read(self) -> None:
        in_graph = False
        for line in self.head.splitlines():
            words = line.split()
            if not words or words[0] == "#":
                continue
            if words[0] == "graph":
                in_graph = True
            elif words[0] == "run":
                in_graph = False
                self.runs.append(line)
            elif in_graph:
                with self.graph.as_default():
                    self._add(line)
            else:
                self.options.add(line.strip())

    def _add(self, line: str) -> None:
        if line.startswith(("back ", "  back ")):
            _, source, merge = line.split()
            self.tensors[merge].op._update_input(1, self.tensors[source])
            return
        line, _, after = line.partition(" after ")
        names, _, call = line.partition(" = ")
        outputs = [name.strip() for name in names.split(",")]
        kind, *words = call.split()
        definition = getattr(toy_ops, f"{kind.lower()}_op", None) or ops.find_op(kind)
        inputs, attrs = self._arguments(definition, words)
        first = outputs[0] if len(outputs) == 1 else kind
        with self.graph.control_dependencies([self.operations[n] for n in after.split()]):
            made = definition(*inputs, name=first, **attrs)
        operation = made if isinstance(made, Operation) else _operation(made)
        self.operations[first] = operation
        self.tensors.update(zip(outputs, operation.outputs, strict=False))

    def _arguments(self, definition: OpDef, words: list[str]) -> tuple[list[Any], dict[str, Any]]:
        inputs: list[Any] = []
        attrs: dict[str, Any] = {}
        for word in words:
            name, equals, value = word.partition("=")
            if equals:
                attrs[name] = _attribute(value)
            elif word in self.tensors:
                inputs.append(self.tensors[word])
            elif word in dtypes.DTYPES:
                attrs["dtype"] = dtypes.as_dtype(word)
            else:
                inputs.append(ast.literal_eval(word))
        takes_list = len(definition.inputs) == 1 and definition.inputs[0].is_list
        return ([inputs] if takes_list else inputs), attrs

    def trace(self) -> str:
        """Run it and return the trace."""
        passes = "optimize" in self.options
        options = step_options.StepOptions(merge_equal=passes, fold_constants=passes)
        steps = step.Steps(self.graph, local_devices(), ResourceStore(), options)
        lines: list[str] = []
        for run in self.runs:
            if len(self.runs) > 1:
                lines.append(run)
            lines += self._run(steps, run)
        return "\n".join(lines) + "\n"

    def request(self, line: str) -> tuple[Request, list[Any]]:
        """Return what a run asks for, and what it feeds."""
        words = line.split()[1:]
        feeds = dict(word.split("=") for word in words if "=" in word)
        fetched = [word for word in words if "=" not in word]
        tensors = [self.tensors[name] for name in fetched if name in self.tensors]
        targets = [self.operations[name] for name in fetched if name not in self.tensors]
        fed = tuple(self.tensors[name] for name in feeds)
        values = [
            np.asarray(ast.literal_eval(value.capitalize()), self.tensors[name].dtype.numpy)
            for name, value in feeds.items()
        ]
        return Request(tuple(tensors), tuple(targets), fed), values

    def _run(self, steps: step.Steps, line: str) -> list[str]:
        request, values = self.request(line)
        found = steps.find(request)
        names = {tensor: name for name, tensor in self.tensors.items()}
        narrator = Narrator(names)
        order = ready.Lifo() if "order lifo" in self.options else ready.Fifo()
        for tensor, value in zip(request.feeds, values, strict=True):
            narrator.lines.append(f"{names[tensor]} <- {shown(value)}")
        try:
            results = dataflow.Run(found.plan, order, narrator).run(values)
        except Exception as error:  # noqa: BLE001 a script may show a failure
            first = str(error).splitlines()[0]
            return [*narrator.lines, f"{type(error).__name__}: {first}"]
        wanted = [f"{names[t]} = {shown(v)}" for t, v in zip(request.fetches, results, strict=True)]
        return [*narrator.lines, *wanted]


def _operation(made: Any) -> Operation:
    while not isinstance(made, Tensor):
        made = made[0]
    return made.op


def _attribute(text: str) -> Any:
    if text in dtypes.DTYPES:
        return dtypes.as_dtype(text)
    try:
        return ast.literal_eval(text)
    except ValueError:
        return text
