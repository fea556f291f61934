"""sequence_loss: the weighted cross entropy of sequences of classes.

    average over steps and batch    sum(w * xent) / sum(w)
    average over one of them        the same along that axis, a vector along the other one
    neither                         w * xent, [batch, time]
    sum over ...                    the same sums, divided by how many weights are not 0

Source: TensorFlow 1.15's `tf.contrib.seq2seq.sequence_loss`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api.array import reshape
from minitf.api.casting import cast
from minitf.api.framework import name_scope
from minitf.api.math import div_no_nan
from minitf.api.nn_losses import sparse_softmax_cross_entropy_with_logits
from minitf.api.reductions import count_nonzero, reduce_sum
from minitf.api.sizes import shape as shape_of
from minitf.tensor import Tensor


def sequence_loss(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    sum_over_timesteps: bool = False,
    sum_over_batch: bool = False,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the weighted cross entropy of sequences.

    Args:
        logits: a tensor [batch, time, classes].
        targets: the true classes, whole numbers [batch, time].
        weights: how much each step counts, [batch, time]; 0 for steps past a sequence's end.
        average_across_timesteps: whether to sum over time and divide by the weights' sum.
        average_across_batch: likewise over the batch.
        sum_over_timesteps: whether to sum over time and divide by how many weights are not 0.
        sum_over_batch: likewise over the batch.
        softmax_loss_function: function of `labels` and `logits` instead of
            `sparse_softmax_cross_entropy_with_logits`; its arguments have batch and time in one.
        name: name of the scope.

    Returns:
        A scalar, a vector, or a matrix: an axis along which nothing is summed stays.

    Raises:
        ValueError: if an argument has another rank, or an axis is to be averaged and summed.

    Source: TensorFlow 1.15.
    """
    if len(logits.shape) != 3:
        raise ValueError("Logits must be a [batch_size x sequence_length x logits] tensor")
    if len(targets.shape) != 2:
        raise ValueError("Targets must be a [batch_size x sequence_length] tensor")
    if len(weights.shape) != 2:
        raise ValueError("Weights must be a [batch_size x sequence_length] tensor")
    if average_across_timesteps and sum_over_timesteps:
        raise ValueError(
            "average_across_timesteps and sum_over_timesteps cannot be set to True at same time."
        )
    if average_across_batch and sum_over_batch:
        raise ValueError(
            "average_across_batch and sum_over_batch cannot be set to True at same time."
        )
    with name_scope(name, "sequence_loss", [logits, targets, weights]):
        classes = shape_of(logits)[2]
        rows = reshape(logits, [-1, classes])
        labels = reshape(targets, [-1])
        entropy = softmax_loss_function or sparse_softmax_cross_entropy_with_logits
        losses = entropy(labels=labels, logits=rows) * reshape(weights, [-1])
        if average_across_timesteps and average_across_batch:
            return div_no_nan(reduce_sum(losses), reduce_sum(weights))
        if sum_over_timesteps and sum_over_batch:
            total = reduce_sum(losses)
            return div_no_nan(total, cast(count_nonzero(weights), total.dtype))
        losses = reshape(losses, shape_of(logits)[0:2])
        if average_across_timesteps or average_across_batch:
            axis = [0] if average_across_batch else [1]
            return div_no_nan(reduce_sum(losses, axis=axis), reduce_sum(weights, axis=axis))
        if sum_over_timesteps or sum_over_batch:
            axis = [0] if sum_over_batch else [1]
            total = reduce_sum(losses, axis=axis)
            return div_no_nan(total, cast(count_nonzero(weights, axis=axis), total.dtype))
        return losses
