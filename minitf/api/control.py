"""Public functions that carry values or order and compute nothing.

Source: 2015 §2 "control dependencies"; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from minitf import ops
from minitf.api.framework import colocate_with, control_dependencies, device, name_scope
from minitf.composite import IndexedSlices, SparseTensor
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.operation import Operation
from minitf.tensor import Tensor


def no_op(name: str | None = None) -> Operation:
    """Return an operation that does nothing: others wait for it, and it for others."""
    made: Operation = ops.no_op_op(name=name)
    return made


def timestamp(name: str | None = None) -> Tensor:
    """Return a float64 scalar: the time at which it runs, in seconds since the start of 1970."""
    made: Tensor = ops.timestamp_op(name=name)
    return made


@dispatchable
def identity(input: Any, name: str | None = None) -> Any:
    """Return a Tensor with the same value; of a variable, its value at this moment.

    Args:
        input: a Tensor or what converts to one; IndexedSlices and SparseTensors are copied part by
            part.
    """
    if isinstance(input, IndexedSlices):
        shape = None if input.dense_shape is None else identity(input.dense_shape, name)
        return IndexedSlices(identity(input.values, name), identity(input.indices, name), shape)
    if isinstance(input, SparseTensor):
        parts = (input.indices, input.values, input.dense_shape)
        return SparseTensor(*[identity(part, name) for part in parts])
    return ops.identity_op(input, name=name)


def identity_n(input: Sequence[Any], name: str | None = None) -> list[Tensor]:
    """Return Tensors with the same values, all at once."""
    made: list[Tensor] = ops.identity_n_op(list(input), name=name)
    return made


def stop_gradient(input: Any, name: str | None = None) -> Tensor:
    """Return a Tensor with the same value, through which no gradient flows."""
    made: Tensor = ops.stop_gradient_op(input, name=name)
    return made


def group(*inputs: Any, **kwargs: Any) -> Operation:
    """Return an operation that is done when all the given ones are.

    Args:
        *inputs: Operations, Tensors, Variables, or nested lists, tuples and dicts of them.
        **kwargs: `name`, the operation's name.

    Raises:
        TypeError: if something else is given.
        ValueError: if there is another keyword.
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise ValueError(f"Unknown keyword arguments: {', '.join(kwargs)}")
    members = list(_members(inputs))
    with name_scope(name, "group_deps", members) as scope:
        by_device: dict[str, list[Any]] = {}
        for each in members:
            by_device.setdefault(each.device, []).append(each)
        if len(by_device) == 1:
            return _joint(members, next(iter(by_device)), scope)
        # one operation per device, so that only one edge leaves each
        joints = [_joint(by_device[place], place) for place in sorted(by_device)]
        return _joint(joints, "", scope)


def _members(inputs: Any) -> Iterator[Any]:
    if isinstance(inputs, Mapping):
        inputs = [inputs[key] for key in sorted(inputs)]
    for each in inputs:
        if isinstance(each, (list, builtins.tuple, Mapping)):
            yield from _members(each)
        elif not hasattr(each, "device"):
            raise TypeError(
                f"'inputs' should be zero or more (nested) Tensors. Received '{each}' with type "
                f"'{type(each)}'."
            )
        else:
            yield each


def _joint(members: list[Any], place: str, name: str | None = None) -> Operation:
    """Return an operation on a device that waits for all members."""
    with control_dependencies(members), device(place):
        return no_op(name)


def tuple(tensors: Any, name: str | None = None, control_inputs: Any = None) -> list[Any]:
    """Return copies of several values, none of which is there before all of them are.

    Args:
        tensors: Tensors, IndexedSlices, Operations or None; what is None stays None.
        name: name of the scope.
        control_inputs: more Operations or Tensors to wait for.

    Raises:
        ValueError: if there is nothing to wait for.
        TypeError: if a control input is neither Operation nor Tensor.
    """
    with name_scope(name, "tuple", [each for each in tensors if each is not None]):
        values = [_gateable(each) for each in tensors]
        waited = [_operation(each) for each in values if each is not None]
        for each in control_inputs or ():
            if not isinstance(each, (Operation, Tensor)):
                raise TypeError(f"Control input must be Operation or Tensor: {each}")
            waited.append(_operation(each))
        if not waited:
            raise ValueError(f"Must have at least one Tensor: {values}")
        gate = group(*sorted(set(waited), key=lambda operation: operation.index))
        return [_gated(gate, each) for each in values]


def _gateable(value: Any) -> Any:
    if value is None or isinstance(value, (Operation, IndexedSlices)) or hasattr(value, "op"):
        return value
    return convert_to_tensor(value)


def _operation(value: Any) -> Operation:
    return value if isinstance(value, Operation) else value.op


def _gated(gate: Operation, value: Any) -> Any:
    return value if value is None or isinstance(value, Operation) else after([gate], value)


def after(operations: Sequence[Operation], value: Any, name: str | None = None) -> Any:
    """Return a copy of a value that is not there before the operations are done."""
    if isinstance(value, IndexedSlices):
        values = after(operations, value.values, name)
        return IndexedSlices(values, value.indices, value.dense_shape)
    with (
        name_scope(name, "control_dependency", [*operations, value]) as scope,
        colocate_with(value),
        control_dependencies(operations),
    ):
        tensor = convert_to_tensor(value)
        if tensor.dtype.is_ref:
            return ops.ref_identity_op(tensor, name=scope)
        return ops.identity_op(tensor, name=scope)
