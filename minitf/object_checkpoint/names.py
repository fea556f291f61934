"""Keys of a checkpoint of objects: the way from the root to an object, then what of it.

    model/dense/kernel/.ATTRIBUTES/VARIABLE_VALUE
    model/dense/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE

A name of a part with a slash has `.S` there, one with a dot two dots.

Source: TensorFlow 1.15, `training/tracking/graph_view.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

_ATTRIBUTES = ".ATTRIBUTES"
_SLOTS = ".OPTIMIZER_SLOT"


def escaped(name: str) -> str:
    """Return a name of a part as it stands in a key."""
    return name.replace(".", "..").replace("/", ".S")


def path_name(path: Iterable[str]) -> str:
    """Return the name of an object by the names of the parts that lead to it."""
    return "/".join(map(escaped, path))


def attribute_key(object_name: str, attribute: str) -> str:
    """Return the key of what is saved of an object."""
    prefix = f"{object_name}/" if object_name else ""
    return f"{prefix}{_ATTRIBUTES}/{escaped(attribute)}"


def slot_name(variable_name: str, optimizer_name: str, slot: str) -> str:
    """Return the name of a slot, as of an object."""
    return f"{variable_name}/{_SLOTS}/{optimizer_name}/{escaped(slot)}"
