"""CPU kernels of the cross entropies: loss and gradient from one set of exponentials.

The gradient's array holds the exponentials first; a row stays in cache meanwhile.

Source: 2015 Table 1.
"""

from __future__ import annotations

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.kernels_cpu.nn.softmax import EXP, less, logarithm, power
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
    return by_rows(dense_loops, scores, targets)


@sparse_softmax_cross_entropy_with_logits_op.kernel("CPU", T=TYPES)
def sparse_softmax_cross_entropy(features, labels):
    """Compare each row's softmax with the number of its true class."""
    sparse_softmax_cross_entropy_shape(Shape(features.shape), Shape(labels.shape))
    check_labels(labels, features.shape[1])
    if not features.size:
        return sparse_softmax_cross_entropy_with_logits_op.body(features, labels)
    return by_rows(sparse_loops, np.ascontiguousarray(features), np.ascontiguousarray(labels))


def by_rows(work, scores, labels):
    """Return loss and gradient, made by `work(first, last, scores, labels, loss, backprop)`."""
    loss, backprop = np.empty(len(scores), scores.dtype), np.empty(scores.shape, scores.dtype)
    cost = EXP * scores.shape[1]
    threads.split(work, len(scores), scores, labels, loss, backprop, cost=cost)
    return loss, backprop


@loops(fastmath={"reassoc"})
def dense_loops(first, last, scores, targets, out_loss, out):
    """Fill rows first..last; a target of 0 counts nothing, be the score infinite."""
    scores, targets = scores[first:last], targets[first:last]
    out_loss, out = out_loss[first:last], out[first:last]
    N, C = scores.shape
    for n in range(N):
        row, target, gradient = scores[n], targets[n], out[n]
        greatest = row[0]
        for c in range(C):
            greatest = max(greatest, row[c])
        total = weight = weighted = row.dtype.type(0)
        for c in range(C):
            shifted = less(row[c], greatest)
            gradient[c] = power(shifted)
            total += gradient[c]
            weight += target[c]
            weighted += target[c] * shifted if target[c] != 0 else row.dtype.type(0)
        out_loss[n] = weight * logarithm(total) - weighted
        for c in range(C):
            gradient[c] = gradient[c] / total - target[c]


@loops(fastmath={"reassoc"})
def sparse_loops(first, last, scores, labels, out_loss, out):
    """Fill rows first..last."""
    scores, labels = scores[first:last], labels[first:last]
    out_loss, out = out_loss[first:last], out[first:last]
    N, C = scores.shape
    for n in range(N):
        row, gradient = scores[n], out[n]
        greatest = row[0]
        for c in range(C):
            greatest = max(greatest, row[c])
        total = row.dtype.type(0)
        for c in range(C):
            gradient[c] = power(less(row[c], greatest))
            total += gradient[c]
        out_loss[n] = logarithm(total) - less(row[labels[n]], greatest)
        for c in range(C):
            gradient[c] /= total
        gradient[labels[n]] -= 1
