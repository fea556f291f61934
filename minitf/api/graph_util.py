"""Changing GraphDefs: `tf.graph_util`.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from minitf import protos
from minitf.api.graph_io import as_message
from minitf.attr_value import attr_value
from minitf.dtypes import by_enum, int32, string
from minitf.graph import Graph
from minitf.import_node import parse_input
from minitf.operation import Operation
from minitf.tensor_shape import TensorShape

_VARIABLES = frozenset(("Variable", "VariableV2", "VarHandleOp"))
_CHANGES_STATE = frozenset(  # by TensorFlow's list
    (
        *("Assign", "AssignAdd", "AssignSub", "Queue", "ScatterAdd", "ScatterSub"),
        *("ScatterUpdate", "TruncatedNormal", "Variable", "VariableV2"),
    )
)


def extract_sub_graph(graph_def: Any, dest_nodes: list[str]) -> Any:
    """Return the part of a GraphDef that some of its nodes need; it can be imported.

    Args:
        graph_def: the GraphDef.
        dest_nodes: names of the nodes wanted.

    Raises:
        TypeError: if an argument is of the wrong type.
        AssertionError: if the GraphDef has no node of a name.
    """
    graph_def = as_message(graph_def, protos.GraphDef, "graph_def")
    if isinstance(dest_nodes, str):
        raise TypeError("dest_nodes must be a list.")
    nodes = {node.name: node for node in graph_def.node}
    for name in dest_nodes:
        if name not in nodes:
            raise AssertionError(f"{name} is not in graph")
    needed = _needed(nodes, dest_nodes)
    part = protos.GraphDef(versions=graph_def.versions, library=graph_def.library)
    part.node.extend(node for node in graph_def.node if node.name in needed)
    return part


def _needed(nodes: dict[str, Any], wanted: Iterable[str]) -> set[str]:
    """Return the names of nodes and of all that they wait for or are colocated with."""
    needed: set[str] = set()
    rest = list(wanted)
    while rest:
        name = rest.pop()
        if name not in needed:
            needed.add(name)
            rest += [parse_input(text)[0] for text in nodes[name].input]
            rest += [other for other in _colocated_with(nodes[name]) if other in nodes]
    return needed


def _colocated_with(node: Any) -> list[str]:
    groups = node.attr["_class"].list.s if "_class" in node.attr else ()
    return [group.decode().removeprefix("loc:@") for group in groups]


def remove_training_nodes(input_graph: Any, protected_nodes: Collection[str] | None = None) -> Any:
    """Return a GraphDef without CheckNumerics and without Identities that do nothing.

    Args:
        input_graph: the GraphDef.
        protected_nodes: names of nodes that stay.
    """
    graph_def = as_message(input_graph, protos.GraphDef, "input_graph")
    kept = set(protected_nodes or ())
    for node in graph_def.node:
        kept.update(text[1:] for text in node.input if text[:1] == "^")
        kept.update(_colocated_with(node))
    joined: dict[str, str] = {}  # a node that goes -> what takes its place as an input
    part = protos.GraphDef(versions=graph_def.versions, library=graph_def.library)
    for node in graph_def.node:
        is_plain = (
            node.op in ("Identity", "CheckNumerics")
            and node.name not in kept
            and not any(text[:1] == "^" for text in node.input)
        )
        if is_plain:
            joined[node.name] = node.input[0]
        else:
            part.node.append(node)
    for node in part.node:
        for i, text in enumerate(node.input):
            while (name := parse_input(text)[0]) in joined and text[:1] != "^":
                text = joined[name]  # noqa: PLW2901 a chain of them is followed to its start
            node.input[i] = text
    return part


def convert_variables_to_constants(
    sess: Any,
    input_graph_def: Any,
    output_node_names: list[str],
    variable_names_whitelist: Collection[str] | None = None,
    variable_names_blacklist: Collection[str] | None = None,
) -> Any:
    """Return the part of a GraphDef that some nodes need, with variables frozen to their values.

    Args:
        sess: the Session that holds the values.
        input_graph_def: the GraphDef.
        output_node_names: names of the nodes wanted.
        variable_names_whitelist: freeze only these.
        variable_names_blacklist: freeze none of these.

    Raises:
        FailedPreconditionError: if a variable has no value.
    """
    graph_def = extract_sub_graph(input_graph_def, output_node_names)
    chosen = {node.name for node in graph_def.node} - set(variable_names_blacklist or ())
    if variable_names_whitelist is not None:
        chosen &= set(variable_names_whitelist)
    variables = {n.name: n for n in graph_def.node if n.op in _VARIABLES and n.name in chosen}
    reads = {
        name: f"{name}/Read/ReadVariableOp:0" if node.op == "VarHandleOp" else f"{name}:0"
        for name, node in variables.items()
    }
    values = sess.run(reads)
    frozen = protos.GraphDef(versions=graph_def.versions, library=graph_def.library)
    for node in graph_def.node:
        made = frozen.node.add(name=node.name)
        if node.name in variables:
            dtype = by_enum(node.attr["dtype"].type)
            made.op = "Const"
            made.attr["dtype"].CopyFrom(node.attr["dtype"])
            made.attr["value"].CopyFrom(attr_value(np.asarray(values[node.name]), dtype))
        elif node.op == "ReadVariableOp" and node.input[0] in variables:
            made.op = "Identity"
            made.input.extend(node.input)
            made.attr["T"].CopyFrom(node.attr["dtype"])
        else:
            made.CopyFrom(node)
    return frozen


def must_run_on_cpu(node: Any, pin_variables_on_cpu: bool = False) -> bool:
    """Tell whether an operation cannot run anywhere else: it makes strings or int32.

    Args:
        node: an Operation or a NodeDef.
        pin_variables_on_cpu: whether that holds for variables and their changes too.
    """
    node_def = node.node_def if isinstance(node, Operation) else node
    if node_def.op in _CHANGES_STATE and pin_variables_on_cpu:
        return True
    if node_def.op == "Const":
        return by_enum(node_def.attr["dtype"].type) in (string, int32)
    if node_def.op in ("DynamicStitch", "ParallelDynamicStitch"):
        return by_enum(node_def.attr["T"].type) is int32
    if node_def.op == "Cast":
        return by_enum(node_def.attr["SrcT"].type) is int32
    return False


def tensor_shape_from_node_def_name(graph: Graph, input_name: str) -> TensorShape:
    """Return the static shape of the Tensor that an input of a NodeDef names."""
    name, index = parse_input(input_name)
    return graph.get_tensor_by_name(f"{name}:{index}").shape
