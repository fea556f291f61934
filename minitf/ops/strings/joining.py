"""Strings put together: place by place, along dimensions, by segments.

Source: TensorFlow's ops of the same names.
"""

import math
from itertools import dropwhile
from typing import Any

import numpy as np

from minitf.dtypes import INDICES
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.strings.arrays import strings
from minitf.shapes import UNKNOWN, Shape, known, merge
from minitf.symbols import List, N, Tindices, Tnumsegments, int32, string

Array = np.ndarray[Any, Any]

# --- StringJoin ----------------------------------------------------------------------------------


@op("StringJoin", N=at_least(0))
def string_join_op(inputs: List[string, N], *, separator: str = "") -> string:
    """Join the strings at the same place of several arrays.

    Args:
        inputs: N arrays of one shape; scalars count for every place.
        separator: what stands between two of them.

    Returns:
        string[...] of that shape.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    string_join_shape([Shape(x.shape) for x in inputs], separator=separator)
    if not inputs:
        return strings([b""], ())
    parts = np.broadcast_arrays(*inputs)
    rows = zip(*(part.flat for part in parts), strict=True)
    return strings((separator.encode().join(row) for row in rows), parts[0].shape)


@string_join_op.shape
def string_join_shape(inputs: list[Shape], *, separator: str) -> Shape:
    if any(x.dims is None for x in inputs):
        return Shape.unknown()
    joined = Shape(())
    for shape in inputs:
        if shape.dims:
            joined = merge(joined, shape) if joined.dims else shape
    return joined


string_join_op.no_gradient("text has no slope")

# --- ReduceJoin ----------------------------------------------------------------------------------


@op("ReduceJoin")
def reduce_join_op(
    inputs: string, reduction_indices: int32, *, keep_dims: bool = False, separator: str = ""
) -> string:
    """Join the strings along some dimensions, the first one named running fastest.

    Args:
        inputs: string[...].
        reduction_indices: dimensions, in the order in which they are walked.
        keep_dims: keep them, with size 1.
        separator: what stands between two strings.

    Returns:
        string[...] of the dimensions that are left.

    Raises:
        InvalidArgumentError: if a dimension is out of range or named twice.

    Source: TensorFlow's op of the same name.
    """
    axes = _walked(reduction_indices.ravel().tolist(), inputs.ndim)
    if not axes:
        return inputs
    kept = [axis for axis in range(inputs.ndim) if axis not in axes]
    left = [inputs.shape[axis] for axis in kept]
    count = math.prod(inputs.shape[axis] for axis in axes)
    rows = inputs.transpose(*kept, *axes[::-1]).reshape(math.prod(left), count)
    joined = strings((separator.encode().join(row) for row in rows), tuple(left))
    return np.expand_dims(joined, tuple(axes)) if keep_dims else joined


def _walked(axes: list[int], rank: int) -> list[int]:
    found: list[int] = []
    for axis in axes:
        if not -rank <= axis < rank:
            raise invalid(f"Invalid reduction dimension {axis} for input with {rank} dimension(s)")
        if axis % rank in found:
            raise invalid(f"Duplicate reduction dimension {axis}")
        found.append(axis % rank)
    return found


@reduce_join_op.shape(values_of=("reduction_indices",))
def reduce_join_shape(
    inputs: Shape, reduction_indices: Any, *, keep_dims: bool, separator: str
) -> Shape:
    axes = None if reduction_indices is None else np.ravel(np.array(reduction_indices, object))
    if inputs.dims is None or axes is None or not known(*axes):
        return Shape.unknown(inputs.rank if keep_dims else None)
    walked = _walked(axes.tolist(), len(inputs))
    if keep_dims:
        return Shape(1 if axis in walked else dim for axis, dim in enumerate(inputs))
    return Shape(dim for axis, dim in enumerate(inputs) if axis not in walked)


reduce_join_op.no_gradient("text has no slope")

# --- UnsortedSegmentJoin -------------------------------------------------------------------------


@op("UnsortedSegmentJoin", Tindices=INDICES, Tnumsegments=INDICES.default(int32))
def unsorted_segment_join_op(
    inputs: string, segment_ids: Tindices, num_segments: Tnumsegments[()], *, separator: str = ""
) -> string:
    """Join the strings of each segment, in the order in which they stand.

    Nothing stands before the first string that is not empty.

    Args:
        inputs: string[...].
        segment_ids: to which segment each belongs, from 0; its shape is how that of `inputs`
            begins.
        num_segments: how many segments there are.
        separator: what stands between two strings.

    Returns:
        string[num_segments, ...]; of an empty segment, empty strings.

    Raises:
        InvalidArgumentError: if the shapes do not fit, or a number is negative or too large.

    Source: TensorFlow's op of the same name.
    """
    count = int(num_segments)
    unsorted_segment_join_shape(
        Shape(inputs.shape), Shape(segment_ids.shape), count, separator=separator
    )
    if (segment_ids < 0).any() or (segment_ids >= count).any():
        raise invalid(
            "segment_ids are not allowed to exceed num_segments or to have negative values.",
            num_segments=str(count),
        )
    rows = inputs.reshape(segment_ids.size, math.prod(inputs.shape[segment_ids.ndim :]))
    texts = [
        [_joined(column, separator.encode()) for column in rows[segment_ids.ravel() == i].T]
        for i in range(count)
    ]
    return strings(
        (text for row in texts for text in row), (count, *inputs.shape[segment_ids.ndim :])
    )


def _joined(texts: Array, separator: bytes) -> bytes:
    return separator.join(dropwhile(lambda text: not text, texts))


@unsorted_segment_join_op.shape(values_of=("num_segments",))
def unsorted_segment_join_shape(
    inputs: Shape, segment_ids: Shape, num_segments: int | None, *, separator: str
) -> Shape:
    if num_segments is not None and num_segments < 0:
        raise invalid(
            f"Dimension size, given by scalar input 2, must be non-negative but is {num_segments}"
        )
    if inputs.dims is None or segment_ids.dims is None:
        return Shape.unknown()
    count = len(segment_ids)
    if not count:
        raise invalid("Segment_id cannot have rank 0")
    if count > len(inputs):
        raise invalid(f"segment_ids' shape {segment_ids} must be a prefix of inputs' {inputs}")
    merge(segment_ids, Shape(inputs[:count]))
    return Shape((UNKNOWN if num_segments is None else num_segments, *inputs[count:]))


unsorted_segment_join_op.no_gradient("text has no slope")
