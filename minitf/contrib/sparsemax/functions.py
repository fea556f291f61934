"""Probabilities many of which are 0, and the loss that belongs to them.

    sparsemax(z) = max(z - tau, 0)     tau such that the sum is 1
    loss(z, q)   = sum_j p_j (z_j - p_j / 2) + q_j (q_j / 2 - z_j)     p = sparsemax(z)

so that the gradient of the loss is p - q, as that of softmax's cross entropy is.

Source: Martins and Astudillo 2016, "From softmax to sparsemax"; TensorFlow 1.15.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.comparison import equal, greater, is_inf, logical_and, logical_not
from minitf.api.constants import zeros_like
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.gathering import where
from minitf.api.math import maximum
from minitf.api.nn_layers import top_k
from minitf.api.reductions import cumsum, reduce_max, reduce_sum
from minitf.api.sequences import range as range_
from minitf.api.sizes import shape as shape_of
from minitf.tensor import Tensor


def sparsemax(logits: Any, name: str | None = None) -> Tensor:
    """Return float[batch, classes]: the probabilities that lie nearest to the scores.

    Args:
        logits: float[batch, classes].
        name: of the scope.
    """
    with name_scope(name, "sparsemax"):
        logits = convert_to_tensor(logits, name="logits")
        scores = logits - reduce_max(logits, 1, keepdims=True)
        descending, _ = top_k(scores, shape_of(scores)[1])
        counts = cast(range_(1, shape_of(scores)[1] + 1), scores.dtype)
        sums = cumsum(descending, 1)
        within = greater(1.0 + counts * descending, sums)  # the classes that share the 1
        share = reduce_sum(where(within, descending, zeros_like(descending)), 1, keepdims=True)
        number = reduce_sum(cast(within, scores.dtype), 1, keepdims=True)
        return maximum(scores - (share - 1.0) / number, 0.0)


def sparsemax_loss(logits: Any, sparsemax: Any, labels: Any, name: str | None = None) -> Tensor:
    """Return float[batch]: how far the probabilities of scores are from the labels.

    Args:
        logits: float[batch, classes].
        sparsemax: float[batch, classes], what `sparsemax` returns for them.
        labels: float[batch, classes], probabilities.
        name: of the scope.
    """
    with name_scope(name, "sparsemax_loss"):
        z = convert_to_tensor(logits, name="logits")
        p = convert_to_tensor(sparsemax, name="sparsemax")
        q = convert_to_tensor(labels, name="labels")
        counts = logical_not(equal(p, 0.0))  # a score of minus infinity counts where it matters
        own = where(counts, p * (z - 0.5 * p), zeros_like(p))
        nothing = logical_and(equal(q, 0.0), is_inf(z))
        return reduce_sum(own + where(nothing, zeros_like(q), q * (0.5 * q - z)), 1)
