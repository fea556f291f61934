"""Signatures that name operations, and those of training and evaluation.

Source: TensorFlow 1.15, `saved_model/signature_def_utils_impl.py`, `utils_impl.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf import protos
from minitf.collection_def import prepend_name_scope
from minitf.default_graph import default_graph
from minitf.errors import NotFoundError
from minitf.graph import Graph
from minitf.saved_model import signature_constants as constants
from minitf.saved_model.signature_def_utils import build_signature_def
from minitf.saved_model.utils import build_tensor_info


def build_tensor_info_from_op(op: Any) -> Any:
    """Return a TensorInfo that names an operation."""
    shape = protos.TensorShapeProto(unknown_rank=True)
    return protos.TensorInfo(dtype=protos.DT_INVALID, tensor_shape=shape, name=op.name)


def get_element_from_tensor_info(
    tensor_info: Any, graph: Graph | None = None, import_scope: str | None = None
) -> Any:
    """Return the tensor or operation that a TensorInfo names.

    Args:
        tensor_info: the message.
        graph: the graph; the default one if None is given.
        import_scope: the name scope that it was imported into.
    """
    name = prepend_name_scope(tensor_info.name, import_scope)
    return (graph or default_graph()).as_graph_element(name)


def op_signature_def(op: Any, key: str) -> Any:
    """Return a SignatureDef whose only output names an operation."""
    return build_signature_def(outputs={key: build_tensor_info_from_op(op)})


def load_op_from_signature_def(
    signature_def: Any, key: str, import_scope: str | None = None
) -> Any:
    """Return the operation of the default graph that a SignatureDef names.

    Raises:
        NotFoundError: if it names none under that key, or the graph has none of that name.
    """
    try:
        if key not in signature_def.outputs:
            raise KeyError(key)
        return get_element_from_tensor_info(signature_def.outputs[key], import_scope=import_scope)
    except KeyError:
        raise NotFoundError(
            None,
            None,
            f"The key '{key}' could not be found in the graph. Please make sure the SavedModel was "
            "created by the internal _SavedModelBuilder. If you are using the public API, please "
            f"make sure the SignatureDef in the SavedModel does not contain the key '{key}'.",
        ) from None


def supervised_train_signature_def(
    inputs: Mapping[str, Any],
    loss: Mapping[str, Any] | None,
    predictions: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
) -> Any:
    """Return the signature of training: inputs to loss, predictions and metrics, all by name."""
    method = constants.SUPERVISED_TRAIN_METHOD_NAME
    return _supervised(method, inputs, loss, predictions, metrics)


def supervised_eval_signature_def(
    inputs: Mapping[str, Any],
    loss: Mapping[str, Any] | None,
    predictions: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
) -> Any:
    """Return the signature of evaluation: inputs to loss, predictions and metrics, all by name."""
    method = constants.SUPERVISED_EVAL_METHOD_NAME
    return _supervised(method, inputs, loss, predictions, metrics)


def _supervised(method: str, inputs: Mapping[str, Any], *outputs: Mapping[str, Any] | None) -> Any:
    if not inputs:
        raise ValueError(f"{method} inputs cannot be None or empty.")
    given = {name: each for some in outputs if some is not None for name, each in some.items()}
    return build_signature_def(
        {name: build_tensor_info(each) for name, each in inputs.items()},
        {name: build_tensor_info(each) for name, each in given.items()},
        method,
    )
