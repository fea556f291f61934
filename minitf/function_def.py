"""Functions as FunctionDef messages and back.

A FunctionDef names a tensor of its body `node:argument:index`: which output argument of the op, and
which tensor of that; an input is its name alone.  GraphDefs count outputs through instead.

Source: TensorFlow 1.15, `function.proto`.
"""

from __future__ import annotations

from typing import Any

from minitf import protos
from minitf.dtypes import by_enum
from minitf.errors import GraphBuildError, UnimplementedError
from minitf.function_graph import FunctionGraph
from minitf.function_op import find_definition
from minitf.graph_def import node_def, op_def_message
from minitf.import_graph import import_graph
from minitf.import_node import parse_input, read_node
from minitf.op_def import OpDef
from minitf.operation import Operation
from minitf.tensor import Tensor

# --- writing -------------------------------------------------------------------------------------


def function_def(function: FunctionGraph) -> Any:
    """Return a function as a FunctionDef."""
    definition = function.definition
    arguments = [arg.name for arg in definition.inputs]
    names = dict(zip(function.inputs, arguments, strict=True))
    message = protos.FunctionDef(signature=op_def_message(definition))
    for tensor, arg in zip(function.outputs, definition.outputs, strict=True):
        message.ret[arg.name] = _reference(tensor, names)
    given = {tensor.op for tensor in function.inputs}
    for operation in function.get_operations():
        if operation in given or operation.type == "Placeholder":
            continue  # of no view's arguments either: nothing of this function takes it
        node = node_def(operation)
        controls = [each for each in node.input if each.startswith("^")]
        del node.input[:]
        node.input.extend(_reference(tensor, names) for tensor in operation.inputs)
        node.input.extend(controls)
        message.node_def.append(node)
    for operation in function.effects if function.functional_control_flow else ():
        message.signature.control_output.append(operation.name)
        message.control_ret[operation.name] = operation.name
    return message


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


def function_graph(outer: Any, message: Any, into: FunctionGraph | None = None) -> FunctionGraph:
    """Return a FunctionDef as a graph.

    Args:
        outer: the graph that knows it.
        message: the FunctionDef.
        into: an empty function to fill; by default one is made.

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
    graph = FunctionGraph(signature.name, outer) if into is None else into
    body = protos.GraphDef()
    body.versions.producer = outer.graph_def_versions.producer
    for number, arg in enumerate(signature.input_arg):
        node = body.node.add(name=arg.name, op="Placeholder")
        node.attr["dtype"].type = arg.type
        node.attr["shape"].shape.CopyFrom(_shape_of(message, number))
    offsets = {node.name: _offsets(graph, node) for node in message.node_def}
    for node in message.node_def:
        copy = body.node.add()
        copy.CopyFrom(node)
        del copy.input[:]
        copy.input.extend(_flat(each, offsets) for each in node.input)
    made = import_graph(graph, body)
    graph.inputs = [made[arg.name].outputs[0] for arg in signature.input_arg]
    graph.outputs = [_result(message, arg, offsets, made) for arg in signature.output_arg]
    graph.output_names = [arg.name for arg in signature.output_arg]
    graph.finalize()
    _add_gradient(graph)
    return graph


def _shape_of(message: Any, number: int) -> Any:
    """Return what a FunctionDef tells of the shape of an argument."""
    attrs = message.arg_attr[number].attr if number in message.arg_attr else {}
    if "_output_shapes" in attrs and len(attrs["_output_shapes"].list.shape) == 1:
        return attrs["_output_shapes"].list.shape[0]
    return protos.TensorShapeProto(unknown_rank=True)


def _add_gradient(function: FunctionGraph) -> None:
    """Let the library's gradient of a function differentiate its calls."""
    outer = function.outer
    gradients = outer.library.gradient if outer.library is not None else ()
    names = [each.gradient_func for each in gradients if each.function_name == function.name]

    def gradient(op: Operation, *grads: Any) -> Any:
        return outer.find_function(names[-1]).definition(*op.inputs, *grads)

    if names:
        function.definition.gradient(gradient)


def _result(
    message: Any, arg: Any, offsets: dict[str, dict[str, int]], made: dict[str, Operation]
) -> Tensor:
    """Return the tensor that a result of the signature is."""
    name, index = parse_input(_flat(message.ret[arg.name], offsets))
    outputs = made[name].outputs if name in made else []
    if not 0 <= index < len(outputs) or outputs[index].dtype.base_dtype is not by_enum(arg.type):
        raise GraphBuildError(
            None,
            None,
            f"Function {message.signature.name}: result {arg.name} is {message.ret[arg.name]!r}, "
            "which is no tensor of its type",
        )
    return outputs[index]


def _offsets(graph: FunctionGraph, node: Any) -> dict[str, int]:
    """Return, for each output argument of a node's op, where its tensors begin."""
    found, at = {}, 0
    definition = find_definition(graph, node.op)
    attrs = read_node(node, graph.outer.graph_def_versions.producer, {}, graph).attrs
    for arg in definition.outputs:
        found[arg.name] = at
        at += definition.length(arg, attrs) if arg.is_list else 1
    return found


def _flat(reference: str, offsets: dict[str, dict[str, int]]) -> str:
    """Return `node:argument:index` as `node:number`; inputs and control inputs as they are."""
    if reference.startswith("^") or ":" not in reference:
        return reference
    name, argument, index = (*reference.split(":"), "0")[:3]
    if argument not in offsets.get(name, ()) or not index.isdecimal():
        raise GraphBuildError(None, None, f"Input '{reference}' of a function is not found")
    return f"{name}:{offsets[name][argument] + int(index)}"
