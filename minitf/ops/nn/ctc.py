"""Connectionist temporal classification: the loss of a labelling whose timing is not known.

A network gives, at each time step, scores of C classes, the last of which is the *blank*.  A *path*
chooses a class a step; repeated classes and then blanks are dropped to read it.  The loss of a
labelling is -log of the summed probability of all paths that read so, a sum over exponentially
many, computed by a forward and a backward pass over states of the labelling with a blank before,
between and behind its labels.

Letters: T time steps, N batch, C classes, L labels, U = 2 L + 1 states.

Source: Graves et al., "Connectionist temporal classification" (2006); TensorFlow's op.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import float32, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.nn.softmax import shifted_rows
from minitf.shapes import Shape, must_equal
from minitf.symbols import B, C, N, T, Time, int32, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- CTCLoss -----------------------------------------------------------------------------------


@op("CTCLoss", T=types("float32", "float64").default(float32), outputs=("loss", "gradient"))
def ctc_loss_op(
    inputs: T[Time, B, C],
    labels_indices: int64[N, 2],
    labels_values: int32[N],
    sequence_length: int32[B],
    *,
    preprocess_collapse_repeated: bool = False,
    ctc_merge_repeated: bool = True,
    ignore_longer_outputs_than_inputs: bool = False,
) -> tuple[T, T]:
    """Compute -log P(labels | inputs) of each example, and its gradient.

    With alpha[t, u] the log probability of reaching state u at step t, and beta[t, u] that of
    going on from there to the end, log P = log sum over u of exp(alpha[t, u] + beta[t, u]), for any
    t.  A state is reached from itself, from the one before, and over a blank between two labels
    that differ.

    Args:
        inputs: float[T, N, C], scores; softmax is applied to them.
        labels_indices: int64[labels, 2], example and position, in row-major order.
        labels_values: int32[labels], each in [0, C - 1); greater ones end their labelling.
        sequence_length: int32[N], how many steps count of each example.
        preprocess_collapse_repeated: whether equal neighbours in the labels are merged.
        ctc_merge_repeated: whether repeated classes in a path are read as one.
        ignore_longer_outputs_than_inputs: whether examples with more labels than steps get a loss
            of 0; else they are an error.

    Returns:
        loss: float[N]; infinite where no path reads as the labels.
        gradient: float[T, N, C], d loss / d inputs: the softmax, less how likely each class is at
            that step among paths that read so.

    Raises:
        InvalidArgumentError: if an example has no labels or too many, or the shapes do not fit.

    Source: Graves et al. (2006), equations 6 to 16.
    """
    paths = checked_paths(
        inputs,
        (labels_indices, labels_values, sequence_length),
        collapses=preprocess_collapse_repeated,
        skips_longer=ignore_longer_outputs_than_inputs,
    )
    log_y = log_probabilities(inputs)
    loss = np.zeros(inputs.shape[1])
    gradient = np.zeros(inputs.shape)
    for example, path in paths:
        steps = int(sequence_length[example])
        loss[example], gradient[:steps, example] = _summed_paths(
            log_y[:steps, example], path, merges=ctc_merge_repeated
        )
    return loss.astype(inputs.dtype), gradient.astype(inputs.dtype)


def log_probabilities(inputs: Array) -> Array:
    """Return log softmax of the scores, in double precision."""
    shifted = shifted_rows(inputs.astype(np.float64))
    normalised: Array = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return normalised


def _summed_paths(log_y: Array, path: Array, *, merges: bool) -> tuple[float, Array]:
    """Return one example's loss and gradient.

    Args:
        log_y: float64[T, C].
        path: int[U], the class of each state.
        merges: whether a label's state may be held for several steps.
    """
    steps, states = len(log_y), len(path)
    emitted = log_y[:, path]
    stays, skips = moves(path, log_y.shape[1] - 1, merges=merges)
    alpha = np.full((steps, states), -np.inf)
    alpha[0, :2] = emitted[0, :2]
    for t in range(1, steps):
        before = alpha[t - 1]
        came = [np.where(stays, before, -np.inf), _shift(before, 1)]
        came.append(np.where(skips, _shift(before, 2), -np.inf))
        alpha[t] = emitted[t] + np.logaddexp.reduce(came)
    beta = np.full((steps, states), -np.inf)
    beta[-1, -2:] = 0
    for t in range(steps - 2, -1, -1):
        after = beta[t + 1] + emitted[t + 1]
        goes = [np.where(stays, after, -np.inf), _shift(after, -1)]
        goes.append(_shift(np.where(skips, after, -np.inf), -2))
        beta[t] = np.logaddexp.reduce(goes)
    total = np.logaddexp.reduce(alpha[0] + beta[0])
    gradient = np.exp(log_y)
    if np.isfinite(total):
        np.subtract.at(gradient.T, path, np.exp(alpha + beta - total).T)
    return -total, gradient


def moves(path: Array, blank: int, *, merges: bool) -> tuple[Array, Array]:
    """Return of each state whether it may be held, and whether it is reached over a blank."""
    is_label = path != blank
    skips = is_label & (np.arange(len(path)) >= 2)
    if merges:
        skips[2:] &= path[2:] != path[:-2]
    return ~is_label | merges, skips


def _shift(row: Array, places: int) -> Array:
    """Return a row moved to the right, or to the left, with -inf moving in."""
    made = np.full_like(row, -np.inf)
    if places > 0:
        made[places:] = row[:-places]
    else:
        made[:places] = row[-places:]
    return made


def checked_paths(
    inputs: Array, labels: tuple[Array, Array, Array], *, collapses: bool, skips_longer: bool
) -> Iterator[tuple[int, Array]]:
    """Give of each example that has a loss its number and its states' classes.

    Args:
        inputs: float[T, N, C].
        labels: indices, values, sequence lengths.
        collapses: whether equal neighbours are merged.
        skips_longer: whether examples with too many labels are left out.
    """
    indices, values, lengths = labels
    check_lengths(inputs, lengths)
    steps, batch, classes = inputs.shape
    if late := too_long(inputs, lengths):
        raise invalid(late)
    if (lengths < 0).any():
        raise invalid(f"seq_len({(lengths < 0).argmax()}) < 0")
    if not batch:
        raise invalid("batch_size must not be 0")
    if not steps:
        raise invalid("Max time or first dimension of input cannot be 0.")
    _check_order(indices, batch)
    for example in range(batch):
        own = values[indices[:, 0] == example]
        if not own.size:
            raise invalid(f"Labels length is zero in batch {example}")
        kept = _kept_labels(own, classes, example, collapses=collapses)
        if not skips_longer and own.size > lengths[example]:
            raise invalid(
                f"Not enough time for target transition sequence (required: {own.size}, "
                f"available: {lengths[example]}) in batch {example}",
                hint="ignore_longer_outputs_than_inputs=True leaves such examples out",
            )
        if own.size <= lengths[example] > 0:  # null labels count too, as in TensorFlow
            path = np.full(2 * kept.size + 1, classes - 1, np.int64)
            path[1::2] = kept
            yield example, path


def _kept_labels(own: Array, classes: int, example: int, *, collapses: bool) -> Array:
    """Return an example's labels up to the first null label, merged if wanted."""
    kept = own[np.concatenate([[True], own[1:] != own[:-1]])] if collapses else own
    is_null = kept >= classes - 1
    if np.any(is_null[:-1] & ~is_null[1:]):
        raise invalid(
            "Saw a non-null label (index >= num_classes - 1) following a null label, batch: "
            f"{example} num_classes: {classes} labels: {','.join(map(str, own.tolist()))}"
        )
    if np.any(kept < 0):
        raise invalid(f"All labels must be nonnegative integers, batch: {example}")
    return kept[~is_null]


def _check_order(indices: Array, batch: int) -> None:
    """Refuse labels of other examples, or not in row-major order."""
    outside = (indices < 0).any(1) | (indices[:, 0] >= batch)
    if outside.any():
        raise invalid(
            "label SparseTensor is not valid: indices"
            f"[{outside.argmax()}] = {indices[outside.argmax()].tolist()} is out of bounds"
        )
    (first, place), (second, next_place) = indices[:-1].T, indices[1:].T
    fine = (first < second) | ((first == second) & (place < next_place))
    if not fine.all():
        at = int((~fine).argmax()) + 1
        raise invalid(
            f"label SparseTensor is not valid: indices[{at}] = {indices[at].tolist()} is out of "
            "order. Many sparse ops require sorted indices."
        )


def check_lengths(inputs: Array, lengths: Array) -> None:
    """Refuse scores that are no 3-Tensor, and lengths that are not one per example."""
    if inputs.ndim != 3:
        raise invalid("inputs is not a 3-Tensor")
    if lengths.ndim != 1:
        raise invalid("sequence_length is not a vector")
    if len(lengths) != inputs.shape[1]:
        raise invalid(
            f"len(sequence_length) != batch_size.  len(sequence_length):  {len(lengths)} "
            f"batch_size: {inputs.shape[1]}"
        )


def too_long(inputs: Array, lengths: Array) -> str:
    """Return what is to be said of a length beyond the last step; "" if there is none."""
    late = lengths > len(inputs)
    return f"sequence_length({late.argmax()}) <= {len(inputs)}" if late.any() else ""


@ctc_loss_op.shape
def ctc_loss_shape(
    inputs: Shape,
    labels_indices: Shape,
    labels_values: Shape,
    sequence_length: Shape,
    **attrs: Any,
) -> tuple[Shape, Shape]:
    must_equal(labels_indices[0], labels_values[0])
    batch = must_equal(inputs[1], sequence_length[0])
    return Shape([batch]), inputs.replaced(1, batch)


@ctc_loss_op.gradient
def ctc_loss_gradient(
    op: Operation, grad_loss: Tensor | None, grad_gradient: Tensor | None
) -> list[Tensor | None]:
    """Carry the loss's gradient back; the gradient's own is not known, and None flows from it."""
    if grad_loss is None:
        return [None] * 4
    message = (
        "Currently there is no way to take the second derivative of ctc_loss due to the fused "
        "implementation's interaction with tf.gradients()"
    )
    first = ops.prevent_gradient_op(op.outputs[1], message=message)
    return [ops.expand_dims_op(grad_loss, -1) * first, None, None, None]
