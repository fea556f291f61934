"""The hinge loss of several classes: max over c of (logits_c - logits_c* + [c != c*]).

Source: Crammer and Singer 2001; TensorFlow 1.15's tf.contrib.kernel_methods.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import reshape, squeeze
from minitf.api.framework import name_scope
from minitf.api.losses import BY_NONZERO, compute_weighted_loss
from minitf.api.reductions import reduce_max, reduce_sum
from minitf.api.sequences import one_hot
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import int32, int64
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor


def sparse_multiclass_hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Return by how much the best wrong class comes near the right one, weighted, and collect it.

    Args:
        labels: int32 or int64 [batch] or [batch, 1], the number of the right class.
        logits: [batch, classes].
        weights: a number, or [batch] or [batch, 1].
        scope: name scope of the operations.
        loss_collection: name of the collection; None for no collection.
        reduction: one of `tf.losses.Reduction`.

    Returns:
        A scalar; [batch] for `Reduction.NONE`.

    Raises:
        ValueError: if shapes or types do not fit.
    """
    with name_scope(scope, "sparse_multiclass_hinge_loss", [logits, labels]):
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        if logits.shape.rank != 2:
            raise ValueError(
                "logits should have rank 2 ([batch_size, num_classes]). Given rank is "
                f"{logits.shape.rank}"
            )
        if labels.dtype not in (int32, int64):
            raise ValueError(
                f"Invalid dtype for labels: {labels.dtype}. Acceptable dtypes: int32 and int64"
            )
        if labels.shape.rank not in (1, 2):
            raise ValueError(
                "labels should have rank 1 ([batch_size]) or 2 ([batch_size, 1]). Given rank is "
                f"{labels.shape.rank}"
            )
        if labels.shape.rank == 2:
            labels = squeeze(labels, [1])
        weights = convert_to_tensor(weights, logits.dtype, name="weights")
        if weights.shape.rank not in (0, 1, 2):
            raise ValueError(
                "non-scalar weights should have rank 1 ([batch_size]) or 2 ([batch_size, 1]). "
                f"Given rank is {weights.shape.rank}"
            )
        if weights.shape.rank == 2:
            weights = reshape(weights, [-1])
        right = one_hot(labels, shape(logits)[1], dtype=logits.dtype)
        own = reduce_sum(right * logits, 1, keepdims=True)
        losses = reduce_max(logits - own + (1.0 - right), 1)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)
