"""tf.losses: how a loss per element becomes one number, and the collection of losses.

A training loop minimises `get_total_loss()`, the sum of all losses that were made and of the
variables' regularization losses.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.constants import constant, ones_like, zeros_like
from minitf.api.framework import (
    add_to_collection,
    control_dependencies,
    get_collection,
    name_scope,
)
from minitf.api.gathering import where
from minitf.api.math import add_n, div_no_nan, multiply
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank, size
from minitf.api.weights import assert_broadcastable, broadcast_weights
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor

# --- from a loss per element to one number -------------------------------------------------------


class Reduction:
    """How a loss per element becomes one number, if it does.

    NONE keeps them.  SUM adds them up, weighted.  The others divide that sum: MEAN by the sum of
    the weights, SUM_OVER_BATCH_SIZE by the number of elements, SUM_BY_NONZERO_WEIGHTS (of which
    SUM_OVER_NONZERO_WEIGHTS is another name) by the number of elements whose weight is not 0.
    """

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Return all the ways."""
        return (
            cls.NONE,
            cls.SUM,
            cls.MEAN,
            cls.SUM_OVER_BATCH_SIZE,
            cls.SUM_OVER_NONZERO_WEIGHTS,
            cls.SUM_BY_NONZERO_WEIGHTS,
        )

    @classmethod
    def validate(cls, key: str) -> None:
        """Raise ValueError if a key names no way."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}.")


BY_NONZERO = Reduction.SUM_BY_NONZERO_WEIGHTS


def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Weight losses, reduce them to one number, and put it into a collection.

    Args:
        losses: numbers of any shape.
        weights: a scalar, or of the rank of the losses, each size 1 or theirs.
        scope: name scope of the operations.
        loss_collection: name of the collection; None for no collection.
        reduction: one of `Reduction`.

    Returns:
        A scalar, or for `Reduction.NONE` the weighted losses, of the type of the losses.

    Raises:
        ValueError: if the weights do not fit, or there is no such reduction.
    """
    Reduction.validate(reduction)
    with (
        name_scope(scope, "weighted_loss", [losses, weights]),
        control_dependencies([assert_broadcastable(weights, losses)]),
    ):
        losses = convert_to_tensor(losses)
        dtype = losses.dtype
        losses = cast(losses, float32)
        weights = cast(weights, float32)
        loss = multiply(losses, weights)
        if reduction != Reduction.NONE:
            loss = reduce_sum(loss)
        if reduction == Reduction.MEAN:
            loss = _safe_mean(loss, reduce_sum(ones_like(losses) * weights))
        elif reduction == Reduction.SUM_BY_NONZERO_WEIGHTS:
            loss = _safe_mean(loss, num_present(losses, weights))
        elif reduction == Reduction.SUM_OVER_BATCH_SIZE:
            loss = _safe_mean(loss, _num_elements(losses))
        loss = cast(loss, dtype)
        add_loss(loss, loss_collection)
        return loss


def _safe_mean(losses: Tensor, count: Tensor) -> Tensor:
    """Divide the sum of losses by a count; 0 where the count is 0."""
    return div_no_nan(reduce_sum(losses), count, name="value")


def num_present(losses: Tensor, weights: Any, *, per_batch: bool = False) -> Tensor:
    """Count the elements whose weight is not 0, all of them or of each example."""
    with name_scope(None, "num_present", [losses, weights]) as scope:
        weights = cast(weights, float32)
        present = where(ops.equal_op(weights, 0.0), zeros_like(weights), ones_like(weights))
        present = broadcast_weights(present, losses)
        if not per_batch:
            return reduce_sum(present, name=scope)
        return reduce_sum(present, range_(1, rank(present)), keepdims=True, name=scope)


def _num_elements(losses: Tensor) -> Tensor:
    with name_scope(None, "num_elements", [losses]) as scope:
        return cast(size(losses, name=scope), losses.dtype)


# --- collections ---------------------------------------------------------------------------------


def add_loss(loss: Any, loss_collection: str | None = GraphKeys.LOSSES) -> None:
    """Put a loss into the collection of losses."""
    if loss_collection:
        add_to_collection(loss_collection, loss)


def get_losses(scope: str | None = None, loss_collection: str = GraphKeys.LOSSES) -> list[Any]:
    """Return the losses of a collection; with `scope`, those whose name matches it."""
    return get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Any]:
    """Return the losses that variables' regularizers made; with `scope`, of matching names."""
    return get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(
    scope: str | None = None, name: str = "total_regularization_loss"
) -> Tensor:
    """Return the sum of the regularization losses, 0 if there are none."""
    losses = get_regularization_losses(scope)
    return add_n(losses, name=name) if losses else constant(0.0)


def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss", scope: str | None = None
) -> Tensor:
    """Return the sum of the losses that were made.

    Args:
        add_regularization_losses: whether regularization losses count too.
        name: name of the sum.
        scope: count only losses whose name matches it.

    Raises:
        ValueError: if there are none.
    """
    losses = get_losses(scope)
    if add_regularization_losses:
        losses += get_regularization_losses(scope)
    return add_n(losses, name=name)


# --- what each loss begins with ------------------------------------------------------------------


def check_given(**operands: Any) -> None:
    """Raise ValueError if an operand is None."""
    for name, value in operands.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")


def floats(labels: Any, predictions: Any) -> tuple[Tensor, Tensor]:
    """Return both as floats; ValueError if their shapes do not go together."""
    predictions, labels = cast(predictions, float32), cast(labels, float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    return labels, predictions
