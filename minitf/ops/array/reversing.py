"""Elements in another order along a dimension: reversing and rolling.

Bodies return views where they can: an executor copies what it hands out.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, COMPLEX, FLOATS, INDICES, INTEGERS, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, known, merge, must_equal
from minitf.symbols import T, Taxis, Tidx, Tlen, Tshift, bool, int32, int64, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

_REVERSIBLE = FLOATS | COMPLEX | INTEGERS | types("bool", "string")

# --- ReverseV2 ---------------------------------------------------------------------------------


@op("ReverseV2", T=_REVERSIBLE, Tidx=INDICES.default(int32))
def reverse_v2_op(tensor: T, axis: Tidx[n]) -> T:
    """Turn the order around along some dimensions.

    Args:
        tensor: T[...].
        axis: the dimensions, each in [-rank, rank), each once.

    Returns:
        T[...] of the same shape.

    Raises:
        InvalidArgumentError: if a dimension is out of range or named twice.

    Source: TensorFlow's op of the same name.
    """
    reverse_v2_shape(Shape(tensor.shape), tuple(axis.tolist()))
    return _turned(tensor, {place % tensor.ndim for place in axis.tolist()})


def _turned(tensor: Array, axes: set[int]) -> Array:
    """Return the array with some dimensions turned around; a scalar stays an array (by `...`)."""
    steps: Any = [slice(None, None, -1 if i in axes else 1) for i in range(tensor.ndim)]
    return tensor[(..., *steps)]


@reverse_v2_op.shape(values_of=("axis",))
def reverse_v2_shape(tensor: Shape, axis: tuple[Any, ...] | None) -> Shape:
    if tensor.dims is None or axis is None:
        return tensor
    rank, seen = len(tensor), set()
    for i, place in enumerate(axis):
        if not known(place):
            continue
        if not -rank <= place < rank:
            raise invalid(f"'axis'[{i}] = {place} is out of valid range [0, {rank - 1}]")
        if place % rank in seen:
            raise invalid(f"axis {place % rank} specified more than once.")
        seen.add(place % rank)
    return tensor


reverse_v2_op.value_by_body(needs=("axis",))


@reverse_v2_op.gradient
def reverse_v2_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.reverse_v2_op(grad, op.inputs[1]), None]


# --- Reverse -----------------------------------------------------------------------------------


@op("Reverse", T=_REVERSIBLE)
def reverse_op(tensor: T, dims: bool[n]) -> T:
    """Turn the order around along the dimensions that are marked.

    Args:
        tensor: T[...].
        dims: a mark per dimension.

    Returns:
        T[...] of the same shape.

    Raises:
        InvalidArgumentError: if there are more or fewer marks than dimensions.

    Source: TensorFlow's op of the same name.
    """
    if dims.size != tensor.ndim:
        raise invalid(
            f"'dims' must have the same number of values as 'tensor' has dimensions. 'tensor' has "
            f"{tensor.ndim}'dims' has {dims.size} values"
        )
    return _turned(tensor, set(np.flatnonzero(dims).tolist()))


@reverse_op.shape
def reverse_shape(tensor: Shape, dims: Shape) -> Shape:
    return tensor if dims[0] is UNKNOWN else tensor.with_rank(dims[0])


@reverse_op.gradient
def reverse_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.reverse_op(grad, op.inputs[1]), None]


# --- ReverseSequence ---------------------------------------------------------------------------


@op("ReverseSequence", T=ANY, Tlen=INDICES.default(int64))
def reverse_sequence_op(input: T, seq_lengths: Tlen[n], *, seq_dim: int, batch_dim: int = 0) -> T:
    """Turn the order of the first `seq_lengths[i]` elements around, in each member of a batch.

    Args:
        input: T[...].
        seq_lengths: a length per member.
        seq_dim: the dimension along which a sequence runs.
        batch_dim: the dimension that counts the members.

    Returns:
        T[...] of the same shape.

    Raises:
        InvalidArgumentError: if a length exceeds the dimension, or the dimensions do not fit.

    Source: TensorFlow's op of the same name.
    """
    reverse_sequence_shape(
        Shape(input.shape), Shape(seq_lengths.shape), seq_dim=seq_dim, batch_dim=batch_dim
    )
    longest = input.shape[seq_dim]
    if seq_lengths.size and seq_lengths.max() > longest:
        raise invalid(f"seq_lens({np.argmax(seq_lengths)}) > input.dims({seq_dim})")
    if seq_lengths.size and seq_lengths.min() < 0:
        raise invalid(f"seq_lens({np.argmin(seq_lengths)}) < 0")
    place = np.arange(longest)
    lengths = seq_lengths[:, None]
    source = np.where(place < lengths, lengths - 1 - place, place)  # [batch, time]
    rows = np.moveaxis(input, (batch_dim, seq_dim), (0, 1))
    turned = rows[np.arange(len(rows))[:, None], source]
    return np.moveaxis(turned, (0, 1), (batch_dim, seq_dim))


@reverse_sequence_op.shape
def reverse_sequence_shape(
    input: Shape, seq_lengths: Shape, *, seq_dim: int, batch_dim: int
) -> Shape:
    if input.dims is None:
        return input
    rank = len(input)
    if batch_dim == seq_dim:
        raise invalid(f"batch_dim == seq_dim == {seq_dim}")
    for name, axis in (("batch_dim", batch_dim), ("seq_dim", seq_dim)):
        if not 0 <= axis < rank:
            raise invalid(f"{name} must be < input rank: {axis} vs. {rank}")
    return input.replaced(batch_dim, must_equal(input[batch_dim], seq_lengths[0]))


@reverse_sequence_op.gradient
def reverse_sequence_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    axes = {name: op.attrs[name] for name in ("seq_dim", "batch_dim")}
    return [ops.reverse_sequence_op(grad, op.inputs[1], **axes), None]


# --- Roll --------------------------------------------------------------------------------------


@op("Roll", T=ANY, Tshift=INDICES, Taxis=INDICES)
def roll_op(input: T, shift: Tshift, axis: Taxis) -> T:
    """Shift elements along dimensions; what leaves at one end enters at the other.

    Args:
        input: T[...], rank at least 1.
        shift: scalar or vector: by how many places.
        axis: scalar or vector: the dimension of each shift.

    Returns:
        T[...] of the same shape.

    Raises:
        InvalidArgumentError: if shifts and dimensions do not pair up.

    Source: TensorFlow's op of the same name.
    """
    if input.ndim < 1:
        raise invalid("input must be 1-D or higher")
    if shift.shape != axis.shape:
        raise invalid("shift and axis must have the same size")
    for place in axis.ravel():
        if not -input.ndim <= place < input.ndim:
            raise invalid(f"axis {place} is out of range")
    return np.roll(input, tuple(shift.ravel().tolist()), tuple(axis.ravel().tolist()))


@roll_op.shape
def roll_shape(input: Shape, shift: Shape, axis: Shape) -> Shape:
    merge(shift.at_most(1), axis.at_most(1))
    return input.at_least(1)


@roll_op.gradient
def roll_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    _, shift, axis = op.inputs
    return [ops.roll_op(grad, ops.neg_op(shift), axis), None, None]
