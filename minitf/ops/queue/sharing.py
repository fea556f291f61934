"""Resources behind handles: found by container and name, or kept for one session.

A resource with a `shared_name` stands in the store of the session's target: graphs and sessions
that know nothing of each other meet there.  One without belongs to the operation that makes it, in
one session, and ends with that; TensorFlow calls it `_0_name`, with a number of its own.

Source: 2015 §4.7 "Containers".
"""

import itertools
import re
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from minitf.errors import invalid
from minitf.resources import Context, Handle

R = TypeVar("R")

_NUMBERS = itertools.count()


def find_handle(
    context: Context, container: str, shared_name: str, kind: type[Any], make: Callable[[str], Any]
) -> Handle:
    """Return the handle of a resource, which `make(name)` makes the first time.

    Args:
        context: of the running operation.
        container: where a shared resource is kept; "" is the default container.
        shared_name: its name there; "" for one of the operation's own.
        kind: the class that resources of one name have in common.
        make: makes it.

    Raises:
        InvalidArgumentError: if the name begins with "_".
    """
    if not shared_name:
        key = context.node_name, kind
        found: Handle | None = context.local.get(key)
        if found is None:
            name = f"_{next(_NUMBERS)}_{context.node_name}"
            made = Handle(make(name), container, name)
            with context.lock:
                found = context.local.setdefault(key, made)
        return found
    if shared_name.startswith("_"):
        raise invalid(f"shared_name cannot start with '_':{shared_name}")
    resource = context.resources.find_or_create(
        container, shared_name, lambda: make(shared_name), kind
    )
    return Handle(resource, container, shared_name)


def behind(handle: Any, kind: type[R]) -> R:
    """Return the resource that a handle names.

    Args:
        handle: the handle; an array of one where it has come through Pack or Gather.
        kind: what the resource must be.

    Raises:
        InvalidArgumentError: if it is something else.
    """
    if isinstance(handle, np.ndarray):
        handle = handle.item()
    found = handle.resource if isinstance(handle, Handle) else None
    if not isinstance(found, kind):
        raise invalid(
            f"Trying to access resource of the wrong type: {handle}", wanted=kind.__name__
        )
    return found


def plain_name(name: str) -> str:
    """Return a resource's name as the program knows it: `q` of `_0_q`."""
    return re.sub(r"^_\d+_", "", name)
