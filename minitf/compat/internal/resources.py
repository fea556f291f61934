"""`tensorflow.python.ops.resources`: handles that a program makes before its first step.

**State**: two collections of the graph, of records of a handle, the operation that makes what it
names, and a tensor that tells whether that is there.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from minitf.api.array import concat, stack
from minitf.api.comparison import logical_not
from minitf.api.constants import constant
from minitf.api.control import group
from minitf.api.framework import add_to_collection, device, get_collection, name_scope
from minitf.api.gathering import boolean_mask
from minitf.api.state import report_uninitialized_variables
from minitf.dtypes import string
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor


class _Record(NamedTuple):
    handle: Any
    create: Any
    is_initialized: Any


def register_resource(
    handle: Any, create_op: Any, is_initialized_op: Any, is_shared: bool = True
) -> None:
    """Remember a handle, to be made with the others.

    Args:
        handle: of the resource.
        create_op: the operation that makes what it names.
        is_initialized_op: a bool tensor that tells whether that is there.
        is_shared: whether all sessions of a cluster share it.
    """
    key = GraphKeys.RESOURCES if is_shared else GraphKeys.LOCAL_RESOURCES
    add_to_collection(key, _Record(handle, create_op, is_initialized_op))


def shared_resources() -> list[Any]:
    """Return the records of the resources that all share."""
    return get_collection(GraphKeys.RESOURCES)


def local_resources() -> list[Any]:
    """Return the records of the resources of one task."""
    return get_collection(GraphKeys.LOCAL_RESOURCES)


def report_uninitialized_resources(
    resource_list: Sequence[Any] | None = None, name: str = "report_uninitialized_resources"
) -> Tensor:
    """Return the names of the handles without what they name, and of variables without a value.

    Args:
        resource_list: the records; all shared and local ones by default.
        name: name of the operation.
    """
    records = resource_list
    if records is None:
        records = shared_resources() + local_resources()
    with name_scope(name), device("/cpu:0"):
        if not records:
            return constant([], dtype=string)
        missing = logical_not(stack([each.is_initialized for each in records]))
        absent = boolean_mask(constant([each.handle.name for each in records]), missing)
        return concat([report_uninitialized_variables(), absent], 0)


def initialize_resources(resource_list: Sequence[Any], name: str = "init") -> Operation:
    """Return an operation that makes resources.

    Args:
        resource_list: their records.
        name: name of the operation.
    """
    return group(*(each.create for each in resource_list), name=name)
