"""Other inputs for operations: those that took one tensor take another.

    reroute_ts(a, b)      who took b takes a; nobody takes b
    swap_ts(a, b)         who took b takes a, and who took a takes b

The first argument's tensors go where the second one's went.  An operation and its outputs belong
together; only what operations take can change.

Source: TensorFlow 1.15's tf.contrib.graph_editor.reroute.
"""

from __future__ import annotations

from typing import Any

from minitf.contrib.graph_editor.subgraph import SubGraphView, make_view
from minitf.contrib.graph_editor.util import (
    check_graphs,
    get_consuming_ops,
    make_list_of_op,
    make_list_of_t,
)
from minitf.operation import Operation
from minitf.tensor import Tensor

# --- tensors -------------------------------------------------------------------------------------


def swap_ts(ts0: Any, ts1: Any, can_modify: Any = None, cannot_modify: Any = None) -> int:
    """Let those that took a tensor take the other one of its pair, and the other way round.

    Args:
        ts0: tensors.
        ts1: as many.
        can_modify: the operations that may change; None for all.
        cannot_modify: those that may not.

    Returns:
        How many inputs were changed.

    Raises:
        TypeError: if an argument is something else.
        ValueError: if types or shapes do not fit.
    """
    return _rerouted(ts0, ts1, True, can_modify, cannot_modify)


def reroute_ts(ts0: Any, ts1: Any, can_modify: Any = None, cannot_modify: Any = None) -> int:
    """Let those that took the second tensor of a pair take the first one; see `swap_ts`."""
    return _rerouted(ts0, ts1, False, can_modify, cannot_modify)


def _rerouted(ts0: Any, ts1: Any, both: bool, can_modify: Any, cannot_modify: Any) -> int:
    first, second = make_list_of_t(ts0), make_list_of_t(ts1)
    _check_fit(first, second)
    allowed = None if can_modify is None else set(make_list_of_op(can_modify))
    refused = set() if cannot_modify is None else set(make_list_of_op(cannot_modify))

    def may_change(tensor: Tensor) -> list[Operation]:
        takers = get_consuming_ops(tensor)
        return [op for op in takers if (allowed is None or op in allowed) and op not in refused]

    # who takes what is settled before anything changes: a tensor may be in several pairs
    places: list[tuple[Operation, int, Tensor]] = []
    for a, b in zip(first, second, strict=True):
        if a is b:
            continue
        places += [(op, i, a) for op in may_change(b) for i in _taken(op, b)]
        if both:
            places += [(op, i, b) for op in may_change(a) for i in _taken(op, a)]
    for op, i, tensor in places:
        op._update_input(i, tensor)
    return len(places)


def _taken(op: Operation, tensor: Tensor) -> list[int]:
    """Return the numbers of an operation's inputs that are a tensor."""
    return [i for i, each in enumerate(op.inputs) if each is tensor]


def _check_fit(first: list[Tensor], second: list[Tensor]) -> None:
    if len(first) != len(second):
        raise ValueError(f"ts0 and ts1 have different sizes: {len(first)} != {len(second)}")
    for a, b in zip(first, second, strict=True):
        if not a.dtype.is_compatible_with(b.dtype):
            raise ValueError(f"Dtypes {a.dtype} and {b.dtype} are not compatible.")
        if not a.shape.is_compatible_with(b.shape):
            raise ValueError(f"Shapes {a.shape} and {b.shape} are not compatible.")


# --- views ---------------------------------------------------------------------------------------


def swap_inputs(sgv0: Any, sgv1: Any) -> tuple[SubGraphView, SubGraphView]:
    """Swap the inputs of two views.

    Args:
        sgv0: a view, or what `make_view` makes one of; it has the other inputs then.
        sgv1: likewise.
    """
    return _inputs_rerouted(sgv0, sgv1, both=True)


def reroute_inputs(sgv0: Any, sgv1: Any) -> tuple[SubGraphView, SubGraphView]:
    """Give the second view the inputs of the first one; see `swap_inputs`."""
    return _inputs_rerouted(sgv0, sgv1, both=False)


def swap_outputs(sgv0: Any, sgv1: Any) -> tuple[SubGraphView, SubGraphView]:
    """Let those outside that took outputs of a view take those of the other one."""
    return _outputs_rerouted(sgv0, sgv1, both=True)


def reroute_outputs(sgv0: Any, sgv1: Any) -> tuple[SubGraphView, SubGraphView]:
    """Let those outside that took outputs of the second view take those of the first one."""
    return _outputs_rerouted(sgv0, sgv1, both=False)


def swap_ios(sgv0: Any, sgv1: Any) -> tuple[SubGraphView, SubGraphView]:
    """Swap the inputs and the outputs of two views."""
    return swap_inputs(*swap_outputs(sgv0, sgv1))


def reroute_ios(sgv0: Any, sgv1: Any) -> tuple[SubGraphView, SubGraphView]:
    """Put the first view in the place of the second one: inputs and outputs."""
    return reroute_inputs(*reroute_outputs(sgv0, sgv1))


def _inputs_rerouted(sgv0: Any, sgv1: Any, *, both: bool) -> tuple[SubGraphView, SubGraphView]:
    first, second = make_view(sgv0), make_view(sgv1)
    check_graphs(first, second)
    passing = [*first.passthroughs, *second.passthroughs]
    can_modify = [*first.ops, *second.ops, *get_consuming_ops(passing)]
    _rerouted(first.inputs, second.inputs, both, can_modify, None)
    _exchange_inputs(first, second, both=both)
    return first, second


def _exchange_inputs(first: SubGraphView, second: SubGraphView, *, both: bool) -> None:
    """Give a view the inputs of another one, and the outputs that pass through."""
    before = first.copy(), second.copy()
    _take_inputs(second, before[0], before[1])
    if both:
        _take_inputs(first, before[1], before[0])


def _take_inputs(view: SubGraphView, new: SubGraphView, old: SubGraphView) -> None:
    view._input_ts, view._passthrough_ts = list(new.inputs), list(new.passthroughs)
    for i, tensor in enumerate(view._output_ts):
        if tensor in old.passthroughs:
            view._output_ts[i] = view._input_ts[old.inputs.index(tensor)]


def _outputs_rerouted(sgv0: Any, sgv1: Any, *, both: bool) -> tuple[SubGraphView, SubGraphView]:
    first, second = make_view(sgv0), make_view(sgv1)
    check_graphs(first, second)
    _rerouted(first.outputs, second.outputs, both, None, [*first.ops, *second.ops])
    return first, second


# --- control dependencies ------------------------------------------------------------------------


def remove_control_inputs(op: Operation, cops: Any) -> None:
    """Let an operation no longer wait for others.

    Args:
        op: the operation.
        cops: those that it waits for.

    Raises:
        TypeError: if an argument is something else.
        ValueError: if it does not wait for one.
    """
    removed = _checked(op, cops)
    for each in removed:
        if each not in op.control_inputs:
            raise ValueError(f"{op.name} is not a control_input of {each.name}")
    op.graph.check_not_finalized()
    op.control_inputs = [each for each in op.control_inputs if each not in removed]
    op.graph.structure_changed()


def add_control_inputs(op: Operation, cops: Any) -> None:
    """Let an operation wait for others.

    Args:
        op: the operation.
        cops: those that it does not wait for yet.

    Raises:
        TypeError: if an argument is something else.
        ValueError: if it waits for one already.
    """
    added = _checked(op, cops)
    for each in added:
        if each in op.control_inputs:
            raise ValueError(f"{each.name} is already a control_input of {op.name}")
    op._add_control_inputs(added)


def _checked(op: Any, cops: Any) -> list[Operation]:
    if not isinstance(op, Operation):
        raise TypeError(f"Expected a tf.Operation, got: {type(op)}")
    return make_list_of_op(cops, allow_graph=False)
