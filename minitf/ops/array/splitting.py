"""Cutting into parts, and joining and cutting along a dimension made for it: Split, Pack, Unpack.

Source: 2015 Table 1, row "Array operations": Split.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, types
from minitf.errors import InvalidArgumentError, invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, known, merge, normal_axis
from minitf.symbols import List, N, T, Tlen, int32, int64, n, num, num_split
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
_LENGTHS = INDICES | types("int8")

# --- Split -------------------------------------------------------------------------------------


@op("Split", T=ANY, num_split=at_least(1))
def split_op(split_dim: int32[()], value: T, *, num_split: int) -> List[T, num_split]:
    """Cut an array into equal parts along one dimension.

    Args:
        split_dim: scalar in [-rank, rank).
        value: T[...]; its size along `split_dim` is a multiple of `num_split`.
        num_split: how many parts.

    Returns:
        `num_split` arrays.

    Raises:
        InvalidArgumentError: if the parts would not be equal.

    Source: 2015 Table 1.
    """
    axis = normal_axis(int(split_dim), value.ndim, "split_dim")
    if value.shape[axis] % num_split:
        raise invalid(
            "Number of ways to split should evenly divide the split dimension, but got split_dim "
            f"{axis} (size = {value.shape[axis]}) and num_split {num_split}"
        )
    part = value.shape[axis] // num_split
    return _cut(
        value, axis, range(0, part * num_split + 1, part) if part else [0] * (num_split + 1)
    )


def _cut(value: Array, axis: int, places: Sequence[int]) -> list[Array]:
    """Return views of the parts between neighbouring places."""
    before = (slice(None),) * axis
    return [value[(*before, slice(first, end))] for first, end in pairwise(places)]


def _static_axis(axis: int, rank: int) -> int:
    if not -rank <= axis < rank:
        raise invalid(
            f"Dimension size, given by scalar input {axis} must be in range [-{rank}, {rank})"
        )
    return axis % rank


@split_op.shape(values_of=("split_dim",))
def split_shape(split_dim: int | None, value: Shape, *, num_split: int) -> list[Shape]:
    if value.dims is None or split_dim is None:
        return [Shape.unknown(value.rank)] * num_split
    axis = _static_axis(split_dim, len(value))
    if known(value[axis]) and value[axis] % num_split:
        raise invalid(
            f"Dimension size must be evenly divisible by {num_split} but is {value[axis]}\n"
            "  Number of ways to split should evenly divide the split dimension"
        )
    return [value.replaced(axis, value[axis] // num_split)] * num_split


@split_op.gradient
def split_gradient(op: Operation, *grads: Tensor | None) -> list[Tensor | None]:
    return [None, _joined(op, grads, op.inputs[0])]


def _joined(op: Operation, grads: tuple[Tensor | None, ...], axis: Tensor) -> Tensor | None:
    """Join the gradients of the parts, zeros for a part that was not used."""
    parts = _without_none(op, grads)
    if len(parts) == 1:
        return parts[0]
    return ops.concat_v2_op(parts, axis)


def _without_none(op: Operation, grads: tuple[Tensor | None, ...]) -> list[Tensor]:
    pairs = zip(op.outputs, grads, strict=True)
    return [ops.zeros_like_op(part) if grad is None else grad for part, grad in pairs]


# --- SplitV ------------------------------------------------------------------------------------


@op("SplitV", T=ANY, Tlen=_LENGTHS.default(int64), num_split=at_least(1))
def split_v_op(
    value: T, size_splits: Tlen[n], split_dim: int32[()], *, num_split: int
) -> List[T, num_split]:
    """Cut an array into parts of given sizes along one dimension.

    Args:
        value: T[...].
        size_splits: the parts' sizes along `split_dim`; one of them may be -1: what is left.
        split_dim: scalar in [-rank, rank).
        num_split: how many parts.

    Returns:
        `num_split` arrays.

    Raises:
        InvalidArgumentError: if the sizes do not add up.

    Source: 2015 Table 1.
    """
    axis = normal_axis(int(split_dim), value.ndim, "split_dim")
    sizes = _split_sizes(tuple(int(size) for size in size_splits), value.shape[axis])
    return _cut(value, axis, [0, *accumulate(sizes)])


def _split_sizes(sizes: tuple[Any, ...], total: int) -> list[int]:
    """Return the sizes of the parts, -1 replaced by what is left."""
    free = [i for i, size in enumerate(sizes) if size < 0]
    if len(free) > 1:
        raise invalid("There can only be one -1 in the input.")
    rest = total - sum(size for size in sizes if size >= 0)
    if rest < 0 or (rest and not free):
        raise invalid(
            "Determined shape must either match input shape along split_dim exactly if fully "
            "specified, or be less than the size of the input along split_dim if not fully "
            f"specified.  Got: {total - rest}",
            size=total,
        )
    return [rest if i in free else size for i, size in enumerate(sizes)]


def _static_split_sizes(sizes: tuple[Any, ...], total: Any) -> list[Any]:
    """Return the sizes of the parts as far as they are known."""
    free = [i for i, size in enumerate(sizes) if known(size) and size == -1]
    if len(free) > 1:
        raise invalid("size_splits can only have one -1")
    rest = total
    for i, size in enumerate(sizes):
        if i not in free:
            rest = rest - size
    if known(rest) and (rest < 0 or (rest and not free)):
        pieces = ",".join(map(str, sizes))
        raise invalid(f"can't split axis of size {total} into pieces of size [{pieces}]")
    return [rest if i in free else size for i, size in enumerate(sizes)]


@split_v_op.shape(values_of=("size_splits", "split_dim"))
def split_v_shape(
    value: Shape, size_splits: tuple[Any, ...] | None, split_dim: int | None, *, num_split: int
) -> list[Shape]:
    if value.rank == 0:
        raise invalid("Can't split scalars")
    if num_split == 1:
        return [value]
    if value.dims is None or split_dim is None:
        return [Shape.unknown(value.rank)] * num_split
    axis = _static_axis(split_dim, len(value))
    sizes = (UNKNOWN,) * num_split if size_splits is None else size_splits
    if len(sizes) != num_split:
        raise invalid("Length of size_splits should be equal to num_outputs")
    return [value.replaced(axis, size) for size in _static_split_sizes(sizes, value[axis])]


@split_v_op.gradient
def split_v_gradient(op: Operation, *grads: Tensor | None) -> list[Tensor | None]:
    return [_joined(op, grads, op.inputs[2]), None, None]


# --- Pack --------------------------------------------------------------------------------------


@op("Pack", T=ANY, N=at_least(1))
def pack_op(values: List[T, N], *, axis: int = 0) -> T:
    """Join arrays of one shape along a dimension that is made.

    Args:
        values: N arrays of one shape.
        axis: where the dimension stands in the result, in [-rank - 1, rank].

    Returns:
        One array of one rank more; its size along `axis` is N.

    Raises:
        InvalidArgumentError: if shapes differ.

    Source: 2015 Table 1.
    """
    first = values[0].shape
    for i, each in enumerate(values):
        if each.shape != first:
            raise invalid(
                "Shapes of all inputs must match: "
                f"values[0].shape = {Shape(first)} != values[{i}].shape = {Shape(each.shape)}"
            )
    return np.stack(values, _pack_axis(axis, len(first) + 1))


def _pack_axis(axis: int, rank: int, message: str = "axis = {} not in [{}, {})") -> int:
    if not -rank <= axis < rank:
        raise invalid(message.format(axis, -rank, rank))
    return axis % rank


# what TensorFlow's shape rules say; its kernels say the other
_WRONG_AXIS = "Invalid axis: {}; must be in [{},{})"


@pack_op.shape
def pack_shape(values: list[Shape], *, axis: int) -> Shape:
    merged = values[-1]
    for i in reversed(range(len(values) - 1)):  # as TensorFlow numbers what does not fit
        try:
            merged = merge(values[i], merged)
        except InvalidArgumentError as error:
            raise invalid(f"{error}\n  From merging shape {i} with other shapes.") from None
    if merged.dims is None:
        return merged
    place = _pack_axis(axis, len(merged) + 1, _WRONG_AXIS)
    return Shape((*merged[:place], len(values), *merged[place:]))


pack_op.value_by_body()


@pack_op.gradient
def pack_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return ops.unpack_op(grad, num=op.attrs["N"], axis=op.attrs["axis"])


# --- Unpack ------------------------------------------------------------------------------------


@op("Unpack", T=ANY, num=at_least(0))
def unpack_op(value: T, *, num: int, axis: int = 0) -> List[T, num]:
    """Cut an array into its slices along one dimension, which is removed.

    Args:
        value: T[...].
        num: the size along `axis`.
        axis: in [-rank, rank).

    Returns:
        `num` arrays of one rank less.

    Raises:
        InvalidArgumentError: if `num` is not the size.

    Source: 2015 Table 1.
    """
    place = _pack_axis(axis, value.ndim)
    if value.shape[place] != num:
        raise invalid(f"Input shape axis {axis} must equal {num}, got shape {Shape(value.shape)}")
    before = (slice(None),) * place
    return [value[(*before, i, ...)] for i in range(num)]  # `...` keeps one element an array


@unpack_op.shape
def unpack_shape(value: Shape, *, num: int, axis: int) -> list[Shape]:
    if value.dims is None:
        return [value] * num
    place = _pack_axis(axis, len(value), _WRONG_AXIS)
    if known(value[place]) and value[place] != num:
        raise invalid(f"Dimension must be {num} but is {value[place]}")
    return [value.without(place)] * num


unpack_op.value_by_body()


@unpack_op.gradient
def unpack_gradient(op: Operation, *grads: Tensor | None) -> list[Tensor | None]:
    return [ops.pack_op(_without_none(op, grads), axis=op.attrs["axis"])]
