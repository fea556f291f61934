"""`tensorflow.python.tools.freeze_graph`: a graph and its checkpoint as one file of constants.

    freeze_graph("graph.pb", "", True, "model.ckpt-10", "softmax", "", "", "frozen.pb", False, "")

Source: TensorFlow 1.15's tool of the same name.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.api.graph_io import import_graph_def
from minitf.api.graph_util import convert_variables_to_constants
from minitf.graph import Graph
from minitf.message_files import read_message, write_message
from minitf.saved_model import loader
from minitf.saved_model.tag_constants import SERVING
from minitf.session.session import Session
from minitf.train.checkpoint_reader import new_checkpoint_reader
from minitf.train.checkpoint_state import checkpoint_exists
from minitf.train.meta_graph_import import import_meta_graph
from minitf.train.saver import Saver


def freeze_graph_with_def_protos(
    input_graph_def: Any,
    input_saver_def: Any,
    input_checkpoint: Any,
    output_node_names: str,
    restore_op_name: Any,
    filename_tensor_name: Any,
    output_graph: Any,
    clear_devices: bool,
    initializer_nodes: str,
    variable_names_whitelist: str = "",
    variable_names_blacklist: str = "",
    input_meta_graph_def: Any = None,
    input_saved_model_dir: Any = None,
    saved_model_tags: Any = None,
    checkpoint_version: int = 2,
) -> Any:
    """Return a GraphDef with variables frozen to their values.

    Args:
        input_graph_def: the GraphDef.
        input_saver_def: a SaverDef whose operations are in it; None makes new ones.
        input_checkpoint: the checkpoint.
        output_node_names: the nodes wanted, with commas between.
        restore_op_name: unused, likewise `filename_tensor_name`.
        filename_tensor_name: see there.
        output_graph: a file to write it to; none if empty.
        clear_devices: whether to leave out which devices are requested.
        initializer_nodes: operations to run before, with commas between.
        variable_names_whitelist: freeze only these, with commas between; all if empty.
        variable_names_blacklist: freeze none of these.
        input_meta_graph_def: a MetaGraphDef in place of the graph and the SaverDef.
        input_saved_model_dir: a SavedModel whose variables are frozen.
        saved_model_tags: its tags.
        checkpoint_version: of the Saver that is made.

    Returns:
        The GraphDef; -1 if there is no checkpoint, or no node is wanted.
    """
    if not input_saved_model_dir and not checkpoint_exists(input_checkpoint):
        return _refused(f"Input checkpoint '{input_checkpoint}' doesn't exist!")
    outputs = _names(output_node_names)
    if not outputs:
        return _refused("You need to supply the name of a node to --output_node_names.")
    graph_def = input_graph_def
    if input_meta_graph_def is not None:
        graph_def = input_meta_graph_def.graph_def
    if clear_devices and graph_def is not None:
        for node in graph_def.node:
            node.device = ""
    with Graph().as_default() as graph, Session(graph=graph) as session:
        if input_meta_graph_def is not None:
            saver = import_meta_graph(input_meta_graph_def, clear_devices=True)
            if saver is not None:  # it is None where nothing is to be restored
                saver.restore(session, input_checkpoint)
        elif input_saved_model_dir:
            meta_graph = loader.load(session, saved_model_tags or [SERVING], input_saved_model_dir)
            graph_def = meta_graph.graph_def if graph_def is None else graph_def
        else:
            import_graph_def(graph_def, name="")
            saver = _saver(graph, input_saver_def, input_checkpoint, checkpoint_version)
            saver.restore(session, input_checkpoint)
        if initializer_nodes:
            session.run(_names(initializer_nodes))
        frozen = convert_variables_to_constants(
            session,
            graph_def,
            outputs,
            _names(variable_names_whitelist) or None,
            _names(variable_names_blacklist) or None,
        )
    if output_graph:
        write_message(os.fsdecode(output_graph), frozen, as_text=False)
    return frozen


def freeze_graph(
    input_graph: Any,
    input_saver: Any,
    input_binary: bool,
    input_checkpoint: Any,
    output_node_names: str,
    restore_op_name: Any,
    filename_tensor_name: Any,
    output_graph: Any,
    clear_devices: bool,
    initializer_nodes: str,
    variable_names_whitelist: str = "",
    variable_names_blacklist: str = "",
    input_meta_graph: Any = None,
    input_saved_model_dir: Any = None,
    saved_model_tags: str = SERVING,
    checkpoint_version: int = 2,
) -> Any:
    """Return a GraphDef, read of a file, with variables frozen to their values.

    Args:
        input_graph: the file of the GraphDef.
        input_saver: the file of a SaverDef, or "".
        input_binary: unused: files are read in whichever form they are there, binary or text.
        input_checkpoint: as of `freeze_graph_with_def_protos`, likewise the rest.
        output_node_names: see there.
        restore_op_name: see there.
        filename_tensor_name: see there.
        output_graph: see there.
        clear_devices: see there.
        initializer_nodes: see there.
        variable_names_whitelist: see there.
        variable_names_blacklist: see there.
        input_meta_graph: the file of a MetaGraphDef in place of the graph.
        input_saved_model_dir: a SavedModel in place of the graph.
        saved_model_tags: its tags, with commas between.
        checkpoint_version: see there.

    Returns:
        The GraphDef; -1 if a file is missing, or no node is wanted.
    """
    messages: list[Any] = []
    for path, kind in (
        (None if input_saved_model_dir or input_meta_graph else input_graph, protos.GraphDef),
        (input_meta_graph, protos.MetaGraphDef),
        (input_saver, protos.SaverDef),
    ):
        if path and not Path(os.fsdecode(path)).is_file():
            return _refused(f"Input file '{path}' does not exist!")
        messages.append(read_message(os.fsdecode(path), kind) if path else None)
    graph_def, meta_graph_def, saver_def = messages
    return freeze_graph_with_def_protos(
        graph_def,
        saver_def,
        input_checkpoint,
        output_node_names,
        restore_op_name,
        filename_tensor_name,
        output_graph,
        clear_devices,
        initializer_nodes,
        variable_names_whitelist,
        variable_names_blacklist,
        meta_graph_def,
        input_saved_model_dir,
        _names(saved_model_tags),
        checkpoint_version,
    )


def _refused(why: str) -> int:
    print(why)  # noqa: T201 as TensorFlow's tool does
    return -1


def _names(text: str) -> list[str]:
    """Return names that stand with commas between."""
    return [name for name in text.replace(" ", "").split(",") if name]


def _saver(graph: Graph, saver_def: Any, checkpoint: Any, version: int) -> Saver:
    """Return a SaverDef's Saver, or one of all variables that a checkpoint has."""
    if saver_def is not None:
        return Saver(saver_def=saver_def, write_version=version)
    names = new_checkpoint_reader(checkpoint).get_variable_to_shape_map()
    found = {}
    for name in names:
        try:
            operation = graph.get_operation_by_name(name)
        except KeyError:
            continue  # the graph needs less than the checkpoint has
        if operation.type == "VarHandleOp":
            operation = graph.get_operation_by_name(f"{name}/Read/ReadVariableOp")
        found[name] = operation.outputs[0]
    return Saver(found, write_version=version)
