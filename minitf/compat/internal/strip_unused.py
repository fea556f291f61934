"""`tensorflow.python.tools.strip_unused_lib`: the part of a graph between inputs and outputs.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.api.graph_util import extract_sub_graph
from minitf.message_files import read_message, write_message

_COPIED = ("shape", "_output_shapes")


def strip_unused(
    input_graph_def: Any,
    input_node_names: Sequence[str],
    output_node_names: list[str],
    placeholder_type_enum: Any,
) -> Any:
    """Return the part of a GraphDef that outputs need, with placeholders for inputs.

    Args:
        input_graph_def: the GraphDef.
        input_node_names: nodes that become placeholders.
        output_node_names: nodes wanted.
        placeholder_type_enum: the placeholders' type, or a list with one for each.

    Raises:
        ValueError: if a name is that of a Tensor.
        KeyError: if there is no node of a name.
    """
    for name in input_node_names:
        if ":" in name:
            raise ValueError(f"Name '{name}' appears to refer to a Tensor, not an Operation.")
    types = placeholder_type_enum
    if not isinstance(types, Sequence):
        types = [types] * len(input_node_names)
    type_of = dict(zip(input_node_names, types, strict=True))
    missing = set(input_node_names) - {node.name for node in input_graph_def.node}
    if missing:
        raise KeyError(f"The following input nodes were not found: {missing}")
    replaced = protos.GraphDef(versions=input_graph_def.versions, library=input_graph_def.library)
    for node in input_graph_def.node:
        made = replaced.node.add()
        if node.name not in type_of:
            made.CopyFrom(node)
            continue
        made.name, made.op = node.name, "Placeholder"
        made.attr["dtype"].type = int(type_of[node.name])
        made.attr["shape"].shape.unknown_rank = True
        for attribute in _COPIED:
            if attribute in node.attr:
                made.attr[attribute].CopyFrom(node.attr[attribute])
    return extract_sub_graph(replaced, output_node_names)


def strip_unused_from_files(
    input_graph: Any,
    input_binary: bool,
    output_graph: Any,
    output_binary: bool,
    input_node_names: str,
    output_node_names: str,
    placeholder_type_enum: Any,
) -> Any:
    """Write the part of a GraphDef that outputs need to another file.

    Args:
        input_graph: the file of the GraphDef.
        input_binary: unused: it is read in whichever form it is there, binary or text.
        output_graph: the file to write; an old one is replaced.
        output_binary: whether to write bytes, or text.
        input_node_names: nodes that become placeholders, with commas between.
        output_node_names: nodes wanted, with commas between.
        placeholder_type_enum: the placeholders' type, or a list with one for each.

    Returns:
        None; -1 if a file is missing, or no node is wanted.
    """
    path = Path(os.fsdecode(input_graph))
    if not path.is_file():
        return _refused(f"Input graph file '{path}' does not exist!")
    if not output_node_names:
        return _refused("You need to supply the name of a node to --output_node_names.")
    stripped = strip_unused(
        read_message(path, protos.GraphDef),
        input_node_names.split(","),
        output_node_names.split(","),
        placeholder_type_enum,
    )
    write_message(os.fsdecode(output_graph), stripped, as_text=not output_binary)
    return None


def _refused(why: str) -> int:
    print(why)  # noqa: T201 as TensorFlow's tool does
    return -1
