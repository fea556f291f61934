"""MetaGraphs: a graph with its collections, and what is needed to restore and to read it.

    message = export_meta_graph(graph)                       # a MetaGraphDef
    import_meta_graph(other, message, import_scope="net")    # its operations and collections

A part of a graph may be exported: of the operations inside a name scope, inputs from outside are
*unbound*.  They are called `$unbound_inputs_<name>` and stand in the collection `unbound_inputs`;
an import must supply them by `input_map`.

Source: 2015 §3.3 (what a checkpoint must be joined with); TensorFlow 1.15, `meta_graph.proto`.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any

import minitf
from minitf import ops, protos
from minitf.attr_value import attr_value
from minitf.collection_def import add_collections, collection_def, strip_name_scope
from minitf.elements import Element
from minitf.errors import NotFoundError
from minitf.grammar import REQUIRED
from minitf.graph import Graph
from minitf.graph_def import op_def_message
from minitf.graph_keys import GraphKeys
from minitf.import_graph import import_graph
from minitf.import_node import Source, input_text
from minitf.op_def import OpDef
from minitf.operation import Operation

UNBOUND_INPUTS = "unbound_inputs"
_UNBOUND = "$unbound_inputs_"
_SAVER_OPS = frozenset(("SaveV2", "Save", "SaveSlices", "RestoreV2", "Restore", "RestoreSlice"))


def export_meta_graph(
    graph: Graph,
    *,
    graph_def: Any = None,
    meta_info_def: Any = None,
    saver_def: Any = None,
    collection_list: Iterable[Any] | None = None,
    export_scope: str | None = None,
    clear_devices: bool = False,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
) -> Any:
    """Return a graph as a MetaGraphDef.

    Args:
        graph: the graph.
        graph_def: write this instead of the graph's operations.
        meta_info_def: who writes it, and tags.
        saver_def: the saver to note.
        collection_list: the collections to write, all by default.
        export_scope: write only what stands inside this name scope, and names without it.
        clear_devices: leave out which devices are requested.
        clear_extraneous_savers: leave out the operations of savers other than `saver_def`'s.
        strip_default_attrs: leave out attributes that have their default.
    """
    if graph_def is None:
        graph_def = graph.as_graph_def(add_shapes=True)
    message = protos.MetaGraphDef(
        graph_def=graph_def, meta_info_def=meta_info_def, saver_def=saver_def
    )
    dropped = _other_savers_nodes(graph_def, saver_def) if clear_extraneous_savers else set()
    unbound: list[str] = []
    if export_scope or dropped:
        part, unbound = _part(graph_def, export_scope, dropped)
        message.graph_def.CopyFrom(part)
    if clear_devices:
        for node in message.graph_def.node:
            node.device = ""
    _fill_info(message, strip_default_attrs=strip_default_attrs)
    keys = graph.get_all_collection_keys() if collection_list is None else collection_list
    for key in keys:
        if key == GraphKeys.SAVERS and clear_extraneous_savers:
            if saver_def is not None:
                message.collection_def[key].bytes_list.value.append(saver_def.SerializeToString())
            continue
        items = [item for item in graph.get_collection(key) if _name_of(item) not in dropped]
        written = collection_def(key, items, export_scope)
        if written is not None:
            message.collection_def[key].CopyFrom(written)
    if unbound:
        message.collection_def[UNBOUND_INPUTS].bytes_list.value.extend(
            each.encode() for each in unbound
        )
    return message


def _name_of(item: Any) -> str:
    name = getattr(item, "name", "")
    return name.partition(":")[0] if isinstance(name, str) else ""


def _part(graph_def: Any, scope: str | None, dropped: set[str]) -> tuple[Any, list[str]]:
    """Return the part of a GraphDef inside a scope, and what it takes from outside."""
    part = protos.GraphDef(versions=graph_def.versions, library=graph_def.library)
    unbound: dict[str, None] = {}
    for node in graph_def.node:
        if node.name in dropped or (scope and not node.name.startswith(f"{scope}/")):
            continue
        part.node.append(node)
        if scope:
            unbound |= dict.fromkeys(_strip_scope(part.node[-1], scope))
    return part, list(unbound)


def _strip_scope(node: Any, scope: str) -> list[str]:
    """Take a scope off all names in a NodeDef; returns the values from outside, renamed."""
    node.name = strip_name_scope(node.name, scope)
    unbound = []
    for i, text in enumerate(node.input):
        node.input[i] = strip_name_scope(text, scope)
        if node.input[i] == text:
            node.input[i] = re.sub(r"^\^?", rf"\g<0>{_UNBOUND}", text)
            if text[:1] != "^":
                unbound.append(node.input[i])
    if "_class" in node.attr:
        groups = [group.decode() for group in node.attr.pop("_class").list.s]
        inside = [strip_name_scope(g, scope) for g in groups if g.startswith(f"loc:@{scope}/")]
        if inside:
            node.attr["_class"].CopyFrom(attr_value(tuple(inside)))
    if "frame_name" in node.attr:
        frame = node.attr["frame_name"]
        frame.s = strip_name_scope(frame.s.decode(), scope).encode()
    return unbound


def _other_savers_nodes(graph_def: Any, saver_def: Any) -> set[str]:
    """Return the nodes in the scopes of savers that are not `saver_def`'s."""
    kept = (
        {_scope_of(saver_def.save_tensor_name), _scope_of(saver_def.restore_op_name)}
        if (saver_def is not None)
        else set()
    )
    scopes = {_scope_of(node.name) for node in graph_def.node if node.op in _SAVER_OPS}
    others = tuple(f"{scope}/" for scope in scopes - kept - {""})
    return {node.name for node in graph_def.node if node.name.startswith(others)}


def _scope_of(name: str) -> str:
    return name.rpartition("/")[0]


def _fill_info(message: Any, *, strip_default_attrs: bool) -> None:
    """Note who writes a MetaGraphDef and which ops it uses; leave out defaults if wanted."""
    info = message.meta_info_def
    info.tensorflow_version = minitf.__version__
    if not info.stripped_op_list.op:
        info.stripped_op_list.op.extend(
            map(op_def_message, _known_ops(message.graph_def.node).values())
        )
    if strip_default_attrs:
        strip_graph_default_valued_attrs(message)


def strip_graph_default_valued_attrs(meta_graph_def: Any) -> None:
    """Leave out of a MetaGraphDef, and of its functions, the attributes that have their default."""
    meta_graph_def.meta_info_def.stripped_default_attrs = True
    graph_def = meta_graph_def.graph_def
    bodies = [each.node_def for each in graph_def.library.function]
    nodes = [*itertools.chain(graph_def.node, *bodies)]
    definitions = _known_ops(nodes)
    for node in nodes:
        definition = definitions.get(node.op)
        for attr in definition.attrs.values() if definition else ():
            is_default = attr.default is not REQUIRED and attr.name in node.attr
            if is_default and node.attr[attr.name] == attr_value(attr.default):
                del node.attr[attr.name]


def _known_ops(nodes: Iterable[Any]) -> dict[str, OpDef]:
    """Return the ops of NodeDefs that we have, by name; their writer may have others."""
    found = {}
    for name in sorted({node.op for node in nodes}):
        with contextlib.suppress(NotFoundError):
            found[name] = ops.find_op(name)
    return found


def import_meta_graph(
    graph: Graph,
    message: Any,
    *,
    import_scope: str | None = None,
    clear_devices: bool = False,
    input_map: Mapping[Source, Element] | None = None,
) -> dict[str, Operation]:
    """Add the operations and collections of a MetaGraphDef to a graph.

    Args:
        graph: the graph.
        message: the MetaGraphDef.
        import_scope: the name scope to put the operations in.
        clear_devices: ignore which devices are requested.
        input_map: an input that nodes of the message name -> what to take instead.

    Returns:
        The operations by their names in the message.

    Raises:
        ValueError: if anything does not fit, or an unbound input is not supplied.
    """
    collections = dict(message.collection_def)
    unbound = collections.pop(UNBOUND_INPUTS, protos.CollectionDef()).bytes_list.value
    missing = {each.decode() for each in unbound} - {
        input_text(source).removesuffix(":0") for source in input_map or ()
    }
    if missing:
        raise ValueError(
            f"Graph contains unbound inputs: {', '.join(sorted(missing))}. Must provide these "
            "inputs through input_map."
        )
    graph_def = message.graph_def
    if clear_devices:
        graph_def = protos.GraphDef.FromString(graph_def.SerializeToString())
        for node in graph_def.node:
            node.device = ""
    producer_ops = {op_def.name: op_def for op_def in message.meta_info_def.stripped_op_list.op}
    with graph.all_or_nothing(), graph.as_default(), graph.name_scope(import_scope) as scope:
        made = import_graph(graph, graph_def, scope[:-1], input_map, producer_ops)
        add_collections(graph, collections, scope[:-1])
    return made
