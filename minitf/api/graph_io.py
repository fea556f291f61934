"""Graphs in and out: `tf.import_graph_def`, `tf.train.write_graph`.

Source: 2015 §2 "Sessions" (Extend); TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minitf import meta_graph, protos
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.elements import Element
from minitf.errors import GraphBuildError
from minitf.graph import Graph
from minitf.import_graph import import_graph
from minitf.import_node import CONTROL, Source, parse_input
from minitf.message_files import write_message
from minitf.operation import Operation
from minitf.tensor import Tensor


def import_graph_def(
    graph_def: Any,
    input_map: dict[str, Any] | None = None,
    return_elements: Sequence[str] | None = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> list[Element] | None:
    """Add the operations of a GraphDef to the default graph.

    Args:
        graph_def: the GraphDef, MiniTF's or TensorFlow's.
        input_map: a name of the GraphDef (`x`, `x:1`, `^x`) -> the Tensor to take instead.
        return_elements: names of the GraphDef (`x` is an operation, `x:0` a Tensor) to return.
        name: the name scope that the operations are put in, "import" by default; "" is none.
        op_dict: ignored, as in TensorFlow 1.15.
        producer_op_list: OpList of whoever wrote the GraphDef; attributes that are not known here
            are left out where they have the default that stands there.

    Returns:
        What `return_elements` names, None without it.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if the GraphDef does not fit, or `input_map` or `return_elements` name what it
            does not have; the graph is as it was.
    """
    message = as_message(graph_def, protos.GraphDef, "graph_def")
    producer_ops = {}
    if producer_op_list is not None:
        op_list = as_message(producer_op_list, protos.OpList, "producer_op_list")
        producer_ops = {op_def.name: op_def for op_def in op_list.op}
    named = [] if return_elements is None else _names(return_elements)
    graph = default_graph()
    with graph.all_or_nothing(), graph.name_scope("import" if name is None else name) as scope:
        elements = input_elements(graph, input_map or {}, name)
        made = import_graph(graph, message, scope[:-1], elements, producer_ops)
        found = [_element(each, made, elements) for each in named]
    return None if return_elements is None else found


def as_message(value: Any, cls: Any, argument: str) -> Any:
    """Return a message as MiniTF's class; TensorFlow's own of the same name is read by its bytes.

    Raises:
        TypeError: if it is another message, or none.
    """
    if isinstance(value, cls):
        return value
    described = getattr(value, "DESCRIPTOR", None)
    if getattr(described, "full_name", None) != cls.DESCRIPTOR.full_name:
        raise TypeError(f"{argument} must be a {cls.DESCRIPTOR.name} proto.")
    return cls.FromString(value.SerializeToString())


def _names(return_elements: Any) -> list[str]:
    names = [each.decode() if isinstance(each, bytes) else each for each in return_elements]
    if not all(isinstance(each, str) for each in names):
        raise TypeError("return_elements must be a list of strings.")
    return names


def input_elements(graph: Graph, input_map: Any, name: str | None) -> dict[Source, Element]:
    """Return the `input_map` of an import with its names parsed and its values in the graph.

    Args:
        graph: the graph.
        input_map: a name of the message (`x`, `x:1`, `^x`) -> a Tensor, or what becomes one.
        name: the name scope of the import.

    Raises:
        TypeError: if it is no dict of that kind.
        ValueError: if something must become a Tensor, and there is no name scope for it.
    """
    if not isinstance(input_map, dict) or not all(isinstance(key, str) for key in input_map):
        raise TypeError("input_map must be a dictionary mapping strings to Tensor objects.")
    found: dict[Source, Element] = {}
    for key, value in input_map.items():
        source = _parsed(key)
        element = value
        if not isinstance(value, (Tensor, Operation)):
            if name == "":
                raise ValueError(
                    "tf.import_graph_def() requires a non-empty `name` if `input_map` contains "
                    "non-Tensor values. Try calling tf.convert_to_tensor() on `input_map` values "
                    "before calling tf.import_graph_def()."
                )
            with graph.name_scope("_inputs"):
                element = convert_to_tensor(value)
        found[source] = graph.as_graph_element(element, allow_operation=source[1] == CONTROL)
    return found


def _parsed(name: str) -> Source:
    source = parse_input(name)
    if ":" in source[0]:
        raise ValueError(f"Cannot convert {name!r} to a tensor name.")
    return source


def _element(name: str, made: dict[str, Operation], input_map: dict[Source, Element]) -> Element:
    """Return what a name of the GraphDef has become."""
    operation, index = _parsed(name)
    if operation not in made:
        kind = "tensor" if ":" in name else "node"
        raise GraphBuildError(
            None, None, f"Requested return {kind} '{name}' not found in graph def"
        )
    if ":" not in name:
        return made[operation]
    outputs = made[operation].outputs
    if index >= len(outputs):
        raise GraphBuildError(
            None,
            None,
            f"Invalid return output {index} of node '{operation}', which has {len(outputs)} "
            "output(s)",
        )
    return input_map.get((operation, index), outputs[index])


def write_graph(graph_or_graph_def: Any, logdir: Any, name: str, as_text: bool = True) -> str:
    """Write a graph to a file, whose folder is made if need be; returns its path.

    Args:
        graph_or_graph_def: a Graph or a GraphDef.
        logdir: the folder.
        name: the file's name.
        as_text: whether to write protobuf's text form rather than its bytes.
    """
    is_graph = isinstance(graph_or_graph_def, Graph)
    message = graph_or_graph_def.as_graph_def() if is_graph else graph_or_graph_def
    path = Path(logdir) / name
    write_message(path, message, as_text=as_text)
    return str(path)


def export_meta_graph(
    filename: Any = None,
    meta_info_def: Any = None,
    graph_def: Any = None,
    saver_def: Any = None,
    collection_list: Any = None,
    as_text: bool = False,
    graph: Graph | None = None,
    export_scope: str | None = None,
    clear_devices: bool = False,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
    **kwargs: Any,
) -> Any:
    """Return a graph with its collections as a MetaGraphDef; write it to a file if one is named.

    Args:
        filename: the file; None writes none.
        meta_info_def: who writes it, and tags.
        graph_def: write this instead of the graph's operations.
        saver_def: the saver to note.
        collection_list: the collections to write, all by default.
        as_text: whether to write protobuf's text form rather than its bytes.
        graph: the graph, the default graph by default.
        export_scope: write only what stands inside this name scope, and names without it.
        clear_devices: leave out which devices are requested.
        clear_extraneous_savers: leave out the operations of savers other than `saver_def`'s.
        strip_default_attrs: leave out attributes that have their default.
        save_debug_info: accepted and without effect.
        kwargs: likewise.
    """
    message = meta_graph.export_meta_graph(
        graph or default_graph(),
        graph_def=graph_def,
        meta_info_def=meta_info_def,
        saver_def=saver_def,
        collection_list=collection_list,
        export_scope=export_scope,
        clear_devices=clear_devices,
        clear_extraneous_savers=clear_extraneous_savers,
        strip_default_attrs=strip_default_attrs,
    )
    if filename:
        write_message(filename, message, as_text=as_text)
    return message
