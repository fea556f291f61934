"""Weights of losses and metrics: which shapes they may have, and how ranks are brought together.

A weight is a scalar, or has the rank of the values with each size 1 or theirs: less than NumPy
broadcasts, so that a forgotten dimension is noticed.

Where a rank is known only at run time, TensorFlow branches by tf.cond; here the shape that a
tensor is given is computed instead, so these graphs have other nodes than TensorFlow's.

Source: TensorFlow 1.15, `weights_broadcast_ops`, `confusion_matrix`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, reshape, squeeze
from minitf.api.casting import cast
from minitf.api.checks import Assert
from minitf.api.comparison import equal, logical_and, logical_or
from minitf.api.constants import fill, ones_like
from minitf.api.control import no_op
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.math import multiply
from minitf.api.reductions import reduce_all
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import int32
from minitf.operation import Operation
from minitf.shapes import known
from minitf.static_value import constant_value
from minitf.tensor import Tensor

_REFUSED = "weights can not be broadcast to values."

# --- broadcasting --------------------------------------------------------------------------------


def assert_broadcastable(weights: Any, values: Any) -> Operation:
    """Return an operation that fails unless weights are a scalar or fit each dimension of values.

    Raises:
        ValueError: if it is known while the graph is built that they do not fit.
    """
    with name_scope(None, "assert_broadcastable", [weights, values]) as scope:
        weights, weights_shape, weights_rank = _measured(weights, "weights")
        values, values_shape, values_rank = _measured(values, "values")
        static_ranks = weights.static_shape.rank, values.static_shape.rank
        if None not in static_ranks:
            if not static_ranks[0]:
                return no_op(name="static_scalar_check_success")
            if static_ranks[0] != static_ranks[1]:
                raise ValueError(
                    f"{_REFUSED} values.rank={static_ranks[1]}. weights.rank={static_ranks[0]}. "
                    f"values.shape={values.shape}. weights.shape={weights.shape}."
                )
            if weights.static_shape.is_full and values.static_shape.is_full:
                _check_sizes(weights, values)
                return no_op(name="static_dims_check_success")
        is_scalar = equal(0, weights_rank, name="is_scalar")
        with name_scope("is_valid_shape"):
            same_rank = equal(values_rank, weights_rank)
            # as many sizes as the weights have, whatever the rank of the values
            padding = fill(reshape(weights_rank, [1]), -1)
            sizes = concat([values_shape, padding], 0)[:weights_rank]
            fits = reduce_all(logical_or(equal(weights_shape, 1), equal(weights_shape, sizes)))
            is_valid = logical_or(is_scalar, logical_and(same_rank, fits))
        told = [_REFUSED, "weights.shape=", weights.name, weights_shape]
        told += ["values.shape=", values.name, values_shape, "is_scalar=", is_scalar]
        return Assert(is_valid, told, name=scope)


def _measured(x: Any, name: str) -> tuple[Tensor, Tensor, Tensor]:
    with name_scope(None, name, [x]) as scope:
        x = convert_to_tensor(x, name=scope)
        return x, shape(x, name="shape"), rank(x, name="rank")


def _check_sizes(weights: Tensor, values: Tensor) -> None:
    for axis, (have, want) in enumerate(
        zip(weights.static_shape, values.static_shape, strict=True)
    ):
        if have not in (1, want):
            raise ValueError(
                f"{_REFUSED} Mismatch at dim {axis}. values.shape={constant_value(shape(values))} "
                f"weights.shape={constant_value(shape(weights))}."
            )


def broadcast_weights(weights: Any, values: Any) -> Tensor:
    """Return weights in the shape of the values, checked by `assert_broadcastable`."""
    with name_scope(None, "broadcast_weights", [weights, values]) as scope:
        values = convert_to_tensor(values, name="values")
        weights = convert_to_tensor(weights, values.dtype.base_dtype, "weights")
        have, want = weights.static_shape, values.static_shape
        if have.is_full and want.is_full and tuple(have) == tuple(want):
            return weights
        with control_dependencies([assert_broadcastable(weights, values)]):
            return multiply(weights, ones_like(values), name=scope)


# --- ranks ---------------------------------------------------------------------------------------


def remove_squeezable_dimensions(
    labels: Any, predictions: Any, expected_rank_diff: int = 0, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Drop a last dimension of size 1 that one of two tensors has too many.

    Args:
        labels: what is true.
        predictions: what is compared with it.
        expected_rank_diff: how many dimensions more the predictions should have.
        name: name scope of the operations.
    """
    with name_scope(name, "remove_squeezable_dimensions", [labels, predictions]):
        predictions, labels = convert_to_tensor(predictions), convert_to_tensor(labels)
        ranks = predictions.static_shape.rank, labels.static_shape.rank
        if ranks[0] is not None and ranks[1] is not None:
            excess = ranks[0] - ranks[1] - expected_rank_diff
            if excess == 1 and may_end_in_one(predictions):
                predictions = squeeze(predictions, [-1])
            elif excess == -1 and may_end_in_one(labels):
                labels = squeeze(labels, [-1])
            return labels, predictions
        excess = rank(predictions) - rank(labels) - expected_rank_diff
        if may_end_in_one(predictions):
            predictions = _without_last_if(equal(excess, 1), predictions)
        if may_end_in_one(labels):
            labels = _without_last_if(equal(excess, -1), labels)
        return labels, predictions


def may_end_in_one(x: Tensor) -> bool:
    """Tell whether the last dimension of a tensor may have size 1, as far as is known."""
    sizes = x.static_shape
    return sizes.rank is None or (sizes.rank > 0 and (not known(sizes[-1]) or sizes[-1] == 1))


def _without_last_if(condition: Tensor, x: Tensor) -> Tensor:
    """Drop the last dimension, whose size is then 1, where a bool scalar holds."""
    return reshape(x, shape(x)[: rank(x) - cast(condition, int32)])


def squeezed_weights(weights: Any, values: Tensor) -> Tensor:
    """Return weights without a last dimension that the values do not have."""
    weights = convert_to_tensor(weights)
    ranks = weights.static_shape.rank, values.static_shape.rank
    if ranks[0] is not None and ranks[1] is not None:
        return squeeze(weights, [-1]) if ranks[0] - ranks[1] == 1 else weights
    if not may_end_in_one(weights):
        return weights
    return _without_last_if(equal(1, rank(weights) - rank(values)), weights)


def fitted_weights(weights: Any, values: Tensor) -> Tensor:
    """Return weights with a last dimension dropped or added where they have one too many or few.

    Scalars stay as they are.
    """
    weights = convert_to_tensor(weights)
    ranks = weights.static_shape.rank, values.static_shape.rank
    if ranks[0] == 0:
        return weights
    if ranks[0] is not None and ranks[1] is not None:
        if ranks[0] - ranks[1] == 1:
            return squeeze(weights, [-1])
        return expand_dims(weights, [-1]) if ranks[1] - ranks[0] == 1 else weights
    have, sizes = rank(weights), shape(weights)
    missing = logical_and(equal(have - rank(values), -1), ops.greater_op(have, 0))
    excess = equal(have - rank(values), 1)
    kept = sizes[: have - cast(excess, int32)]
    return reshape(weights, concat([kept, fill(reshape(cast(missing, int32), [1]), 1)], 0))
