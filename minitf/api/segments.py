"""Reductions of the rows that belong together.

Sorted ids begin at 0, and the last one tells how many segments there are; a segment without rows
gives 0, or a product of 1.  Unsorted ids come with the number of segments; negative ones leave
their slices out.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, newaxis, reshape
from minitf.api.constants import ones
from minitf.api.framework import name_scope
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.tensor import Tensor

# --- sorted --------------------------------------------------------------------------------------


def segment_sum(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """Return the sum of the rows of each segment; ids are sorted and begin at 0."""
    return ops.segment_sum_op(data, segment_ids, name=name)


def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """Return the mean of the rows of each segment; ids are sorted and begin at 0."""
    return ops.segment_mean_op(data, segment_ids, name=name)


def segment_prod(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """Return the product of the rows of each segment; ids are sorted and begin at 0."""
    return ops.segment_prod_op(data, segment_ids, name=name)


def segment_min(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """Return the smallest of the rows of each segment; ids are sorted and begin at 0."""
    return ops.segment_min_op(data, segment_ids, name=name)


def segment_max(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """Return the greatest of the rows of each segment; ids are sorted and begin at 0."""
    return ops.segment_max_op(data, segment_ids, name=name)


# --- in any order --------------------------------------------------------------------------------


@dispatchable
def unsorted_segment_sum(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """Return the sum of the slices of each segment; ids in any order, negative ones left out."""
    return ops.unsorted_segment_sum_op(data, segment_ids, num_segments, name=name)


@dispatchable
def unsorted_segment_prod(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """Return the product of the slices of each segment; 1 where there are none."""
    return ops.unsorted_segment_prod_op(data, segment_ids, num_segments, name=name)


@dispatchable
def unsorted_segment_min(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """Return the smallest of the slices of each segment; the type's greatest where none are."""
    return ops.unsorted_segment_min_op(data, segment_ids, num_segments, name=name)


@dispatchable
def unsorted_segment_max(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """Return the greatest of the slices of each segment; the type's least where none are."""
    return ops.unsorted_segment_max_op(data, segment_ids, num_segments, name=name)


@dispatchable
def unsorted_segment_mean(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """Return the mean of the slices of each segment; 0 where there are none."""
    with name_scope(name, "UnsortedSegmentMean"):
        total, count = _totals(data, segment_ids, num_segments)
        return total / count


@dispatchable
def unsorted_segment_sqrt_n(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """Return the sum of the slices of each segment over the square root of their number."""
    with name_scope(name, "UnsortedSegmentSqrtN"):
        total, count = _totals(data, segment_ids, num_segments)
        return total / ops.sqrt_op(count)


def _totals(data: Any, segment_ids: Any, num_segments: Any) -> tuple[Tensor, Tensor]:
    """Build each segment's sum, and how many slices it has (at least 1) to divide it by."""
    data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
    length = convert_to_tensor(num_segments)
    each = ones(shape(ids), dtype=data.dtype)
    count = ops.unsorted_segment_sum_op(each, ids, length)
    missing = ones([rank(data) - rank(ids)], dtype=length.dtype)
    count = ops.maximum_op(reshape(count, concat([length[newaxis], missing], axis=0)), 1)
    return ops.unsorted_segment_sum_op(data, ids, num_segments), count


# --- chosen rows ---------------------------------------------------------------------------------


def sparse_segment_sum(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """Return the sum of the chosen rows of each segment.

    Args:
        data: number[M, ...].
        indices: int[N], which rows.
        segment_ids: int[N], sorted, from 0 on: to which segment each chosen row belongs.
        name: name of the operation.
        num_segments: how many segments there are; None for as many as the last id says.
    """
    if num_segments is None:
        return ops.sparse_segment_sum_op(data, indices, segment_ids, name=name)
    return ops.sparse_segment_sum_with_num_segments_op(
        data, indices, segment_ids, num_segments, name=name
    )


def sparse_segment_mean(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """Return the mean of the chosen rows of each segment; arguments as of `sparse_segment_sum`."""
    if num_segments is None:
        return ops.sparse_segment_mean_op(data, indices, segment_ids, name=name)
    return ops.sparse_segment_mean_with_num_segments_op(
        data, indices, segment_ids, num_segments, name=name
    )


def sparse_segment_sqrt_n(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """Return the sum of the chosen rows of each segment over the square root of their number.

    Arguments as of `sparse_segment_sum`.
    """
    if num_segments is None:
        return ops.sparse_segment_sqrt_n_op(data, indices, segment_ids, name=name)
    return ops.sparse_segment_sqrt_n_with_num_segments_op(
        data, indices, segment_ids, num_segments, name=name
    )
