"""`tf.saved_model.load_v2` of a SavedModel that holds a graph and no objects.

    model = tf.saved_model.load_v2("classifier/1")
    scores = model.signatures["serving_default"](x=images)["scores"]
    with tf.Session() as session:
        session.run(model.initializer)              # or tf.tables_initializer()
        session.run(scores)

The graph becomes the body of a function, its variables stay there, under names of their own; what
is called are parts of it.

Source: TensorFlow 1.15, `saved_model/load_v1_in_v2.py`.
"""

from __future__ import annotations

from typing import Any

from minitf import protos
from minitf.api.constants import constant
from minitf.api.control import group, identity
from minitf.api.framework import add_to_collection, control_dependencies
from minitf.control_flow.func_graph import FuncGraph
from minitf.default_graph import entered
from minitf.dtypes import string
from minitf.function_library import unique_function_name
from minitf.function_op import find_definition
from minitf.functional.concrete import WrappedFunction
from minitf.graph_keys import GraphKeys
from minitf.saved_model import constants, folders
from minitf.saved_model.loader import get_asset_tensors, get_init_op
from minitf.saved_model.signature_functions import SignatureMap
from minitf.tensor import Tensor
from minitf.trackable.auto import AutoTrackable
from minitf.train.meta_graph_import import import_meta_graph

_INNER = {constants.INIT_OP_SIGNATURE_KEY, constants.TRAIN_OP_SIGNATURE_KEY}


class LoadedGraph(AutoTrackable):
    """A graph that was loaded.

    Attributes:
        signatures: functions by name, called by the names of their arguments.
        variables: its variables, which are of its graph.
        graph: its graph.
        prune: makes a function of a part of it; see `WrappedFunction.prune`.
        initializer: the operation that restores its variables and fills its tables.
    """

    signatures: SignatureMap
    variables: list[Any]
    graph: FuncGraph
    prune: Any
    initializer: Any


def load_graph(saved_model: Any, export_dir: Any, tags: set[str] | None) -> LoadedGraph:
    """Load a graph of a SavedModel.

    Args:
        saved_model: the message.
        export_dir: its folder.
        tags: the graph's tags; None if there is one graph.

    Raises:
        ValueError: if there are several graphs and no tags.
        RuntimeError: if no graph has these tags.
    """
    message = protos.MetaGraphDef()
    message.CopyFrom(_chosen(saved_model, tags))
    graph = FuncGraph(unique_function_name("loaded"), collections={})
    _name_state(message.graph_def, graph)
    steps: list[tuple[Any, dict[str, str]]] = []  # what to run first, and what to feed
    with entered(graph):
        import_meta_graph(message)
        if message.HasField("saver_def"):
            saver = message.saver_def
            path = {saver.filename_tensor_name: folders.get_variables_path(export_dir)}
            steps.append((_run(graph.as_graph_element(saver.restore_op_name)), path))
        init_op = get_init_op(message)
        if init_op is not None:
            steps.append((_run(init_op), get_asset_tensors(export_dir, message)))
    graph.structured_outputs, graph.structured_input_signature = [], ((), {})
    return _made(WrappedFunction(graph), message, steps)


def _run(operation: Any) -> Tensor:
    """Return a tensor behind which an operation has run."""
    with control_dependencies([operation]):
        made: Tensor = identity(True, name="has_run")
    return made


def _made(wrapped: WrappedFunction, message: Any, steps: list[Any]) -> LoadedGraph:
    graph = wrapped.graph
    root = LoadedGraph()
    begun: list[Any] = []
    for token, feeds in steps:
        start = wrapped.prune([_tensor(graph, name) for name in feeds], token, name="initializer")
        with control_dependencies(begun):
            begun = [start.call_flat([constant(each, string) for each in feeds.values()]).op]
    root.initializer = group(*begun, name="initializer")
    add_to_collection(GraphKeys.TABLE_INITIALIZERS, root.initializer)
    signatures = {}
    for name, signature in message.signature_def.items():
        if name in _INNER:
            continue
        inputs = {key: _tensor(graph, info) for key, info in sorted(signature.inputs.items())}
        outputs = {key: _tensor(graph, info) for key, info in signature.outputs.items()}
        part = wrapped.prune(list(inputs.values()), outputs, name=f"signature_{name}")
        part.keywords = list(inputs)
        signatures[name] = part
    root.signatures = SignatureMap(signatures)
    root.graph, root.prune = graph, wrapped.prune
    vars(root)["variables"] = graph.get_collection(GraphKeys.GLOBAL_VARIABLES)
    return root


def _chosen(saved_model: Any, tags: set[str] | None) -> Any:
    found = [set(each.meta_info_def.tags) for each in saved_model.meta_graphs]
    if tags is None:
        if len(found) != 1:
            raise ValueError(
                "Importing a SavedModel with tf.saved_model.load requires a 'tags=' argument if "
                f"there is more than one MetaGraph. Got 'tags=None', but there are {len(found)} "
                f"MetaGraphs in the SavedModel with tag sets {[sorted(each) for each in found]}. "
                "Pass a 'tags=' argument to load this SavedModel."
            )
        return saved_model.meta_graphs[0]
    if tags not in found:
        raise RuntimeError(
            f"MetaGraphDef associated with tags {sorted(tags)} could not be found in SavedModel\n"
            f"  its tags: {', '.join(str(sorted(each)) for each in found) or 'none'}"
        )
    return saved_model.meta_graphs[found.index(tags)]


def _name_state(graph_def: Any, graph: FuncGraph) -> None:
    """Give variables, tables and queues names that nothing else in a session has."""
    for node in graph_def.node:
        if "shared_name" in find_definition(graph, node.op).attrs:
            own = node.attr["shared_name"].s or node.name.encode()
            node.attr["shared_name"].s = graph.name.encode() + b"/" + own


def _tensor(graph: FuncGraph, info: Any) -> Tensor:
    """Return a tensor of a graph by its name or its TensorInfo."""
    if not isinstance(info, str):
        if info.WhichOneof("encoding") != "name":
            raise NotImplementedError(
                "A signature of a graph whose tensor is sparse cannot be called: use `prune` of "
                "its parts\n"
                f"  {info}"
            )
        info = info.name
    found = graph.as_graph_element(info)
    assert isinstance(found, Tensor), "a TensorInfo names a tensor"
    return found
