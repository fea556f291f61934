"""`tensorflow.python.framework.meta_graph`: MetaGraphs of the parts of a graph inside a scope.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minitf import meta_graph, protos
from minitf.api.graph_io import export_meta_graph, input_elements
from minitf.collection_def import collection_def
from minitf.default_graph import default_graph
from minitf.graph import Graph
from minitf.message_files import read_message
from minitf.variables.base import Variable

create_meta_graph_def = export_meta_graph


def ops_used_by_graph_def(graph_def: Any) -> list[str]:
    """Return the names of the ops of a GraphDef, those of its functions included, each once.

    Args:
        graph_def: the message.
    """
    bodies = {each.signature.name: each.node_def for each in graph_def.library.function}
    used: set[str] = set()
    waiting = [graph_def.node]
    while waiting:
        for node in waiting.pop():
            if node.op not in used:
                used.add(node.op)
                waiting.extend([bodies[node.op]] if node.op in bodies else [])
    return sorted(used - set(bodies))


def stripped_op_list_for_graph(graph_def: Any) -> Any:
    """Return the OpDefs that a GraphDef uses, without descriptions: an OpList.

    Args:
        graph_def: the message.

    Raises:
        NotFoundError: if it uses an op that is not registered.
    """
    from minitf import ops
    from minitf.graph_def import op_def_message

    names = ops_used_by_graph_def(graph_def)
    return protos.OpList(op=[op_def_message(ops.find_op(name)) for name in names])


def read_meta_graph_file(filename: Any) -> Any:
    """Return the MetaGraphDef in a file, in bytes or as text.

    Raises:
        OSError: if there is no such file, or it holds something else.
    """
    if not Path(filename).exists():
        raise OSError(f"File {filename} does not exist.")
    return read_message(filename, protos.MetaGraphDef)


def add_collection_def(
    meta_graph_def: Any,
    key: Any,
    graph: Graph | None = None,
    export_scope: str | None = None,
    exclude_nodes: Any = None,
    override_contents: Any = None,
) -> None:
    """Add a collection of a graph to a MetaGraphDef, if its items can be written.

    Args:
        meta_graph_def: the message.
        key: name of the collection.
        graph: the graph, the default graph by default.
        export_scope: the scope whose items are written.
        exclude_nodes: accepted, without effect.
        override_contents: items to write instead of the collection's.

    Raises:
        TypeError: if the graph is none.
    """
    if graph is not None and not isinstance(graph, Graph):
        raise TypeError(f"graph must be of type Graph, not {type(graph)}")
    items = override_contents or (graph or default_graph()).get_collection(key)
    made = collection_def(key, items, export_scope)
    if made is not None:
        meta_graph_def.collection_def[key].CopyFrom(made)


# --- scopes --------------------------------------------------------------------------------------


def export_scoped_meta_graph(
    filename: Any = None,
    graph_def: Any = None,
    graph: Graph | None = None,
    export_scope: str | None = None,
    as_text: bool = False,
    unbound_inputs_col_name: str = meta_graph.UNBOUND_INPUTS,
    clear_devices: bool = False,
    saver_def: Any = None,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
    **kwargs: Any,
) -> tuple[Any, dict[str, Any]]:
    """Return the MetaGraphDef of a scope, and its variables by their names in it.

    Args:
        filename: the file to write it to; None writes none.
        graph_def: write this instead of the graph's operations.
        graph: the graph, the default graph by default.
        export_scope: the scope; None for all of the graph.
        as_text: whether to write text rather than bytes.
        unbound_inputs_col_name: accepted: the collection has the name that it has.
        clear_devices: leave out which devices are requested.
        saver_def: the saver to note.
        clear_extraneous_savers: leave out the operations of other savers.
        strip_default_attrs: leave out attributes that have their default.
        save_debug_info: accepted and without effect.
        kwargs: `meta_info_def` and `collection_list`, as `tf.train.export_meta_graph`'s.
    """
    graph = graph or default_graph()
    message = export_meta_graph(
        filename,
        graph_def=graph_def,
        saver_def=saver_def,
        as_text=as_text,
        graph=graph,
        export_scope=export_scope,
        clear_devices=clear_devices,
        clear_extraneous_savers=clear_extraneous_savers,
        strip_default_attrs=strip_default_attrs,
        **kwargs,
    )
    return message, _variables_inside(graph, export_scope)


def import_scoped_meta_graph(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    graph: Graph | None = None,
    import_scope: str | None = None,
    input_map: Any = None,
    unbound_inputs_col_name: str = meta_graph.UNBOUND_INPUTS,
    restore_collections_predicate: Any = None,
) -> dict[str, Any]:
    """Add the operations and collections of a MetaGraph; return its variables by their names in it.

    Args:
        meta_graph_or_file: a MetaGraphDef, or the path of a file that holds one.
        clear_devices: whether to forget which devices are requested.
        graph: where they are added, the default graph by default.
        import_scope: a name scope to put all in.
        input_map: name of an unbound input -> the tensor for it.
        unbound_inputs_col_name: accepted: the collection has the name that it has.
        restore_collections_predicate: tells of a collection's name whether it is added.

    Raises:
        ValueError: if an input is unbound.
    """
    message = meta_graph_or_file
    if not hasattr(message, "DESCRIPTOR"):
        message = read_meta_graph_file(message)
    graph = graph or default_graph()
    if restore_collections_predicate is not None:
        wanted = protos.MetaGraphDef()
        wanted.CopyFrom(message)
        for key in message.collection_def:
            if not restore_collections_predicate(key):
                del wanted.collection_def[key]
        message = wanted
    with graph.as_default():
        before = set(map(id, graph.get_collection("variables")))
        meta_graph.import_meta_graph(
            graph,
            message,
            clear_devices=clear_devices,
            import_scope=import_scope,
            input_map=input_elements(graph, input_map or {}, import_scope),
        )
        found = _variables_inside(graph, import_scope)
    return {name: each for name, each in found.items() if id(each) not in before}


def import_scoped_meta_graph_with_return_elements(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    graph: Graph | None = None,
    import_scope: str | None = None,
    input_map: Any = None,
    unbound_inputs_col_name: str = meta_graph.UNBOUND_INPUTS,
    restore_collections_predicate: Any = None,
    return_elements: Sequence[str] | None = None,
) -> tuple[dict[str, Any], list[Any] | None]:
    """Add a MetaGraph as `import_scoped_meta_graph` does; return elements of it too.

    Args:
        meta_graph_or_file: a MetaGraphDef, or the path of a file that holds one.
        clear_devices: whether to forget which devices are requested.
        graph: where they are added, the default graph by default.
        import_scope: a name scope to put all in.
        input_map: name of an unbound input -> the tensor for it.
        unbound_inputs_col_name: accepted: the collection has the name that it has.
        restore_collections_predicate: tells of a collection's name whether it is added.
        return_elements: names in the MetaGraph of operations and tensors.

    Raises:
        KeyError: if there is no such element.
        ValueError: if an input is unbound.
    """
    graph = graph or default_graph()
    variables = import_scoped_meta_graph(
        meta_graph_or_file,
        clear_devices,
        graph,
        import_scope,
        input_map,
        unbound_inputs_col_name,
        restore_collections_predicate,
    )
    if return_elements is None:
        return variables, None
    inside = f"{import_scope}/" if import_scope else ""
    return variables, [graph.as_graph_element(f"{inside}{name}") for name in return_elements]


def copy_scoped_meta_graph(
    from_scope: str,
    to_scope: str,
    from_graph: Graph | None = None,
    to_graph: Graph | None = None,
) -> dict[str, Any]:
    """Copy the operations of a scope to another scope; return its variables by their names in it.

    Args:
        from_scope: the scope.
        to_scope: where they are copied to.
        from_graph: its graph, the default graph by default.
        to_graph: the graph of the other scope, the default graph by default.

    Raises:
        ValueError: if the scopes are the same ones.
    """
    from_graph, to_graph = from_graph or default_graph(), to_graph or default_graph()
    if from_graph is to_graph and from_scope == to_scope:
        raise ValueError(
            f"'from_scope' and 'to_scope' need to be different when performing copy in the same "
            f"graph. Both are {from_scope!r}."
        )
    message, _ = export_scoped_meta_graph(graph=from_graph, export_scope=from_scope)
    return import_scoped_meta_graph(message, graph=to_graph, import_scope=to_scope)


def _variables_inside(graph: Graph, scope: str | None) -> dict[str, Any]:
    found = graph.get_collection("variables", scope=f"{scope}/" if scope else None)
    inside = f"{scope}/" if scope else ""
    return {each.op.name.removeprefix(inside): each for each in found if isinstance(each, Variable)}
