"""`tf.train.import_meta_graph`: a saved graph with its collections and its Saver.

Source: 2015 §3.3; TensorFlow 1.15's tf.train.import_meta_graph.
"""

from __future__ import annotations

from typing import Any

from minitf import meta_graph, protos
from minitf.api.graph_io import as_message, input_elements
from minitf.default_graph import default_graph
from minitf.message_files import read_message
from minitf.train.saveable import all_saveable_objects
from minitf.train.saver import Saver


def import_meta_graph(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    import_scope: str | None = None,
    **kwargs: Any,
) -> Saver | None:
    """Add the operations and collections of a MetaGraph to the default graph.

    Args:
        meta_graph_or_file: a MetaGraphDef, or the path of a file that holds one.
        clear_devices: whether to forget which devices are requested.
        import_scope: a name scope to put all in.
        kwargs: `input_map`, as of `tf.import_graph_def`.

    Returns:
        A Saver for its variables, None if it has none.
    """
    input_map = kwargs.pop("input_map", None)
    if kwargs:
        raise TypeError(f"import_meta_graph() got unexpected arguments {sorted(kwargs)}")
    message = meta_graph_or_file
    if hasattr(message, "DESCRIPTOR"):
        message = as_message(message, protos.MetaGraphDef, "meta_graph_or_file")
    else:
        message = read_message(message, protos.MetaGraphDef)
    graph = default_graph()
    made = meta_graph.import_meta_graph(
        graph,
        message,
        clear_devices=clear_devices,
        import_scope=import_scope,
        input_map=input_elements(graph, input_map or {}, import_scope),
    )
    if not message.HasField("saver_def"):
        return Saver() if all_saveable_objects(import_scope) else None
    # the scope may have got another name, if that one was taken
    name = message.saver_def.restore_op_name
    scope = made[name].name.removesuffix(name).removesuffix("/")
    return Saver(saver_def=message.saver_def, name=scope or None)
