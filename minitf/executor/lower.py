"""Lowering: loops, branches and calls of functions become the dataflow that they stand for.

A call of a function costs a run of its own.  A function that only computes needs none: its body
takes the place of the call, so that what optimizes, fuses and compiles loops sees one graph.

    y = StatelessWhile(i, x, w; cond, body)        w is what no iteration changes

    Enter(i), Enter(x), Enter(w) constant -> Merge -> cond -> LoopCond -> Switch
    Switch:1 -> body -> NextIteration -> Merge     Switch:0 -> Exit: y

**State**: `made`, the new operations, in order; names are the call's, then the body's.

**Invariants**
1. What is lowered has no effects: only reads of variables, random numbers, and what is pure.
2. Outputs of a call are aliases of what computes them; the graph is not changed.
3. What has no inputs waits for the pivot of its loop or branch, so that it lives and dies with it;
   so does what a loop hands to its next iteration of what no iteration changes.

Source: OSDI §3.4; 2015 §10; TensorFlow 1.15's lowering of functional ops.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from minitf.devices import Device
from minitf.dtypes import bool_
from minitf.executor.loops import CONTROL_FLOW
from minitf.executor.prune import Request, Subgraph, prune
from minitf.function_graph import FunctionGraph
from minitf.operation import Operation
from minitf.ops import find_op
from minitf.shapes import SCALAR, Shape
from minitf.tensor import Tensor

_CALLS = frozenset(("PartitionedCall", "StatefulPartitionedCall"))
_BRANCHES = frozenset(("If", "StatelessIf"))
_LOOPS = frozenset(("While", "StatelessWhile"))
_KINDS = _CALLS | _BRANCHES | _LOOPS
_READS = frozenset(("ReadVariableOp", "VariableShape", "ResourceGather"))


def lower(subgraph: Subgraph, placement: dict[Operation, Device]) -> None:
    """Put the bodies of functions in place of the operations that call them.

    Args:
        subgraph: to be changed.
        placement: where each operation runs; a body runs where its call would.

    Source: OSDI §3.4.
    """
    if not any(operation.type in _KINDS for operation in subgraph.operations):
        return
    request = subgraph.request
    fixed = {tensor.op for tensor in request.feeds} | {*request.targets, *request.effects}
    read = {subgraph.source(tensor) for tensor in request.fetches}
    read.update(subgraph.source(t) for each in subgraph.operations for t in each.inputs)
    kept: list[Operation] = []
    for operation in subgraph.operations:
        if operation in fixed or operation.control_inputs or not _is_pure_call(operation):
            kept.append(operation)
            continue
        inliner = _Inliner(operation)
        given = [subgraph.source(tensor) for tensor in operation.inputs]
        results = inliner.lowered(operation, given, operation.name, None, read)
        for output, result in zip(operation.outputs, results, strict=True):
            if output in read:
                subgraph.aliases[output] = result
        subgraph.left_out[operation] = list(dict.fromkeys(each.op for each in results))
        placement.update(dict.fromkeys(inliner.made, placement[operation]))
        kept += inliner.made
    subgraph.operations = kept


def _functions(operation: Operation) -> list[FunctionGraph]:
    """Return the functions that an operation calls."""
    attrs = operation.attrs
    names = [
        attrs[key] for key in ("f", "then_branch", "else_branch", "cond", "body") if key in attrs
    ]
    return [operation.graph.find_function(each.name) for each in names]


def _is_pure_call(operation: Operation) -> bool:
    """Tell whether an operation calls functions that only compute."""
    if operation.type not in _KINDS:
        return False
    functions = _functions(operation)
    if operation.type in _BRANCHES and not _is_truth(operation.inputs[0]):
        return False
    if operation.type in _LOOPS and not _is_loop(*functions):
        return False
    if any(len(each.inputs) != len(functions[0].inputs) for each in functions):
        return False  # the run will tell
    return all(_only_computes(each) for function in functions for each in function.get_operations())


def _is_loop(test: FunctionGraph, step: FunctionGraph) -> bool:
    """Tell whether a condition gives a truth value, and a step what it takes."""
    return (
        len(test.outputs) == 1
        and _is_truth(test.outputs[0])
        and len(step.outputs) == len(step.inputs) > 0
    )


def _is_truth(tensor: Tensor) -> bool:
    return tensor.dtype.base_dtype is bool_ and tensor.static_shape == SCALAR


def _only_computes(operation: Operation) -> bool:
    if operation.type in _KINDS:
        return not operation.control_inputs and _is_pure_call(operation)
    if operation.type == "Placeholder":
        return True  # an argument
    definition = operation.definition
    if operation.type in CONTROL_FLOW or any(arg.is_ref for arg in definition.inputs):
        return False
    if definition.takes_context and not definition.is_stateful:
        return False  # it calls functions too
    is_random = ".ops.random." in definition.__module__
    return not definition.is_stateful or operation.type in _READS or is_random


def _needed(test: FunctionGraph, step: FunctionGraph, wanted: set[int]) -> set[int]:
    """Return the loop variables on which the condition, or one that is wanted, depends."""
    number_of = {tensor: i for i, tensor in enumerate(step.inputs)}
    in_test = {tensor: i for i, tensor in enumerate(test.inputs)}
    needed: set[int] = set()
    seen: set[Tensor] = set()
    stack = [*test.outputs, *[step.outputs[i] for i in wanted]]
    needed |= wanted
    while stack:
        tensor = stack.pop()
        if tensor in seen:
            continue
        seen.add(tensor)
        i = number_of.get(tensor, in_test.get(tensor))
        if i is None:
            stack += tensor.op.inputs
        elif i not in needed:
            needed.add(i)
            stack.append(step.outputs[i])
    return needed


class _Inliner:
    """Makes the operations of one call."""

    def __init__(self, call: Operation) -> None:
        self._call = call
        self.made: list[Operation] = []

    def lowered(
        self,
        operation: Operation,
        inputs: Sequence[Tensor],
        name: str,
        pivot: Operation | None,
        read: Collection[Tensor],
    ) -> list[Tensor]:
        """Return what stands for the outputs of an operation that calls functions.

        Args:
            operation: a call, a branch or a loop.
            inputs: what it is called with.
            name: begins the names of what is made.
            pivot: what operations without inputs wait for; None outside of loops and branches.
            read: holds the outputs of the operation that somebody reads.
        """
        values = [self._value(tensor, f"{name}/value_{i}") for i, tensor in enumerate(inputs)]
        functions = _functions(operation)
        if operation.type in _CALLS:
            return self._body(functions[0], values, name, pivot)
        if operation.type in _BRANCHES:
            return self._branch(functions, values[0], values[1:], name)
        wanted = {i for i, output in enumerate(operation.outputs) if output in read}
        return self._loop(operation, functions, values, name, wanted)

    def _value(self, tensor: Tensor, name: str) -> Tensor:
        if not tensor.dtype.is_ref:
            return tensor
        return self._add("Identity", name, [tensor], {"T": tensor.dtype.base_dtype})[0]

    def _body(
        self,
        function: FunctionGraph,
        arguments: Sequence[Tensor],
        name: str,
        pivot: Operation | None,
        wanted: Sequence[int] | None = None,
    ) -> list[Tensor]:
        """Copy the operations of a function; returns what stands for its results, all or some."""
        values = dict(zip(function.inputs, arguments, strict=True))
        copies: dict[Operation, Operation] = {}
        results = function.outputs if wanted is None else [function.outputs[i] for i in wanted]
        request = Request(tuple(results), (), tuple(function.inputs))
        operations = prune(request).operations
        read = {*results, *[tensor for each in operations for tensor in each.inputs]}
        for operation in operations:
            inputs = [values[tensor] for tensor in operation.inputs]
            own = f"{name}/{operation.name}"
            if operation.type in _KINDS:
                outputs = self.lowered(operation, inputs, own, pivot, read)
            else:
                outputs = self._copy(operation, inputs, own)
                copy = copies[operation] = self.made[-1]
                waits = [copies[each] for each in operation.control_inputs if each in copies]
                copy.control_inputs = [pivot] if pivot and not (inputs or waits) else waits
            values.update(zip(operation.outputs, outputs, strict=True))
        return [values[tensor] for tensor in results]

    def _copy(self, operation: Operation, inputs: Sequence[Tensor], name: str) -> list[Tensor]:
        shapes = [tensor.static_shape for tensor in operation.outputs]
        made = self._add(operation.type, name, inputs, operation.attrs, shapes)
        self.made[-1].site = operation.site
        return made

    def _branch(
        self, functions: list[FunctionGraph], pred: Tensor, inputs: list[Tensor], name: str
    ) -> list[Tensor]:
        """Make Switches, both branches, and Merges of what they give."""
        off, on = self._switch(pred, pred, f"{name}/Switch")
        switched = [
            self._switch(each, pred, f"{name}/Switch_{i + 1}") for i, each in enumerate(inputs)
        ]
        results = []
        for side, (function, word) in enumerate(zip(functions, ("then", "else"), strict=True)):
            flag = on if side == 0 else off
            pivot = self._add("Identity", f"{name}/{word}_pivot", [flag], {"T": bool_})[0].op
            given = [each[1 - side] for each in switched]
            results.append(self._body(function, given, f"{name}/{word}", pivot))
        made = []
        for i, (then, other) in enumerate(zip(*results, strict=True)):
            made.append(self._merge(other, then, f"{name}/Merge_{i}"))
        return made

    def _loop(
        self,
        loop: Operation,
        functions: list[FunctionGraph],
        starts: list[Tensor],
        name: str,
        wanted: set[int],
    ) -> list[Tensor]:
        """Make a frame of a loop; what no iteration changes enters it as a constant.

        Loop variables that nobody reads, such as the lists of a gradient that is not computed, are
        left out.
        """
        test, step = functions
        constant = [a is b for a, b in zip(step.inputs, step.outputs, strict=True)]
        entered = []
        for i, start in enumerate(starts):
            attrs = {
                "T": start.dtype.base_dtype,
                "frame_name": name,
                "is_constant": constant[i],
                "parallel_iterations": loop.attrs["parallel_iterations"],
            }
            shape = step.inputs[i].static_shape
            entered += self._add("Enter", f"{name}/Enter_{i}", [start], attrs, [shape])
        needed = _needed(test, step, wanted)
        varying = [i for i in sorted(needed) if not constant[i]]
        if not varying:  # a loop for ever, or none: some variable drives it
            varying = [i for i, fixed in enumerate(constant) if not fixed][:1]
        merged, switched, inside = list(entered), {}, list(entered)
        for i in varying:
            merged[i] = self._merge(entered[i], entered[i], f"{name}/Merge_{i}")
        (found,) = self._body(test, merged, f"{name}/cond", merged[varying[0]].op)
        (condition,) = self._add("LoopCond", f"{name}/LoopCond", [found], {}, [SCALAR])
        for i in varying:
            switched[i] = self._switch(merged[i], condition, f"{name}/Switch_{i}")
            on = switched[i][1]
            attrs = {"T": on.dtype}
            shapes = [on.static_shape]
            inside[i] = self._add("Identity", f"{name}/Identity_{i}", [on], attrs, shapes)[0]
        pivot, first = inside[varying[0]].op, len(self.made)
        results = dict(
            zip(varying, self._body(step, inside, f"{name}/body", pivot, varying), strict=True)
        )
        fixed = {each.op for i, each in enumerate(entered) if i not in varying}
        lasting = _lasting(self.made[first:], fixed)
        for i, each in results.items():
            if each.op in lasting:  # it would begin iterations for ever
                results[i] = self._add("Identity", f"{name}/Last_{i}", [each], {"T": each.dtype})[0]
                self.made[-1].control_inputs = [pivot]
        finals = list(starts)
        for i in varying:
            attrs, shapes = {"T": merged[i].dtype}, [merged[i].static_shape]
            back = f"{name}/NextIteration_{i}"
            following = self._add("NextIteration", back, [results[i]], attrs, shapes)[0]
            merged[i].op.inputs = (entered[i], following)
            off = switched[i][0]
            finals[i] = self._add("Exit", f"{name}/Exit_{i}", [off], attrs, shapes)[0]
        return finals

    def _switch(self, data: Tensor, pred: Tensor, name: str) -> list[Tensor]:
        shapes = [data.static_shape] * 2
        return self._add("Switch", name, [data, pred], {"T": data.dtype.base_dtype}, shapes)

    def _merge(self, first: Tensor, second: Tensor, name: str) -> Tensor:
        same = first.static_shape == second.static_shape
        shape = first.static_shape if same else Shape.unknown()
        attrs = {"T": first.dtype.base_dtype, "N": 2}
        return self._add("Merge", name, [first, second], attrs, [shape, SCALAR])[0]

    def _add(
        self,
        kind: str,
        name: str,
        inputs: Sequence[Tensor],
        attrs: dict[str, Any],
        shapes: Sequence[Shape] | None = None,
    ) -> list[Tensor]:
        """Make an operation; returns its outputs."""
        call, definition = self._call, find_op(kind)
        made = Operation(call.graph, definition, name, tuple(inputs), attrs)
        made.site, made.index, made.device = call.site, call.index, call.device
        types = definition.output_types(attrs)
        known = [inputs[0].static_shape] * len(types) if shapes is None else shapes
        made.outputs = [
            Tensor(made, i, dtype, shape)
            for i, (dtype, shape) in enumerate(zip(types, known, strict=True))
        ]
        self.made.append(made)
        return made.outputs


def _lasting(operations: Sequence[Operation], fixed: set[Operation]) -> set[Operation]:
    """Return operations that have values in every iteration, also behind the last one.

    Args:
        operations: of a loop's body, in order.
        fixed: the Enters of what no iteration changes.
    """
    found = set(fixed)
    for operation in operations:
        befores = [*[tensor.op for tensor in operation.inputs], *operation.control_inputs]
        holds = any if operation.type == "Merge" else all
        if befores and holds(each in found for each in befores):
            found.add(operation)
    return found
