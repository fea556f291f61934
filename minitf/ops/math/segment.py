"""Reductions of rows that belong together; `segment_ids`, sorted, says to which segment each does.

Rows are taken in order, from the first to the last.  A segment without rows gives 0, or a product
of 1.  Sixteen-bit floats are reduced in float32.

Source: TensorFlow's ops of these names; OSDI §4.2 (sparse gradients of embeddings add up so).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import INDICES, NUMBERS, REAL_NUMBERS, by_numpy
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.precision import wide
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import N, T, Tindices
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
Reduce = Callable[[Array, Array, Array], None]
"""(out, ids, rows): take rows[i] into out[ids[i]], for each i in order."""

# --- what the ops share --------------------------------------------------------------------------


def segments(data: Array, ids: Array, reduce: Reduce, start: Any, empty: Any) -> Array:
    """Reduce the rows of each segment.

    Args:
        data: number[N, ...].
        ids: int[N], sorted, from 0 on.
        reduce: the reduction of some rows.
        start: what each reduction begins with.
        empty: what a segment without rows gives.
    """
    if ids.ndim != 1:
        raise invalid("segment_ids should be a vector.", segment_ids=list(ids.shape))
    if data.shape[:1] != ids.shape:
        raise invalid(
            "segment_ids should be the same size as dimension 0 of input.",
            segment_ids=list(ids.shape),
            data=list(data.shape),
        )
    must_be_sorted(ids)
    rows = np.bincount(ids)
    out = np.full((rows.size, *data.shape[1:]), start, wide(data).dtype)
    reduce(out, ids, wide(data))
    out[rows == 0] = empty
    return out.astype(data.dtype, copy=False)


def must_be_sorted(ids: Array) -> None:
    """Refuse ids that are negative or fall somewhere."""
    if ids.size and ids[0] < 0:
        raise invalid(f"segment ids must be >= 0, but segment_ids[0] = {ids[0]}")
    if np.any(ids[1:] < ids[:-1]):
        raise invalid("segment ids are not increasing")


def add_then_divide(add: Reduce) -> Reduce:
    """Return the reduction to the mean; of integers rounded towards zero."""

    def reduce(out: Array, ids: Array, rows: Array) -> None:
        add(out, ids, rows)
        count = np.maximum(np.bincount(ids), 1).astype(out.dtype)
        count = count.reshape(-1, *[1] * (rows.ndim - 1))
        whole = out.dtype.kind in "iu"
        out[...] = np.sign(out) * (np.abs(out) // count) if whole else out / count

    return reduce


def segments_shape(data: Shape, segment_ids: Shape) -> Shape:
    if data.rank is None:
        return data
    return data.at_least(1).replaced(0, UNKNOWN)


# --- SegmentSum, SegmentMean ---------------------------------------------------------------------


@op("SegmentSum", T=NUMBERS, Tindices=INDICES)
def segment_sum_op(data: T, segment_ids: Tindices[N]) -> T:
    """Sum the rows of each segment, the segments one after another.

    Args:
        data: number[N, ...].
        segment_ids: int[N], sorted, from 0 on; an id may be left out.

    Returns:
        number[last id + 1, ...]; zeros for an id left out.

    Raises:
        InvalidArgumentError: if ids are negative or not sorted, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    return segments(data, segment_ids, np.add.at, 0, 0)


@op("SegmentMean", T=NUMBERS, Tindices=INDICES)
def segment_mean_op(data: T, segment_ids: Tindices[N]) -> T:
    """Average the rows of each segment; integers are rounded towards zero.

    Args:
        data: number[N, ...].
        segment_ids: int[N], sorted, from 0 on; an id may be left out.

    Returns:
        number[last id + 1, ...]; zeros for an id left out.

    Raises:
        InvalidArgumentError: if ids are negative or not sorted, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    return segments(data, segment_ids, add_then_divide(np.add.at), 0, 0)


@segment_sum_op.gradient
def segment_sum_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.gather_v2_op(grad, op.inputs[1], 0), None]


@segment_mean_op.gradient
def segment_mean_gradient(op: Operation, grad: Tensor) -> Gradients:
    data, ids = op.inputs
    ones = ops.fill_op(ops.pack_op([ops.sub_op(ops.rank_op(data), 1)]), 1)
    shape = ops.concat_v2_op([ops.shape_op(ids), ones], 0)
    one = ops.cast_op(1, DstT=grad.dtype.base_dtype)
    rows = ops.segment_sum_op(ops.fill_op(shape, one), ids)
    return [at_each(ops.real_div_op(grad, rows), ids), None]


# --- SegmentProd ---------------------------------------------------------------------------------


@op("SegmentProd", T=NUMBERS, Tindices=INDICES)
def segment_prod_op(data: T, segment_ids: Tindices[N]) -> T:
    """Multiply the rows of each segment.

    Args:
        data: number[N, ...].
        segment_ids: int[N], sorted, from 0 on; an id may be left out.

    Returns:
        number[last id + 1, ...]; ones for an id left out.

    Raises:
        InvalidArgumentError: if ids are negative or not sorted, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    return segments(data, segment_ids, np.multiply.at, 1, 1)


@segment_prod_op.gradient
def segment_prod_gradient(op: Operation, grad: Tensor) -> Gradients:
    data, ids = op.inputs

    def reduce(reduction: Callable[..., Tensor], rows: Tensor) -> Tensor:
        return at_each(reduction(rows, ids), ids)

    others = products_of_others(
        data,
        lambda rows: reduce(ops.segment_sum_op, rows),
        lambda rows: reduce(ops.segment_prod_op, rows),
    )
    return [ops.mul_op(at_each(grad, ids), conjugate(others)), None]


def at_each(segments: Tensor, ids: Tensor) -> Tensor:
    """Give each row what stands at its segment.

    Its indices are of rank 3 and more: of rank 2 the gradient would be IndexedSlices, which cannot
    be made dense without a warning while the number of segments is unknown.
    """
    places = ops.expand_dims_op(ids, -1)
    for _ in range(2):
        places = ops.expand_dims_op(places, 0)
    made: Tensor = ops.squeeze_op(ops.gather_nd_op(segments, places), squeeze_dims=(0, 1))
    return made


def products_of_others(
    data: Tensor, sums: Callable[[Tensor], Tensor], products: Callable[[Tensor], Tensor]
) -> Tensor:
    """Build the product of all other elements of a segment, for each element.

    The product of the elements that are not 0, divided by the element itself; nothing if another
    element is 0.

    Args:
        data: the elements.
        sums: gives for each element the sum over its segment.
        products: gives for each element the product over its segment.
    """
    zeros, ones = ops.zeros_like_op(data), ops.ones_like_op(data)
    is_zero = ops.equal_op(data, zeros)
    nonzero = ops.select_v2_op(is_zero, ones, data)
    zero = ops.cast_op(is_zero, DstT="int32")
    others_zero = ops.sub_op(sums(zero), zero)
    quotient = ops.real_div_op(products(nonzero), nonzero)
    made: Tensor = ops.select_v2_op(ops.greater_op(others_zero, 0), zeros, quotient)
    return made


# --- SegmentMin, SegmentMax ----------------------------------------------------------------------


@op("SegmentMin", T=REAL_NUMBERS, Tindices=INDICES)
def segment_min_op(data: T, segment_ids: Tindices[N]) -> T:
    """Find the smallest row of each segment, element by element.

    Args:
        data: number[N, ...].
        segment_ids: int[N], sorted, from 0 on; an id may be left out.

    Returns:
        number[last id + 1, ...]; zeros for an id left out, NaN where an element is.

    Raises:
        InvalidArgumentError: if ids are negative or not sorted, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    return segments(data, segment_ids, np.minimum.at, by_numpy(data.dtype).max, 0)


@op("SegmentMax", T=REAL_NUMBERS, Tindices=INDICES)
def segment_max_op(data: T, segment_ids: Tindices[N]) -> T:
    """Find the greatest row of each segment, element by element.

    Args:
        data: number[N, ...].
        segment_ids: int[N], sorted, from 0 on; an id may be left out.

    Returns:
        number[last id + 1, ...]; zeros for an id left out, NaN where an element is.

    Raises:
        InvalidArgumentError: if ids are negative or not sorted, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    return segments(data, segment_ids, np.maximum.at, by_numpy(data.dtype).min, 0)


@segment_min_op.gradient
@segment_max_op.gradient
def segment_extreme_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Share the gradient equally among the elements that attain the extreme."""
    data, ids = op.inputs
    attains = ops.equal_op(data, at_each(op.outputs[0], ids))
    count = ops.segment_sum_op(ops.cast_op(attains, DstT=grad.dtype.base_dtype), ids)
    share = at_each(ops.real_div_op(grad, count), ids)
    return [ops.select_v2_op(attains, share, ops.zeros_like_op(data)), None]


for each in (segment_sum_op, segment_mean_op, segment_prod_op, segment_min_op, segment_max_op):
    each.shape(segments_shape)
