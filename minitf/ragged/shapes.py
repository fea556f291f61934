"""RaggedTensorDynamicShape: the shape of a ragged tensor when the graph runs; broadcasting.

A shape says of the outer dimensions how long their rows are: a number if all are equally long, a
vector with a length for each row if they are ragged.  What is inside of the last ragged dimension
are plain sizes.

    [[1, 2], [3]] with flat values of shape [3, 5]: partitioned sizes (2, [2, 1]), inner sizes [5]

To broadcast, each row of the result is told which row it is a copy of: along a dimension of size 1
all are copies of the only one.  What is left is one gather of the flat values.

Source: TensorFlow 1.15's `ragged_tensor_shape`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import dtypes, ops
from minitf.api.assertions import assert_equal
from minitf.api.framework import name_scope
from minitf.api.sizes import broadcast_to as broadcast_tensor_to
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, as_dtype
from minitf.ragged.axes import checked, lengths_to_splits
from minitf.ragged.copies import Copies
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.static_value import constant_value
from minitf.tensor import Tensor

_MISMATCH = "Unable to broadcast: dimension size mismatch in dimension"


class RaggedTensorDynamicShape:
    """The sizes of a ragged tensor when the graph runs.

    Args:
        partitioned_dim_sizes: of each outer dimension a number, or the length of each row; the
            first is a number, the last one ragged.
        inner_dim_sizes: a vector: the sizes of the others.
        dim_size_dtype: int32 or int64; the type of the sizes that are given if None.

    Raises:
        TypeError: if the sizes of the outer dimensions are no list.
        ValueError: if they are no numbers or vectors, or of different types.
    """

    def __init__(
        self, partitioned_dim_sizes: Any, inner_dim_sizes: Any, dim_size_dtype: Any = None
    ) -> None:
        if not isinstance(partitioned_dim_sizes, (list, tuple)):
            raise TypeError("partitioned_dim_sizes must be a list or tuple")
        with name_scope(None, "RaggedTensorDynamicShape", list(partitioned_dim_sizes)):
            sizes = [convert_to_tensor(each, name="size") for each in partitioned_dim_sizes]
            inner = convert_to_tensor(inner_dim_sizes, name="inner_dim_sizes")
            if inner.dtype not in (dtypes.int32, dtypes.int64):
                inner = ops.cast_op(inner, DstT=dtypes.int32)
            kinds = {each.dtype for each in [*sizes, inner]}
            dtype = dtypes.int64 if dtypes.int64 in kinds else dtypes.int32
            dtype = dtype if dim_size_dtype is None else as_dtype(dim_size_dtype)
            self._outer = tuple(_cast(each, dtype) for each in sizes)
            self._inner = _cast(inner, dtype)
        self._inner.shape.assert_has_rank(1)
        for axis, each in enumerate(self._outer):
            if each.shape.ndims is None:
                raise ValueError(f"rank of partitioned_dim_sizes[{axis}] is unknown")
            each.shape.with_rank_at_most(1)
        if self._outer and self._outer[0].shape.ndims == 1:
            raise ValueError("outermost partitioned dimension must be uniform")
        if self._outer and self._outer[-1].shape.ndims == 0:
            raise ValueError("innermost partitioned dimension must be ragged")
        if self._inner.shape.ndims is None or self._inner.shape[0].value is None:
            raise ValueError("inner_dim_sizes must have a known size: the rank must be known")

    def __repr__(self) -> str:
        """Show the sizes."""
        return (
            f"RaggedTensorDynamicShape(partitioned_dim_sizes={self._outer!r}, "
            f"inner_dim_sizes={self._inner!r})"
        )

    @staticmethod
    def from_dim_sizes(dim_sizes: Sequence[Any]) -> RaggedTensorDynamicShape:
        """Return the shape with these sizes: numbers, and vectors where it is ragged."""
        with name_scope(None, "RaggedTensorDynamicShapeFromDimensionSizes", list(dim_sizes)):
            sizes = [
                convert_to_tensor(each, name="size", preferred_dtype=dtypes.int64)
                for each in dim_sizes
            ]
            ragged = [axis for axis, each in enumerate(sizes) if each.shape.ndims]
            outer = ragged[-1] + 1 if ragged else 0
            dtype = dtypes.int64 if any(each.dtype == dtypes.int64 for each in sizes) else None
            inner = [_cast(each, dtype or each.dtype) for each in sizes[outer:]]
            packed = ops.pack_op(inner) if inner else convert_to_tensor([], dtype or dtypes.int64)
            return RaggedTensorDynamicShape(sizes[:outer], packed)

    @classmethod
    def from_tensor(cls, rt_input: Any, dim_size_dtype: Any = None) -> RaggedTensorDynamicShape:
        """Return the shape of a tensor, ragged or not."""
        with name_scope(None, "RaggedTensorDynamicShapeFromTensor", []):
            value = as_tensor_or_ragged(rt_input)
            if not isinstance(value, RaggedTensor):
                sizes = ops.shape_op(value, out_type=as_dtype(dim_size_dtype or dtypes.int32))
                return cls([], sizes)
            dtype = value.row_splits.dtype
            inner = ops.shape_op(value.flat_values, out_type=dtype)[1:]
            return cls((value.nrows(), *value.nested_row_lengths()), inner, dim_size_dtype)

    # --- what it says ----------------------------------------------------------------------------

    def dimension_size(self, axis: int) -> Tensor:
        """Return the size of a dimension: a number, or the length of each row."""
        if not isinstance(axis, int):
            raise TypeError("axis must be an integer")
        outer = len(self._outer)
        return self._outer[axis] if axis < outer else self._inner[axis - outer]

    def is_ragged(self, axis: int) -> bool:
        """Tell whether a dimension has rows of different lengths."""
        if not isinstance(axis, int):
            raise TypeError("axis must be an integer")
        rank = self.rank
        if axis < 0:
            raise ValueError("Negative axis values are not supported")
        if rank is not None and axis >= rank:
            raise ValueError(f"Expected axis={axis} < rank={rank}")
        return axis < len(self._outer) and self._outer[axis].shape.ndims == 1

    @property
    def rank(self) -> int | None:
        """The number of dimensions."""
        inner = self.num_inner_dimensions
        return None if inner is None else len(self._outer) + inner

    @property
    def partitioned_dim_sizes(self) -> tuple[Tensor, ...]:
        """The sizes of the outer dimensions."""
        return self._outer

    @property
    def inner_dim_sizes(self) -> Tensor:
        """The sizes of the others."""
        return self._inner

    @property
    def num_partitioned_dimensions(self) -> int:
        """The number of outer dimensions."""
        return len(self._outer)

    @property
    def num_inner_dimensions(self) -> int | None:
        """The number of others."""
        count: int | None = self._inner.shape[0].value
        return count

    @property
    def dim_size_dtype(self) -> DType:
        """The type of the sizes."""
        return self._inner.dtype

    def with_dim_size_dtype(self, dtype: Any) -> RaggedTensorDynamicShape:
        """Return it with sizes of another type, int32 or int64.

        Raises:
            ValueError: if it is another one.
        """
        if as_dtype(dtype) not in (dtypes.int32, dtypes.int64):
            raise ValueError("dtype must be int32 or int64")
        return RaggedTensorDynamicShape(self._outer, self._inner, dtype)

    def num_slices_in_dimension(self, axis: int) -> Tensor:
        """Return how many slices there are along a dimension, in all rows together."""
        if not isinstance(axis, int):
            raise TypeError("axis must be an integer")
        rank = self.rank
        if axis < 0 and rank is None:
            raise ValueError("You can't use negative values if the rank is undefined")
        axis = axis + (rank or 0) if axis < 0 else axis
        count = convert_to_tensor(1, self.dim_size_dtype)
        for each in range(axis + 1):
            size = self.dimension_size(each)
            count = ops.sum_op(size, 0) if size.shape.ndims else count * size
        return count

    # --- others like it --------------------------------------------------------------------------

    def broadcast_to_rank(self, rank: int) -> RaggedTensorDynamicShape:
        """Return it with dimensions of size 1 before its own.

        Raises:
            ValueError: if it has more dimensions.
        """
        mine = self.rank
        if mine is None:
            raise ValueError("Unable to broadcast: self.rank is unknown")
        if rank < mine:
            raise ValueError(f"Unable to broadcast: rank {mine} must be at most {rank}")
        ones = convert_to_tensor([1] * (rank - mine), self.dim_size_dtype)
        if self._outer:
            outer = [*[convert_to_tensor(1, self.dim_size_dtype)] * (rank - mine), *self._outer]
            return RaggedTensorDynamicShape(outer, self._inner)
        return RaggedTensorDynamicShape([], ops.concat_v2_op([ones, self._inner], 0))

    def broadcast_dimension(self, axis: int, lengths: Any) -> RaggedTensorDynamicShape:
        """Return it with a dimension of size 1 made longer, and its rows repeated.

        Args:
            axis: the dimension.
            lengths: its size: a number, or the length of each row.

        Raises:
            InvalidArgumentError: if its size is neither 1 nor this, nor this 1.
        """
        wanted = _cast(convert_to_tensor(lengths, name="lengths"), self.dim_size_dtype)
        if wanted.shape.ndims is None:
            raise ValueError("lengths must have a known rank.")
        wanted.shape.with_rank_at_most(1)
        size = self.dimension_size(axis)
        ragged, becomes_ragged = self.is_ragged(axis), wanted.shape.ndims == 1
        fits = ops.equal_op(wanted, 1) if not becomes_ragged else None
        if ragged and becomes_ragged:
            check = assert_equal(size, wanted, message=_MISMATCH)
            return self._with(axis, checked([check], size))
        same = ops.equal_op(size, wanted)
        one = ops.equal_op(size, 1) if not ragged else None
        holds = same
        for each in (one, fits):
            if each is not None:
                holds = ops.logical_or_op(holds, each)
        check = assert_equal(holds, ops.ones_like_op(holds), message=_MISMATCH)
        if ragged:
            return self._with(axis, checked([check], size))
        if becomes_ragged:
            return self._longer(axis, checked([check], wanted))
        known, asked = constant_value(size), constant_value(wanted)
        if known is not None and asked is not None and asked in (known, 1):
            return self
        longer = ops.select_op(ops.equal_op(size, 1), wanted, size)
        return self._longer(axis, checked([check], longer))

    def _with(self, axis: int, size: Tensor) -> RaggedTensorDynamicShape:
        outer = list(self._outer)
        outer[axis] = size
        return RaggedTensorDynamicShape(outer, self._inner)

    def _longer(self, axis: int, size: Tensor) -> RaggedTensorDynamicShape:
        """Return it with another size of a uniform dimension; rows inside are copied along it."""
        count = len(self._outer)
        if axis >= count:
            if size.shape.ndims:
                sizes = [self._inner[i] for i in range(self._inner.shape[0].value or 0)]
                return RaggedTensorDynamicShape.from_dim_sizes(
                    [*self._outer, *sizes[: axis - count], size, *sizes[axis - count + 1 :]]
                )
            at = axis - count
            parts = [self._inner[:at], ops.expand_dims_op(size, 0), self._inner[at + 1 :]]
            return RaggedTensorDynamicShape(self._outer, ops.concat_v2_op(parts, 0))
        copies = Copies.to_sizes(self._outer[:axis], [*self._outer[:axis]], self._outer[0])
        copies = copies.along(self._outer[axis], size)
        outer = [*self._outer[:axis], size]
        for each in self._outer[axis + 1 :]:
            if each.shape.ndims:
                lengths = ops.gather_v2_op(each, copies.sources, 0)
                outer.append(lengths)
                copies = copies.along(each, lengths)
            else:
                outer.append(each)
                copies = copies.along(each, each)
        return RaggedTensorDynamicShape(outer, self._inner)


def broadcast_dynamic_shape(
    shape_x: RaggedTensorDynamicShape, shape_y: RaggedTensorDynamicShape
) -> RaggedTensorDynamicShape:
    """Return the shape that two shapes broadcast to.

    Raises:
        TypeError: if one is no RaggedTensorDynamicShape.
        InvalidArgumentError: if they do not.
    """
    for name, each in (("shape_x", shape_x), ("shape_y", shape_y)):
        if not isinstance(each, RaggedTensorDynamicShape):
            raise TypeError(f"{name} must be a RaggedTensorDynamicShape")
    kinds = {shape_x.dim_size_dtype, shape_y.dim_size_dtype}
    if len(kinds) > 1:
        shape_x = shape_x.with_dim_size_dtype(dtypes.int64)
        shape_y = shape_y.with_dim_size_dtype(dtypes.int64)
    ranks = [each.rank for each in (shape_x, shape_y) if each.rank is not None]
    if len(ranks) < 2:
        raise ValueError("Unable to broadcast: unknown rank")
    rank = max(ranks)
    shape_x, shape_y = shape_x.broadcast_to_rank(rank), shape_y.broadcast_to_rank(rank)
    for axis in range(rank):
        size = shape_x.dimension_size(axis)
        shape_x = shape_x.broadcast_dimension(axis, shape_y.dimension_size(axis))
        shape_y = shape_y.broadcast_dimension(axis, size)
    return shape_x


def broadcast_to(
    rt_input: Any, shape: RaggedTensorDynamicShape, broadcast_inner_dimensions: bool = True
) -> Any:
    """Return a tensor of another shape, which its own broadcasts to.

    Args:
        rt_input: a tensor, ragged or not.
        shape: the shape.
        broadcast_inner_dimensions: whether the dimensions inside the ragged ones are broadcast too.

    Returns:
        A RaggedTensor; a Tensor if the shape is not ragged.

    Raises:
        TypeError: if `shape` is no RaggedTensorDynamicShape.
        InvalidArgumentError: if the tensor's own shape does not broadcast to it.
    """
    if not isinstance(shape, RaggedTensorDynamicShape):
        raise TypeError("shape must be a RaggedTensorDynamicShape")
    value = as_tensor_or_ragged(rt_input)
    outer = shape.num_partitioned_dimensions
    if not outer:
        if isinstance(value, RaggedTensor):
            raise ValueError("Unable to broadcast a ragged tensor to a shape that is not")
        return (
            broadcast_tensor_to(value, shape.inner_dim_sizes)
            if broadcast_inner_dimensions
            else value
        )
    rank = shape.rank
    assert rank is not None, "the constructor asks for it"
    own = RaggedTensorDynamicShape.from_tensor(value).with_dim_size_dtype(shape.dim_size_dtype)
    if own.rank is None:
        raise ValueError("Unable to broadcast: self.rank is unknown")
    missing = rank - own.rank
    own = own.broadcast_to_rank(rank)
    mine = [own.dimension_size(axis) for axis in range(outer)]
    copies = Copies.to_sizes(mine, shape.partitioned_dim_sizes, shape.inner_dim_sizes)
    if isinstance(value, RaggedTensor):
        flat, lead, ones = value.flat_values, outer - missing - value.ragged_rank, 0
    else:
        flat, lead, ones = value, max(outer - missing, 0), max(missing - outer, 0)
    if (lead, ones) != (1, 0):  # one dimension for all of the shape's outer ones
        sizes = [[-1], [1] * ones, ops.shape_op(flat)[lead:]]
        flat = ops.reshape_op(flat, ops.concat_v2_op([each for each in sizes if each != []], 0))
    values = ops.gather_v2_op(flat, copies.sources, 0)
    if broadcast_inner_dimensions:
        inner = ops.concat_v2_op(
            [ops.shape_op(values, out_type=shape.dim_size_dtype)[:1], shape.inner_dim_sizes], 0
        )
        values = broadcast_tensor_to(values, inner)
    return _cut(values, shape)


def _cut(values: Tensor, shape: RaggedTensorDynamicShape) -> RaggedTensor:
    """Return values cut as a shape says."""
    sizes = shape.partitioned_dim_sizes
    counts = [shape.num_slices_in_dimension(axis) for axis in range(len(sizes) - 1)]
    rows: Any = values
    for size, count in reversed(list(zip(sizes[1:], counts, strict=True))):
        lengths = size if size.shape.ndims else ops.fill_op(ops.expand_dims_op(count, 0), size)
        rows = RaggedTensor.from_row_splits(rows, lengths_to_splits(lengths), validate=False)
    return rows  # type: ignore[no-any-return]


def _cast(tensor: Tensor, dtype: Any) -> Tensor:
    made: Tensor = tensor if tensor.dtype == dtype else ops.cast_op(tensor, DstT=dtype)
    return made
