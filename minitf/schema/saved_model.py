"""MetaGraphs and SavedModels: a graph with what is needed to use it.

Left out is `TensorInfo.composite_tensor`, which tells of values of several tensors: protobuf keeps
its bytes as unknown fields, so that they survive reading and writing.

Source: TensorFlow 1.15, `meta_graph.proto`, `saved_model.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Message,
    OneOf,
    bool_,
    bytes_,
    float_,
    int64,
    mapping,
    message_named,
    repeated,
    string,
)
from minitf.schema.graph import GraphDef, OpList
from minitf.schema.saved_objects import SavedObjectGraph
from minitf.schema.tensor import DataType, TensorShapeProto
from minitf.schema.training import SaverDef


class CollectionDef(Message):
    """One collection of a graph."""

    class NodeList(Message):
        """Names of operations or tensors."""

        value = repeated(string(1))

    class BytesList(Message):
        """Strings, or messages serialized."""

        value = repeated(bytes_(1))

    class Int64List(Message):
        """Whole numbers."""

        value = repeated(int64(1))

    class FloatList(Message):
        """Floats."""

        value = repeated(float_(1))

    class AnyList(Message):
        """Messages of any type."""

        value = repeated(message_named("google.protobuf.Any", 1))

    kind = OneOf(
        node_list=NodeList(1),
        bytes_list=BytesList(2),
        int64_list=Int64List(3),
        float_list=FloatList(4),
        any_list=AnyList(5),
    )


class TensorInfo(Message):
    """A tensor of a signature."""

    class CooSparse(Message):
        """The three tensors of a sparse one."""

        values_tensor_name = string(1)
        indices_tensor_name = string(2)
        dense_shape_tensor_name = string(3)

    encoding = OneOf(
        name=string(1),
        coo_sparse=CooSparse(4),
    )
    dtype = DataType(2)
    tensor_shape = TensorShapeProto(3)


class SignatureDef(Message):
    """What a model can be asked: inputs and outputs by name."""

    inputs = mapping(string, TensorInfo(1))
    outputs = mapping(string, TensorInfo(2))
    method_name = string(3)


class AssetFileDef(Message):
    """A file that a model needs, and the tensor that takes its path."""

    tensor_info = TensorInfo(1)
    filename = string(2)


class MetaGraphDef(Message):
    """A graph with its collections, signatures and saver."""

    class MetaInfoDef(Message):
        """Who wrote it, under which tags."""

        meta_graph_version = string(1)
        stripped_op_list = OpList(2)
        any_info = message_named("google.protobuf.Any", 3)
        tags = repeated(string(4))
        tensorflow_version = string(5)
        tensorflow_git_version = string(6)
        stripped_default_attrs = bool_(7)

    meta_info_def = MetaInfoDef(1)
    graph_def = GraphDef(2)
    saver_def = SaverDef(3)
    collection_def = mapping(string, CollectionDef(4))
    signature_def = mapping(string, SignatureDef(5))
    asset_file_def = repeated(AssetFileDef(6))
    object_graph_def = SavedObjectGraph(7)


class SavedModel(Message):
    """MetaGraphs of one model, chosen by tags."""

    saved_model_schema_version = int64(1)
    meta_graphs = repeated(MetaGraphDef(2))
