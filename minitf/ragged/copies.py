"""Copies: which slice of a tensor each slice of what it broadcasts to is a copy of.

Source: TensorFlow 1.15's `ragged_tensor_shape`.
"""

from __future__ import annotations

from collections.abc import Sequence

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType
from minitf.ragged.axes import lengths_to_splits
from minitf.ragged.segments import row_splits_to_segment_ids
from minitf.tensor import Tensor


class Copies:
    """Slices of a result along its outer dimensions, and which slice each is a copy of.

    Attributes:
        sources: the slice of the source that each slice of the result is a copy of.
    """

    def __init__(self, sources: Tensor) -> None:
        self.sources = sources

    @classmethod
    def start(cls, dtype: DType) -> Copies:
        """Return the whole, a copy of the whole."""
        return cls(convert_to_tensor([0], dtype))

    @classmethod
    def to_sizes(cls, sizes: Sequence[Tensor], wanted: Sequence[Tensor], like: Tensor) -> Copies:
        """Return the slices along several dimensions."""
        made = cls.start(like.dtype)
        for mine, theirs in zip(sizes, wanted, strict=True):
            made = made.along(mine, theirs)
        return made

    def along(self, size: Tensor, wanted: Tensor) -> Copies:
        """Return the slices along one dimension more.

        Args:
            size: of the source: a number, or the length of each row.
            wanted: of the result: a number, or the length of each row.
        """
        dtype = self.sources.dtype
        zero, one = (convert_to_tensor(each, dtype) for each in (0, 1))
        lengths = wanted
        if not wanted.shape.ndims:
            lengths = ops.fill_op(ops.shape_op(self.sources), wanted)
        if size.shape.ndims:
            starts = ops.gather_v2_op(lengths_to_splits(size), self.sources, 0)
            found = ops.ragged_range_op(starts, starts + lengths, one, Tsplits=dtype)
            return Copies(found.rt_dense_values)
        within = ops.ragged_range_op(ops.zeros_like_op(lengths), lengths, one, Tsplits=dtype)
        rows = row_splits_to_segment_ids(within.rt_nested_splits)
        starts = ops.gather_v2_op(self.sources * size, rows, 0)
        is_copied = ops.select_op(ops.equal_op(size, 1), zero, one)
        return Copies(starts + within.rt_dense_values * is_copied)
