"""Parts of networks, with TensorFlow 2's arguments: activations, losses, moments, dropout.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.nn.
"""

from __future__ import annotations

from typing import Any

from minitf.api import nn_activations, nn_layers, nn_losses, nn_normalisation
from minitf.compat import logging
from minitf.tensor import Tensor

_LARGE_RATE = 0.5
_WARNINGS_OF_LARGE_RATES = 5


def crelu(features: Any, axis: int = -1, name: str | None = None) -> Tensor:
    """Return the positive parts of `features` and of -`features`, side by side."""
    return nn_activations.crelu(features, name, axis)


def softmax(logits: Any, axis: Any = None, name: str | None = None) -> Tensor:
    """Return exp(logits) divided by its sum along an axis."""
    return nn_losses.softmax(logits, axis, name)


def log_softmax(logits: Any, axis: Any = None, name: str | None = None) -> Tensor:
    """Return the logarithm of `softmax`."""
    return nn_losses.log_softmax(logits, axis, name)


def dropout(
    x: Any, rate: Any, noise_shape: Any = None, seed: int | None = None, name: str | None = None
) -> Tensor:
    """Set elements to 0 at random; a rate above 1/2 is warned of, as it may be a keep_prob."""
    if isinstance(rate, (int, float)) and _LARGE_RATE < rate < 1:
        logging.log_first_n(
            logging.WARN,
            "Large dropout rate: %g (>0.5). In TensorFlow 2.x, dropout() uses dropout rate "
            "instead of keep_prob. Please ensure that this is intended.",
            _WARNINGS_OF_LARGE_RATES,
            rate,
        )
    return nn_layers.dropout(x, noise_shape=noise_shape, seed=seed, name=name, rate=rate)


def in_top_k(targets: Any, predictions: Any, k: Any, name: str | None = None) -> Tensor:
    """Tell whether each target is among the k likeliest classes."""
    return nn_layers.in_top_k(predictions, targets, k, name)


# --- losses --------------------------------------------------------------------------------------


def sigmoid_cross_entropy_with_logits(
    labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """Return the loss of independent classes, each there or not."""
    return nn_losses.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name=name)


def softmax_cross_entropy_with_logits(
    labels: Any, logits: Any, axis: int = -1, name: str | None = None
) -> Tensor:
    """Return the loss of classes of which one is right; the labels have a gradient too."""
    return nn_losses.softmax_cross_entropy_with_logits_v2(
        labels=labels, logits=logits, axis=axis, name=name
    )


def sparse_softmax_cross_entropy_with_logits(
    labels: Any, logits: Any, name: str | None = None
) -> Tensor:
    """Return the loss of classes of which one, given by its number, is right."""
    return nn_losses.sparse_softmax_cross_entropy_with_logits(
        labels=labels, logits=logits, name=name
    )


def weighted_cross_entropy_with_logits(
    labels: Any, logits: Any, pos_weight: Any, name: str | None = None
) -> Tensor:
    """Return the loss of independent classes whose presence weighs `pos_weight`."""
    return nn_losses.weighted_cross_entropy_with_logits(
        labels=labels, logits=logits, pos_weight=pos_weight, name=name
    )


# --- moments -------------------------------------------------------------------------------------


def l2_normalize(x: Any, axis: Any = None, epsilon: Any = 1e-12, name: Any = None) -> Tensor:
    """Divide vectors along an axis by their length."""
    return nn_normalisation.l2_normalize(x, axis, epsilon, name)


def moments(
    x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Return mean and variance along axes."""
    return nn_normalisation.moments(x, axes, shift, name, keepdims)


def weighted_moments(
    x: Any, axes: Any, frequency_weights: Any, keepdims: bool = False, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Return mean and variance along axes, where each element counts as often as its weight."""
    return nn_normalisation.weighted_moments(x, axes, frequency_weights, name, keepdims)


def sufficient_statistics(
    x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None
) -> tuple[Tensor, Tensor, Tensor, Any]:
    """Return what mean and variance are made of: count, sum, sum of squares and shift."""
    return nn_normalisation.sufficient_statistics(x, axes, shift, keepdims, name)


def batch_norm_with_global_normalization(
    input: Any,
    mean: Any,
    variance: Any,
    beta: Any,
    gamma: Any,
    variance_epsilon: Any,
    scale_after_normalization: bool,
    name: str | None = None,
) -> Tensor:
    """Normalise the channels of images by given moments."""
    return nn_normalisation.batch_norm_with_global_normalization(
        input, mean, variance, beta, gamma, variance_epsilon, scale_after_normalization, name
    )
