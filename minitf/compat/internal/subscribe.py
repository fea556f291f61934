"""`tensorflow.python.framework.subscribe`: side effects that run whenever a tensor is used.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from minitf import nest, ops
from minitf.tensor import Tensor

_SCOPE = "subscription"


def subscribe(tensors: Any, side_effects: Any) -> Any:
    """Make operations run whenever a tensor is used, by whom it is used already too.

    Args:
        tensors: a Tensor or a structure of them.
        side_effects: a function (tensor) -> an operation or a list of them, or a list of such
            functions.

    Returns:
        The same structure of tensors of the same values, which come after the side effects.

    Raises:
        TypeError: if a part of the structure is no Tensor.
    """
    effects = list(side_effects) if isinstance(side_effects, Iterable) else [side_effects]
    done: dict[int, Tensor] = {}

    def subscribed(tensor: Any) -> Tensor:
        if not isinstance(tensor, Tensor):
            raise TypeError(f"_recursive_apply argument {tensor!r} has invalid type {type(tensor)}")
        if id(tensor) not in done:
            done[id(tensor)] = _subscribe_one(tensor, effects)
        return done[id(tensor)]

    return nest.map_structure(subscribed, tensors)


def _subscribe_one(tensor: Tensor, effects: list[Callable[[Tensor], Any]]) -> Tensor:
    for each in _with_outputs(tensor):
        if _is_subscribed(each):
            return _subscribe_further(each, effects)
    return _subscribe_new(tensor, effects)


def _with_outputs(tensor: Tensor) -> list[Tensor]:
    """Return a tensor and the copies of it: one of them may be subscribed already."""
    return [tensor, *(op.outputs[0] for op in tensor.consumers() if op.type == "Identity")]


def _is_subscribed(tensor: Tensor) -> bool:
    """Tell whether a tensor is what a former call has returned."""
    op = tensor.op
    return op.type == "Identity" and op.name.startswith(f"{op.inputs[0].op.name}/{_SCOPE}/")


def _subscribe_further(subscribed: Tensor, effects: list[Callable[[Tensor], Any]]) -> Tensor:
    source = subscribed.op.inputs[0]
    subscribed.op._add_control_inputs(_made_by(source, effects))
    return subscribed


def _made_by(tensor: Tensor, effects: list[Callable[[Tensor], Any]]) -> list[Any]:
    """Make the side effects of a tensor, and return their operations."""
    made: list[Any] = []
    with tensor.graph.name_scope(f"{tensor.op.name}/{_SCOPE}/"):
        for effect in effects:
            made += nest.flatten(effect(tensor))
    return [getattr(each, "op", each) for each in made if each is not None]


def _subscribe_new(tensor: Tensor, effects: list[Callable[[Tensor], Any]]) -> Tensor:
    graph, users = tensor.graph, list(dict.fromkeys(tensor.consumers()))
    waiting = list(tensor.op._control_outputs)
    with graph.as_default(), graph.control_dependencies(None):
        made = _made_by(tensor, effects)
        with graph.control_dependencies(made), graph.name_scope(f"{tensor.op.name}/{_SCOPE}/"):
            copy: Tensor = ops.identity_op(tensor)
    for op in users:
        for place, each in enumerate(op.inputs):
            if each is tensor:
                op._update_input(place, copy)
    for op in waiting:
        others = [each for each in op.control_inputs if each is not tensor.op]
        op._remove_all_control_inputs()
        op._add_control_inputs([*others, copy.op])
    return copy
