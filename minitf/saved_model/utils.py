"""`tf.saved_model.utils`: tensors of a graph as TensorInfo messages, and back.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import protos
from minitf.collection_def import prepend_name_scope
from minitf.composite import SparseTensor
from minitf.default_graph import default_graph
from minitf.graph import Graph
from minitf.tensor import Tensor


def build_tensor_info(tensor: Any) -> Any:
    """Return a TensorInfo: name, type and static shape of a tensor.

    Args:
        tensor: a Tensor, a Variable, or a SparseTensor, which is told by the names of its three.
    """
    info = protos.TensorInfo(
        dtype=tensor.dtype.as_datatype_enum, tensor_shape=tensor.get_shape().as_proto()
    )
    if isinstance(tensor, SparseTensor):
        info.coo_sparse.values_tensor_name = tensor.values.name
        info.coo_sparse.indices_tensor_name = tensor.indices.name
        info.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
    else:
        info.name = tensor.name
    return info


def get_tensor_from_tensor_info(
    tensor_info: Any, graph: Graph | None = None, import_scope: str | None = None
) -> Tensor | SparseTensor:
    """Return the tensor that a TensorInfo tells of.

    Args:
        tensor_info: the message.
        graph: where to look for it, in the default graph by default.
        import_scope: the name scope that its graph was imported into.

    Raises:
        KeyError: if the graph has no such tensor.
        ValueError: if the message names none.
    """
    searched = graph or default_graph()

    def named(name: str) -> Tensor:
        return searched.get_tensor_by_name(prepend_name_scope(name, import_scope))

    encoding = tensor_info.WhichOneof("encoding")
    if encoding == "name":
        return named(tensor_info.name)
    if encoding == "coo_sparse":
        sparse = tensor_info.coo_sparse
        return SparseTensor(
            named(sparse.indices_tensor_name),
            named(sparse.values_tensor_name),
            named(sparse.dense_shape_tensor_name),
        )
    raise ValueError(f"Invalid TensorInfo.encoding: {encoding}")
