"""Losses of embeddings: vectors of one label shall lie near each other, others apart.

D[i, j] is the Euclidean distance of two embeddings of a batch; i and j are a positive pair if their
labels are equal and i != j, a negative pair if the labels differ.

Source: TensorFlow 1.15's tf.contrib.losses.metric_learning; the papers are named at each loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.array import expand_dims, reshape, transpose
from minitf.api.casting import cast
from minitf.api.comparison import equal, greater, logical_and, logical_not
from minitf.api.constants import ones_like, zeros_like
from minitf.api.elementary import exp, log, sqrt, square
from minitf.api.framework import name_scope
from minitf.api.gathering import where
from minitf.api.math import div, maximum, multiply, squared_difference
from minitf.api.matmul import matmul
from minitf.api.nn_losses import softmax_cross_entropy_with_logits_v2
from minitf.api.printing import Print
from minitf.api.reductions import reduce_any, reduce_max, reduce_mean, reduce_min, reduce_sum
from minitf.api.sequences import eye
from minitf.api.sizes import shape
from minitf.api.sparse_dense import sparse_tensor_to_dense
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.dtypes import bool_, float32
from minitf.tensor import Tensor

# --- pairs ---------------------------------------------------------------------------------------


def contrastive_loss(
    labels: Any, embeddings_anchor: Any, embeddings_positive: Any, margin: float = 1.0
) -> Tensor:
    """Return the mean of D^2 over like pairs, of max(0, margin - D)^2 over unlike ones.

    Source: Hadsell, Chopra and LeCun, "Dimensionality reduction by learning an invariant mapping"
    (2006).

    Args:
        labels: int32[N], 1 where anchor and positive are alike, 0 where not.
        embeddings_anchor: float[N, E], better of length 1.
        embeddings_positive: float[N, E], better of length 1.
        margin: how far unlike ones shall lie apart.

    Returns:
        float[].
    """
    squares = reduce_sum(squared_difference(embeddings_anchor, embeddings_positive), 1)
    like = cast(labels, squares.dtype)
    short = square(maximum(margin - _root(squares), 0.0))
    return reduce_mean(like * squares + (1 - like) * short, name="contrastive_loss")


def npairs_loss(
    labels: Any,
    embeddings_anchor: Any,
    embeddings_positive: Any,
    reg_lambda: float = 0.002,
    print_losses: bool = False,
) -> Tensor:
    """Return the cross entropy of picking each anchor's positives by products, plus a penalty.

    The logits of anchor i are its products with all positives, the wanted probabilities spread
    evenly over the positives of its label; the penalty is reg_lambda / 4 times the mean of the
    squared lengths of both.

    Source: Sohn, "Improved deep metric learning with multi-class N-pair loss objective" (2016).

    Args:
        labels: int[N], of the pairs.
        embeddings_anchor: float[N, E], not of length 1.
        embeddings_positive: float[N, E].
        reg_lambda: weight of the penalty.
        print_losses: whether both parts are written to the log in each run.

    Returns:
        float[].
    """
    column = reshape(convert_to_tensor(labels), [-1, 1])
    counts = equal(column, transpose(column))
    return _npairs(counts, embeddings_anchor, embeddings_positive, reg_lambda, print_losses)


def npairs_loss_multilabel(
    sparse_labels: Sequence[SparseTensor],
    embeddings_anchor: Any,
    embeddings_positive: Any,
    reg_lambda: float = 0.002,
    print_losses: bool = False,
) -> Tensor:
    """Return `npairs_loss` where pairs have several labels each, weighted by those they share.

    Args:
        sparse_labels: one bool SparseTensor[classes] per pair, with what it is.
        embeddings_anchor: float[N, E], not of length 1.
        embeddings_positive: float[N, E].
        reg_lambda: weight of the penalty.
        print_losses: whether both parts are written to the log in each run.

    Returns:
        float[].

    Raises:
        TypeError: if a label is no SparseTensor.
    """
    with name_scope("NpairsLossMultiLabel"):
        rows = []
        for each in sparse_labels:
            if not isinstance(each, SparseTensor):
                raise TypeError(f"sparse_labels: must be SparseTensors, not {each!r}")
            held = SparseTensor(
                each.indices, cast(cast(each.values, bool_), float32), each.dense_shape
            )
            rows.append(reshape(sparse_tensor_to_dense(held, validate_indices=False), [-1]))
        members = convert_to_tensor(rows)
        counts = matmul(members, members, transpose_b=True)
        return _npairs(counts, embeddings_anchor, embeddings_positive, reg_lambda, print_losses)


def _npairs(counts: Any, anchor: Any, positive: Any, reg_lambda: float, printed: bool) -> Tensor:
    """Return the loss of N pairs that share `counts`[N, N] labels."""
    anchor, positive = convert_to_tensor(anchor), convert_to_tensor(positive)
    lengths = [reduce_mean(reduce_sum(square(each), 1)) for each in (anchor, positive)]
    penalty = multiply(0.25 * reg_lambda, lengths[0] + lengths[1], name="l2loss")
    logits = matmul(anchor, positive, transpose_b=True)
    counts = cast(counts, logits.dtype)
    wanted = div(counts, reduce_sum(counts, 1, keepdims=True))
    entropies = softmax_cross_entropy_with_logits_v2(labels=wanted, logits=logits)
    entropy = reduce_mean(entropies, name="xentropy")
    if printed:
        entropy = Print(entropy, ["cross entropy:", entropy, "l2loss:", penalty])
    return penalty + entropy


# --- triplets and more ---------------------------------------------------------------------------


def triplet_semihard_loss(labels: Any, embeddings: Any, margin: float = 1.0) -> Tensor:
    """Return the mean of max(0, margin + D_ap^2 - D_an^2) over all positive pairs (a, p).

    n is the nearest of those negatives of a that are farther than p ("semi-hard"); if none is
    farther, the farthest.  Without negatives D_an is 0, without positive pairs the loss NaN.

    Source: Schroff, Kalenichenko and Philbin, "FaceNet: a unified embedding for face recognition
    and clustering" (2015).

    Args:
        labels: int32[N].
        embeddings: float[N, E], of length 1.
        margin: by how much negatives shall be farther than positives.

    Returns:
        float[].
    """
    distances = _squared_distances(convert_to_tensor(embeddings))
    positive, negative = _pairs(labels)
    ap, an = expand_dims(distances, 2), expand_dims(distances, 1)  # [a, p, n]
    farther = logical_and(expand_dims(negative, 1), greater(an, ap))
    cubes = an + zeros_like(ap)
    greatest = reduce_max(distances, 1, keepdims=True)
    limit = expand_dims(greatest, 2) + zeros_like(cubes)
    nearest = reduce_min(where(farther, cubes, limit), 2)
    farthest = reduce_max(where(negative, distances, zeros_like(distances)), 1, keepdims=True)
    found = reduce_any(farther, 2)
    semihard = where(found, nearest, farthest + zeros_like(distances))
    losses = maximum(margin + distances - semihard, 0.0)
    chosen = cast(positive, losses.dtype)
    return div(reduce_sum(losses * chosen), reduce_sum(chosen), name="triplet_semihard_loss")


def lifted_struct_loss(labels: Any, embeddings: Any, margin: float = 1.0) -> Tensor:
    """Return 1/(2 P) times the sum of max(0, J_ij)^2 over the P positive pairs i < j.

    J_ij = D_ij + log(sum over negatives k of i of exp(margin - D_ik) + the same for j).  Without
    positive pairs the loss is NaN.

    Source: Oh Song, Xiang, Jegelka and Savarese, "Deep metric learning via lifted structured
    feature embedding" (2016).

    Args:
        labels: int32[N].
        embeddings: float[N, E], not of length 1.
        margin: how far negatives shall lie apart.

    Returns:
        float[].
    """
    distances = _root(_squared_distances(convert_to_tensor(embeddings)))
    positive, negative = _pairs(labels)
    least = reduce_min(margin - distances) * ones_like(distances)
    nearness = where(negative, margin - distances, least)
    top = reduce_max(nearness, 1, keepdims=True)
    top = maximum(top, transpose(top))  # [i, j]: the greatest term of both sums
    there = cast(expand_dims(negative, 1), distances.dtype)  # [i, 1, k]
    terms = exp(expand_dims(nearness, 1) - expand_dims(top, 2)) * there
    sums = reduce_sum(terms, 2)
    sums = sums + transpose(sums)
    some = logical_and(positive, greater(sums, 0.0))  # a logarithm of 0 is no loss
    logs = log(where(some, sums, ones_like(sums)))
    losses = where(some, maximum(logs + top + distances, 0.0), zeros_like(sums))
    pairs = reduce_sum(cast(positive, losses.dtype)) / 2.0
    return div(0.25 * reduce_sum(square(losses)), pairs, name="liftedstruct_loss")


# --- parts ---------------------------------------------------------------------------------------


def _pairs(labels: Any) -> tuple[Tensor, Tensor]:
    """Return bool[N, N] twice: which pairs are positive, and which negative."""
    column = reshape(convert_to_tensor(labels), [-1, 1])
    like = equal(column, transpose(column))
    itself = eye(shape(column)[0], dtype=bool_)
    return logical_and(like, logical_not(itself)), logical_not(like)


def _squared_distances(x: Tensor) -> Tensor:
    """Return D^2, at least 0, and 0 on the diagonal."""
    lengths = reduce_sum(square(x), 1, keepdims=True)
    products = matmul(x, x, transpose_b=True)
    squares = maximum(lengths + transpose(lengths) - 2.0 * products, 0.0)
    return squares * (1 - eye(shape(x)[0], dtype=x.dtype))


def _root(squares: Tensor) -> Tensor:
    """Return the square root, with gradient 0 at 0."""
    apart = greater(squares, 0.0)
    return where(apart, sqrt(where(apart, squares, ones_like(squares))), zeros_like(squares))
