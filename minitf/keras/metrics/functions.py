"""Metrics of rows: functions of labels and predictions.

Source: TensorFlow 1.15's `tf.keras.metrics`.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array
from minitf.api.casting import cast
from minitf.api.comparison import equal
from minitf.api.framework import convert_to_tensor
from minitf.api.nn_layers import in_top_k
from minitf.api.reductions import argmax, reduce_mean
from minitf.keras.backend.config import floatx
from minitf.tensor import Tensor


def accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """Return 1 where a prediction equals the label, else 0."""
    y_pred = convert_to_tensor(y_pred)
    return cast(equal(cast(y_true, y_pred.dtype), y_pred), floatx())


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Tensor:
    """Return the share of predictions on the label's side of a threshold, over the last axis."""
    y_pred = convert_to_tensor(y_pred)
    above = cast(y_pred > cast(threshold, y_pred.dtype), y_pred.dtype)
    return reduce_mean(cast(equal(cast(y_true, y_pred.dtype), above), floatx()), -1)


def categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """Return 1 where the greatest prediction is at the greatest label, else 0."""
    return cast(equal(argmax(y_true, -1), argmax(y_pred, -1)), floatx())


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """Return 1 where the greatest prediction is at the label's class, else 0."""
    y_true, y_pred = convert_to_tensor(y_true), convert_to_tensor(y_pred)
    ranks = y_true.shape.ndims, y_pred.shape.ndims
    if ranks[0] is not None and ranks[0] == ranks[1]:
        y_true = array.squeeze(y_true, [-1])
    found = cast(argmax(y_pred, -1), y_true.dtype)
    return cast(equal(y_true, found), floatx())


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Tensor:
    """Return 1 where the greatest label is among the k greatest predictions, else 0."""
    return cast(in_top_k(y_pred, argmax(y_true, -1), k), floatx())


def sparse_top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Tensor:
    """Return 1 where the label's class is among the k greatest predictions, else 0."""
    y_true, y_pred = convert_to_tensor(y_true), convert_to_tensor(y_pred)
    if y_pred.shape.ndims != 2:
        y_pred = array.reshape(y_pred, [-1, y_pred.shape.as_list()[-1]])
    if y_true.shape.ndims != 1:
        y_true = array.reshape(y_true, [-1])
    return cast(in_top_k(y_pred, cast(y_true, "int32"), k), floatx())
