"""Segments: splits and rows of values; sums and the like over segments of ragged rows.

Source: TensorFlow 1.15's `tf.ragged` functions and its `unsorted_segment_*` of ragged tensors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, ops
from minitf.api import segments
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype
from minitf.ragged.axes import lengths_to_splits, match_row_splits_dtypes
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.static_value import constant_value
from minitf.tensor import Tensor

# --- splits and rows -----------------------------------------------------------------------------


def row_splits_to_segment_ids(splits: Any, name: str | None = None, out_type: Any = None) -> Tensor:
    """Return the row of each value.

    Args:
        splits: where each row begins, and the end of the last.
        name: name of the scope.
        out_type: int32 or int64; the type of the splits if None.

    Raises:
        ValueError: if `splits` is of another type, or no vector.
    """
    with name_scope(name, "RaggedSplitsToSegmentIds", [splits]):
        splits = convert_to_tensor(splits, name="splits", preferred_dtype=dtypes.int64)
        if splits.dtype not in (dtypes.int32, dtypes.int64):
            raise ValueError("splits must have dtype int32 or int64")
        splits.shape.assert_has_rank(1)
        if splits.shape[:1].as_list() == [0]:
            raise ValueError("Invalid row_splits: []")
        dtype = splits.dtype if out_type is None else as_dtype(out_type)
        values = _numbers(splits[-1])
        # The row of a value is the last one that begins at or before it.
        begun = ops.upper_bound_op(
            ops.expand_dims_op(splits, 0), ops.expand_dims_op(values, 0), out_type=dtype
        )
        made: Tensor = ops.squeeze_op(begun, squeeze_dims=(0,)) - 1
        return made


def segment_ids_to_row_splits(
    segment_ids: Any, num_segments: Any = None, out_type: Any = None, name: str | None = None
) -> Tensor:
    """Return where each row begins, and the end of the last.

    Args:
        segment_ids: the row of each value, never falling.
        num_segments: the number of rows; one more than the last row with a value if None.
        out_type: int32 or int64; int64 if None.
        name: name of the scope.
    """
    if out_type is None:
        given = isinstance(segment_ids, Tensor)
        out_type = segment_ids.dtype if given else getattr(num_segments, "dtype", dtypes.int64)
    dtype = as_dtype(out_type)
    with name_scope(name, "SegmentIdsToRaggedSplits", [segment_ids]):
        ids = convert_to_tensor(segment_ids, name="segment_ids", preferred_dtype=dtype)
        ids.shape.assert_has_rank(1)
        ids = ops.cast_op(ids, DstT=dtype) if ids.dtype != dtype else ids
        if num_segments is None:
            known = constant_value(ids)
            if known is not None:
                num_segments = int(known[-1]) + 1 if known.size else 0
            else:
                last = ops.concat_v2_op([ids[-1:], convert_to_tensor([-1], dtype)], 0)
                num_segments = last[0] + 1
        rows = convert_to_tensor(num_segments, name="num_segments", preferred_dtype=dtype)
        rows.shape.assert_has_rank(0)
        rows = ops.cast_op(rows, DstT=dtype) if rows.dtype != dtype else rows
        lengths = ops.unsorted_segment_sum_op(ops.ones_like_op(ids), ids, rows)
        return lengths_to_splits(lengths)


def _numbers(count: Tensor) -> Tensor:
    """Return the numbers from 0 below a count, of its type."""
    made: Tensor = ops.range_op(ops.zeros_like_op(count), count, ops.ones_like_op(count))
    return made


# --- segments of ragged rows ---------------------------------------------------------------------


def _of_rows(
    of_tensor: Callable[..., Tensor], data: Any, segment_ids: Any, num_segments: Any, name: str
) -> Any:
    """Combine the rows of each segment element by element, as far as each row goes."""
    with name_scope(name, "RaggedSegment", [data, segment_ids, num_segments]):
        data = as_tensor_or_ragged(data, name="data")
        ids = as_tensor_or_ragged(segment_ids, name="segment_ids")
        data, ids = match_row_splits_dtypes(data, ids)
        if ids.dtype not in (dtypes.int32, dtypes.int64):
            raise ValueError("segment_ids must have dtype int32 or int64.")
        if isinstance(ids, RaggedTensor):
            if not isinstance(data, RaggedTensor):
                raise ValueError(
                    "segment_ids.shape must be a prefix of data.shape, but segment_ids "
                    "is ragged and data is not."
                )
            from minitf.ragged.axes import assert_splits_match, checked

            checks = assert_splits_match([[ids.row_splits], [data.row_splits]])
            values = checked(checks, data.values)
            return _of_rows(of_tensor, values, ids.values, num_segments, name)
        if not isinstance(data, RaggedTensor):
            return of_tensor(data, ids, num_segments)
        ids.shape.assert_has_rank(1)
        dtype = data.row_splits.dtype
        lengths = data.row_lengths()
        count = ops.cast_op(convert_to_tensor(num_segments), DstT=dtype)
        longest = ops.unsorted_segment_max_op(lengths, ids, count)
        longest = ops.maximum_op(longest, ops.zeros_like_op(longest))
        splits = lengths_to_splits(longest)
        starts = ops.gather_v2_op(splits, ids, 0)  # of each row, where its segment's row begins
        places = ops.ragged_range_op(
            starts, starts + lengths, ops.cast_op(1, DstT=dtype), Tsplits=dtype
        ).rt_dense_values
        values = _of_rows(of_tensor, data.values, places, splits[-1], name)
        return RaggedTensor.from_row_splits(values, splits, validate=False)


def _named(function: Callable[..., Tensor], scope: str, what: str) -> Callable[..., Any]:
    def combine(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
        return _of_rows(function, data, segment_ids, num_segments, name or scope)

    combine.__doc__ = (
        f"Return the {what} of the rows of each segment, as long as the longest of them.\n\n"
        "    Args:\n"
        "        data: a RaggedTensor.\n"
        "        segment_ids: the segment of each row, or of each element if it is ragged too.\n"
        "        num_segments: the number of segments.\n"
        "        name: name of the scope.\n"
    )
    return combine


segment_sum = _named(segments.unsorted_segment_sum, "RaggedSegmentSum", "sum")
segment_prod = _named(segments.unsorted_segment_prod, "RaggedSegmentProd", "product")
segment_min = _named(segments.unsorted_segment_min, "RaggedSegmentMin", "smallest")
segment_max = _named(segments.unsorted_segment_max, "RaggedSegmentMax", "greatest")


def segment_mean(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """Return the mean of the rows of each segment, each element over the rows that reach it."""
    with name_scope(name, "RaggedSegmentMean", [data, segment_ids, num_segments]):
        total, count = _totals(data, segment_ids, num_segments)
        if not isinstance(total, RaggedTensor):
            return total / count
        return total.with_flat_values(total.flat_values / count.flat_values)


def segment_sqrt_n(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """Return the sum of the rows of each segment over the square root of their number."""
    with name_scope(name, "RaggedSegmentSqrtN", [data, segment_ids, num_segments]):
        total, count = _totals(data, segment_ids, num_segments)
        if not isinstance(total, RaggedTensor):
            return total / ops.sqrt_op(count)
        return total.with_flat_values(total.flat_values / ops.sqrt_op(count.flat_values))


def _totals(data: Any, segment_ids: Any, num_segments: Any) -> tuple[Any, Any]:
    data = as_tensor_or_ragged(data, name="data")
    if isinstance(data, RaggedTensor):
        ones: Any = data.with_flat_values(ops.ones_like_op(data.flat_values))
    else:
        ones = ops.ones_like_op(data)
    total = segment_sum(data, segment_ids, num_segments)
    return total, segment_sum(ones, segment_ids, num_segments)
