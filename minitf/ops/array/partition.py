"""Dealing rows out to several arrays and putting them together again.

Source: OSDI §4.2 (embedding layers route indices to shards and stitch the results); TensorFlow's
ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, merge
from minitf.symbols import List, N, T, int32, num_partitions
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- DynamicPartition --------------------------------------------------------------------------


@op("DynamicPartition", T=ANY, num_partitions=at_least(1), outputs=("outputs",))
def dynamic_partition_op(
    data: T, partitions: int32, *, num_partitions: int
) -> List[T, num_partitions]:
    """Deal elements or slices out to several arrays.

    Args:
        data: T[P..., ...].
        partitions: int32[P...], the array that each goes to, in [0, num_partitions).
        num_partitions: how many arrays.

    Returns:
        `num_partitions` arrays T[?, ...]; each keeps the order.

    Raises:
        InvalidArgumentError: if a number is out of range or the shapes do not fit.

    Source: OSDI §4.2.
    """
    dynamic_partition_shape(
        Shape(data.shape), Shape(partitions.shape), num_partitions=num_partitions
    )
    wrong = np.argwhere((partitions < 0) | (partitions >= num_partitions)).tolist()
    if wrong:
        at = wrong[0]
        raise invalid(
            f"partitions[{','.join(map(str, at))}] = {partitions[tuple(at)]} is not in "
            f"[0, {num_partitions})"
        )
    return [data[partitions == i] for i in range(num_partitions)]


@dynamic_partition_op.shape
def dynamic_partition_shape(data: Shape, partitions: Shape, *, num_partitions: int) -> list[Shape]:
    if data.dims is None or partitions.dims is None:
        return [Shape.unknown()] * num_partitions
    merge(
        Shape(data[: len(partitions)]),
        partitions,
        f"data.shape must start with partitions.shape, got data.shape = {data}, "
        f"partitions.shape = {partitions}",
    )
    return [Shape([UNKNOWN, *data[len(partitions) :]])] * num_partitions


@dynamic_partition_op.gradient
def dynamic_partition_gradient(op: Operation, *grads: Tensor | None) -> list[Tensor | None]:
    data, partitions = op.inputs
    count = op.attrs["num_partitions"]
    # Deal the rows' own numbers out in the same way: they say where each gradient goes.
    numbers = ops.reshape_op(ops.range_op(0, ops.size_op(partitions), 1), ops.shape_op(partitions))
    dealt = ops.dynamic_partition_op(numbers, partitions, num_partitions=count)
    parts = [
        ops.zeros_like_op(part) if grad is None else grad
        for part, grad in zip(op.outputs, grads, strict=True)
    ]
    return [ops.reshape_op(ops.dynamic_stitch_op(dealt, parts), ops.shape_op(data)), None]


# --- DynamicStitch -----------------------------------------------------------------------------


@op("DynamicStitch", T=ANY, N=at_least(1), outputs=("merged",))
def dynamic_stitch_op(indices: List[int32, N], data: List[T, N]) -> T:
    """Put elements or slices of several arrays into one, each at its index.

    Args:
        indices: N arrays; where each element or slice goes.
        data: N arrays T[indices' shape, ...].

    Returns:
        T[greatest index + 1, ...]; of several for one place the last stays, a place that nothing
        goes to is zero.

    Raises:
        InvalidArgumentError: if an index is negative or the shapes do not fit.

    Source: OSDI §4.2.
    """
    return _stitched(indices, data)


def _stitched(indices: list[Array], data: list[Array]) -> Array:
    inner = _inner_shape([Shape(i.shape) for i in indices], [Shape(d.shape) for d in data])
    if any(each.size and each.min() < 0 for each in indices):
        raise invalid("indices must be non-negative")
    out = np.zeros((_length(indices), *inner), data[0].dtype)
    for where, what in zip(indices, data, strict=True):
        out[where] = what
    return out


def _length(indices: list[Array]) -> int:
    return max((int(each.max()) + 1 for each in indices if each.size), default=0)


def _inner_shape(indices: list[Shape], data: list[Shape]) -> Shape:
    """Return the shape of one slice, checking that each array has one per index."""
    inner = Shape.unknown()
    for i, (where, what) in enumerate(zip(indices, data, strict=True)):
        if where.dims is None or what.dims is None:
            continue
        if len(what) < len(where):
            raise invalid(
                f"data[{i}].shape = {what} does not start with indices[{i}].shape = {where}"
            )
        rank = len(where)
        merge(
            Shape(what[:rank]),
            where,
            f"data[{i}].shape = {what} does not start with indices[{i}].shape = {where}",
        )
        inner = merge(
            inner,
            Shape(what[rank:]),
            f"Need data[0].shape[{rank}:] = data[{i}].shape[{rank}:], got {inner} and {what}",
        )
    return inner


@dynamic_stitch_op.shape
def dynamic_stitch_shape(indices: list[Shape], data: list[Shape]) -> Shape:
    inner = _inner_shape(indices, data)
    return inner if inner.dims is None else Shape([UNKNOWN, *inner])


@dynamic_stitch_op.gradient
def dynamic_stitch_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    count = op.attrs["N"]
    return [None] * count + [ops.gather_op(grad, each) for each in op.inputs[:count]]


# --- ParallelDynamicStitch ---------------------------------------------------------------------


@op("ParallelDynamicStitch", T=ANY, N=at_least(1), outputs=("merged",))
def parallel_dynamic_stitch_op(indices: List[int32, N], data: List[T, N]) -> T:
    """Put elements of several arrays into one: DynamicStitch for indices without repetition.

    Args:
        indices: N arrays; where each element or slice goes.
        data: N arrays T[indices' shape, ...].

    Returns:
        T[greatest index + 1, ...].

    Raises:
        InvalidArgumentError: if an index is negative or the shapes do not fit.

    Source: OSDI §4.2.
    """
    return _stitched(indices, data)


parallel_dynamic_stitch_op.shape(dynamic_stitch_shape)
parallel_dynamic_stitch_op.gradient(dynamic_stitch_gradient)
