"""Losses of `tf.losses` that take predictions before labels.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.losses.
"""

from __future__ import annotations

from typing import Any

from minitf.api import losses_errors, losses_scores
from minitf.api.framework import name_scope
from minitf.api.losses import check_given, floats
from minitf.api.losses import compute_weighted_loss as weighted_loss
from minitf.api.losses import get_total_loss as total_loss
from minitf.api.nn_activations import relu
from minitf.tensor import Tensor


def compute_weighted_loss(losses: Any, weights: Any = 1.0, scope: str | None = None) -> Tensor:
    """Return the mean of losses with weights; see `tf.losses.compute_weighted_loss`."""
    return weighted_loss(losses, weights, scope)


def get_total_loss(add_regularization_losses: bool = True, name: str = "total_loss") -> Tensor:
    """Return the sum of all losses; see `tf.losses.get_total_loss`."""
    return total_loss(add_regularization_losses, name)


def absolute_difference(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: str | None = None
) -> Tensor:
    """Return the loss |prediction - label|; see `tf.losses.absolute_difference`."""
    return losses_errors.absolute_difference(labels, predictions, weights, scope)


def log_loss(
    predictions: Any,
    labels: Any = None,
    weights: Any = 1.0,
    epsilon: float = 1e-07,
    scope: str | None = None,
) -> Tensor:
    """Return the log loss; see `tf.losses.log_loss`."""
    return losses_errors.log_loss(labels, predictions, weights, epsilon, scope)


def mean_squared_error(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: str | None = None
) -> Tensor:
    """Return the loss (prediction - label)^2; see `tf.losses.mean_squared_error`."""
    return losses_errors.mean_squared_error(labels, predictions, weights, scope)


def mean_pairwise_squared_error(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: str | None = None
) -> Tensor:
    """Return the loss of differences; see `tf.losses.mean_pairwise_squared_error`."""
    return losses_errors.mean_pairwise_squared_error(labels, predictions, weights, scope)


def cosine_distance(
    predictions: Any,
    labels: Any = None,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: str | None = None,
    dim: int | None = None,
) -> Tensor:
    """Return the loss 1 - prediction label; see `tf.losses.cosine_distance`."""
    return losses_errors.cosine_distance(
        labels, predictions, axis=axis, weights=weights, scope=scope, dim=dim
    )


def hinge_loss(logits: Any, labels: Any = None, scope: str | None = None) -> Tensor:
    """Return max(0, 1 - label logit) of each element, with labels 0 and 1 as -1 and 1.

    Unlike the others it is neither averaged nor added to a collection.
    """
    check_given(labels=labels, logits=logits)
    with name_scope(scope, "hinge_loss", [logits, labels]):
        labels, logits = floats(labels, logits)
        return relu(1.0 - (2.0 * labels - 1.0) * logits)


def sigmoid_cross_entropy(
    logits: Any,
    multi_class_labels: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
) -> Tensor:
    """Return the cross entropy of sigmoids; see `tf.losses.sigmoid_cross_entropy`."""
    return losses_scores.sigmoid_cross_entropy(
        multi_class_labels, logits, weights, label_smoothing, scope
    )


def softmax_cross_entropy(
    logits: Any,
    onehot_labels: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
) -> Tensor:
    """Return the cross entropy of a softmax; see `tf.losses.softmax_cross_entropy`."""
    return losses_scores.softmax_cross_entropy(
        onehot_labels, logits, weights, label_smoothing, scope
    )


def sparse_softmax_cross_entropy(
    logits: Any, labels: Any, weights: Any = 1.0, scope: str | None = None
) -> Tensor:
    """Return the cross entropy of a softmax; see `tf.losses.sparse_softmax_cross_entropy`."""
    return losses_scores.sparse_softmax_cross_entropy(labels, logits, weights, scope)
