"""What a model says of the outputs that it serves: the kinds of `EstimatorSpec.export_outputs`.

Source: TensorFlow 1.15's `tf.estimator.export`.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

from minitf import dtypes
from minitf.saved_model.signature_def_utils import (
    classification_signature_def,
    predict_signature_def,
    regression_signature_def,
)
from minitf.tensor import Tensor


class ExportOutput(abc.ABC):
    """Some outputs of a model.

    Source: TensorFlow 1.15.
    """

    @abc.abstractmethod
    def as_signature_def(self, receiver_tensors: Mapping[str, Any]) -> Any:
        """Return a SignatureDef of these outputs.

        Args:
            receiver_tensors: the tensors to feed, by name.

        Raises:
            ValueError: if they do not fit the kind of outputs.
        """


class ClassificationOutput(ExportOutput):
    """Scores and names of classes.

    Args:
        scores: float[batch, classes].
        classes: string[batch, classes].

    Raises:
        ValueError: if one is no such tensor, or there are neither.

    Source: TensorFlow 1.15.
    """

    def __init__(self, scores: Any = None, classes: Any = None) -> None:
        if scores is not None and not (isinstance(scores, Tensor) and scores.dtype.is_floating):
            raise ValueError(f"Classification scores must be a float32 Tensor; got {scores}")
        if classes is not None and not (
            isinstance(classes, Tensor) and classes.dtype is dtypes.string
        ):
            raise ValueError(f"Classification classes must be a string Tensor; got {classes}")
        if scores is None and classes is None:
            raise ValueError("At least one of scores and classes must be set.")
        self._scores = scores
        self._classes = classes

    @property
    def scores(self) -> Any:
        """The scores, or None."""
        return self._scores

    @property
    def classes(self) -> Any:
        """The names, or None."""
        return self._classes

    def as_signature_def(self, receiver_tensors: Mapping[str, Any]) -> Any:
        """Return a SignatureDef: serialized Examples to classes and scores."""
        examples = _examples("Classification", receiver_tensors)
        return classification_signature_def(examples, self._classes, self._scores)


class RegressionOutput(ExportOutput):
    """Numbers.

    Args:
        value: float[batch, ...].

    Raises:
        ValueError: if it is no such tensor.

    Source: TensorFlow 1.15.
    """

    def __init__(self, value: Any) -> None:
        if not (isinstance(value, Tensor) and value.dtype.is_floating):
            raise ValueError(f"Regression output value must be a float32 Tensor; got {value}")
        self._value = value

    @property
    def value(self) -> Any:
        """The numbers."""
        return self._value

    def as_signature_def(self, receiver_tensors: Mapping[str, Any]) -> Any:
        """Return a SignatureDef: serialized Examples to numbers."""
        return regression_signature_def(_examples("Regression", receiver_tensors), self._value)


class PredictOutput(ExportOutput):
    """Any tensors by name.

    Args:
        outputs: tensor by name; a single tensor is called "output".

    Raises:
        ValueError: if a name is no string, or what it names no tensor.

    Source: TensorFlow 1.15.
    """

    def __init__(self, outputs: Any) -> None:
        named = outputs if isinstance(outputs, dict) else {"output": outputs}
        for name, tensor in named.items():
            if not isinstance(name, str):
                raise ValueError(f"Prediction output key must be a string; got {name}.")
            if not isinstance(tensor, Tensor):
                raise ValueError(f"Prediction output value must be a Tensor; got {tensor}.")
        self._outputs = named

    @property
    def outputs(self) -> dict[str, Any]:
        """The tensors by name."""
        return self._outputs

    def as_signature_def(self, receiver_tensors: Mapping[str, Any]) -> Any:
        """Return a SignatureDef: anything to anything."""
        return predict_signature_def(receiver_tensors, self._outputs)


def _examples(what: str, receiver_tensors: Mapping[str, Any]) -> Tensor:
    """Return the only tensor that is fed, serialized Examples."""
    tensors: list[Tensor] = list(receiver_tensors.values())
    if len(tensors) != 1 or tensors[0].dtype is not dtypes.string:
        raise ValueError(f"{what} input must be a single string Tensor; got {receiver_tensors}")
    return tensors[0]
