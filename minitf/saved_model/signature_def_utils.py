"""`tf.saved_model.signature_def_utils`: what a model can be asked, by names of inputs and outputs.

A signature names a method of TensorFlow Serving.  Predict takes and gives any tensors; classify and
regress take serialized Examples.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf import protos
from minitf.dtypes import DType, float32, string
from minitf.saved_model import signature_constants as constants
from minitf.saved_model.utils import build_tensor_info
from minitf.tensor import Tensor


def build_signature_def(
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    method_name: str | None = None,
) -> Any:
    """Return a SignatureDef.

    Args:
        inputs: name -> TensorInfo.
        outputs: name -> TensorInfo.
        method_name: how the method is called.
    """
    signature = protos.SignatureDef(method_name=method_name)
    for field, infos in ((signature.inputs, inputs), (signature.outputs, outputs)):
        for name, info in (infos or {}).items():
            field[name].CopyFrom(info)
    return signature


def predict_signature_def(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> Any:
    """Return the signature of a method that takes and gives any tensors.

    Args:
        inputs: name -> Tensor.
        outputs: name -> Tensor.

    Raises:
        ValueError: if there are no inputs, or no outputs.
    """
    for what, tensors in (("inputs", inputs), ("outputs", outputs)):
        if not tensors:
            raise ValueError(f"Prediction {what} cannot be None or empty.")
    return build_signature_def(
        {name: build_tensor_info(tensor) for name, tensor in inputs.items()},
        {name: build_tensor_info(tensor) for name, tensor in outputs.items()},
        constants.PREDICT_METHOD_NAME,
    )


def classification_signature_def(examples: Any, classes: Any, scores: Any) -> Any:
    """Return the signature of a classifier of Examples.

    Args:
        examples: string Tensor: serialized Examples.
        classes: string Tensor: names of classes; None gives none.
        scores: float32 Tensor: their scores; None gives none.

    Raises:
        ValueError: if a tensor is of another type, or there is no output.
    """
    _check_examples("Classification", examples)
    if classes is None and scores is None:
        raise ValueError("Classification classes and scores cannot both be None.")
    outputs = {}
    if classes is not None:
        outputs[constants.CLASSIFY_OUTPUT_CLASSES] = _info(
            "Classification classes", classes, string
        )
    if scores is not None:
        outputs[constants.CLASSIFY_OUTPUT_SCORES] = _info("Classification scores", scores, float32)
    return build_signature_def(
        {constants.CLASSIFY_INPUTS: _info("Classification input tensors", examples, string)},
        outputs,
        constants.CLASSIFY_METHOD_NAME,
    )


def regression_signature_def(examples: Any, predictions: Any) -> Any:
    """Return the signature of a regression on Examples.

    Args:
        examples: string Tensor: serialized Examples.
        predictions: float32 Tensor.

    Raises:
        ValueError: if a tensor is missing or of another type.
    """
    _check_examples("Regression", examples)
    if predictions is None:
        raise ValueError("Regression predictions cannot be None.")
    return build_signature_def(
        {constants.REGRESS_INPUTS: _info("Regression input tensors", examples, string)},
        {constants.REGRESS_OUTPUTS: _info("Regression output tensors", predictions, float32)},
        constants.REGRESS_METHOD_NAME,
    )


def _check_examples(method: str, examples: Any) -> None:
    if examples is None:
        raise ValueError(f"{method} examples cannot be None.")
    if not isinstance(examples, Tensor):
        raise ValueError(f"{method} examples must be a string Tensor, not {examples!r}.")


def _info(what: str, tensor: Any, wanted: DType) -> Any:
    info = build_tensor_info(tensor)
    if info.dtype != wanted.as_datatype_enum:
        raise ValueError(
            f"{what} must be of type {wanted.name}: {tensor.name} is {tensor.dtype.name}."
        )
    return info


# --- which signatures can be served --------------------------------------------------------------

_Types = dict[str, DType]
_SERVED: dict[str, tuple[_Types, _Types]] = {
    constants.CLASSIFY_METHOD_NAME: (
        {constants.CLASSIFY_INPUTS: string},
        {constants.CLASSIFY_OUTPUT_CLASSES: string, constants.CLASSIFY_OUTPUT_SCORES: float32},
    ),
    constants.REGRESS_METHOD_NAME: (
        {constants.REGRESS_INPUTS: string},
        {constants.REGRESS_OUTPUTS: float32},
    ),
}


def is_valid_signature(signature_def: Any) -> bool:
    """Tell whether TensorFlow Serving can serve a SignatureDef.

    Args:
        signature_def: the message; None cannot be served.
    """
    if signature_def is None or not (signature_def.inputs and signature_def.outputs):
        return False
    if signature_def.method_name == constants.PREDICT_METHOD_NAME:
        return True
    if signature_def.method_name not in _SERVED:
        return False
    inputs, outputs = _SERVED[signature_def.method_name]
    return _are_among(signature_def.inputs, inputs) and _are_among(signature_def.outputs, outputs)


def _are_among(infos: Mapping[str, Any], types: _Types) -> bool:
    """Tell whether tensors have the names and types that a method knows."""
    return all(
        name in types and info.dtype == types[name].as_datatype_enum for name, info in infos.items()
    )
