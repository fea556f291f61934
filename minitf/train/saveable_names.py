"""Names of what a Saver saves, as TensorFlow's inner functions give them.

Source: TensorFlow 1.15, `training/saving/saveable_object_util.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from minitf.devices import DeviceSpec
from minitf.trackable.base import VARIABLE_VALUE_KEY, Trackable
from minitf.train.saveable import SaveableObject, by_names, saveables_of
from minitf.variables.base import Variable


def set_cpu0(device_string: str) -> str:
    """Return the first CPU of the task that a device belongs to."""
    return DeviceSpec.from_string(device_string or "").merged("/device:CPU:0").to_string()


def op_list_to_dict(op_list: Any, convert_variable_to_tensor: bool = True) -> dict[str, Any]:
    """Return variables, and what else is saved of objects, by name.

    Args:
        op_list: variables, SaveableObjects, objects with parts of their own.
        convert_variable_to_tensor: accepted for compatibility.

    Raises:
        TypeError: if they do not come in a list, or one cannot be saved.
        ValueError: if two have one name.
    """
    del convert_variable_to_tensor
    if not isinstance(op_list, (list, tuple, set)):
        raise TypeError(f"Variables to save should be passed in a dict or a list: {op_list}")
    items: list[Any] = []
    for each in op_list:
        if _is_object(each):
            factories = each._gather_saveables_for_checkpoint().values()  # noqa: SLF001
            items += [made() if callable(made) else made for made in factories]
        else:
            items.append(each)
    return by_names(items)


def saveable_objects_for_op(op: Any, name: str) -> Iterator[SaveableObject]:
    """Yield SaveableObjects for something, under a name.

    Args:
        op: a variable, a list of its parts, a SaveableObject, or an object that has some.
        name: the name in the file.

    Raises:
        TypeError: if the name is none.
    """
    if not isinstance(name, str):
        raise TypeError(
            "names_to_saveables must be a dict mapping string names to trackable operations. Name "
            f"is not a string: {name}"
        )
    if not _is_object(op):
        yield from saveables_of({name: op})
        return
    for attribute, factory in op._gather_saveables_for_checkpoint().items():  # noqa: SLF001
        full = name if attribute == VARIABLE_VALUE_KEY else f"{name}_{attribute}"
        made = factory(full) if callable(factory) else factory
        yield from saveable_objects_for_op(made, full)


def validate_and_slice_inputs(names_to_saveables: Any) -> list[SaveableObject]:
    """Return SaveableObjects for a list or a dict, sorted by name."""
    if not isinstance(names_to_saveables, Mapping):
        names_to_saveables = op_list_to_dict(names_to_saveables)
    found: list[SaveableObject] = []
    for name, item in sorted(names_to_saveables.items()):
        found += saveable_objects_for_op(item, name)
    return found


def _is_object(item: Any) -> bool:
    return isinstance(item, Trackable) and not isinstance(item, Variable)
