"""Ragged tensors as sparse and as dense ones.

Source: TensorFlow's ops of the same names.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, types
from minitf.dtypes import int64 as int64_type
from minitf.errors import invalid
from minitf.grammar import at_least
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import (
    RAGGED_RANK,
    List,
    T,
    Tindex,
    Tshape,
    Tsplits,
    int64,
    num_row_partition_tensors,
)
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- RaggedTensorToSparse ------------------------------------------------------------------------


@op(
    "RaggedTensorToSparse",
    T=ANY,
    Tsplits=INDICES.default(int64_type),
    RAGGED_RANK=at_least(1),
    outputs=("sparse_indices", "sparse_values", "sparse_dense_shape"),
)
def ragged_tensor_to_sparse_op(
    rt_nested_splits: List[Tsplits, RAGGED_RANK], rt_dense_values: T
) -> tuple[int64, T, int64]:
    """List the values of a ragged tensor with their places.

    Args:
        rt_nested_splits: the splits of its dimensions, the outermost first.
        rt_dense_values: its flat values, at least a vector.

    Returns:
        sparse_indices: int64[N, rank]; sparse_values: T[N]; sparse_dense_shape: int64[rank], the
        greatest size of each dimension.

    Raises:
        InvalidArgumentError: if splits do not begin at zero, or do not end where the values do.

    Source: TensorFlow's op of the same name.
    """
    _check_whole(rt_nested_splits, rt_dense_values)
    rows = rt_nested_splits[0].size - 1
    places, shape = np.arange(rows).reshape(-1, 1), [rows]
    for splits in rt_nested_splits:
        sizes = np.diff(splits).astype(np.int64)
        within = np.arange(sizes.sum()) - np.repeat(splits[:-1].astype(np.int64), sizes)
        places = np.column_stack([np.repeat(places, sizes, axis=0), within])
        shape.append(int(sizes.max(initial=0)))
    for size in rt_dense_values.shape[1:]:
        within = np.tile(np.arange(size), len(places))
        places = np.column_stack([np.repeat(places, size, axis=0), within])
        shape.append(size)
    return places.astype(np.int64), rt_dense_values.ravel(), np.array(shape, np.int64)


def _check_whole(nested_splits: Sequence[Array], values: Array) -> None:
    for splits, deeper in zip(nested_splits, [*nested_splits[1:], None], strict=True):
        size = deeper.size - 1 if deeper is not None else values.shape[0] if values.ndim else -1
        if not splits.size or splits[0] != 0:
            raise invalid("First value of ragged splits must be 0.", splits=splits.tolist())
        if splits[-1] != size:
            raise invalid(
                "Final value of ragged splits must match the length the corresponding ragged "
                "values.",
                splits=splits.tolist(),
            )
        if (np.diff(splits) < 0).any():
            raise invalid("Ragged splits must be sorted", splits=splits.tolist())


@ragged_tensor_to_sparse_op.shape
def ragged_tensor_to_sparse_shape(
    rt_nested_splits: list[Shape], rt_dense_values: Shape
) -> list[Shape]:
    if rt_dense_values.rank == 0:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    rank: Any = UNKNOWN
    if rt_dense_values.rank is not None:
        rank = rt_dense_values.rank + len(rt_nested_splits)
    count = rt_dense_values.size
    return [Shape([count, rank]), Shape([count]), Shape([rank])]


@ragged_tensor_to_sparse_op.gradient
def ragged_tensor_to_sparse_gradient(op: Operation, *grads: Any) -> list[Any]:
    levels: int = op.attrs["RAGGED_RANK"]
    if grads[1] is None:
        return [None] * (levels + 1)
    shape: Tensor = ops.shape_op(op.inputs[-1])
    return [*[None] * levels, ops.reshape_op(grads[1], shape)]


# --- RaggedTensorToTensor ------------------------------------------------------------------------

_FIRST, _ROWIDS, _SPLITS = "FIRST_DIM_SIZE", "VALUE_ROWIDS", "ROW_SPLITS"


@op(
    "RaggedTensorToTensor",
    T=ANY,
    Tindex=types("int64", "int32"),
    Tshape=types("int64", "int32"),
    num_row_partition_tensors=at_least(1),
    outputs=("result",),
)
def ragged_tensor_to_tensor_op(
    shape: Tshape,
    values: T,
    default_value: T,
    row_partition_tensors: List[Tindex, num_row_partition_tensors],
    *,
    row_partition_types: tuple[str, ...],
) -> T:
    """Lay the rows of a ragged tensor into a dense one, filled up or cut off.

    Args:
        shape: the sizes wanted, -1 where the ragged tensor's own do; -1 alone for all of them.
        values: its flat values.
        default_value: what stands where it has no value; of a shape that fits an inner value.
        row_partition_tensors: how each ragged dimension is cut, the outermost first.
        row_partition_types: what each of them is: ROW_SPLITS; or FIRST_DIM_SIZE, the number of
            rows, and then VALUE_ROWIDS, the row of each value, for every dimension.

    Returns:
        T of that shape.

    Raises:
        InvalidArgumentError: if the shapes do not fit together, or a partition is none.

    Source: TensorFlow's op of the same name.
    """
    levels = _levels(row_partition_tensors, row_partition_types, values)
    sizes = _sizes(shape, levels, values)
    _check_default(default_value, values)
    result = np.empty(sizes, values.dtype)
    result[...] = default_value
    place = np.zeros(len(values), np.int64)  # of each value, among the inner values of the result
    inside = np.ones(len(values), bool)
    stride = 1
    for axis, rows in reversed(list(enumerate(levels, 1))):
        within = _places_within(rows)
        for deeper in levels[axis:]:
            within = within[deeper.ids]
        inside &= within < sizes[axis]
        place += within * stride
        stride *= sizes[axis]
    outer = levels[0].ids
    for deeper in levels[1:]:
        outer = outer[deeper.ids]
    inside &= outer < sizes[0]
    place += outer * stride
    cells = result.reshape(-1, *sizes[len(levels) + 1 :])
    cells[place[inside]] = values[inside]
    return result


class _Rows:
    """How one dimension is cut: the row of each value, and the number of rows."""

    def __init__(self, ids: Array, count: int) -> None:
        self.ids, self.count = ids.astype(np.int64), count


def _levels(tensors: Sequence[Array], kinds: Sequence[str], values: Array) -> list[_Rows]:
    if unknown := set(kinds) - {_FIRST, _ROWIDS, _SPLITS}:
        raise invalid(f"Unknown string for partition info type: {min(unknown)}")
    if len(kinds) != len(tensors):
        raise invalid("Number of row partition tensors and of their types must be equal")
    if kinds[0] == _ROWIDS:
        raise invalid("Cannot handle VALUE_ROWIDS in first dimension.")
    levels: list[_Rows] = []
    rows = int(tensors[0]) if kinds[0] == _FIRST else tensors[0].size - 1
    for tensor, kind in zip(tensors, kinds, strict=True):
        if kind == _FIRST:
            continue
        if kind == _SPLITS:
            sizes = np.diff(tensor)
            if not tensor.size or tensor[0] != 0 or (sizes < 0).any() or tensor.size - 1 != rows:
                raise invalid("Invalid row split size.", splits=tensor.tolist())
            levels.append(_Rows(np.repeat(np.arange(rows), sizes), rows))
        else:
            if tensor.size and (tensor[0] < 0 or tensor[-1] >= rows or (np.diff(tensor) < 0).any()):
                raise invalid("Invalid value_rowids: not in order, or out of range")
            levels.append(_Rows(tensor, rows))
        rows = len(levels[-1].ids)
    if not values.ndim or rows != len(values):
        raise invalid(f"Row partitions are of {rows} values, but there are {values.shape}")
    return levels


def _places_within(rows: _Rows) -> Array:
    counts = np.bincount(rows.ids, minlength=rows.count)
    return np.arange(len(rows.ids)) - np.repeat(np.cumsum(counts) - counts, counts)


def _sizes(shape: Array, levels: list[_Rows], values: Array) -> list[int]:
    own = [levels[0].count]
    own += [int(np.bincount(each.ids).max(initial=0)) for each in levels]
    own += values.shape[1:]
    if not shape.ndim:
        if shape != -1:
            raise invalid("Only -1 is allowed as a scalar shape")
        return own
    wanted = [int(size) for size in shape]
    text = f"[{','.join('?' if size < 0 else str(size) for size in wanted)}]"
    problem = f"rt_input.shape and shape={text} are incompatible: "
    if len(wanted) != len(own):
        raise invalid(f"{problem}rt_input.rank = {len(own)} but shape.rank = {len(wanted)}")
    for axis in range(len(levels) + 1, len(own)):
        if wanted[axis] not in (-1, own[axis]):
            raise invalid(
                f"{problem}rt_input.shape[{axis}] = {own[axis]} but shape[{axis}] = {wanted[axis]}"
            )
    return [mine if size < 0 else size for mine, size in zip(own, wanted, strict=True)]


def _check_default(default: Array, values: Array) -> None:
    problem = (
        f"default_value.shape={list(default.shape)} and rt_input.flat_values.shape="
        f"{list(values.shape)} are incompatible: "
    )
    if default.ndim >= values.ndim:
        raise invalid(
            f"{problem}default_value.rank = {default.ndim}  must be less than "
            f"rt_input.flat_values.rank = {values.ndim}"
        )
    pairs = zip(reversed(default.shape), reversed(values.shape), strict=False)
    if any(mine not in (1, theirs) for mine, theirs in pairs):
        raise invalid(problem + "their sizes differ")


@ragged_tensor_to_tensor_op.shape(values_of=("shape",))
def ragged_tensor_to_tensor_shape(
    shape: Any,
    values: Shape,
    default_value: Shape,
    row_partition_tensors: list[Shape],
    *,
    row_partition_types: tuple[str, ...],
) -> Shape:
    levels = sum(kind != _FIRST for kind in row_partition_types)
    inner, rank = default_value.rank, values.rank
    if inner is not None and rank is not None and inner >= rank:
        raise invalid(
            f"default_value.shape={default_value} and rt_input.flat_values.shape={values} are "
            f"incompatible: default_value.rank = {default_value.rank}  must be less than "
            f"rt_input.flat_values.rank = {values.rank}"
        )
    rows: Any = UNKNOWN
    if row_partition_types[0] == _SPLITS and row_partition_tensors[0].rank == 1:
        rows = row_partition_tensors[0][0] - 1
    own: list[Any] | None = None
    if values.rank is not None:
        own = [rows, *[UNKNOWN] * levels, *values[1:]]
    if shape is None:
        return Shape.unknown() if own is None else Shape.unknown(len(own))
    if not isinstance(shape, (tuple, list, np.ndarray)) or np.ndim(shape) == 0:
        return Shape.unknown() if own is None else Shape(own)
    wanted = [UNKNOWN if size is UNKNOWN or size < 0 else size for size in shape]
    known = [size is not UNKNOWN for size in shape]
    if own is None:
        return Shape(wanted)
    if len(own) != len(wanted):
        raise invalid(
            "rt_input.shape and shape are incompatible: "
            f"rt_input.rank = {len(own)} but shape.rank = {len(wanted)}"
        )
    return Shape(
        mine if asked is UNKNOWN and told else asked
        for mine, asked, told in zip(own, wanted, known, strict=True)
    )


@ragged_tensor_to_tensor_op.gradient
def ragged_tensor_to_tensor_gradient(op: Operation, grad: Tensor) -> list[Any]:
    """Pick the gradients where the values went; the default value takes what is left."""
    _, values, default, *partitions = op.inputs
    kinds = op.attrs["row_partition_types"]
    count = ops.shape_op(values)[0]
    outer = sum(kind != _FIRST for kind in kinds) + 1
    sizes = ops.shape_op(grad)
    # Where each value went: the same op lays out the numbers of the values, from one.
    numbers = ops.ragged_tensor_to_tensor_op(
        sizes[:outer], ops.range_op(1, count + 1, 1), 0, partitions, row_partition_types=kinds
    )
    inner = sizes[outer:]
    numbers = ops.reshape_op(numbers, [-1])
    cells = ops.reshape_op(grad, ops.concat_v2_op([[-1], inner], 0))
    of_values = ops.unsorted_segment_sum_op(cells, numbers - 1, count)
    is_default = ops.cast_op(ops.equal_op(numbers, 0), DstT=grad.dtype)
    column = ops.reshape_op(
        is_default, ops.concat_v2_op([[-1], ops.fill_op(ops.shape_op(inner), 1)], 0)
    )
    unfilled = ops.sum_op(cells * column, 0)
    extra = ops.rank_op(unfilled) - ops.rank_op(default)
    aligned = ops.concat_v2_op(
        [ops.fill_op(ops.expand_dims_op(extra, 0), 1), ops.shape_op(default)], 0
    )
    axes, _ = ops.broadcast_gradient_args_op(aligned, ops.shape_op(unfilled))
    of_default = ops.reshape_op(ops.sum_op(unfilled, axes), ops.shape_op(default))
    return [None, of_values, of_default, *[None] * len(partitions)]
