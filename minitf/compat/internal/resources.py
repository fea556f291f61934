"""`tensorflow.python.ops.resources`: state other than variables, by the graph's collections.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from minitf.api.array import stack
from minitf.api.comparison import logical_not
from minitf.api.constants import constant
from minitf.api.control import group, no_op
from minitf.api.framework import add_to_collection, get_collection
from minitf.api.gathering import boolean_mask
from minitf.dtypes import string
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor


class _Resource(NamedTuple):
    handle: Tensor
    create: Operation
    is_initialized: Tensor


def register_resource(
    handle: Tensor, create_op: Operation, is_initialized_op: Tensor, is_shared: bool = True
) -> None:
    """Put a resource into a collection of the graph.

    Args:
        handle: its handle.
        create_op: the operation that makes it.
        is_initialized_op: a Tensor that tells whether it is made.
        is_shared: whether it is for all tasks, or for one.
    """
    key = GraphKeys.RESOURCES if is_shared else GraphKeys.LOCAL_RESOURCES
    add_to_collection(key, _Resource(handle, create_op, is_initialized_op))


def shared_resources() -> list[Any]:
    """Return the resources that are for all tasks."""
    return get_collection(GraphKeys.RESOURCES)


def local_resources() -> list[Any]:
    """Return the resources that are for one task."""
    return get_collection(GraphKeys.LOCAL_RESOURCES)


def initialize_resources(resource_list: Sequence[Any], name: str = "init") -> Operation:
    """Return an operation that makes resources.

    Args:
        resource_list: the resources.
        name: name of the operation.
    """
    if resource_list:
        return group(*[each.create for each in resource_list], name=name)
    return no_op(name=name)


def report_uninitialized_resources(
    resource_list: Sequence[Any] | None = None, name: str = "report_uninitialized_resources"
) -> Tensor:
    """Return a vector with the names of the handles of resources that are not made yet.

    Args:
        resource_list: the resources; all by default.
        name: prefix of the names of operations.
    """
    if resource_list is None:
        resource_list = shared_resources() + local_resources()
    if not resource_list:
        return constant([], dtype=string, name=name)
    missing = logical_not(stack([each.is_initialized for each in resource_list]))
    return boolean_mask(constant([each.handle.name for each in resource_list]), missing, name=name)
