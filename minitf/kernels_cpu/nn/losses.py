"""CPU kernels of the cross entropies: loss and gradient from one set of exponentials.

The gradient's array holds, one after the other, the shifted scores, their exponentials and the
gradient; a part's rows stay in cache meanwhile.

Source: 2015 Table 1.
"""

from __future__ import annotations

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.kernels_cpu.nn.softmax import EXP, shift_loops
from minitf.ops.nn.losses import (
    check_labels,
    softmax_cross_entropy_shape,
    softmax_cross_entropy_with_logits_op,
    sparse_softmax_cross_entropy_shape,
    sparse_softmax_cross_entropy_with_logits_op,
)
from minitf.shapes import Shape

TYPES = (float32, float64)


@softmax_cross_entropy_with_logits_op.kernel("CPU", T=TYPES)
def softmax_cross_entropy(features, labels):
    """Compare each row's softmax with a row of target probabilities."""
    softmax_cross_entropy_shape(Shape(features.shape), Shape(labels.shape))
    scores, targets = map(np.ascontiguousarray, np.broadcast_arrays(features, labels))
    if not scores.size:
        return softmax_cross_entropy_with_logits_op.body(scores, targets)
    return by_rows(dense_rows, scores, targets)


@sparse_softmax_cross_entropy_with_logits_op.kernel("CPU", T=TYPES)
def sparse_softmax_cross_entropy(features, labels):
    """Compare each row's softmax with the number of its true class."""
    sparse_softmax_cross_entropy_shape(Shape(features.shape), Shape(labels.shape))
    check_labels(labels, features.shape[1])
    if not features.size:
        return sparse_softmax_cross_entropy_with_logits_op.body(features, labels)
    return by_rows(sparse_rows, np.ascontiguousarray(features), np.ascontiguousarray(labels))


def by_rows(work, scores, labels):
    """Return loss and gradient, made by `work(first, last, scores, labels, loss, backprop)`."""
    loss, backprop = np.empty(len(scores), scores.dtype), np.empty(scores.shape, scores.dtype)
    cost = EXP * scores.shape[1]
    threads.split(work, len(scores), scores, labels, loss, backprop, cost=cost)
    return loss, backprop


def dense_rows(first, last, scores, targets, loss, backprop):
    """Fill rows first..last."""
    targets, loss, part = targets[first:last], loss[first:last], backprop[first:last]
    shift_loops(scores[first:last], part)
    weigh_loops(part, targets, loss)
    np.exp(part, out=part)
    finish_dense_loops(targets, loss, part)


def sparse_rows(first, last, scores, labels, loss, backprop):
    """Fill rows first..last."""
    labels, loss, part = labels[first:last], loss[first:last], backprop[first:last]
    shift_loops(scores[first:last], part)
    pick_loops(part, labels, loss)
    np.exp(part, out=part)
    finish_sparse_loops(labels, loss, part)


@loops(fastmath={"reassoc"})
def weigh_loops(shifted, targets, out_loss):
    """Begin each loss: less the weighted sum of the scores; a weight of 0 counts nothing."""
    N, C = shifted.shape
    for n in range(N):
        total = out_loss.dtype.type(0)
        for c in range(C):
            if targets[n, c] != 0:
                total += targets[n, c] * shifted[n, c]
        out_loss[n] = -total


@loops(fastmath={"reassoc"})
def finish_dense_loops(targets, out_loss, out):
    """Add the logarithm of the sums to the losses; turn powers into gradients."""
    N, C = out.shape
    for n in range(N):
        row, target = out[n], targets[n]
        total = weight = out.dtype.type(0)
        for c in range(C):
            total += row[c]
            weight += target[c]
        out_loss[n] += weight * np.log(total)
        for c in range(C):
            row[c] = row[c] / total - target[c]


@loops
def pick_loops(shifted, labels, out_loss):
    """Begin each loss: less the score at its label."""
    for n in range(labels.size):
        out_loss[n] = -shifted[n, labels[n]]


@loops(fastmath={"reassoc"})
def finish_sparse_loops(labels, out_loss, out):
    """Add the logarithm of the sums to the losses; turn powers into gradients."""
    N, C = out.shape
    for n in range(N):
        row = out[n]
        total = out.dtype.type(0)
        for c in range(C):
            total += row[c]
        out_loss[n] += np.log(total)
        for c in range(C):
            row[c] /= total
        row[labels[n]] -= 1
