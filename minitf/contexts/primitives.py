"""The primitives of control flow for any value: a tensor, a variable's handle, several tensors.

Source: 2015 §4.4; TensorFlow 1.15's functions of `control_flow_ops`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import nest, ops
from minitf.composite import IndexedSlices, SparseTensor
from minitf.convert import convert_to_tensor
from minitf.graph import Graph
from minitf.tensor import Tensor

SwitchPair = tuple[Any, Any]  # what leaves if the predicate is false, and if it is true


def switch(data: Any, pred: Any, name: str = "Switch") -> SwitchPair:
    """Send each tensor of a value to one of two sides."""
    if not isinstance(data, (IndexedSlices, SparseTensor)):
        pair = ops.switch_op(data, pred, name=name)
        return pair[0], pair[1]
    with data.graph.name_scope(name):
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


def merge(inputs: Sequence[Tensor], name: str = "Merge") -> Any:
    """Return the value that comes, and which input it is; handles stay handles if all are."""
    if all(each.dtype.is_ref for each in inputs):
        return ops.ref_merge_op(list(inputs), name=name)
    return ops.merge_op(list(inputs), name=name)


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


def exit(data: Any, name: str | None = None) -> Tensor:
    """Hand a tensor on to what is around its loop."""
    tensor = convert_to_tensor(data, as_ref=True)
    op = ops.ref_exit_op if tensor.dtype.is_ref else ops.exit_op
    made: Tensor = op(tensor, name=name)
    return made


def next_iteration(data: Any, name: str | None = None) -> Tensor:
    """Hand a tensor on to the next iteration of its loop."""
    tensor = convert_to_tensor(data, as_ref=True)
    op = ops.ref_next_iteration_op if tensor.dtype.is_ref else ops.next_iteration_op
    made: Tensor = op(tensor, name=name)
    return made


def close_loop(merged: Tensor, value: Any) -> Tensor:
    """Make a value come round to the second input of a loop variable's Merge."""
    following = next_iteration(value)
    merged.op._connect(1, following)
    return following
