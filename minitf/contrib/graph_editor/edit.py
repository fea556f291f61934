"""Parts of a graph cut off, connected, and left out.

What was cut off has placeholders where its inputs came from, and so have those that took its
outputs.

Source: TensorFlow 1.15's tf.contrib.graph_editor.edit.
"""

from __future__ import annotations

from typing import Any

from minitf.api.constants import placeholder
from minitf.contrib.graph_editor import reroute
from minitf.contrib.graph_editor.subgraph import SubGraphView, make_view
from minitf.contrib.graph_editor.util import (
    ControlOutputs,
    check_cios,
    check_graphs,
    make_placeholder_from_tensor,
    placeholder_name,
)
from minitf.tensor import Tensor


def detach_control_inputs(sgv: Any) -> None:
    """Let the operations of a view no longer wait for others outside it.

    Args:
        sgv: a view, or what `make_view` makes one of.
    """
    view = make_view(sgv)
    for op in view.ops:
        reroute.remove_control_inputs(
            op, [each for each in op.control_inputs if each not in view.ops]
        )


def detach_control_outputs(sgv: Any, control_outputs: ControlOutputs) -> None:
    """Let operations outside a view no longer wait for those in it.

    Args:
        sgv: a view, or what `make_view` makes one of.
        control_outputs: which operations wait for which.

    Raises:
        TypeError: if the latter is something else.
    """
    if not isinstance(control_outputs, ControlOutputs):
        raise TypeError(f"Expected a util.ControlOutputs, got: {type(control_outputs)}")
    control_outputs.update()
    view = make_view(sgv)
    for op in view.ops:
        for waiting in control_outputs.get(op):
            if waiting not in view.ops:
                reroute.remove_control_inputs(waiting, op)


def detach_inputs(sgv: Any, control_inputs: bool = False) -> tuple[SubGraphView, list[Tensor]]:
    """Cut a view off from its inputs.

    Args:
        sgv: a view, or what `make_view` makes one of; its inputs are the placeholders then.
        control_inputs: whether it no longer waits for others either.

    Returns:
        The view and the placeholders.
    """
    view = make_view(sgv)
    with view.graph.as_default():
        made = [placeholder(each.dtype, name=placeholder_name(each)) for each in view.inputs]
    reroute.swap_inputs(view, made)
    if control_inputs:
        detach_control_inputs(view)
    return view, made


def detach_outputs(
    sgv: Any, control_outputs: ControlOutputs | None = None
) -> tuple[SubGraphView, list[Tensor]]:
    """Cut those off that take a view's outputs.

    Args:
        sgv: a view, or what `make_view` makes one of.
        control_outputs: if there is one, others no longer wait for its operations either.

    Returns:
        The view, with the outputs that were taken, and the placeholders.
    """
    view = make_view(sgv)
    view = view.remap_outputs([i for i, each in enumerate(view.outputs) if each.consumers()])
    users = SubGraphView(view.consumers())
    users = users.remap_inputs([i for i, t in enumerate(users.inputs) if t in view.outputs])
    with view.graph.as_default():
        made = [make_placeholder_from_tensor(each) for each in view.outputs]
    reroute.swap_outputs(view, made)
    if control_outputs is not None:
        detach_control_outputs(view, control_outputs)
    return view, made


def detach(
    sgv: Any,
    control_inputs: bool = False,
    control_outputs: ControlOutputs | None = None,
    control_ios: ControlOutputs | None = None,
) -> tuple[SubGraphView, list[Tensor], list[Tensor]]:
    """Cut a view off from its inputs, and those off that take its outputs.

    Args:
        sgv: a view, or what `make_view` makes one of.
        control_inputs: see `check_cios`, and so are the following ones.

    Returns:
        The view, the placeholders of its inputs and those of its outputs.
    """
    control_inputs, control_outputs = check_cios(control_inputs, control_outputs, control_ios)
    view = make_view(sgv)
    _, inputs = detach_inputs(view, control_inputs)
    _, outputs = detach_outputs(view, control_outputs)
    return view, inputs, outputs


def connect(
    sgv0: Any, sgv1: Any, disconnect_first: bool = False
) -> tuple[SubGraphView, SubGraphView]:
    """Give a view the outputs of another one as inputs.

    Args:
        sgv0: the view with the outputs, or what `make_view` makes one of.
        sgv1: the view with the inputs, likewise.
        disconnect_first: whether others no longer take the outputs.
    """
    first, second = make_view(sgv0), make_view(sgv1)
    check_graphs(first, second)
    if disconnect_first:
        detach_outputs(first)
    reroute.reroute_inputs(SubGraphView(passthrough_ts=first.outputs), second)
    return first, second


def bypass(sgv: Any) -> tuple[SubGraphView, list[Tensor]]:
    """Leave a view out: those that take its outputs take its inputs, in order.

    Args:
        sgv: a view with as many inputs as outputs, or what `make_view` makes one of.

    Returns:
        The view, cut off from its inputs, and the placeholders of these.
    """
    view = make_view(sgv)
    inputs = list(view.inputs)
    view, made = detach_inputs(view)
    reroute.reroute_ts(inputs, view.outputs)
    return view, made
