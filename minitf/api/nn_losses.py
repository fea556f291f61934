"""Softmax and the losses that compare scores ("logits") with labels.

Source: TensorFlow 1.15's functions of the same names in tf.nn; 2015 Table 1; OSDI §4.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.array import concat, renamed_argument, reshape, transpose
from minitf.api.array import slice as slice_
from minitf.api.casting import cast
from minitf.api.constants import constant, ones_like, zeros_like
from minitf.api.control import stop_gradient
from minitf.api.framework import name_scope
from minitf.api.gathering import where
from minitf.api.old_orders import warn_of_old_order
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import bfloat16, float16, float32
from minitf.errors import invalid
from minitf.shapes import Shape
from minitf.static_value import constant_value
from minitf.tensor import Tensor

# --- softmax -------------------------------------------------------------------------------------


def softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """Return e^x / sum(e^x) along an axis: probabilities that sum to 1.

    Args:
        logits: scores.
        axis: along which; the last by default.
        name: name of the operation.
        dim: deprecated name of `axis`.

    Raises:
        InvalidArgumentError: if there is no such axis.
    """
    return _along(renamed_argument("axis", axis, "dim", dim), logits, ops.softmax_op, name)


def log_softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """Return x - log(sum(e^x)) along an axis.

    Args:
        logits: scores.
        axis: along which; the last by default.
        name: name of the operation.
        dim: deprecated name of `axis`.

    Raises:
        InvalidArgumentError: if there is no such axis.
    """
    return _along(renamed_argument("axis", axis, "dim", dim), logits, ops.log_softmax_op, name)


def _along(axis: Any, logits: Any, op: Callable[..., Tensor], name: str | None) -> Tensor:
    """Apply an op of the last axis along any axis: swap the two, apply, swap back."""
    logits = convert_to_tensor(logits)
    static, known_rank = logits.shape, logits.static_shape.rank
    if axis is None or (not isinstance(axis, Tensor) and axis in (-1, (known_rank or 0) - 1)):
        return op(logits, name=name)
    number = constant_value(axis) if isinstance(axis, Tensor) else axis
    if known_rank is None:
        raise invalid(f"the rank of the logits must be known for axis {number}: {logits}")
    if number is not None and not -known_rank <= number < known_rank:
        raise invalid(
            f"Dimension ({number}) must be in the range [{-known_rank}, {known_rank}) where "
            f"{known_rank} is the number of dimensions in the input."
        )
    count = rank(logits)
    if isinstance(axis, Tensor):
        axis = where(ops.less_op(axis, 0), axis + count, axis)
    elif axis < 0:
        axis = axis + count
    last = rank(logits)
    axis = axis % known_rank
    swapped = _swapped(logits, axis, ops.sub_op(last, 1))
    result = _swapped(op(swapped), axis, ops.sub_op(last, 1), name)
    result.set_shape(static)
    return result


def _swapped(x: Tensor, axis: Any, last: Tensor, name: str | None = None) -> Tensor:
    order = concat([range_(axis), [last], range_(axis + 1, last), [axis]], 0)
    return transpose(x, order, name=name or "transpose")


# --- cross entropies of a softmax ----------------------------------------------------------------


def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: int = -1,
    name: str | None = None,
    axis: int | None = None,
) -> Tensor:
    """Return - sum(labels * log_softmax(logits)) along an axis; labels get no gradient.

    Args:
        _sentinel: the logits of a call by position, `(logits, labels)`; else None.
        labels: distributions, shaped as the logits.
        logits: scores.
        dim: the axis of the classes.
        name: name of the operation.
        axis: another name of `dim`.

    Raises:
        ValueError: if the arguments are given by position, or one is missing.
    """
    axis = dim if axis is None else axis
    labels, logits = _labels_and_logits(
        "softmax_cross_entropy_with_logits", _sentinel, labels, logits
    )
    with name_scope(name, "softmax_cross_entropy_with_logits_sg", [logits, labels]) as scope:
        labels = stop_gradient(labels, name="labels_stop_gradient")
        return softmax_cross_entropy_with_logits_v2(labels, logits, axis, scope)


def softmax_cross_entropy_with_logits_v2(
    labels: Any, logits: Any, axis: int | None = None, name: str | None = None, dim: Any = None
) -> Tensor:
    """Return - sum(labels * log_softmax(logits)) along an axis.

    Args:
        labels: distributions, shaped as the logits; they get a gradient too.
        logits: scores.
        axis: the axis of the classes; the last by default.
        name: name of the operation.
        dim: deprecated name of `axis`.
    """
    axis = renamed_argument("axis", axis, "dim", dim)
    axis = -1 if axis is None else axis
    with name_scope(name, "softmax_cross_entropy_with_logits", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        narrow = logits.dtype.base_dtype in (float16, bfloat16)
        scores = cast(logits, float32) if narrow else logits
        labels = cast(labels, scores.dtype)
        count = rank(scores)
        if axis != -1:
            scores = _moved_to_end(scores, axis, count)
            labels = _moved_to_end(labels, axis, count)
        sizes = shape(scores)
        loss, _ = ops.softmax_cross_entropy_with_logits_op(
            _as_rows(scores), _as_rows(labels), name=scope
        )
        loss = reshape(loss, slice_(sizes, [0], [ops.sub_op(count, 1)]))
        if logits.static_shape.rank is not None:
            loss.set_shape(logits.static_shape.without(axis))
        return cast(loss, logits.dtype) if narrow else loss


def _moved_to_end(x: Tensor, axis: int, count: Tensor) -> Tensor:
    return transpose(x, concat([range_(axis), range_(axis + 1, count), [axis]], 0))


def _as_rows(x: Tensor) -> Tensor:
    """Return a tensor as a matrix with the same last axis."""
    count = rank(x)
    last = slice_(shape(x), [ops.sub_op(count, 1)], [1])
    rows = reshape(x, concat([[-1], last], 0))
    static = x.static_shape
    if static.rank is not None:
        rows.set_shape(Shape([Shape(static[:-1]).size, static[-1]]))
    return rows


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """Return - log_softmax(logits) at each row's label.

    Args:
        _sentinel: the logits of a call by position, `(logits, labels)`; else None.
        labels: numbers of classes, [...].
        logits: scores, [..., classes].
        name: name of the operation.

    Raises:
        ValueError: if other arguments are given by position, one is missing, or ranks do not fit.
    """
    labels, logits = _labels_and_logits(
        "sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits
    )
    with name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        labels, logits = convert_to_tensor(labels), convert_to_tensor(logits)
        narrow = logits.dtype.base_dtype is float16
        scores = cast(logits, float32) if narrow else logits
        sizes = shape(labels)
        _check_ranks(labels, logits)
        if logits.static_shape.rank == 2:
            loss, _ = ops.sparse_softmax_cross_entropy_with_logits_op(scores, labels, name=name)
        else:
            classes = shape(logits)[rank(logits) - 1]
            loss, _ = ops.sparse_softmax_cross_entropy_with_logits_op(
                reshape(scores, [-1, classes]), reshape(labels, [-1]), name=name
            )
            loss = reshape(loss, sizes)
            loss.set_shape(labels.shape)
        return cast(loss, float16) if narrow else loss


def _check_ranks(labels: Tensor, logits: Tensor) -> None:
    have, want = labels.static_shape, logits.static_shape
    if want.rank == 0:
        raise ValueError(f"Logits cannot be scalars - received shape {logits.shape}.")
    if have.rank is None or want.rank is None:
        return
    if have.rank != want.rank - 1:
        raise ValueError(
            f"Rank mismatch: Rank of labels (received {have.rank}) should equal rank of logits "
            f"minus 1 (received {want.rank})."
        )
    if not labels.shape.is_compatible_with(logits.shape[:-1]):
        raise ValueError(
            f"Shape mismatch: The shape of labels (received {labels.shape}) should equal the shape "
            f"of logits except for the last dimension (received {logits.shape})."
        )


def _labels_and_logits(function: str, sentinel: Any, labels: Any, logits: Any) -> tuple[Any, Any]:
    """Return both arguments; two by position are logits and labels, as OSDI's Figure 1 has them.

    TensorFlow 1.x, which changed their order, refuses arguments by position.
    """
    if sentinel is not None:
        if labels is None or logits is not None:
            raise ValueError(
                f"Only call `{function}` with named arguments (labels=..., logits=..., ...)"
            )
        warn_of_old_order(function, "logits, labels", "name them: labels=..., logits=...", 4)
        return labels, sentinel
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")
    return labels, logits


# --- losses of independent outputs ---------------------------------------------------------------


def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """Return max(x, 0) - x * z + log(1 + e^-|x|) for scores x and labels z, element by element.

    Args:
        _sentinel: the logits of a call by position, `(logits, labels)`; else None.
        labels: probabilities, shaped as the logits.
        logits: scores.
        name: name of the operation.

    Raises:
        ValueError: if other arguments are given by position, one is missing, or shapes differ.
    """
    labels, logits = _labels_and_logits(
        "sigmoid_cross_entropy_with_logits", _sentinel, labels, logits
    )
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _check_same_shape("logits", logits, "labels", labels)
        zeros = zeros_like(logits, dtype=logits.dtype)
        positive = logits >= zeros
        rectified = where(positive, logits, zeros)
        minus_absolute = where(positive, -logits, logits)
        return ops.add_op(
            rectified - logits * labels, ops.log1p_op(ops.exp_op(minus_absolute)), name=scope
        )


def weighted_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    pos_weight: Any = None,
    name: str | None = None,
    targets: Any = None,
) -> Tensor:
    """Return the sigmoid's cross entropy with its positive part weighted, element by element.

    Args:
        labels: probabilities, shaped as the logits.
        logits: scores.
        pos_weight: what -log(sigmoid(x)) is multiplied by.
        name: name of the operation.
        targets: deprecated name of `labels`.

    Raises:
        ValueError: if shapes differ.
    """
    labels = renamed_argument("labels", labels, "targets", targets)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _check_same_shape("logits", logits, "labels", labels)
        weight = 1 + (pos_weight - 1) * labels
        return ops.add_op(
            (1 - labels) * logits,
            weight * (ops.log1p_op(ops.exp_op(-ops.abs_op(logits))) + ops.relu_op(-logits)),
            name=scope,
        )


def log_poisson_loss(
    targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None
) -> Tensor:
    """Return e^x - x * z, less a constant the Poisson log likelihood of counts z at rate e^x.

    Args:
        targets: counts, shaped as `log_input`.
        log_input: logarithms of rates.
        compute_full_loss: whether to add Stirling's approximation of log(z!), where z > 1.
        name: name scope of the operations.

    Raises:
        ValueError: if shapes differ.
    """
    with name_scope(name, "log_poisson_loss", [log_input, targets]):
        log_input = convert_to_tensor(log_input, name="log_input")
        targets = convert_to_tensor(targets, name="targets")
        _check_same_shape("log_input", log_input, "targets", targets)
        result = ops.exp_op(log_input) - log_input * targets
        if compute_full_loss:
            half = constant(0.5, targets.dtype)
            two_pi = constant(2 * math.pi, targets.dtype)
            stirling = targets * ops.log_op(targets) - targets + half * ops.log_op(two_pi * targets)
            zeros, ones = zeros_like(targets), ones_like(targets)
            small = ops.logical_and_op(targets >= zeros, targets <= ones)
            result += where(small, zeros, stirling)
        return result


def _check_same_shape(one: str, a: Tensor, other: str, b: Tensor) -> None:
    if not b.shape.is_compatible_with(a.shape):
        raise ValueError(f"{one} and {other} must have the same shape ({a.shape} vs {b.shape})")


def l2_loss(t: Any, name: str | None = None) -> Tensor:
    """Return sum(t**2) / 2."""
    return ops.l2_loss_op(t, name=name)
