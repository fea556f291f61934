"""Losses that need more care than their formula: cross entropies of a softmax, and L2.

Both cross entropies give their gradient as a second output: it needs the same exponentials.

Source: 2015 Table 1, row "Neural-net building blocks"; OSDI §4.1 (Figure 1's loss).
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, INDICES, int64
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.nn.softmax import shifted_rows
from minitf.ops.precision import wide
from minitf.shapes import SCALAR, Shape, broadcast, must_equal
from minitf.symbols import C, N, T, Tlabels
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradient = Tensor | None

# --- SoftmaxCrossEntropyWithLogits -------------------------------------------------------------


@op("SoftmaxCrossEntropyWithLogits", T=FLOATS, outputs=("loss", "backprop"))
def softmax_cross_entropy_with_logits_op(features: T, labels: T) -> tuple[T, T]:
    """Compare the softmax of each row of scores with a row of target probabilities.

    loss[n] = - sum over c of labels[n, c] * logsoftmax(features)[n, c]; a label of 0 counts
    nothing, even where the logarithm is -inf.

    Args:
        features: float[N, C], scores; either argument is broadcast to the other.
        labels: float[N, C], each row a distribution.

    Returns:
        loss: float[N].
        backprop: float[N, C], softmax(features) - labels: d loss / d features of labels that sum
            to 1.

    Raises:
        InvalidArgumentError: if the shapes do not broadcast to a matrix.

    Source: 2015 Table 1.
    """
    softmax_cross_entropy_shape(Shape(features.shape), Shape(labels.shape))
    scores, targets = np.broadcast_arrays(features, wide(labels))
    shifted = shifted_rows(scores)
    powers = np.exp(shifted)
    totals = powers.sum(-1, keepdims=True)
    terms = np.zeros_like(shifted)  # stays 0 where the label is 0, whatever the logarithm
    np.multiply(targets, np.log(totals) - shifted, out=terms, where=targets != 0)
    backprop = powers / totals - targets
    return terms.sum(-1).astype(features.dtype), backprop.astype(features.dtype)


@softmax_cross_entropy_with_logits_op.shape
def softmax_cross_entropy_shape(features: Shape, labels: Shape) -> tuple[Shape, Shape]:
    known_ranks = [Shape.unknown(2) if s.rank is None else s for s in (features, labels)]
    rows = broadcast(*known_ranks)
    if rows.rank != 2:
        raise invalid(f"Shape must be broadcasted with rank 2, but is rank {rows.rank}")
    return Shape([rows[0]]), rows


@softmax_cross_entropy_with_logits_op.gradient
def softmax_cross_entropy_gradient(
    op: Operation, grad_loss: Gradient, grad_backprop: Gradient
) -> list[Gradient]:
    features = op.inputs[0]
    if _narrow_axes(features, op.outputs[1]):
        features = features + ops.zeros_like_op(op.outputs[1])
    found, grad_labels = _through_backprop(features, grad_backprop), None
    if grad_loss is not None:
        weights = ops.expand_dims_op(grad_loss, -1)
        found = _added(weights * op.outputs[1], found)
        grad_labels = weights * -ops.log_softmax_op(features)
    if grad_backprop is not None:
        grad_labels = _added(-grad_backprop, grad_labels)
    return [_like(found, op.inputs[0]), _like(grad_labels, op.inputs[1])]


# --- SparseSoftmaxCrossEntropyWithLogits -------------------------------------------------------


@op(
    "SparseSoftmaxCrossEntropyWithLogits",
    T=FLOATS,
    Tlabels=INDICES.default(int64),
    outputs=("loss", "backprop"),
)
def sparse_softmax_cross_entropy_with_logits_op(
    features: T[N, C], labels: Tlabels[N]
) -> tuple[T, T]:
    """Compare the softmax of each row of scores with the number of its true class.

    loss[n] = -logsoftmax(features)[n, labels[n]].

    Args:
        features: float[N, C], scores.
        labels: int[N], each in [0, C).

    Returns:
        loss: float[N].
        backprop: float[N, C], d loss / d features: the softmax, less 1 at the label.

    Raises:
        InvalidArgumentError: if a label is outside [0, C); it names the first one.

    Source: 2015 Table 1.
    """
    sparse_softmax_cross_entropy_shape(Shape(features.shape), Shape(labels.shape))
    check_labels(labels, features.shape[1])
    shifted = shifted_rows(features)
    powers = np.exp(shifted)
    totals = powers.sum(-1)
    at_label = np.arange(len(labels)), labels
    backprop = powers / totals[:, None]
    backprop[at_label] -= 1
    loss = np.log(totals) - shifted[at_label]
    return loss.astype(features.dtype), backprop.astype(features.dtype)


@sparse_softmax_cross_entropy_with_logits_op.shape
def sparse_softmax_cross_entropy_shape(features: Shape, labels: Shape) -> tuple[Shape, Shape]:
    batch = must_equal(features[0], labels[0])
    return Shape([batch]), Shape([batch, features[1]])


@sparse_softmax_cross_entropy_with_logits_op.gradient
def sparse_softmax_cross_entropy_gradient(
    op: Operation, grad_loss: Gradient, grad_backprop: Gradient
) -> list[Gradient]:
    found = _through_backprop(op.inputs[0], grad_backprop)
    if grad_loss is not None:
        found = _added(ops.expand_dims_op(grad_loss, -1) * op.outputs[1], found)
    return [found, None]


def check_labels(labels: Array, classes: int) -> None:
    """Refuse a label outside [0, classes).

    Raises:
        InvalidArgumentError: with the first bad label and its position.
    """
    if not labels.size:
        return
    if classes == 0:
        raise invalid(f"Must have at least one class, but got logits shape [{len(labels)},0]")
    unsigned = labels.view(f"u{labels.itemsize}")  # a negative label is a very great number
    if unsigned.max() < classes:
        return
    position = int((unsigned >= classes).argmax())
    raise invalid(
        f"Received a label value of {labels[position]} which is outside the valid range of "
        f"[0, {classes}).",
        position=f"labels[{position}] of {len(labels)}",
        hint=f"labels number the columns of the logits, from 0 to {classes - 1}",
    )


def _through_backprop(features: Tensor, grad: Gradient) -> Gradient:
    """Carry a gradient of `backprop` to the scores: the softmax's own gradient."""
    if grad is None:
        return None
    probabilities = ops.softmax_op(features)
    centred = grad - ops.sum_op(grad * probabilities, [-1], keep_dims=True)
    found: Tensor = centred * probabilities
    return found


def _added(a: Tensor, b: Gradient) -> Tensor:
    return a if b is None else a + b


def _like(grad: Gradient, x: Tensor) -> Gradient:
    """Sum a gradient over the axes along which `x` is known to have been broadcast."""
    if grad is None or not (axes := _narrow_axes(x, grad)):
        return grad
    return ops.sum_op(grad, axes, keep_dims=True)


def _narrow_axes(x: Tensor, whole: Tensor) -> list[int]:
    """Return the axes along which `x` is known to be broadcast to `whole`."""
    if x.static_shape.rank != 2:
        return []
    pairs = zip(x.shape.as_list(), whole.shape.as_list(), strict=True)
    return [axis for axis, (own, all_) in enumerate(pairs) if own == 1 != all_]


# --- L2Loss ------------------------------------------------------------------------------------


@op("L2Loss", T=FLOATS)
def l2_loss_op(t: T) -> T:
    """Halve the sum of squares: sum(t**2) / 2, whose gradient is `t`.

    Args:
        t: float[...].

    Returns:
        float[()].

    Source: 2015 Table 1.
    """
    return np.asarray(np.square(wide(t)).sum() / 2, t.dtype)


@l2_loss_op.shape
def l2_loss_shape(t: Shape) -> Shape:
    return SCALAR


@l2_loss_op.gradient
def l2_loss_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [op.inputs[0] * grad]
