"""Walks along the edges of a graph, forward from some operations and backward from others.

Results are in the order in which operations were made, unless the seeds come first.

Source: TensorFlow 1.15's tf.contrib.graph_editor.select.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from minitf.contrib.graph_editor.util import (
    ControlOutputs,
    check_cios,
    concatenate_unique,
    get_consuming_ops,
    get_generating_ops,
    is_iterable,
    make_list_of_op,
    make_list_of_t,
)
from minitf.operation import Operation
from minitf.tensor import Tensor


def get_forward_walk_ops(
    seed_ops: Any,
    inclusive: bool = True,
    within_ops: Any = None,
    within_ops_fn: Callable[[Operation], bool] | None = None,
    stop_at_ts: Any = (),
    control_outputs: ControlOutputs | None = None,
) -> list[Operation]:
    """Return the operations that depend on some.

    Args:
        seed_ops: operations, or tensors whose consumers are meant.
        inclusive: whether these belong to the result.
        within_ops: the operations that may be walked over; None for all.
        within_ops_fn: tells of an operation whether it may be.
        stop_at_ts: tensors that are not followed.
        control_outputs: if there is one, control dependencies are followed too.

    Raises:
        TypeError: if an argument is something else.
    """
    _, control_outputs = check_cios(control_inputs=False, control_outputs=control_outputs)
    stops = frozenset(make_list_of_t(stop_at_ts))

    def ahead(op: Operation) -> Iterable[Operation]:
        for tensor in op.outputs:
            if tensor not in stops:
                yield from tensor.consumers()
        if control_outputs is not None:
            yield from control_outputs.get(op)

    seeds = _seeds(seed_ops, get_consuming_ops)
    return _walked(seeds, ahead, inclusive, within_ops, within_ops_fn)


def get_backward_walk_ops(
    seed_ops: Any,
    inclusive: bool = True,
    within_ops: Any = None,
    within_ops_fn: Callable[[Operation], bool] | None = None,
    stop_at_ts: Any = (),
    control_inputs: bool = False,
) -> list[Operation]:
    """Return the operations on which some depend.

    Args:
        seed_ops: operations, or tensors that they make.
        inclusive: whether these belong to the result.
        within_ops: the operations that may be walked over; None for all.
        within_ops_fn: tells of an operation whether it may be.
        stop_at_ts: tensors that are not followed.
        control_inputs: whether control dependencies are followed too.

    Raises:
        TypeError: if an argument is something else.
    """
    stops = frozenset(make_list_of_t(stop_at_ts))

    def behind(op: Operation) -> Iterable[Operation]:
        yield from (tensor.op for tensor in op.inputs if tensor not in stops)
        if control_inputs:
            yield from op.control_inputs

    seeds = _seeds(seed_ops, get_generating_ops)
    return _walked(seeds, behind, inclusive, within_ops, within_ops_fn)


def _seeds(seeds: Any, of_tensors: Callable[[Any], list[Operation]]) -> list[Operation]:
    each = list(seeds) if is_iterable(seeds) else [seeds]
    if each and isinstance(each[0], Tensor):
        return of_tensors(each)
    return make_list_of_op(each, allow_graph=False)


def _walked(
    seeds: list[Operation],
    neighbours: Callable[[Operation], Iterable[Operation]],
    inclusive: bool,
    within_ops: Any,
    within_ops_fn: Callable[[Operation], bool] | None,
) -> list[Operation]:
    allowed = frozenset(make_list_of_op(within_ops, allow_graph=False)) if within_ops else None

    def is_within(op: Operation) -> bool:
        return (allowed is None or op in allowed) and (within_ops_fn is None or within_ops_fn(op))

    first = dict.fromkeys(op for op in seeds if is_within(op))
    found, wave = dict(first), list(first)
    while wave:
        new = dict.fromkeys(near for op in wave for near in neighbours(op))
        wave = [op for op in new if op not in found and is_within(op)]
        found.update(dict.fromkeys(wave))
    return [op for op in found if inclusive or op not in first]


def get_walks_intersection_ops(
    forward_seed_ops: Any,
    backward_seed_ops: Any,
    forward_inclusive: bool = True,
    backward_inclusive: bool = True,
    within_ops: Any = None,
    within_ops_fn: Callable[[Operation], bool] | None = None,
    control_inputs: bool = False,
    control_outputs: ControlOutputs | None = None,
    control_ios: ControlOutputs | None = None,
) -> list[Operation]:
    """Return the operations between some and others: on both walks.

    Args:
        forward_seed_ops: where the walk forward begins.
        backward_seed_ops: where the walk backward begins.
        forward_inclusive: whether the former belong to that walk.
        backward_inclusive: likewise the latter.
        within_ops: see `get_forward_walk_ops`, and so is the following one.
        control_inputs: whether the walk backward follows control dependencies.
        control_outputs: if there is one, the walk forward does.
        control_ios: if there is one, both do.
    """
    forward, backward = _both(**locals())
    behind = set(backward)
    return [op for op in forward if op in behind]


def get_walks_union_ops(
    forward_seed_ops: Any,
    backward_seed_ops: Any,
    forward_inclusive: bool = True,
    backward_inclusive: bool = True,
    within_ops: Any = None,
    within_ops_fn: Callable[[Operation], bool] | None = None,
    control_inputs: bool = False,
    control_outputs: ControlOutputs | None = None,
    control_ios: ControlOutputs | None = None,
) -> list[Operation]:
    """Return the operations on either walk; see `get_walks_intersection_ops`."""
    return concatenate_unique(*_both(**locals()))


def _both(
    forward_seed_ops: Any,
    backward_seed_ops: Any,
    forward_inclusive: bool,
    backward_inclusive: bool,
    within_ops: Any,
    within_ops_fn: Callable[[Operation], bool] | None,
    control_inputs: bool,
    control_outputs: ControlOutputs | None,
    control_ios: ControlOutputs | None,
) -> tuple[list[Operation], list[Operation]]:
    control_inputs, control_outputs = check_cios(control_inputs, control_outputs, control_ios)
    where = {"within_ops": within_ops, "within_ops_fn": within_ops_fn}
    forward = get_forward_walk_ops(
        forward_seed_ops, forward_inclusive, control_outputs=control_outputs, **where
    )
    backward = get_backward_walk_ops(
        backward_seed_ops, backward_inclusive, control_inputs=control_inputs, **where
    )
    return forward, backward
