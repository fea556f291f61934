"""The primitives of control flow for any value: a tensor, a variable's handle, several tensors.

Source: 2015 §4.4; TensorFlow 1.15's functions of `control_flow_ops`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest, ops
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.default_graph import graph_of
from minitf.dtypes import int64
from minitf.graph import Graph
from minitf.op_def import OpDef
from minitf.tensor import Tensor
from minitf.type_spec import CompositeTensor

SwitchPair = tuple[Any, Any]  # what leaves if the predicate is false, and if it is true


def switch(data: Any, pred: Any, name: str = "Switch") -> SwitchPair:
    """Send each tensor of a value to one of two sides."""
    if not isinstance(data, CompositeTensor):
        pair = ops.switch_op(data, pred, name=name)
        return pair[0], pair[1]
    with graph_of([data]).name_scope(name):
        parts = nest.flatten(data, expand_composites=True)
        off, on = zip(*[ops.switch_op(part, pred) for part in parts], strict=True)
    return (
        nest.pack_sequence_as(data, list(off), expand_composites=True),
        nest.pack_sequence_as(data, list(on), expand_composites=True),
    )


def switch_beside(data: Any, pred: Any, name: str = "Switch") -> SwitchPair:
    """Send a value to one of two sides, on the device where it is; a handle stays one."""
    graph: Graph = data.graph
    with graph.colocate_with(data, ignore_existing=True):
        if isinstance(data, Tensor) and data.dtype.is_ref:
            pair = ops.ref_switch_op(data, pred, name=name)
            return pair[0], pair[1]
        return switch(data, pred, name)


def merge(inputs: Sequence[Any], name: str = "Merge") -> Any:
    """Return the value that comes, and which input it is.

    Handles stay handles if all are.  Of a tensor and rows of one, both become rows.

    Raises:
        ValueError: if some IndexedSlices know the shape of the whole and others do not.
    """
    if all(isinstance(each, Tensor) for each in inputs):
        op = ops.ref_merge_op if all(each.dtype.is_ref for each in inputs) else ops.merge_op
        return op(list(inputs), name=name)
    with inputs[0].graph.name_scope(name):
        whole = _as_slices(inputs)
        if len({each.dense_shape is None for each in whole}) > 1:
            raise ValueError(
                "Either all merged IndexedSlices must have a dense_shape, or none must have a "
                "dense_shape."
            )
        parts = [nest.flatten(each, expand_composites=True) for each in whole]
        merged = [ops.merge_op(list(each)) for each in zip(*parts, strict=True)]
        values = nest.pack_sequence_as(
            whole[0], [each.output for each in merged], expand_composites=True
        )
        return values, merged[0].value_index


def _as_slices(inputs: Sequence[Any]) -> list[IndexedSlices]:
    """Return tensors as all of their rows, and indices of one type."""
    whole = [each if isinstance(each, IndexedSlices) else as_slices(each) for each in inputs]
    if len({each.indices.dtype for each in whole}) == 1:
        return whole
    return [
        IndexedSlices(each.values, ops.cast_op(each.indices, DstT=int64), each.dense_shape)
        for each in whole
    ]


def as_slices(tensor: Tensor) -> IndexedSlices:
    """Return a tensor as all of its rows."""
    shape = ops.shape_op(tensor)
    rows = ops.range_op(0, ops.strided_slice_op(shape, [0], [1], [1], shrink_axis_mask=1), 1)
    return IndexedSlices(tensor, rows, shape)


def enter(
    data: Tensor, frame_name: str, parallel_iterations: int, *, is_constant: bool, name: Any = None
) -> Tensor:
    """Hand a tensor on to a loop."""
    op = ops.ref_enter_op if data.dtype.is_ref else ops.enter_op
    made: Tensor = op(
        data,
        frame_name=frame_name,
        is_constant=is_constant,
        parallel_iterations=parallel_iterations,
        name=name,
    )
    return made


def exit(data: Any, name: str | None = None) -> Any:
    """Hand a value on to what is around its loop."""
    return _each(data, lambda part: _beside(ops.exit_op, ops.ref_exit_op, part, name))


def next_iteration(data: Any, name: str | None = None) -> Any:
    """Hand a value on to the next iteration of its loop."""
    return _each(
        data, lambda part: _beside(ops.next_iteration_op, ops.ref_next_iteration_op, part, name)
    )


def close_loop(merged: Any, value: Any) -> Any:
    """Make a value come round to the second input of a loop variable's Merge."""
    if isinstance(merged, IndexedSlices) and not isinstance(value, IndexedSlices):
        value = as_slices(value)
    following = next_iteration(value)
    pairs = zip(
        nest.flatten(merged, expand_composites=True),
        nest.flatten(following, expand_composites=True),
        strict=True,
    )
    for part, back in pairs:
        part.op._connect(1, back)
    return following


def _each(data: Any, function: Callable[[Any], Tensor]) -> Any:
    """Apply a function to the tensors that a value is made of."""
    if isinstance(data, CompositeTensor):
        return nest.map_structure(function, data, expand_composites=True)
    return function(data)


def _beside(op: OpDef, ref_op: OpDef, data: Any, name: str | None) -> Tensor:
    tensor = convert_to_tensor(data, as_ref=True)
    made: Tensor = (ref_op if tensor.dtype.is_ref else op)(tensor, name=name)
    return made
