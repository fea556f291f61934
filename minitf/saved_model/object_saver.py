"""`tf.saved_model.save`: an object with its variables, functions and files as a SavedModel.

    class Adder(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([], tf.float32)])
        def __call__(self, x):
            return x + self.w

    with tf.Session() as session:                   # it holds the variables
        ...
        tf.saved_model.save(adder, "adder/1")

The graph that is written is made for it: variables and tables that hold nothing yet, a call of each
signature's function, and operations that restore.  What objects there are, which function captured
which of them and what it takes stands beside the graph.

Source: TensorFlow 1.15, `saved_model/save.py`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from minitf import meta_graph, protos
from minitf.api.constants import constant, placeholder
from minitf.api.control import group
from minitf.api.framework import control_dependencies, get_default_graph
from minitf.autodiff.functional import call
from minitf.dtypes import string
from minitf.functional.concrete import ConcreteFunction
from minitf.functional.def_function import Function
from minitf.graph import Graph
from minitf.message_files import write_message
from minitf.object_checkpoint.device_savers import MultiDeviceSaver
from minitf.object_checkpoint.python_state import NoRestoreSaveable
from minitf.object_checkpoint.saver import TrackableSaver
from minitf.saved_model import constants, folders
from minitf.saved_model.assets import asset_name, copy_assets
from minitf.saved_model.function_records import (
    bare_record,
    concrete_record,
    function_record,
    names_in,
)
from minitf.saved_model.object_view import Constant, Signatures, View
from minitf.saved_model.signature_constants import PREDICT_METHOD_NAME
from minitf.saved_model.signature_def_utils import build_signature_def
from minitf.saved_model.signature_functions import signatures_for
from minitf.saved_model.tag_constants import SERVING
from minitf.saved_model.uninitialized import UninitializedVariable
from minitf.saved_model.utils import build_tensor_info
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.trackable.auto import CapturableResource, TrackableAsset
from minitf.trackable.base import OBJECT_GRAPH_PROTO_KEY, VARIABLE_VALUE_KEY, Trackable
from minitf.trackable.mappings import _DictWrapper
from minitf.trackable.structures import ListWrapper
from minitf.train.saveable import saveables_of
from minitf.variables.base import Variable


def save(obj: Any, export_dir: Any, signatures: Any = None) -> None:
    """Write an object as a SavedModel.

    Args:
        obj: a Trackable, such as a `tf.Module`, a `tf.train.Checkpoint` or a Keras model.
        export_dir: the folder, made if need be.
        signatures: what a server can ask: a `tf.function` with an `input_signature` or a concrete
            function, or several by name; by default the object's only one.

    Raises:
        ValueError: if the object is no Trackable, or a signature is no such function.
        AssertionError: if a function captured something that no object below this one holds, or
            this is called while a function is traced.
    """
    if getattr(get_default_graph(), "building_function", False):
        raise AssertionError(
            "tf.saved_model.save is not supported inside a traced @tf.function. Move the call to "
            "the outer eagerly-executed context."
        )
    if not isinstance(obj, Trackable):
        raise ValueError(
            f"Expected a Trackable object for export, got {obj!r}. Trackable objects have named "
            "parts, as a tf.Module or a tf.train.Checkpoint has."
        )
    if "signatures" in [each.name for each in obj._checkpoint_dependencies]:  # noqa: SLF001 one of us
        raise ValueError(
            f"Exporting an object {obj!r} which has an attribute named 'signatures'. This is a "
            "reserved attribute used to store SavedModel signatures in objects which come from "
            "`tf.saved_model.load`. Delete this attribute (e.g. with `del obj.signatures`) before "
            "saving if this shadowing is acceptable."
        )
    view = View(obj, signatures_for(obj, signatures))
    folder = Path(os.fsdecode(export_dir))
    folders.get_or_create_variables_dir(export_dir)
    TrackableSaver(view.graph_view).save(folders.get_variables_path(export_dir))
    exported = Exported(view)
    copy_assets(folder, exported.assets)
    saved_model = protos.SavedModel(saved_model_schema_version=constants.SAVED_MODEL_SCHEMA_VERSION)
    saved_model.meta_graphs.append(exported.meta_graph())
    write_message(folder / constants.SAVED_MODEL_FILENAME_PB, saved_model, as_text=False)


class Exported:
    """The graph that is written for objects.

    Args:
        view: the objects.

    Attributes:
        assets: paths of files by the names of their copies.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self.assets: dict[str, str] = {}
        self._asset_files: list[Any] = []
        self._asset_numbers: dict[int, int] = {}
        self._inside: dict[int, Tensor] = {}  # by the number of an object
        self._variables: dict[int, UninitializedVariable] = {}  # likewise
        self._signatures: dict[str, Any] = {}
        self.graph = Graph()
        with self.graph.as_default():
            for each in view.concrete.values():
                add_with_callees(self.graph, each.graph)
            starts = [self._copy(number, each) for number, each in enumerate(view.objects)]
            with control_dependencies([each for each in starts if each is not None]):
                filled = [self._filled(each) for each in view.objects]
            done = [each for each in (*starts, *filled) if each is not None]
            for name, concrete in self._concrete_signatures().items():
                self._sign(name, concrete)
            self._init_op = group(*done, name="init")
            self.graph.add_to_collection(constants.MAIN_OP_KEY, self._init_op)
            self._saver_def = MultiDeviceSaver(self._saveables()).to_proto()

    def _concrete_signatures(self) -> Signatures:
        (found,) = [each for each in self._view.objects if isinstance(each, Signatures)]
        return found

    # --- what holds values ------------------------------------------------------------------------

    def _copy(self, number: int, obj: Any) -> Any:
        """Add what stands for an object; return an operation that has to run first, if any."""
        if isinstance(obj, Variable):
            made = UninitializedVariable(
                obj.dtype.base_dtype, obj.shape, obj.op.name, trainable=obj.trainable
            )
            self._variables[number] = made
            self._inside[number] = made.handle
        elif isinstance(obj, Constant):
            self._inside[number] = constant(obj.value, obj.tensor.dtype.base_dtype)
        elif isinstance(obj, CapturableResource):
            self._inside[number] = obj._create_resource()  # noqa: SLF001 TensorFlow's name
        elif isinstance(obj, TrackableAsset):
            return self._asset(number, obj)
        return None

    def _asset(self, number: int, asset: TrackableAsset) -> Any:
        value = constant_value(asset.asset_path)
        if value is None:
            raise AssertionError(f"The path of an asset must be constant: {asset.asset_path}")
        path = os.fsdecode(value.item())
        name = asset_name(path, self.assets)
        self.assets[name] = path
        given = placeholder(string, shape=(), name="asset_path_initializer")
        file = protos.AssetFileDef(filename=name)
        file.tensor_info.name = given.name
        self._asset_numbers[number] = len(self._asset_files)
        self._asset_files.append(file)
        held = UninitializedVariable(string, (), "asset_path", trainable=False)
        assigned = held.assign(given, read_value=False)
        with control_dependencies([assigned]):
            self._inside[number] = held.read_value()
        return assigned

    def _filled(self, obj: Any) -> Any:
        """Add the operation that fills a table."""
        if not isinstance(obj, CapturableResource):
            return None
        children = dict(self._view.children(obj))
        initialize = children["_initialize"]
        (concrete,) = self._view.graphs(initialize)
        made = call(concrete.graph, self._captured(concrete))
        return made[0].op

    def _captured(self, concrete: ConcreteFunction) -> list[Tensor]:
        return [self._inside[number] for number in self._view.bound_inputs(concrete)]

    # --- what can be asked and restored -----------------------------------------------------------

    def _sign(self, name: str, concrete: ConcreteFunction) -> None:
        given = [
            placeholder(each.dtype, each.shape, name=f"{name}_{key}")
            for key, each in zip(concrete.keywords, concrete.inputs, strict=False)
        ]
        made = call(concrete.graph, [*given, *self._captured(concrete)])
        keys = list(concrete.structured_outputs)
        order = sorted(keys)
        outputs = dict(zip(order, made, strict=True))
        self._signatures[name] = build_signature_def(
            {k: build_tensor_info(t) for k, t in zip(concrete.keywords, given, strict=True)},
            {key: build_tensor_info(outputs[key]) for key in keys},
            PREDICT_METHOD_NAME,
        )

    def _saveables(self) -> list[Any]:
        _, graph, _ = self._view.graph_view.serialize_object_graph()
        tensors = {}
        for number, variable in self._variables.items():
            (attribute,) = graph.nodes[number].attributes
            assert attribute.name == VARIABLE_VALUE_KEY, "all that a variable has is its value"
            tensors[attribute.checkpoint_key] = variable
        held = constant(graph.SerializeToString(), name="object_graph")
        return [*saveables_of(tensors), NoRestoreSaveable(held, OBJECT_GRAPH_PROTO_KEY)]

    # --- messages ---------------------------------------------------------------------------------

    def meta_graph(self) -> Any:
        """Return the MetaGraphDef."""
        message = meta_graph.export_meta_graph(
            self.graph, saver_def=self._saver_def, strip_default_attrs=True
        )
        message.meta_info_def.tags.append(SERVING)
        for name, signature in self._signatures.items():
            message.signature_def[name].CopyFrom(signature)
        info = message.signature_def[constants.INIT_OP_SIGNATURE_KEY]
        info.outputs[constants.INIT_OP_SIGNATURE_KEY].name = self._init_op.name
        info.outputs[constants.INIT_OP_SIGNATURE_KEY].tensor_shape.unknown_rank = True
        message.asset_file_def.extend(self._asset_files)
        message.object_graph_def.CopyFrom(self._object_graph())
        return message

    def _object_graph(self) -> Any:
        view = self._view
        made = protos.SavedObjectGraph()
        for number, each in enumerate(view.objects):
            node = made.nodes.add()
            for name, part in view.children(each):
                node.children.add(node_id=view.number(part), local_name=name)
            self._describe(node, number, each)
        for name, concrete in view.concrete.items():
            record = concrete_record(concrete, view.bound_inputs(concrete))
            made.concrete_functions[name].CopyFrom(record)
        return made

    def _describe(self, node: Any, number: int, obj: Any) -> None:
        if isinstance(obj, Variable):
            node.variable.dtype = obj.dtype.base_dtype.as_datatype_enum
            node.variable.shape.CopyFrom(obj.shape.as_proto())
            node.variable.trainable = obj.trainable
            node.variable.synchronization = obj.synchronization.value
            node.variable.aggregation = obj.aggregation.value
            node.variable.name = obj.op.name
        elif isinstance(obj, TrackableAsset):
            node.asset.asset_file_def_index = self._asset_numbers[number]
        elif isinstance(obj, Function):
            node.function.CopyFrom(function_record(obj, self._view.graphs(obj)))
        elif isinstance(obj, ConcreteFunction):
            node.bare_concrete_function.CopyFrom(bare_record(obj))
        elif isinstance(obj, Constant):
            node.constant.operation = self._inside[number].op.name
        elif isinstance(obj, CapturableResource):
            node.resource.device = obj._resource_device  # noqa: SLF001 TensorFlow's name
        else:
            node.user_object.identifier = _identifier(obj)
            node.user_object.version.producer = node.user_object.version.min_consumer = 1


def _identifier(obj: Any) -> str:
    if isinstance(obj, Signatures):
        return "signature_map"
    if isinstance(obj, ListWrapper):
        return "trackable_list_wrapper"
    return "trackable_dict_wrapper" if isinstance(obj, _DictWrapper) else "_generic_user_object"


def add_with_callees(graph: Graph, function: Any) -> None:
    """Let a graph know a function, and those that it calls."""
    waiting = [function]
    while waiting:
        each = waiting.pop()
        if graph.has_function(each.name):
            continue
        graph.add_function(each)
        for op in each.get_operations():
            names = names_in(op.attrs)
            if each.has_function(op.type):
                names.append(op.type)
            waiting += [each.find_function(name) for name in names]
