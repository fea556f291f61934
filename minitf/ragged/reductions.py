"""Ranges and reductions of ragged tensors: sums and the like along any dimension.

Source: TensorFlow 1.15's `tf.ragged.range` and `tf.reduce_*` of ragged tensors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, ops
from minitf.api import reductions
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype
from minitf.ragged.axes import positive_axis
from minitf.ragged.segments import (
    segment_max,
    segment_min,
    segment_prod,
    segment_sum,
)
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.static_value import constant_value
from minitf.tensor import Tensor


def ragged_range(
    starts: Any,
    limits: Any = None,
    deltas: Any = 1,
    dtype: Any = None,
    name: str | None = None,
    row_splits_dtype: Any = dtypes.int64,
) -> RaggedTensor:
    """Count in each row from a start to a limit, which is left out.

    Args:
        starts: where each row starts; the limits if there are none, the rows then start at 0.
        limits: where each row ends.
        deltas: the steps.
        dtype: type of the numbers; that of the widest argument if None.
        name: name of the scope.
        row_splits_dtype: int32 or int64.
    """
    if limits is None:
        starts, limits = 0, starts
    with name_scope(name, "RaggedRange", [starts, limits, deltas]) as scope:
        given = [
            convert_to_tensor(each, None if dtype is None else as_dtype(dtype), name=what)
            for each, what in ((starts, "starts"), (limits, "limits"), (deltas, "deltas"))
        ]
        if dtype is None:
            order = [dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64]
            widest = max((each.dtype for each in given), key=order.index)
            given = [_cast(each, widest) for each in given]
        splits = as_dtype(row_splits_dtype)
        made = ops.ragged_range_op(*given, Tsplits=splits, name=scope)
        return RaggedTensor.from_row_splits(
            made.rt_dense_values, made.rt_nested_splits, validate=False
        )


def _cast(tensor: Tensor, dtype: Any) -> Tensor:
    made: Tensor = tensor if tensor.dtype == dtype else ops.cast_op(tensor, DstT=dtype)
    return made


# --- reductions ----------------------------------------------------------------------------------


def ragged_reduce_aggregate(
    reduce_op: Callable[..., Tensor],
    unsorted_segment_op: Callable[..., Any],
    rt_input: Any,
    axis: Any,
    keepdims: Any,
    separator: str | None = None,
    name: str | None = None,
) -> Any:
    """Combine the values along some dimensions.

    Args:
        reduce_op: combines a dense tensor along dimensions.
        unsorted_segment_op: combines the slices of each segment, ragged or not.
        rt_input: the ragged tensor.
        axis: a dimension, or several; all if None.
        keepdims: not supported.
        separator: passed on to functions of strings, if given.
        name: name of the scope.

    Raises:
        ValueError: if `keepdims` is set, or a dimension is out of bounds or not known.
        TypeError: if a dimension is no int.
    """
    extra = {} if separator is None else {"separator": separator}
    value = as_tensor_or_ragged(rt_input, name="rt_input")
    if not isinstance(value, RaggedTensor):
        return reduce_op(value, axis, keepdims=keepdims, name=name, **extra)
    if keepdims:
        raise ValueError("keepdims=True is not supported for RaggedTensors.")
    if isinstance(axis, Tensor):
        known = constant_value(axis)
        if known is None:
            raise ValueError("axis must be known at graph construction time.")
        axis = known.tolist()
    with name_scope(name, "RaggedReduce", [value]):
        if axis is None:
            return reduce_op(value.flat_values, None, keepdims=keepdims, **extra)
        rank = value.shape.ndims
        if not isinstance(axis, (list, tuple)):
            return _along(reduce_op, unsorted_segment_op, value, positive_axis(axis, rank), extra)
        axes = [positive_axis(each, rank) for each in axis]
        if len(set(axes)) != len(axes):
            raise ValueError(f"axis must be unique: {axis}")
        made: Any = value
        for each in sorted(axes, reverse=True):
            if isinstance(made, RaggedTensor):
                made = _along(reduce_op, unsorted_segment_op, made, each, extra)
            else:
                made = reduce_op(made, each, keepdims=keepdims, **extra)
        return made


def _along(
    reduce_op: Callable[..., Tensor],
    unsorted_segment_op: Callable[..., Any],
    value: RaggedTensor,
    axis: int,
    extra: dict[str, str],
) -> Any:
    if axis == 0:
        lengths = value.row_lengths()
        longest = ops.maximum_op(ops.max_op(lengths, 0), 0)
        dtype = lengths.dtype
        places = ops.ragged_range_op(
            ops.zeros_like_op(lengths), lengths, ops.cast_op(1, DstT=dtype), Tsplits=dtype
        ).rt_dense_values
        return unsorted_segment_op(value.values, places, longest, **extra)
    if axis == 1:
        made = unsorted_segment_op(value.values, value.value_rowids(), value.nrows(), **extra)
        if isinstance(made, Tensor):
            made.set_shape(value.shape[:1].concatenate(value.values.shape[1:]))
        return made
    if isinstance(value.values, RaggedTensor):
        inner = _along(reduce_op, unsorted_segment_op, value.values, axis - 1, extra)
    else:
        inner = reduce_op(value.values, axis - 1, **extra)
    return value.with_values(inner)


def reduce_sum(
    input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None
) -> Any:
    """Return the sums along some dimensions, all if None."""
    return ragged_reduce_aggregate(
        reductions.reduce_sum,
        segment_sum,
        input_tensor,
        axis,
        keepdims,
        name=name or "RaggedReduceSum",
    )


def reduce_prod(
    input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None
) -> Any:
    """Return the products along some dimensions, all if None."""
    return ragged_reduce_aggregate(
        reductions.reduce_prod,
        segment_prod,
        input_tensor,
        axis,
        keepdims,
        name=name or "RaggedReduceProd",
    )


def reduce_min(
    input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None
) -> Any:
    """Return the smallest along some dimensions, all if None; of nothing the type's greatest."""
    return ragged_reduce_aggregate(
        reductions.reduce_min,
        segment_min,
        input_tensor,
        axis,
        keepdims,
        name=name or "RaggedReduceMin",
    )


def reduce_max(
    input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None
) -> Any:
    """Return the greatest along some dimensions, all if None; of nothing the type's least."""
    return ragged_reduce_aggregate(
        reductions.reduce_max,
        segment_max,
        input_tensor,
        axis,
        keepdims,
        name=name or "RaggedReduceMax",
    )


def reduce_mean(
    input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None
) -> Any:
    """Return the means along some dimensions, all if None."""
    with name_scope(name, "RaggedReduceMean", [input_tensor, axis]):
        value = as_tensor_or_ragged(input_tensor, name="input_tensor")
        total = reduce_sum(value, axis, keepdims)
        if isinstance(value, RaggedTensor):
            ones: Any = value.with_flat_values(ops.ones_like_op(value.flat_values))
        else:
            ones = ops.ones_like_op(value)
        count = reduce_sum(ones, axis, keepdims)
        if isinstance(total, RaggedTensor):
            return total.with_flat_values(total.flat_values / count.flat_values)
        return total / count


def reduce_all(
    input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None
) -> Any:
    """Tell whether all are true along some dimensions, all if None."""
    with name_scope(name, "RaggedReduceAll", [input_tensor, axis]):
        return _of_numbers(reduce_prod, input_tensor, axis, keepdims)


def reduce_any(
    input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None
) -> Any:
    """Tell whether any is true along some dimensions, all if None."""
    with name_scope(name, "RaggedReduceAny", [input_tensor, axis]):
        return _of_numbers(reduce_sum, input_tensor, axis, keepdims)


def _of_numbers(reduce: Callable[..., Any], truths: Any, axis: Any, keepdims: Any) -> Any:
    value = as_tensor_or_ragged(truths, dtypes.bool_)
    numbers = retyped(value, dtypes.int32)
    return retyped(reduce(numbers, axis, keepdims), dtypes.bool_)


def retyped(value: Any, dtype: Any) -> Any:
    """Return a tensor, ragged or not, with values of another type."""
    if isinstance(value, RaggedTensor):
        return value.with_flat_values(ops.cast_op(value.flat_values, DstT=dtype))
    return ops.cast_op(value, DstT=dtype)


def reduce_join(
    inputs: Any,
    axis: Any = None,
    keepdims: Any = None,
    separator: str = "",
    name: str | None = None,
) -> Any:
    """Join the strings along some dimensions, all if None."""
    from minitf.api import strings

    def join(values: Any, axis: Any, keepdims: Any = None, separator: str = "", **_: Any) -> Tensor:
        return strings.reduce_join(values, axis, keepdims=keepdims, separator=separator)

    return ragged_reduce_aggregate(
        join,
        strings.unsorted_segment_join,
        inputs,
        axis,
        keepdims,
        separator,
        name or "RaggedSegmentJoin",
    )
