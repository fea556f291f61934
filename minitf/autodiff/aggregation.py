"""Adding up the gradients that reach one tensor by several paths.

Tensors are added by AddN, those of one device first.  IndexedSlices are not added at all: their
rows are put one after the other, as an index may repeat; so the gradient of a large embedding
stays as small as the batch (OSDI §4.2).

Source: 2015 §4.1; TensorFlow's aggregation methods.
"""

from __future__ import annotations

import functools
from typing import Any

from minitf import ops
from minitf.composite import IndexedSlices
from minitf.dtypes import int64
from minitf.graph import Graph
from minitf.shapes import merge
from minitf.tensor import Tensor

Gradient = Tensor | IndexedSlices


class AggregationMethod:
    """How gradients of one tensor are added.

    Attributes:
        ADD_N: all at once, when all are there.
        EXPERIMENTAL_TREE: two at a time, so that each can be freed early.
        EXPERIMENTAL_ACCUMULATE_N: by an op that adds them as they arrive, in any order.
    """

    ADD_N = 0
    DEFAULT = ADD_N
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


def check_method(method: int | None) -> None:
    """Check that a method is one of AggregationMethod, or None.

    Raises:
        ValueError: if not.
    """
    if method not in (None, 0, 1, 2):
        raise ValueError(f"Invalid aggregation_method specified {method}.")


def total(
    graph: Graph, partials: list[Gradient], method: int | None, scope: str
) -> Gradient | None:
    """Return the sum of some gradients of one tensor; None of no gradients.

    Args:
        graph: where they are.
        partials: Tensors, IndexedSlices or both.
        method: one of AggregationMethod; None is its default.
        scope: name of the scope for the additions of EXPERIMENTAL_TREE.
    """
    if len(partials) < 2:
        return partials[0] if partials else None
    tensors = [each for each in partials if isinstance(each, Tensor)]
    if len(tensors) < len(partials):
        return ops.add_n_op(partials) if tensors else _joined(partials)  # type: ignore[arg-type]
    accumulates = method == AggregationMethod.EXPERIMENTAL_ACCUMULATE_N
    if accumulates and len(tensors) > 2:
        shape = functools.reduce(merge, (each.static_shape for each in tensors))
        if shape.is_full:
            return ops.accumulate_nv2_op(tensors, shape=shape)  # type: ignore[no-any-return]
    if accumulates or method == AggregationMethod.EXPERIMENTAL_TREE:
        with graph.name_scope(scope):
            return functools.reduce(lambda a, b: ops.add_n_op([a, b]), tensors)
    return _sum_by_device(graph, tensors)


def _sum_by_device(graph: Graph, tensors: list[Tensor]) -> Tensor:
    """Add tensors of each device there, then the sums: less travels between devices."""
    by_device: dict[str, list[Tensor]] = {}
    for tensor in tensors:
        by_device.setdefault(tensor.device, []).append(tensor)
    sums = []
    for _, group in sorted(by_device.items()):
        with graph.colocate_with(group[0].op, ignore_existing=True):
            sums.append(ops.add_n_op(group) if len(group) > 1 else group[0])
    return ops.add_n_op(sums) if len(sums) > 1 else sums[0]


def _joined(slices: list[IndexedSlices]) -> IndexedSlices:
    """Put the rows of several IndexedSlices one after the other."""
    indices: list[Any] = [each.indices for each in slices]
    if len({each.dtype for each in indices}) > 1:
        indices = [
            each if each.dtype is int64 else ops.cast_op(each, DstT=int64) for each in indices
        ]
    values = ops.concat_v2_op([each.values for each in slices], 0, name="concat")
    return IndexedSlices(values, ops.concat_v2_op(indices, 0, name="concat"), slices[0].dense_shape)
