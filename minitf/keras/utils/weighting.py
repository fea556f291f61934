"""Weights of rows and cells: how they are laid upon losses and metrics.

Source: TensorFlow 1.15's losses and metrics.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array
from minitf.api.casting import cast
from minitf.api.framework import convert_to_tensor
from minitf.tensor import Tensor


def matched(y_pred: Any, y_true: Any, sparse: bool = False) -> tuple[Tensor, Tensor]:
    """Return predictions and labels of one rank: a last axis of size 1 is dropped.

    Args:
        y_pred: predictions.
        y_true: labels.
        sparse: whether labels are numbers of classes, so that they have an axis less.
    """
    y_pred, y_true = convert_to_tensor(y_pred), convert_to_tensor(y_true)
    ranks = y_pred.shape.ndims, y_true.shape.ndims
    if None in ranks:
        return y_pred, y_true
    if sparse:
        return y_pred, y_true
    if ranks[0] - ranks[1] == 1 and y_pred.shape[-1].value in {1, None} and ranks[1] > 0:
        y_pred = array.squeeze(y_pred, [-1]) if y_pred.shape[-1].value == 1 else y_pred
    elif ranks[1] - ranks[0] == 1 and y_true.shape[-1].value == 1:
        y_true = array.squeeze(y_true, [-1])
    return y_pred, y_true


def laid_upon(values: Any, weights: Any) -> Tensor:
    """Return weights of the rank of values, or of one that broadcasts to it.

    [N] and [N, 1] are laid upon [N], and [N] upon [N, T] row by row.
    """
    weights = cast(weights, values.dtype)
    ranks = values.shape.ndims, weights.shape.ndims
    if None in ranks or ranks[1] == 0:
        return weights
    if ranks[1] - ranks[0] == 1:
        return array.squeeze(weights, [-1])
    while ranks[1] < ranks[0]:
        weights = array.expand_dims(weights, -1)
        ranks = ranks[0], ranks[1] + 1
    return weights


def weighted(values: Any, weights: Any) -> Tensor:
    """Return values times weights; None for weights of 1."""
    values = convert_to_tensor(values)
    return values if weights is None else values * laid_upon(values, weights)
