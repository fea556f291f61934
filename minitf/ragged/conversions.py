"""RaggedTensors of dense and sparse tensors, and back.

Source: TensorFlow 1.15's methods of `tf.RaggedTensor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import dtypes, ops
from minitf.api.array import reshape
from minitf.api.assertions import assert_equal
from minitf.api.framework import name_scope
from minitf.api.gathering import boolean_mask
from minitf.api.reductions import reduce_all, reduce_max
from minitf.api.sequences import range as range_of
from minitf.api.sequences import sequence_mask
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.ragged.axes import checked
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.tensor import Tensor

# --- dense ---------------------------------------------------------------------------------------


def from_tensor(
    tensor: Any,
    lengths: Any = None,
    padding: Any = None,
    ragged_rank: int = 1,
    row_splits_dtype: Any = dtypes.int64,
    name: str | None = None,
) -> RaggedTensor:
    """Return a dense tensor as rows.

    Args:
        tensor: at least of one dimension more than `ragged_rank`.
        lengths: how much of each row counts; several such vectors cut several dimensions, the
            outermost first.
        padding: a value that does not count at the end of a row.
        ragged_rank: the number of ragged dimensions.
        row_splits_dtype: the type of the splits, int32 or int64.
        name: name of the scope.

    Raises:
        ValueError: if both lengths and padding are given, or shapes do not fit.
        TypeError: if `ragged_rank` is no int.
    """
    dtype = dtypes.as_dtype(row_splits_dtype)
    if lengths is not None and padding is not None:
        raise ValueError("Specify lengths or padding, but not both")
    if not isinstance(ragged_rank, int):
        raise TypeError(f"ragged_rank expected int, got {ragged_rank!r}")
    if ragged_rank <= 0:
        raise ValueError(f"ragged_rank must be greater than 0; got {ragged_rank}")
    with name_scope(name, "RaggedFromTensor", [tensor, lengths, padding]):
        tensor = convert_to_tensor(tensor, name="tensor")
        tensor.shape.with_rank_at_least(ragged_rank + 1)
        if _are_nested(lengths):
            return _of_nested_lengths(tensor, lengths, ragged_rank, dtype)
        sizes = ops.shape_op(tensor, out_type=dtype)
        if ragged_rank > 1:
            return _of_deeper(tensor, sizes, lengths, padding, ragged_rank, dtype)
        if padding is not None:
            lengths = _unpadded_lengths(tensor, padding, sizes, dtype)
        if lengths is not None:
            lengths = convert_to_tensor(lengths, name="lengths", preferred_dtype=dtype)
            lengths.shape.assert_has_rank(1)
            lengths = ops.cast_op(lengths, DstT=dtype) if lengths.dtype != dtype else lengths
            lengths = ops.minimum_op(ops.maximum_op(lengths, ops.zeros_like_op(lengths)), sizes[1])
            values = boolean_mask(tensor, sequence_mask(lengths, sizes[1]))
            return RaggedTensor.from_row_lengths(values, lengths, validate=False)
        values = reshape(tensor, ops.concat_v2_op([[-1], sizes[2:]], 0))
        splits = _even_splits(sizes[0], sizes[1])
        rows = tensor.shape[0].value
        splits.set_shape([None if rows is None else rows + 1])
        return RaggedTensor.from_row_splits(values, splits, validate=False)


def _are_nested(lengths: Any) -> bool:
    return isinstance(lengths, (list, tuple)) and any(
        isinstance(each, (list, tuple, Tensor)) or getattr(each, "ndim", 0) for each in lengths
    )


def _of_nested_lengths(
    tensor: Tensor, lengths: Sequence[Any], ragged_rank: int, dtype: Any
) -> RaggedTensor:
    if ragged_rank not in (1, len(lengths)):
        raise ValueError(
            f"If lengths is a tuple of row_lengths, argument `ragged_rank` must be len(lengths) or "
            f"1. Received ragged_rank={ragged_rank} and len(lengths)={len(lengths)}"
        )
    nested = [ops.cast_op(convert_to_tensor(each), DstT=dtype) for each in lengths]
    tensor.shape.with_rank_at_least(len(nested) + 1)
    count = ops.sum_op(nested[-1], 0)
    ones = ops.fill_op(ops.expand_dims_op(count, 0), value=True)
    marks = RaggedTensor.from_nested_row_lengths(ones, nested, validate=False)
    sizes = ops.shape_op(tensor, out_type=dtype)[: len(nested) + 1]
    mask = to_tensor(marks, default_value=False, shape=sizes)
    marked = boolean_mask(tensor, mask)
    made: RaggedTensor = RaggedTensor.from_nested_row_lengths(marked, nested, validate=False)
    return made


def _of_deeper(
    tensor: Tensor, sizes: Tensor, lengths: Any, padding: Any, ragged_rank: int, dtype: Any
) -> RaggedTensor:
    """Cut the innermost ragged dimension; those outside of it have rows of one length."""
    inner = ops.concat_v2_op([[-1], ops.cast_op(sizes[ragged_rank:], DstT=dtypes.int32)], 0)
    flat = reshape(tensor, inner)
    known = tensor.shape[ragged_rank:].as_list()
    flat.set_shape([None, *known])
    rows = from_tensor(flat, lengths, padding, 1, dtype)
    for axis in range(ragged_rank - 1, 0, -1):
        count = ops.prod_op(sizes[:axis], 0)
        splits = _even_splits(count, sizes[axis])
        counted = tensor.shape[:axis].num_elements()
        splits.set_shape([None if counted is None else counted + 1])
        rows = RaggedTensor.from_row_splits(rows, splits, validate=False)
    return rows


def _even_splits(rows: Tensor, length: Tensor) -> Tensor:
    """Return the splits of rows of one length."""
    splits: Tensor = (
        ops.range_op(ops.zeros_like_op(rows), rows + 1, ops.ones_like_op(rows)) * length
    )
    return splits


def _unpadded_lengths(tensor: Tensor, padding: Any, sizes: Tensor, dtype: Any) -> Tensor:
    """Return one more than the place of the last element of each row that is not padding."""
    padding = convert_to_tensor(padding, tensor.dtype, "padding")
    tensor.shape[2:].assert_is_compatible_with(padding.shape)
    counts = ops.not_equal_op(tensor, padding)
    inner = (
        list(range(2, tensor.shape.ndims))
        if tensor.shape.ndims is not None
        else range_of(2, ops.rank_op(tensor))
    )
    counts = ops.logical_not_op(reduce_all(ops.logical_not_op(counts), axis=inner))
    places = range_of(1, sizes[1] + 1, dtype=dtype)
    longest = reduce_max(ops.cast_op(counts, DstT=dtype) * places, axis=1)
    return ops.maximum_op(longest, ops.zeros_like_op(longest))  # type: ignore[no-any-return]


def to_tensor(
    rt_input: Any, default_value: Any = None, name: str | None = None, shape: Any = -1
) -> Tensor:
    """Return a dense tensor, the rows filled up.

    Args:
        rt_input: the ragged tensor; a Tensor is given back as it is.
        default_value: what stands behind the end of a row; zero, or what is empty, if None.
        name: name of the scope.
        shape: the sizes wanted, -1 for those that the rows need.

    Raises:
        ValueError: if the default value's shape does not fit.
        TypeError: if its type does not.
    """
    with name_scope(name, "RaggedToTensor", [rt_input, default_value]):
        rows = as_tensor_or_ragged(rt_input, name="rt_input")
        if not isinstance(rows, RaggedTensor):
            return rows  # type: ignore[no-any-return]
        if default_value is None:
            default_value = ops.fill_op([], _zero_of(rows.dtype))
        default_value = convert_to_tensor(default_value, rows.dtype, "default_value")
        splits = rows.nested_row_splits
        made: Tensor = ops.ragged_tensor_to_tensor_op(
            shape,
            rows.flat_values,
            default_value,
            list(splits),
            row_partition_types=("ROW_SPLITS",) * len(splits),
        )
        return made


def ragged_to_dense(rt_input: Any, default_value: Any = None, shape: Any = None) -> Tensor:
    """Return a dense tensor of a shape, -1 or None for the sizes that the rows need."""
    return to_tensor(rt_input, default_value, shape=-1 if shape is None else shape)


def _zero_of(dtype: Any) -> Tensor:
    return convert_to_tensor(
        "" if dtype == dtypes.string else False if dtype == dtypes.bool_ else 0, dtype
    )


# --- sparse --------------------------------------------------------------------------------------


def from_sparse(
    st_input: Any, name: str | None = None, row_splits_dtype: Any = dtypes.int64
) -> RaggedTensor:
    """Return a sparse matrix as rows; those have their values at the front, without gaps.

    Raises:
        TypeError: if it is no SparseTensor.
        ValueError: if it is no matrix, or its rank is not known.
    """
    dtype = dtypes.as_dtype(row_splits_dtype)
    if not isinstance(st_input, SparseTensor):
        raise TypeError(f"Expected SparseTensor, got {type(st_input).__name__}")
    with name_scope(name, "RaggedFromSparse", [st_input.values]):
        rank = st_input.shape.ndims
        if rank is None:
            rank = st_input.indices.shape[1].value
        if rank is None:
            raise ValueError("rank(st_input) must be statically known")
        if rank != 2:
            raise ValueError("rank(st_input) must be 2")
        indices = st_input.indices
        rows, columns = indices[:, 0], indices[:, 1]
        # A value stands beside the one before it, or at the front of another row.
        beside = ops.logical_and_op(
            ops.equal_op(rows[1:], rows[:-1]), ops.equal_op(columns[1:], columns[:-1] + 1)
        )
        in_front = ops.logical_and_op(
            ops.greater_op(rows[1:], rows[:-1]), ops.equal_op(columns[1:], 0)
        )
        said = "SparseTensor is not right-ragged"
        fits = ops.logical_or_op(beside, in_front)
        checks = [
            assert_equal(fits, ops.ones_like_op(fits), message=said),
            assert_equal(columns[:1], ops.zeros_like_op(columns[:1]), message=said),
        ]
        ids = checked(checks, rows)
        count = st_input.dense_shape[0]
        return RaggedTensor.from_value_rowids(
            st_input.values, _cast(ids, dtype), _cast(count, dtype), validate=False
        )


def to_sparse(rt_input: Any, name: str | None = None) -> SparseTensor:
    """Return a SparseTensor of the values of a ragged tensor."""
    with name_scope(name, "RaggedToSparse", [rt_input]):
        rows = as_tensor_or_ragged(rt_input, name="rt_input")
        made = ops.ragged_tensor_to_sparse_op(list(rows.nested_row_splits), rows.flat_values)
        sparse = SparseTensor(*made)
        sparse.given_shape = rows.shape.static_shape
        return sparse


def _cast(tensor: Tensor, dtype: Any) -> Tensor:
    made: Tensor = tensor if tensor.dtype == dtype else ops.cast_op(tensor, DstT=dtype)
    return made


# --- the smallest dense tensor that holds all rows -----------------------------------------------


def bounding_shape(
    rt_input: RaggedTensor, axis: Any = None, name: str | None = None, out_type: Any = None
) -> Tensor:
    """Return the shape of the smallest dense tensor that holds all rows, or some of its sizes."""
    dtype = rt_input.row_splits.dtype if out_type is None else dtypes.as_dtype(out_type)
    with name_scope(name, "RaggedBoundingBox", [rt_input, axis]):
        if not isinstance(axis, Tensor) and axis == 0:
            return rt_input.nrows(dtype)
        if not isinstance(axis, Tensor) and axis == 1:
            return _cast(_longest(rt_input.row_lengths()), dtype)
        longest = [_longest(each) for each in rt_input.nested_row_lengths()]
        sizes = [_cast(each, dtype) for each in (rt_input.nrows(), *longest)]
        inner = ops.shape_op(rt_input.flat_values, out_type=dtype)[1:]
        box: Tensor = ops.concat_v2_op([ops.pack_op(sizes), inner], 0)
        return box if axis is None else ops.gather_v2_op(box, axis, 0)


def _longest(lengths: Tensor) -> Tensor:
    made: Tensor = ops.maximum_op(ops.max_op(lengths, 0), 0)  # of no rows the least number there is
    return made
