"""Losses that compare scores of classes ("logits") with labels: hinge and cross entropies.

Source: TensorFlow 1.15's functions of the same names in tf.losses.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.constants import ones_like
from minitf.api.control import stop_gradient
from minitf.api.framework import name_scope
from minitf.api.losses import BY_NONZERO, check_given, compute_weighted_loss, floats
from minitf.api.math import multiply, subtract
from minitf.api.nn_activations import relu
from minitf.api.nn_losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
)
from minitf.api.sizes import shape
from minitf.api.weights import remove_squeezable_dimensions, squeezed_weights
from minitf.convert import convert_to_tensor
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor


def hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Return the weighted loss max(0, 1 - y x) of scores x, where labels 0, 1 stand for y = -1, 1.

    Args:
        labels: 0 or 1.
        logits: scores of the same shape.
        weights: see `compute_weighted_loss`, and so the following ones.
        scope: name scope of the operations.
        loss_collection: name of the collection.
        reduction: one of `Reduction`.
    """
    check_given(labels=labels, logits=logits)
    with name_scope(scope, "hinge_loss", [logits, labels, weights]) as within:
        labels, logits = floats(labels, logits)
        ones = ones_like(labels)
        signs = subtract(2 * labels, ones)
        losses = relu(subtract(ones, multiply(signs, logits)))
        return compute_weighted_loss(losses, weights, within, loss_collection, reduction)


def sigmoid_cross_entropy(
    multi_class_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Return the weighted cross entropy of independent classes.

    Args:
        multi_class_labels: 0 or 1 of each class, [N, classes].
        logits: scores, [N, classes].
        weights: see `compute_weighted_loss`.
        label_smoothing: how far labels are moved towards 1/2, from 0 to 1.
        scope: name scope of the operations.
        loss_collection: name of the collection.
        reduction: one of `Reduction`.
    """
    check_given(multi_class_labels=multi_class_labels, logits=logits)
    with name_scope(
        scope, "sigmoid_cross_entropy_loss", [logits, multi_class_labels, weights]
    ) as within:
        labels, logits = _scored(multi_class_labels, logits)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, within, loss_collection, reduction)


def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Return the weighted cross entropy of classes that exclude one another.

    Args:
        onehot_labels: distributions, [N, classes]; they get no gradient.
        logits: scores, [N, classes].
        weights: a scalar or [N].
        label_smoothing: how far labels are moved towards 1 / classes, from 0 to 1.
        scope: name scope of the operations.
        loss_collection: name of the collection.
        reduction: one of `Reduction`.
    """
    check_given(onehot_labels=onehot_labels, logits=logits)
    with name_scope(
        scope, "softmax_cross_entropy_loss", [logits, onehot_labels, weights]
    ) as within:
        labels, logits = _scored(onehot_labels, logits)
        if label_smoothing > 0:
            classes = cast(shape(labels)[-1], logits.dtype)
            kept, given = 1.0 - label_smoothing, label_smoothing / classes
            labels = labels * kept + given
        labels = stop_gradient(labels, name="labels_stop_gradient")
        losses = softmax_cross_entropy_with_logits_v2(labels, logits, name="xentropy")
        return compute_weighted_loss(losses, weights, within, loss_collection, reduction)


def _scored(labels: Any, logits: Any) -> tuple[Tensor, Tensor]:
    """Return labels in the type of the scores, and the scores."""
    logits = convert_to_tensor(logits)
    labels = cast(labels, logits.dtype)
    logits.shape.assert_is_compatible_with(labels.shape)
    return labels, logits


def sparse_softmax_cross_entropy(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Return the weighted cross entropy of classes given by their numbers.

    Args:
        labels: numbers of classes, [...] or [..., 1].
        logits: scores, [..., classes].
        weights: a scalar, or shaped as the labels.
        scope: name scope of the operations.
        loss_collection: name of the collection.
        reduction: one of `Reduction`.
    """
    check_given(labels=labels, logits=logits)
    name = "sparse_softmax_cross_entropy_loss"
    with name_scope(scope, name, [logits, labels, weights]) as within:
        labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
        if weights is not None:
            weights = squeezed_weights(weights, labels)
        losses = sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(losses, weights, within, loss_collection, reduction)
