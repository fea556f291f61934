"""Indexing of ragged tensors: rows by indices and slices, columns by slices.

    rt[1]        # row 1, one dimension less
    rt[1:]       # rows
    rt[:, :2]    # of each row the first two elements
    rt[:, 0]     # refused: a row may have no element 0

Source: TensorFlow 1.15's `tf.RaggedTensor.__getitem__`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.array import expand_dims
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.ragged.axes import lengths_to_splits
from minitf.ragged.gathering import gather
from minitf.ragged.tensor import RaggedTensor
from minitf.static_value import constant_value
from minitf.tensor import Tensor

Key = Sequence[Any]
_WHOLE = slice(None)


def ragged_tensor_getitem(self: RaggedTensor, key: Any) -> Any:
    """Return a piece of a ragged tensor.

    Args:
        self: the ragged tensor.
        key: an index, a slice, `tf.newaxis`, an ellipsis, or several of them.

    Raises:
        ValueError: if an index picks out of rows of different lengths, or an ellipsis stands for an
            unknown number of dimensions.
        TypeError: if a key is nothing of these.
    """
    keys = list(key) if isinstance(key, (list, tuple)) else [key]
    with name_scope(None, "RaggedGetItem", [self]):
        return _rows(self, keys)


def _rows(rt: Any, keys: Key) -> Any:
    """Index the rows of a value by the first key, and what is in them by the others."""
    if not isinstance(rt, RaggedTensor):
        return rt[tuple(keys)] if keys else rt
    if not keys:
        return rt
    first, *inner = keys
    if first is Ellipsis:
        return _rows(rt, _expanded(rt, inner, 0))
    if first is None:
        return _as_only_row(_rows(rt, inner))
    if isinstance(first, slice):
        return _columns(_sliced_rows(rt, first), inner)
    starts, limits = rt.row_splits[:-1], rt.row_splits[1:]
    row = rt.values[_scalar(starts, first) : _scalar(limits, first)]
    return _rows(row, inner)


def _columns(rt: RaggedTensor, keys: Key) -> Any:
    """Index what is in each row of a ragged tensor."""
    if not keys:
        return rt
    first, *inner = keys
    if first is Ellipsis:
        return _columns(rt, _expanded(rt, inner, 1))
    if first is None:
        below = _columns(rt, inner)
        splits = ops.range_op(*_bounds(below))
        return RaggedTensor.from_row_splits(below, splits, validate=False)
    if not isinstance(first, slice):
        raise ValueError("Cannot index into an inner ragged dimension.")
    if first != _WHOLE:
        rt = _sliced_columns(rt, first)
    if not inner:
        return rt
    if isinstance(rt.values, RaggedTensor):
        return rt.with_values(_columns(rt.values, inner))
    return rt.with_values(rt.values[(_WHOLE, *inner)])


def _expanded(rt: RaggedTensor, inner: Key, done: int) -> list[Any]:
    """Return keys with as many slices as an ellipsis before them stands for."""
    rank = rt.shape.ndims
    taken = sum(each is not None and each is not Ellipsis for each in inner)
    if rank is None:
        raise ValueError("Ellipsis not supported for unknown shape RaggedTensors")
    return [*[_WHOLE] * max(rank - done - taken, 0), *inner]


def _as_only_row(value: Any) -> Any:
    if not isinstance(value, RaggedTensor):
        return expand_dims(value, 0)
    count = value.nrows()
    return RaggedTensor.from_row_splits(
        value, ops.pack_op([ops.zeros_like_op(count), count]), validate=False
    )


def _bounds(rt: RaggedTensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return what gives, as a range, the splits of as many rows of one element each."""
    count = rt.nrows()
    one = ops.ones_like_op(count)
    return ops.zeros_like_op(count), count + one, one


def _scalar(numbers: Tensor, index: Any) -> Tensor:
    if isinstance(index, Tensor) and index.shape.ndims not in (0, None):
        raise ValueError(f"Slice indices of a RaggedTensor are scalars, got {index}")
    return numbers[index]


# --- slices --------------------------------------------------------------------------------------


def _sliced_rows(rt: RaggedTensor, rows: slice) -> RaggedTensor:
    """Return some rows: of neighbours the values stay in one piece."""
    if rows == _WHOLE:
        return rt
    starts, limits = rt.row_splits[:-1][rows], rt.row_splits[1:][rows]
    if rows.step is not None and (isinstance(rows.step, Tensor) or rows.step != 1):
        return _of_ranges(rt.values, starts, limits, 1)
    splits = lengths_to_splits(limits - starts)
    zero = convert_to_tensor([0], splits.dtype)
    first = ops.concat_v2_op([starts[:1], zero], 0)[0]
    values = rt.values[first : first + splits[-1]]
    return RaggedTensor.from_row_splits(values, splits, validate=False)


def _sliced_columns(rt: RaggedTensor, columns: slice) -> RaggedTensor:
    """Return a slice of each row, by Python's rules."""
    lengths = rt.row_lengths()
    step = 1 if columns.step is None else columns.step
    known = constant_value(step) if isinstance(step, Tensor) else step
    if known is None:
        raise ValueError("The step of a slice of columns must be known")
    if known == 0:
        raise ValueError("slice step cannot be zero")
    least = ops.zeros_like_op(lengths)
    most = lengths
    if known < 0:
        least, most = least - 1, most - 1
    first, last = (least, most) if known > 0 else (most, least)
    start = _clipped(columns.start, lengths, least, most, first)
    stop = _clipped(columns.stop, lengths, least, most, last)
    begin = rt.row_splits[:-1]
    return _of_ranges(rt.values, begin + start, begin + stop, int(known))


def _clipped(place: Any, lengths: Tensor, least: Tensor, most: Tensor, default: Tensor) -> Tensor:
    """Return a slice's start or stop in each row."""
    if place is None:
        return default
    if not isinstance(place, Tensor) and not hasattr(place, "__index__"):
        raise TypeError(f"slice offsets must be integers or None, got {place!r}")
    place = ops.cast_op(convert_to_tensor(place), DstT=lengths.dtype)
    zero = ops.zeros_like_op(lengths)
    counted = ops.select_v2_op(ops.less_op(place, 0), place + lengths, place + zero)
    made: Tensor = ops.minimum_op(ops.maximum_op(counted, least), most)
    return made


def _of_ranges(values: Any, starts: Tensor, limits: Tensor, step: int) -> RaggedTensor:
    """Return rows of the values from start to limit, each of them picked."""
    dtype = starts.dtype
    places = ops.ragged_range_op(starts, limits, convert_to_tensor(step, dtype), Tsplits=dtype)
    picked = gather(values, places.rt_dense_values)
    return RaggedTensor.from_row_splits(picked, places.rt_nested_splits, validate=False)
