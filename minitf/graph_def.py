"""Graphs as GraphDef messages: the form in which they are stored, sent and shown.

A NodeDef names its inputs `node` (output 0), `node:1`, and `^node` for a control dependency; every
attribute is written, also where it has its default.  `minitf.import_graph` reads them back.

    >>> x = tf.constant([1.0, 2.0], name="x")
    >>> tf.negative(x, name="y").op.node_def.input
    ['x']

**State** on the Graph, of what was imported into it: `versions` (VersionDef), None where nothing
was; its functions are in `minitf.function_library`.  Of the module: the bytes of attributes that
came before, since most operations of a graph share theirs with others.

Source: 2015 §3.1 (the GraphDef goes to the master); TensorFlow 1.15, `graph.proto`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from minitf import protos, tensor_proto
from minitf.attr_value import attr_value
from minitf.dtypes import DType
from minitf.errors import GraphBuildError
from minitf.grammar import REQUIRED, Arg, Attr
from minitf.shapes import Shape

if TYPE_CHECKING:
    from minitf.function_graph import FunctionGraph
    from minitf.graph import Graph
    from minitf.op_def import OpDef
    from minitf.operation import Operation

GRAPH_DEF_VERSION = 134  # TensorFlow 1.15's
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0


def graph_def(graph: Graph, from_version: int | None = None, add_shapes: bool = False) -> Any:
    """Return a graph as a GraphDef.

    Args:
        graph: the graph.
        from_version: leave out the first that many operations.
        add_shapes: note the static shapes in the attribute `_output_shapes`.

    Raises:
        ValueError: if constants of 2 GB and more would make it too large for a message.
    """
    operations = graph.get_operations()[from_version or 0 :]
    constants = sum(
        value.nbytes
        for operation in operations
        for value in operation.attrs.values()
        if isinstance(value, np.ndarray)
    )
    if constants >= tensor_proto.MAX_BYTES:
        raise ValueError("GraphDef cannot be larger than 2GB.")
    message = protos.GraphDef(versions=version_def(graph), library=library_message(graph))
    for operation in operations:
        node = message.node.add()
        _fill(node, operation)
        if add_shapes and operation.outputs:
            shapes = tuple([tensor.static_shape for tensor in operation.outputs])
            node.MergeFromString(_attribute("_output_shapes", shapes, None))
    return message


def version_def(graph: Graph) -> Any:
    """Return who may read the graph: MiniTF's version, or what an imported graph narrowed it to."""
    return graph.versions or protos.VersionDef(
        producer=GRAPH_DEF_VERSION, min_consumer=GRAPH_DEF_VERSION_MIN_CONSUMER
    )


def node_def(operation: Operation) -> Any:
    """Return an operation as a NodeDef."""
    node = protos.NodeDef()
    _fill(node, operation)
    return node


def _fill(node: Any, operation: Operation) -> None:
    """Write an operation into an empty NodeDef."""
    node.name, node.op, node.device = operation.name, operation.type, operation.device
    for tensor in operation.inputs:
        index = tensor.value_index
        node.input.append(f"{tensor.op.name}:{index}" if index else tensor.op.name)
    if operation.control_inputs:
        node.input.extend(sorted(f"^{control.name}" for control in operation.control_inputs))
    attrs = operation.attrs
    dtype = attrs.get("dtype")
    node.MergeFromString(b"".join([_attribute(*each, dtype) for each in attrs.items()]))


# Types of attributes that many operations have alike, so that their bytes are kept.
_REPEATED = frozenset((bool, int, str, DType, Shape))


def _attribute(name: str, value: Any, dtype: DType | None) -> bytes:
    """Return the bytes of a NodeDef with one attribute; set one behind the other they are merged.

    Args:
        name: the attribute's name.
        value: as operations store it.
        dtype: the type of an array (`attr_value`).
    """
    if type(value) in _REPEATED:
        return _kept(name, value, (type(value),))
    if type(value) is tuple and _REPEATED.issuperset(types := tuple(map(type, value))):
        return _kept(name, value, types)
    return _written(name, value, dtype)


@functools.lru_cache(maxsize=1 << 14)
def _kept(name: str, value: Any, types: tuple[type, ...]) -> bytes:
    del types  # a part of the key: True equals 1
    return _written(name, value, None)


def _written(name: str, value: Any, dtype: DType | None) -> bytes:
    encoded: bytes = protos.NodeDef(attr={name: attr_value(value, dtype)}).SerializeToString()
    return encoded


def op_def_message(op_def: OpDef) -> Any:
    """Return an op's interface as an OpDef message."""
    message = protos.OpDef(
        name=op_def.name,
        input_arg=[_arg_def(arg) for arg in op_def.inputs],
        output_arg=[_arg_def(arg) for arg in op_def.outputs],
        attr=[_attr_def(attr) for attr in op_def.attrs.values()],
        is_commutative=op_def.is_commutative,
        is_aggregate=op_def.is_aggregate,
        is_stateful=op_def.is_stateful,
        allows_uninitialized_input=op_def.allows_uninitialized_input,
    )
    if op_def.deprecated:
        version, explanation = op_def.deprecated
        message.deprecation.version, message.deprecation.explanation = version, explanation
    return message


def _arg_def(arg: Arg) -> Any:
    return protos.OpDef.ArgDef(
        name=arg.name,
        type=arg.dtype.enum if arg.dtype else 0,
        type_attr=arg.type_attr,
        number_attr=arg.number_attr,
        type_list_attr=arg.type_list_attr,
        is_ref=arg.is_ref,
    )


def _attr_def(attr: Attr) -> Any:
    message = protos.OpDef.AttrDef(
        name=attr.name,
        type=attr.kind,
        has_minimum=attr.minimum is not None,
        minimum=attr.minimum or 0,
    )
    if attr.default is not REQUIRED:
        message.default_value.CopyFrom(attr_value(attr.default))
    if attr.allowed is not None:
        by_enum = isinstance(attr.allowed, frozenset)
        allowed = sorted(attr.allowed, key=int) if by_enum else attr.allowed
        message.allowed_values.CopyFrom(attr_value(tuple(allowed)))
    return message


# --- what an import leaves on the graph ----------------------------------------------------------


def merged_versions(graph: Graph, versions: Any) -> Any:
    """Return the VersionDef of the graph with what is imported, if we may read that.

    Source: TensorFlow 1.15, `versions.proto`.
    """
    if versions.min_consumer > GRAPH_DEF_VERSION:
        raise GraphBuildError(
            None,
            None,
            f"GraphDef min consumer version {versions.min_consumer} above current version "
            f"{GRAPH_DEF_VERSION}. Please upgrade TensorFlow.",
        )
    if versions.producer < GRAPH_DEF_VERSION_MIN_PRODUCER:
        raise GraphBuildError(
            None,
            None,
            f"GraphDef producer version {versions.producer} below min producer "
            f"{GRAPH_DEF_VERSION_MIN_PRODUCER} supported by TensorFlow.",
        )
    if GRAPH_DEF_VERSION in versions.bad_consumers:
        raise GraphBuildError(
            None,
            None,
            f"GraphDef disallows consumer version {GRAPH_DEF_VERSION}. Please upgrade TensorFlow: "
            "this version is likely buggy.",
        )
    before = version_def(graph)
    return protos.VersionDef(
        producer=min(before.producer, versions.producer),
        min_consumer=max(before.min_consumer, versions.min_consumer),
        bad_consumers=sorted({*before.bad_consumers, *versions.bad_consumers}),
    )


def library_message(graph: Graph) -> Any:
    """Return the functions of a graph as a FunctionDefLibrary; None if there are none."""
    known = {each.signature.name for each in graph.library.function} if graph.library else set()
    traced = {each.name: each for each in _traced_functions(graph) if each.name not in known}
    if not traced:
        return graph.library
    from minitf.function_def import function_def

    message = protos.FunctionDefLibrary()
    message.CopyFrom(graph.library or message)
    for name, function in traced.items():
        message.function.append(function_def(function))
        if function.gradient_name:
            message.gradient.add(function_name=name, gradient_func=function.gradient_name)
    return message


def _traced_functions(graph: Graph) -> Iterator[FunctionGraph]:
    """Walk the functions of a graph and of its functions, inner ones first."""
    for function in graph.traced_functions():
        yield from _traced_functions(function)
        yield function


def merged_library(graph: Graph, library: Any) -> Any:
    """Return the functions of the graph with those that are imported; None if there are none."""
    if not library.ListFields():
        return graph.library
    merged = protos.FunctionDefLibrary()
    merged.CopyFrom(graph.library or merged)
    known = {function.signature.name: function for function in merged.function}
    for function in library.function:
        name = function.signature.name
        if known.setdefault(name, function) != function:
            raise GraphBuildError(
                None,
                None,
                f"Cannot add function '{name}' because a different function with the same name "
                "already exists.",
            )
    merged.ClearField("function")
    merged.function.extend(known.values())
    merged.gradient.extend(each for each in library.gradient if each not in merged.gradient)
    return merged
