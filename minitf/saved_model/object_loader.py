"""`tf.saved_model.load_v2`: the objects of a SavedModel, in the default graph.

    adder = tf.saved_model.load_v2("adder/1")
    y = adder(tf.constant(2.0))                     # an operation that calls the function
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        session.run(y)

The initializer of a variable reads its value from the SavedModel's checkpoint.

Source: TensorFlow 1.15, `saved_model/load.py`.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from minitf import ops, tensor_proto
from minitf.api.constants import constant
from minitf.api.control import identity
from minitf.api.framework import add_to_collection, device, init_scope
from minitf.dtypes import as_dtype, string
from minitf.functional.concrete import ConcreteFunction
from minitf.graph_keys import GraphKeys
from minitf.object_checkpoint.saver import object_metadata
from minitf.saved_model import folders
from minitf.saved_model.function_loading import Functions
from minitf.saved_model.function_records import signature_of
from minitf.saved_model.loader import read_saved_model
from minitf.saved_model.restored import RestoredFunction, RestoredResource, set_part, user_object
from minitf.saved_model.signature_functions import SignatureMap
from minitf.saved_model.structured_values import decoded
from minitf.saved_model.uninitialized import UninitializedVariable
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.trackable.auto import TrackableAsset
from minitf.trackable.base import VARIABLE_VALUE_KEY
from minitf.trackable.mappings import _DictWrapper
from minitf.trackable.structures import ListWrapper
from minitf.variables.options import VariableAggregation, VariableSynchronization


def load(export_dir: Any, tags: Any = None) -> Any:
    """Load the objects of a SavedModel.

    Args:
        export_dir: the folder.
        tags: the tags of its graph, or one of them; None where it has one graph.

    Returns:
        The object that was saved: its attributes are variables, functions, files and other objects;
        `signatures` is a map of functions by name. Of a SavedModel without objects it is one with
        `signatures`, `variables`, `graph` and `prune`.

    Raises:
        OSError: if the folder has no SavedModel.
        ValueError: if its graph has other tags, or there are several and no tags.
    """
    wanted = None if tags is None else set([tags] if isinstance(tags, str) else tags)
    saved_model = read_saved_model(export_dir)
    (first, *others) = saved_model.meta_graphs
    if others or not first.HasField("object_graph_def"):
        from minitf.saved_model.graph_loader import load_graph

        return load_graph(saved_model, export_dir, wanted)
    if wanted is not None and wanted != set(first.meta_info_def.tags):
        raise ValueError(
            f"The SavedModel at {os.fsdecode(export_dir)} has one MetaGraph with tags "
            f"{sorted(first.meta_info_def.tags)}, but got an incompatible argument tags="
            f"{sorted(wanted)} to tf.saved_model.load. You may omit it, pass 'None', or pass "
            "matching tags."
        )
    with init_scope():
        root = Loader(first, export_dir).loaded()
    root.tensorflow_version = first.meta_info_def.tensorflow_version
    root.tensorflow_git_version = first.meta_info_def.tensorflow_git_version
    return root


class Loader:
    """Makes the objects of one MetaGraph.

    Args:
        meta_graph: the MetaGraphDef.
        export_dir: the folder of the SavedModel.
    """

    def __init__(self, meta_graph: Any, export_dir: Any) -> None:
        self._meta_graph = meta_graph
        self._export_dir = export_dir
        self._proto = meta_graph.object_graph_def
        self._operations = {each.name: each for each in meta_graph.graph_def.node}
        self._functions = Functions(meta_graph.graph_def.library, self._proto.concrete_functions)
        self._concrete: dict[str, ConcreteFunction] = {}
        self._objects: dict[int, Any] = {}

    def loaded(self) -> Any:
        """Return the root."""
        nodes = list(enumerate(self._proto.nodes))
        self._functions.build()
        late = ("function", "bare_concrete_function")
        for number, node in nodes:
            if node.WhichOneof("kind") not in late and not _is_signatures(node):
                self._objects[number] = self._made(number, node)
        # what makes a resource must be there before somebody asks for its handle
        parts = [number for number, node in nodes if node.WhichOneof("kind") == "resource"]
        creators = {
            child.node_id
            for number in parts
            for child in self._proto.nodes[number].children
            if child.local_name == "_create_resource"
        }
        for number in creators:
            self._objects[number] = self._made(number, self._proto.nodes[number])
        for number in parts:
            self._join(number)
        for number, node in nodes:
            if number not in self._objects and not _is_signatures(node):
                self._objects[number] = self._made(number, node)
        for number, node in nodes:
            if _is_signatures(node):
                self._objects[number] = SignatureMap(
                    {each.local_name: self._objects[each.node_id] for each in node.children}
                )
        for number, _ in nodes:
            self._join(number)
        self._restore()
        for each in self._objects.values():
            if isinstance(each, RestoredResource):
                filled = each._initialize()  # noqa: SLF001 TensorFlow's name
                add_to_collection(GraphKeys.TABLE_INITIALIZERS, filled.op)
        return self._objects[0]

    # --- objects ---------------------------------------------------------------------------------

    def _made(self, number: int, node: Any) -> Any:
        """Make an object, without its parts."""
        kind = node.WhichOneof("kind")
        if kind == "variable":
            return _variable(node.variable)
        if kind == "asset":
            file = self._meta_graph.asset_file_def[node.asset.asset_file_def_index].filename
            folder = folders.get_assets_dir(self._export_dir)
            return TrackableAsset(str(Path(folder, file)))
        if kind == "constant":
            attr = self._operations[node.constant.operation].attr
            value = tensor_proto.decode(attr["value"].tensor)
            return constant(value, as_dtype(attr["dtype"].type))
        if kind == "resource":
            return RestoredResource(node.resource.device)
        if kind == "function":
            return self._function(number, node.function)
        if kind == "bare_concrete_function":
            made = self._concrete_function(node.bare_concrete_function.concrete_function_name)
            made.keywords = node.bare_concrete_function.argument_keywords or made.keywords
            return made
        if kind == "user_object":
            return _structure(node.user_object.identifier)
        raise NotImplementedError(
            f"Object {number} of the SavedModel is of a kind that MiniTF has not: {kind}"
        )

    def _function(self, number: int, record: Any) -> RestoredFunction:
        names = list(record.concrete_functions)
        stem = names[0] if names else f"function_{number}"
        return RestoredFunction(
            stem.removeprefix("__inference_"),
            signature_of(record.function_spec),
            decoded(record.function_spec.input_signature),
            [self._concrete_function(each) for each in names],
        )

    def _concrete_function(self, name: str) -> ConcreteFunction:
        if name not in self._concrete:
            self._concrete[name] = self._functions.concrete(name, self._tensor)
        return self._concrete[name]

    def _tensor(self, number: int) -> Tensor:
        """Return what functions capture of an object."""
        obj = self._objects[number]
        if isinstance(obj, UninitializedVariable):
            return obj.handle
        if isinstance(obj, TrackableAsset):
            path: Tensor = obj.asset_path
            return path
        if isinstance(obj, RestoredResource):
            handle: Tensor = obj.resource_handle
            return handle
        if isinstance(obj, Tensor):
            return obj
        raise ValueError(f"Can't convert node {type(obj)} to tensor")

    def _join(self, number: int) -> None:
        """Give an object its parts, those that are made and that it has not yet."""
        obj = self._objects[number]
        if isinstance(obj, (SignatureMap, RestoredFunction, ConcreteFunction, Tensor)):
            return
        for each in self._proto.nodes[number].children:
            part = self._objects.get(each.node_id)
            if part is None or isinstance(obj, (TrackableAsset, UninitializedVariable)):
                continue
            if vars(obj).get(each.local_name) is not part:
                set_part(obj, each.local_name, part)

    # --- values ----------------------------------------------------------------------------------

    def _restore(self) -> None:
        """Let the initializers of variables read what the checkpoint holds."""
        variables = {
            number: each
            for number, each in self._objects.items()
            if isinstance(each, UninitializedVariable)
        }
        if not variables:
            return
        path = folders.get_variables_path(self._export_dir)
        saved = object_metadata(path)
        keys = dict(_keys(self._proto, saved))
        for number, variable in variables.items():
            if number not in keys:
                raise AssertionError(
                    f"The checkpoint {path} has no value for {variable.name}, object {number} of "
                    "the SavedModel"
                )
            with device("/cpu:0"):
                (value,) = ops.restore_v2_op(
                    constant(path, dtype=string), [keys[number]], [""], dtypes=(variable.dtype,)
                )
                value = identity(value)
            value.set_shape(variable.shape)
            variable.start_from(value, variable.assign(value, read_value=False))


def _variable(record: Any) -> UninitializedVariable:
    return UninitializedVariable(
        as_dtype(record.dtype),
        TensorShape(record.shape),
        record.name or "Variable",
        trainable=record.trainable,
        synchronization=VariableSynchronization(record.synchronization),
        aggregation=VariableAggregation(record.aggregation),
        collections=[GraphKeys.GLOBAL_VARIABLES],
    )


def _structure(identifier: str) -> Any:
    if identifier in ("trackable_list_wrapper", "trackable_tuple_wrapper"):
        return ListWrapper([])
    return _DictWrapper({}) if identifier == "trackable_dict_wrapper" else user_object()


def _is_signatures(node: Any) -> bool:
    return bool(node.user_object.identifier == "signature_map")


def _keys(objects: Any, saved: Any) -> Iterable[tuple[int, str]]:
    """Yield numbers of variables with the keys of their values in a checkpoint.

    Both graphs of objects have the same root; parts of one name, and slots of one name and one
    variable, are the same object.
    """
    seen = {0: 0}
    queue = deque([0])

    def meet(here: int, there: int) -> None:
        if here not in seen:
            seen[here] = there
            queue.append(here)

    slots: deque[tuple[Any, dict[Any, int]]] = deque()
    while queue or slots:
        if not queue:  # the variables that have slots are all known
            slot, others = slots.popleft()
            of = seen.get(slot.original_variable_node_id)
            if (of, slot.slot_name) in others:
                meet(slot.slot_variable_node_id, others[of, slot.slot_name])
            continue
        number = queue.popleft()
        node, there = objects.nodes[number], saved.nodes[seen[number]]
        for each in there.attributes:
            if each.name == VARIABLE_VALUE_KEY:
                yield number, each.checkpoint_key
        named = {each.local_name: each.node_id for each in there.children}
        for child in node.children:
            if child.local_name in named:
                meet(child.node_id, named[child.local_name])
        by_slot = {
            (each.original_variable_node_id, each.slot_name): each.slot_variable_node_id
            for each in there.slot_variables
        }
        slots.extend((slot, by_slot) for slot in node.slot_variables)
