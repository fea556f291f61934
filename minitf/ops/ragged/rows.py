"""Ranges and gathering: ragged tensors that ops make row by row.

A ragged tensor reaches an op as the splits of its dimensions, the outermost first, and its flat
values: row i holds what stands between splits[i] and splits[i + 1] one level deeper.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, DType, int32, int64, types
from minitf.errors import invalid
from minitf.grammar import at_least
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import (
    OUTPUT_RAGGED_RANK,
    PARAMS_RAGGED_RANK,
    List,
    T,
    Tindices,
    Tsplits,
    Tvalues,
)
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- RaggedRange ---------------------------------------------------------------------------------


@op(
    "RaggedRange",
    T=types("bfloat16", "float32", "float64", "int32", "int64").default(int32),
    Tsplits=INDICES,
    outputs=("rt_nested_splits", "rt_dense_values"),
)
def ragged_range_op(
    starts: T, limits: T, deltas: T, *, Tsplits: DType = int64
) -> tuple[Tsplits, T]:
    """Count from starts[i] to limits[i], which is left out, by deltas[i], in a row for each i.

    Args:
        starts: T[rows], or one number for all rows.
        limits: T[rows], or one number for all rows.
        deltas: T[rows], or one number for all rows; none is zero.
        Tsplits: int32 or int64.

    Returns:
        rt_nested_splits: Tsplits[rows + 1], where each row begins; rt_dense_values: T[values].

    Raises:
        InvalidArgumentError: if the vectors differ in size, or a delta is zero.

    Source: TensorFlow's op of the same name.
    """
    for name, each in (("starts", starts), ("limits", limits), ("deltas", deltas)):
        if each.ndim > 1:
            raise invalid(f"{name} must be a scalar or vector")
    given = [each.size for each in (starts, limits, deltas) if each.ndim]
    if len(set(given)) > 1:
        raise invalid("starts, limits, and deltas must have the same shape", sizes=given)
    if not deltas.all():
        raise invalid("Requires delta != 0")
    count = given[0] if given else 1
    starts, limits, deltas = (np.broadcast_to(each, count) for each in (starts, limits, deltas))
    sizes = _sizes(starts, limits, deltas)
    splits = np.concatenate([[0], np.cumsum(sizes)])
    within = np.arange(splits[-1]) - np.repeat(splits[:-1], sizes)
    if starts.dtype.kind in "iu":
        values = np.repeat(starts, sizes) + within.astype(starts.dtype) * np.repeat(deltas, sizes)
    else:
        values = _added_up(starts, deltas, sizes)
    return splits.astype(Tsplits.numpy), values.astype(starts.dtype)


def _sizes(starts: Array, limits: Array, deltas: Array) -> Array:
    """Return how many numbers each row has."""
    if starts.dtype.kind in "iu":
        start, limit, delta = (each.astype(object) for each in (starts, limits, deltas))
        steps = [-((s - e) // d) for s, e, d in zip(start, limit, delta, strict=True)]
        return np.array([max(each, 0) for each in steps], np.int64)
    spans = np.abs((limits.astype(np.float64) - starts) / deltas.astype(np.float64))
    away = ((deltas > 0) & (starts > limits)) | ((deltas < 0) & (starts < limits))
    if (spans > np.iinfo(np.int64).max).any():
        raise invalid("Requires ((limit - start) / delta) <= 9223372036854775807")
    return np.where(away, 0, np.ceil(spans)).astype(np.int64)


def _added_up(starts: Array, deltas: Array, sizes: Array) -> Array:
    """Return rows of fractions: each number is the one before it plus the delta, rounded."""
    rows = [np.zeros(0, starts.dtype)]
    for start, delta, size in zip(starts, deltas, sizes, strict=True):
        row = np.full(size, delta, starts.dtype)
        row[:1] = start
        rows.append(np.cumsum(row, dtype=starts.dtype))
    return np.concatenate(rows)


@ragged_range_op.shape
def ragged_range_shape(starts: Shape, limits: Shape, deltas: Shape, *, Tsplits: DType) -> Any:
    rows: Any = UNKNOWN
    given = (starts, limits, deltas)
    for each in given:
        if each.rank is not None and each.rank > 1:
            raise invalid(f"Shape must be at most rank 1 but is rank {each.rank}")
        if each.rank == 1:
            rows = must_equal(rows, each[0])
    if all(each.rank == 0 for each in given):
        rows = 1
    return [Shape([rows + 1]), Shape([UNKNOWN])]


ragged_range_op.no_gradient("counts")

# --- RaggedGather --------------------------------------------------------------------------------


@op(
    "RaggedGather",
    Tvalues=ANY,
    Tindices=INDICES,
    Tsplits=INDICES.default(int64),
    PARAMS_RAGGED_RANK=at_least(1),
    OUTPUT_RAGGED_RANK=at_least(0),
    outputs=("output_nested_splits", "output_dense_values"),
)
def ragged_gather_op(
    params_nested_splits: List[Tsplits, PARAMS_RAGGED_RANK],
    params_dense_values: Tvalues,
    indices: Tindices,
    *,
    OUTPUT_RAGGED_RANK: int,
) -> tuple[List[Tsplits, OUTPUT_RAGGED_RANK], Tvalues]:
    """Pick rows of a ragged tensor.

    Args:
        params_nested_splits: the splits of its dimensions, the outermost first.
        params_dense_values: its flat values.
        indices: Tindices[...], which rows.
        OUTPUT_RAGGED_RANK: dimensions of the result that are ragged: those of the tensor, and one
            for each of the indices but one.

    Returns:
        output_nested_splits, output_dense_values: the rows, in the place of their indices.

    Raises:
        InvalidArgumentError: if an index is out of range, or the splits are not in order or point
            past the values.

    Source: TensorFlow's op of the same name.
    """
    outer = params_nested_splits[0]
    rows = outer.size - 1
    for place, index in enumerate(indices.ravel().tolist()):
        if not 0 <= index < rows:
            raise invalid(f"indices[{place}] = {index} is not in [0, {rows})")
    _check_splits(params_nested_splits, params_dense_values)
    made = [_dense_splits(indices.shape, axis) for axis in range(1, indices.ndim)]
    picked = indices.ravel().astype(np.int64)
    for splits in params_nested_splits:
        first, last = splits[:-1][picked].astype(np.int64), splits[1:][picked].astype(np.int64)
        sizes = last - first
        ends = np.concatenate([[0], np.cumsum(sizes)])
        made.append(ends)
        picked = np.arange(ends[-1]) + np.repeat(first - ends[:-1], sizes)
    kind = outer.dtype
    levels = made[len(made) - OUTPUT_RAGGED_RANK :]
    return [each.astype(kind) for each in levels], params_dense_values[picked]


def _check_splits(nested_splits: Any, values: Array) -> None:
    for splits, deeper in zip(nested_splits, [*nested_splits[1:], None], strict=True):
        size = values.shape[0] if deeper is None else deeper.size - 1
        if not splits.size:
            raise invalid("Ragged splits must have at least one element")
        if (np.diff(splits) < 0).any():
            raise invalid("Ragged splits must be sorted", splits=splits.tolist())
        if splits[0] < 0:
            raise invalid("Ragged splits must be non-negative", splits=splits.tolist())
        if splits[-1] > size:
            raise invalid("Ragged splits must not point past values", splits=splits.tolist())


def _dense_splits(sizes: tuple[int, ...], axis: int) -> Array:
    """Return the splits of a dimension whose rows are all of one size."""
    count = int(np.prod(sizes[:axis]))
    return np.arange(count + 1) * sizes[axis]


@ragged_gather_op.shape
def ragged_gather_shape(
    params_nested_splits: list[Shape],
    params_dense_values: Shape,
    indices: Shape,
    *,
    OUTPUT_RAGGED_RANK: int,
) -> list[Any]:
    for each in params_nested_splits:
        must_equal(1 if each.rank is None else each.rank, 1, "Shape must be rank 1 but is rank")
    rank = params_dense_values.rank
    if rank == 0:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    values = Shape.unknown() if rank is None else Shape([UNKNOWN, *params_dense_values[1:]])
    expected = None if indices.rank is None else indices.rank + len(params_nested_splits) - 1
    if expected not in (None, OUTPUT_RAGGED_RANK):
        raise invalid(
            f"Requires {OUTPUT_RAGGED_RANK} ragged dimensions, but indices.rank + "
            f"params.ragged_rank - 1 = {expected}"
        )
    return [[Shape([UNKNOWN])] * OUTPUT_RAGGED_RANK, values]


@ragged_gather_op.gradient
def ragged_gather_gradient(op: Operation, *grads: Any) -> list[Any]:
    """Add the rows' gradients up where they came from: their places are gathered the same way."""
    levels: int = op.attrs["PARAMS_RAGGED_RANK"]
    *splits, values = op.inputs[: levels + 1]
    indices, grad = op.inputs[levels + 1], grads[-1]
    if grad is None:
        return [None] * (levels + 2)
    count: Tensor = ops.shape_op(values, out_type=int64)[0]
    places = ops.range_op(0, count, 1)
    gathered = ops.ragged_gather_op(
        splits, places, indices, OUTPUT_RAGGED_RANK=op.attrs["OUTPUT_RAGGED_RANK"]
    )
    added = ops.unsorted_segment_sum_op(grad, gathered.output_dense_values, count)
    return [*[None] * levels, added, None]
