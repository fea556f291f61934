"""Variants of functions of `tf.nn`: dropout for selu, a scaled softplus, losses in older orders.

Source: TensorFlow 1.15's functions of the same names; the papers are named at each.
"""

from __future__ import annotations

from numbers import Real
from typing import Any

from minitf import ops
from minitf.api.candidate_sampling import sampled_softmax_loss
from minitf.api.elementary import floor
from minitf.api.framework import name_scope
from minitf.api.math import minimum, multiply
from minitf.api.nn_activations import softplus
from minitf.api.nn_losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
)
from minitf.api.random import random_uniform
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor

_DROPPED = -1.7580993408473766  # where scaled exponential linear units saturate


def alpha_dropout(
    x: Any,
    keep_prob: Any,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Drop elements so that mean 0 and variance 1 stay: dropped ones become selu's lower limit.

    Source: Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks" (2017).

    Args:
        x: floats.
        keep_prob: share that is kept, in (0, 1]; a number, or a scalar of the type of x.
        noise_shape: int32 vector: where a size is 1, elements are dropped together; x's by default.
        seed: of the random numbers.
        name: name scope of the operations.

    Raises:
        ValueError: if `keep_prob` is a number outside (0, 1].
    """
    with name_scope(name, "alpha_dropout", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        if isinstance(keep_prob, Real):
            share = float(keep_prob)
            if not 0 < share <= 1:
                raise ValueError(
                    "keep_prob must be a scalar tensor or a float in the range (0, 1], got "
                    f"{share:g}"
                )
            if share == 1:
                return x
        keep = convert_to_tensor(keep_prob, x.dtype, name="keep_prob")
        sizes = shape(x) if noise_shape is None else noise_shape
        kept = floor(keep + random_uniform(sizes, seed=seed, dtype=x.dtype))
        scale = (keep + _DROPPED**2 * keep * (1 - keep)) ** -0.5
        shift = -scale * _DROPPED * (1 - keep)
        found: Tensor = multiply(scale, x * kept + _DROPPED * (1 - kept))
        found = found + shift
        found.set_shape(x.shape)
        return found if name is None else ops.identity_op(found, name=scope)


def scaled_softplus(x: Any, alpha: Any, clip: Any = None, name: str | None = None) -> Tensor:
    """Return alpha ln(1 + exp(x / alpha)), at most `clip` where that is given.

    Args:
        x: floats.
        alpha: positive, of a shape that broadcasts with x.
        clip: positive, of a shape that broadcasts with x.
        name: name scope of the operations.
    """
    with name_scope(name, "scaled_softplus", [x, alpha]) as scope:
        x = convert_to_tensor(x, name="x")
        alpha = convert_to_tensor(alpha, x.dtype, name="alpha")
        soft = multiply(alpha, softplus(x / alpha), name=scope if clip is None else None)
        return soft if clip is None else minimum(soft, clip, name=scope)


def sampled_sparse_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str = "sampled_sparse_softmax_loss",
) -> Tensor:
    """Return `tf.nn.sampled_softmax_loss` of examples that have one true class each.

    Args:
        weights: float[num_classes, D], or a list of its parts.
        biases: float[num_classes].
        labels: int64[batch, 1], the true classes.
        inputs: float[batch, D].
        num_sampled: how many classes to sample for the batch.
        num_classes: how many there are.
        sampled_values: what a sampler gave; by default the log-uniform sampler is asked.
        remove_accidental_hits: whether sampled classes that are true ones are left out.
        partition_strategy: how the rows are dealt out to the parts: "mod" or "div".
        name: name scope of the operations.

    Returns:
        float[batch].
    """
    return sampled_softmax_loss(
        weights,
        biases,
        labels,
        inputs,
        num_sampled,
        num_classes,
        1,
        sampled_values,
        remove_accidental_hits,
        partition_strategy,
        name,
    )


def nth_element(input: Any, n: Any, reverse: bool = False, name: str | None = None) -> Tensor:
    """Return the n-th smallest entry of each row, counted from 0.

    Args:
        input: numbers[..., N], of rank 1 or more.
        n: int32 scalar in [0, N).
        reverse: whether to count from the greatest.
        name: name of the operation.

    Returns:
        numbers[...].
    """
    return ops.nth_element_op(input, n, reverse=reverse, name=name)


def deprecated_flipped_softmax_cross_entropy_with_logits(
    logits: Any, labels: Any, dim: int = -1, name: str | None = None
) -> Tensor:
    """Do as `tf.nn.softmax_cross_entropy_with_logits`, in the order of before TensorFlow 1.0."""
    return softmax_cross_entropy_with_logits(labels=labels, logits=logits, dim=dim, name=name)


def deprecated_flipped_sparse_softmax_cross_entropy_with_logits(
    logits: Any, labels: Any, name: str | None = None
) -> Tensor:
    """Do as `tf.nn.sparse_softmax_cross_entropy_with_logits`, in the older order."""
    return sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name=name)


def deprecated_flipped_sigmoid_cross_entropy_with_logits(
    logits: Any, targets: Any, name: str | None = None
) -> Tensor:
    """Do as `tf.nn.sigmoid_cross_entropy_with_logits`, in the older order."""
    return sigmoid_cross_entropy_with_logits(labels=targets, logits=logits, name=name)
