"""Losses of the first models of `tf.contrib.learn`, with the predictions that they judge.

Source: TensorFlow 1.0's `tf.contrib.learn.ops`.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import squeeze
from minitf.api.framework import name_scope
from minitf.api.losses_errors import mean_squared_error
from minitf.api.losses_scores import softmax_cross_entropy
from minitf.api.nn_layers import xw_plus_b
from minitf.api.nn_losses import softmax
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor


def mean_squared_error_regressor(
    tensor_in: Any, labels: Any, weights: Any, biases: Any, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Return tensor_in weights + biases, and the mean of its squared errors.

    Args:
        tensor_in: float[batch, features].
        labels: number[batch] or number[batch, outputs].
        weights: float[features, outputs].
        biases: float[outputs].
        name: name of the name scope.
    """
    with name_scope(name, "mean_squared_error_regressor", [tensor_in, labels]):
        labels = convert_to_tensor(labels)
        predictions = xw_plus_b(tensor_in, weights, biases)
        if labels.shape.ndims == 1:
            predictions = squeeze(predictions, [1])
        return predictions, mean_squared_error(labels, predictions)


def softmax_classifier(
    tensor_in: Any,
    labels: Any,
    weights: Any,
    biases: Any,
    class_weight: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Return softmax(tensor_in weights + biases), and its cross entropy to the labels.

    Args:
        tensor_in: float[batch, features].
        labels: float[batch, classes]: the probability of each class.
        weights: float[features, classes].
        biases: float[classes].
        class_weight: float[classes]: factors of the logits; ones if None.
        name: name of the name scope.
    """
    with name_scope(name, "softmax_classifier", [tensor_in, labels]):
        logits = xw_plus_b(tensor_in, weights, biases)
        if class_weight is not None:
            logits = logits * class_weight
        return softmax(logits), softmax_cross_entropy(labels, logits)
