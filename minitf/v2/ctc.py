"""Connectionist temporal classification of dense labels, as graph code.

The states of a label sequence l_1 ... l_U are, in this order, "at the start", "in l_1" ... "in
l_U", and for each of these "in the blank after it".  With p(s | r) the probability, 0 or 1, of
stepping from state r to s, and y_t(s) that of s's class at step t, forward and backward variables
are

    a_t(s) = y_t(s) sum_r p(s | r) a_(t-1)(r)      b_t(s) = sum_r p(r | s) y_(t+1)(r) b_(t+1)(r)

in logarithms, normalised at each step; the loss is -log sum_s a_T(s), its gradient with respect to
the scores softmax(scores) - sum of a_t(s) b_t(s) over the states of each class.  Class 0 is the
blank, and a label of 0 stands for the padding behind a sequence.

Source: Graves et al. (2006), equations 5 to 16; TensorFlow 1.15's functions of these names.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf.api.array import concat, expand_dims, pad, reshape, squeeze, transpose
from minitf.api.casting import cast
from minitf.api.comparison import less, not_equal
from minitf.api.constants import ones, zeros, zeros_like
from minitf.api.custom_gradients import custom_gradient
from minitf.api.elementary import exp, log
from minitf.api.framework import name_scope
from minitf.api.gathering import boolean_mask, scatter_nd, unique, where
from minitf.api.nn_ctc import ctc_loss as sparse_ctc_loss
from minitf.api.nn_losses import log_softmax
from minitf.api.reductions import reduce_logsumexp, reduce_max, reduce_sum
from minitf.api.sequences import eye, one_hot, sequence_mask
from minitf.api.sequences import range as range_
from minitf.api.sizes import shape
from minitf.api.sparse import sparse_reshape
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32, float64, int32, int64
from minitf.functional.mapping import map_fn
from minitf.functional.scanning import scan
from minitf.tensor import Tensor

_IMPOSSIBLE = 1e-307
"""What stands for a probability of 0 where its logarithm must be finite: added in float64."""


def ctc_loss(
    labels: Any,
    logits: Any,
    label_length: Any,
    logit_length: Any,
    logits_time_major: bool = True,
    unique: Any = None,
    blank_index: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Return -log of the probability that scores per time step read as the labels.

    Args:
        labels: int[N, U], with 0 behind each sequence; or an int32 SparseTensor.
        logits: float[T, N, C], scores; softmax is applied to them.
        label_length: int[N], how many labels each example has; without effect if they are sparse.
        logit_length: int[N], how many steps count of each example.
        logits_time_major: whether `logits` is [T, N, C], not [N, T, C].
        unique: what `ctc_unique_labels` gives of dense labels: gradients are then made faster.
        blank_index: the class of the blank, 0 by default; negative: counted from the end.
        name: name scope of the operations on dense labels.

    Returns:
        float[N].

    Raises:
        ValueError: if labels are sparse and there is no `blank_index`.
    """
    if not isinstance(labels, SparseTensor):
        blank_index = 0 if blank_index is None else blank_index
        return ctc_loss_dense(
            labels,
            logits,
            label_length,
            logit_length,
            logits_time_major=logits_time_major,
            unique=unique,
            blank_index=blank_index,
            name=name,
        )
    if blank_index is None:
        raise ValueError("blank_index must be given when using SparseTensor labels.")
    logits = convert_to_tensor(logits, name="logits")
    classes = _size(logits, 2)
    if blank_index < 0:
        blank_index += classes
    if blank_index != classes - 1:
        logits = _class_moved(logits, blank_index, to_front=False)
        values = labels.values
        values = where(less(values, blank_index), values, values - 1)
        labels = SparseTensor(labels.indices, values, labels.dense_shape)
    return sparse_ctc_loss(
        labels=labels,
        inputs=logits,
        sequence_length=logit_length,
        time_major=logits_time_major,
    )


def ctc_loss_dense(
    labels: Any,
    logits: Any,
    label_length: Any,
    logit_length: Any,
    logits_time_major: bool = True,
    unique: Any = None,
    blank_index: int = 0,
    name: str | None = None,
) -> Tensor:
    """Return what `ctc_loss` does of dense labels; arguments as there."""
    with name_scope(name, "ctc_loss_dense", [logits, labels, label_length, logit_length]):
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        label_length = convert_to_tensor(label_length, name="label_length")
        logit_length = convert_to_tensor(logit_length, name="logit_length")
        if not logits_time_major:
            logits = transpose(logits, [1, 0, 2])
        if blank_index != 0:
            if blank_index < 0:
                blank_index += _size(logits, 2)
            logits = _class_moved(logits, blank_index, to_front=True)
            labels = where(less(labels, blank_index), labels + 1, labels)
            unique = unique and _renumbered(unique[0], unique[1], blank_index)

        @custom_gradient
        def loss_of(logits: Tensor, *rest: Tensor) -> Any:
            labels, label_length, logit_length, *parts = rest
            loss, slope = ctc_loss_and_grad(logits, labels, label_length, logit_length, parts)

            def gradient(grad_loss: Tensor) -> list[Tensor | None]:
                return [reshape(grad_loss, [1, -1, 1]) * slope, *[None for _ in rest]]

            return loss, gradient

        return loss_of(logits, labels, label_length, logit_length, *(unique or ()))


def ctc_loss_and_grad(
    logits: Any, labels: Any, label_length: Any, logit_length: Any, unique: Any = None
) -> tuple[Tensor, Tensor]:
    """Return the loss of each example, and its gradient with respect to the scores.

    Args:
        logits: float[T, N, C], class 0 the blank.
        labels: int[N, U].
        label_length: int[N].
        logit_length: int[N].
        unique: what `ctc_unique_labels` gives of the labels.
    """
    classes, most = _size(logits, 2), _size(labels, 1)
    class_probs = log_softmax(logits)
    first, last = ctc_state_log_probs(label_length, most)
    passed, likelihood = _forward_backward(
        log(_steps(labels)), first, last, _of_states(labels, classes, class_probs), logit_length
    )
    expected = _of_classes(labels, classes, passed, unique)
    is_step = transpose(sequence_mask(logit_length, _size(logits, 0), float32), [1, 0])
    return -likelihood, (exp(class_probs) - exp(expected)) * expand_dims(is_step, 2)


def ctc_state_log_probs(seq_lengths: Any, max_seq_length: Any) -> tuple[Tensor, Tensor]:
    """Return log p of each state before the first step, and of ending in it.

    Args:
        seq_lengths: int[N], how many labels each example has.
        max_seq_length: U, how many labels there is room for.

    Returns:
        Both float32[N, 2 * (U + 1)].
    """
    count = _size(seq_lengths, 0)
    label_states = max_seq_length + 1
    states = 2 * label_states
    none = cast(log(cast(0, float64) + _IMPOSSIBLE), float32)
    start = one_hot(zeros([count], int32), states, on_value=0.0, off_value=none, axis=1)
    ends = ones([2, 1, count]) * one_hot(seq_lengths, label_states, axis=0)
    final = reshape((1.0 - ends) * none, [states, count])
    return start, transpose(final)


def ctc_unique_labels(labels: Any, name: str | None = None) -> list[Tensor]:
    """Return the distinct labels of each row, and where each label stands among them.

    Args:
        labels: int[N, U].
        name: name scope of the operations.

    Returns:
        int64[N, U], with 0 behind the distinct labels, and int32[N, U].
    """
    with name_scope(name, "ctc_unique_labels", [labels]):
        labels = convert_to_tensor(labels, name="labels")

        def of_row(row: Tensor) -> list[Tensor]:
            found = unique(row)
            behind = _size(found.idx, 0) - _size(found.y, 0)
            return [cast(pad(found.y, [[0, behind]]), int64), found.idx]

        return map_fn(of_row, labels, dtype=[int64, int32])


def dense_labels_to_sparse(dense: Any, length: Any) -> SparseTensor:
    """Return the first `length` labels of each row as a SparseTensor.

    Args:
        dense: int[N, U].
        length: int[N].
    """
    flat = reshape(dense, [-1])
    size = shape(flat, out_type=int64)
    is_label = reshape(sequence_mask(length, shape(dense)[1]), [-1])
    places = expand_dims(boolean_mask(range_(size[0]), is_label), 1)
    values = cast(boolean_mask(flat, is_label), int32)
    rows = sparse_reshape(SparseTensor(places, values, size), shape(dense))
    most = cast(reduce_max(length), int64)
    return SparseTensor(rows.indices, rows.values, [cast(rows.dense_shape[0], int64), most])


# --- states --------------------------------------------------------------------------------------


def _steps(labels: Tensor) -> Tensor:
    """Return p(s | r) at [n, s, r]: float[N, 2 * (U + 1), 2 * (U + 1)].

    One stays where one is, goes to the blank behind a label, or to the next label: from the blank
    before it always, from the label before it if that is another one.
    """
    count = _size(labels, 1) + 1
    same, later = eye(count), pad(eye(count - 1), [[1, 0], [0, 1]])
    is_other = cast(not_equal(labels[:, :-1], labels[:, 1:]), float32)
    is_other = pad(is_other, [[0, 0], [2, 0]], constant_values=1.0)[:, :count]  # than the last
    every = zeros([_size(labels, 0), 1, 1])
    to_label = concat([same + later * expand_dims(is_other, 2), later + every], axis=2)
    return concat([to_label, concat([same, same], axis=1) + every], axis=1)


def _of_states(labels: Tensor, classes: Any, class_probs: Tensor) -> Tensor:
    """Return log y_t(s): float[T, N, 2 * (U + 1)]."""
    chosen = expand_dims(one_hot(labels, classes), 0)
    of_labels = reduce_sum(expand_dims(class_probs, 2) * chosen, axis=3)
    blank = class_probs[:, :, :1] + zeros([_size(labels, 1) + 1])
    of_start = [[0, 0], [0, 0], [1, 0]]
    return pad(concat([of_labels, blank], axis=2), of_start, constant_values=log(0.0))


def _of_classes(labels: Tensor, classes: Any, passed: Tensor, unique: Any) -> Tensor:
    """Return log of the sum over each class's states: float[T, N, C]."""
    count = _size(labels, 1) + 1
    of_labels = passed[:, :, 1:count]
    blank = reduce_logsumexp(passed[:, :, count:], axis=2, keepdims=True)
    if unique:
        return concat([blank, _of_unique(classes, of_labels, *unique)], axis=-1)
    is_class = one_hot(labels - 1, classes - 1, on_value=0.0, off_value=log(0.0))
    by_class = expand_dims(of_labels, 3) + expand_dims(is_class, 0)
    return concat([blank, reduce_logsumexp(by_class, axis=2)], axis=-1)


def _of_unique(classes: Any, of_labels: Tensor, distinct: Tensor, places: Tensor) -> Tensor:
    """Return log of the sums over each label's states, found by its place among the distinct."""
    steps, examples, count = (_size(of_labels, axis) for axis in range(3))
    is_place = one_hot(places, count, on_value=0.0, off_value=log(0.0))
    sums = reduce_logsumexp(expand_dims(of_labels, 3) + expand_dims(is_place, 0), axis=2)
    rows = reshape(transpose(sums, [1, 2, 0]), [examples * count, steps])
    first = range_(cast(examples, distinct.dtype)) * cast(classes, distinct.dtype)
    indices = reshape(distinct + expand_dims(first, -1), [-1, 1])
    sizes = cast(convert_to_tensor([examples * classes, steps]), indices.dtype)
    table = reshape(scatter_nd(indices, exp(rows), sizes), [examples, classes, steps])
    return log(transpose(table, [2, 0, 1])[:, :, 1:])


def _renumbered(distinct: Tensor, places: Tensor, blank_index: Any) -> tuple[Tensor, Tensor]:
    """Return distinct labels as `ctc_loss_dense` numbers the classes, still with 0 behind them."""
    blank_index = cast(blank_index, distinct.dtype)
    is_label = sequence_mask(reduce_max(places, axis=1) + 1, _size(distinct, 1))
    renumbered = where(less(distinct, blank_index), distinct + 1, distinct)
    return where(is_label, renumbered, zeros_like(distinct)), places


# --- forward and backward ------------------------------------------------------------------------


class _Backward(NamedTuple):
    """The backward variables of a step, and log of all that they were divided by."""

    states: Tensor
    total: Tensor


def _forward_backward(
    steps: Tensor, first: Tensor, last: Tensor, observed: Tensor, lengths: Tensor
) -> tuple[Tensor, Tensor]:
    """Return log of a_t(s) b_t(s), normalised at each step, and the examples' log likelihoods.

    Args:
        steps: log p(s | r) at [n, s, r].
        first: log p of each state before the first step.
        last: log p of ending in each state.
        observed: log y_t(s).
        lengths: how many steps each example has.
    """
    back = transpose(steps, [0, 2, 1])

    def forward(states: Tensor, seen: Tensor) -> Tensor:
        return _normalised(_stepped(steps, states) + seen)[0]

    def backward(after: Any, at: Any) -> Any:
        seen, is_step = at
        states, size = _normalised(_stepped(back, after[0] + seen))
        column = expand_dims(is_step, 1)
        states = states * column + last * (1.0 - column)
        return _Backward(states, after[1] + squeeze(size, [1]) * is_step)

    is_step = transpose(sequence_mask(lengths, _size(observed, 0), float32), [1, 0])
    a = scan(forward, observed, first)
    ends = _Backward(last, zeros([_size(observed, 1)]))
    b = scan(backward, (observed, is_step), ends, reverse=True)
    b_after = concat([b.states[1:], expand_dims(last, 0)], 0)
    passed, _ = _normalised(a + b_after)
    passed += log(expand_dims(is_step, 2))
    return passed, b.states[0, :, 0] + b.total[0]


def _stepped(steps: Tensor, states: Tensor) -> Tensor:
    return reduce_logsumexp(expand_dims(states, 1) + steps, axis=-1)


def _normalised(states: Tensor) -> tuple[Tensor, Tensor]:
    """Return log probabilities that sum to 1, and log of what they summed to."""
    size = reduce_logsumexp(states, axis=-1, keepdims=True)
    return states - size, size


def _class_moved(logits: Tensor, index: Any, *, to_front: bool) -> Tensor:
    """Return scores with the class at `index` first, or last."""
    before, moved, after = (
        logits[:, :, :index],
        logits[:, :, index : index + 1],
        logits[:, :, index + 1 :],
    )
    return concat([moved, before, after] if to_front else [before, after, moved], axis=2)


def _size(x: Any, axis: int) -> Any:
    """Return the size of an axis, as an int where it is known."""
    x = convert_to_tensor(x)
    return x.shape.as_list()[axis] or shape(x)[axis]
