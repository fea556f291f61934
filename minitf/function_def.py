"""Functions as FunctionDef messages and back.

A FunctionDef names a tensor of its body `node:argument:index`: which output argument of the op, and
which tensor of that; an input is its name alone.  GraphDefs count outputs through instead.

Source: TensorFlow 1.15, `function.proto`.
"""

from __future__ import annotations

import re
from typing import Any

from minitf import ops, protos
from minitf.dtypes import by_enum
from minitf.errors import UnimplementedError
from minitf.function_graph import FunctionGraph
from minitf.graph_def import node_def
from minitf.import_graph import import_graph
from minitf.import_node import parse_input, read_node
from minitf.op_def import OpDef
from minitf.tensor import Tensor

# --- writing -------------------------------------------------------------------------------------


def function_def(function: FunctionGraph) -> Any:
    """Return a function as a FunctionDef."""
    names = dict(zip(function.inputs, _argument_names(function.inputs), strict=True))
    message = protos.FunctionDef()
    signature = message.signature
    signature.name = function.name
    for tensor, name in names.items():
        signature.input_arg.add(name=name, type=tensor.dtype.base_dtype.enum)
    for tensor, name in zip(function.outputs, _argument_names(function.outputs), strict=True):
        signature.output_arg.add(name=name, type=tensor.dtype.base_dtype.enum)
        message.ret[name] = _reference(tensor, names)
    arguments = {tensor.op for tensor in function.inputs}
    for operation in function.get_operations():
        if operation in arguments:
            continue
        node = node_def(operation)
        controls = [each for each in node.input if each.startswith("^")]
        del node.input[:]
        node.input.extend(_reference(tensor, names) for tensor in operation.inputs)
        node.input.extend(controls)
        message.node_def.append(node)
        signature.is_stateful |= operation.definition.is_stateful
    return message


def _argument_names(tensors: list[Tensor]) -> list[str]:
    """Return a name for each tensor, as signatures allow them: a, a_1, ..."""
    found: list[str] = []
    for tensor in tensors:
        name = re.sub(r"[^a-z0-9_]", "_", tensor.op.name.lower()).lstrip("_0123456789") or "arg"
        count, unique = 0, name
        while unique in found:
            count += 1
            unique = f"{name}_{count}"
        found.append(unique)
    return found


def _reference(tensor: Tensor, names: dict[Tensor, str]) -> str:
    if tensor in names:
        return names[tensor]
    argument, index = _argument_of(tensor.op.definition, tensor.op.attrs, tensor.value_index)
    return f"{tensor.op.name}:{argument}:{index}"


def _argument_of(definition: OpDef, attrs: dict[str, Any], index: int) -> tuple[str, int]:
    """Return which output argument an output is of, and which tensor of it."""
    for arg in definition.outputs:
        length = definition.length(arg, attrs) if arg.is_list else 1
        if index < length:
            return arg.name, index
        index -= length
    raise AssertionError("an output is of one of the arguments")


# --- reading -------------------------------------------------------------------------------------


def function_graph(outer: Any, message: Any) -> FunctionGraph:
    """Return a FunctionDef as a graph.

    Raises:
        UnimplementedError: if its types depend on attributes.
        ValueError: if its nodes do not fit their ops or each other.
        NotFoundError: if an op is not registered.
    """
    signature = message.signature
    if signature.attr:
        raise UnimplementedError(
            None, None, f"Function {signature.name} has attributes: its types are not fixed"
        )
    graph = FunctionGraph(signature.name, outer)
    body = protos.GraphDef()
    body.versions.producer = outer.graph_def_versions.producer
    for arg in signature.input_arg:
        node = body.node.add(name=arg.name, op="Placeholder")
        node.attr["dtype"].type = arg.type
        node.attr["shape"].shape.unknown_rank = True
    offsets = {node.name: _offsets(node, body.versions.producer) for node in message.node_def}
    for node in message.node_def:
        copy = body.node.add()
        copy.CopyFrom(node)
        del copy.input[:]
        copy.input.extend(_flat(each, offsets) for each in node.input)
    made = import_graph(graph, body)
    graph.inputs = [made[arg.name].outputs[0] for arg in signature.input_arg]
    for arg in signature.output_arg:
        name, index = parse_input(_flat(message.ret[arg.name], offsets))
        graph.outputs.append(made[name].outputs[index])
        assert graph.outputs[-1].dtype.base_dtype is by_enum(arg.type)
    graph.finalize()
    return graph


def _offsets(node: Any, version: int) -> dict[str, int]:
    """Return, for each output argument of a node's op, where its tensors begin."""
    found, at = {}, 0
    definition = ops.find_op(node.op)
    attrs = read_node(node, version, {}).attrs
    for arg in definition.outputs:
        found[arg.name] = at
        at += definition.length(arg, attrs) if arg.is_list else 1
    return found


def _flat(reference: str, offsets: dict[str, dict[str, int]]) -> str:
    """Return `node:argument:index` as `node:number`; inputs and control inputs as they are."""
    if reference.startswith("^") or reference.count(":") < 2:
        return reference
    name, argument, index = reference.rsplit(":", 2)
    return f"{name}:{offsets[name][argument] + int(index)}"
