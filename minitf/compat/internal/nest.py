"""`tensorflow.python.util.nest`: `tf.nest`, and structures that are like others only at the top.

    flatten_up_to([0, 0], [[1, 2], 3])              [[1, 2], 3]: the first is one leaf
    map_structure_up_to([0, 0], len, ["ab", [1]])   [2, 1]

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf.nest import assert_same_structure, flatten, is_nested, map_structure, pack_sequence_as

__all__ = [
    "assert_same_structure", "assert_shallow_structure", "flatten", "flatten_dict_items",
    "flatten_up_to", "is_nested", "is_sequence", "map_structure", "map_structure_up_to",
    "pack_sequence_as",
]  # fmt: skip

is_sequence = is_nested


def flatten_dict_items(dictionary: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return a dict whose keys were structures, and the values with them, key by key.

    Args:
        dictionary: keys, or tuples of such -> values, or structures of as many.

    Raises:
        TypeError: if it is no dict.
        ValueError: if a key comes twice, or a key and its value differ in form.
    """
    if not isinstance(dictionary, Mapping):
        raise TypeError("input must be a dictionary")
    flat: dict[Any, Any] = {}
    for key, value in dictionary.items():
        keys, values = flatten(key), flatten(value) if is_nested(key) else [value]
        if len(keys) != len(values):
            raise ValueError(
                f"Could not flatten dictionary. Key had {len(keys)} elements, but value had "
                f"{len(values)} elements. Key: {key}, value: {value}."
            )
        for each, of_it in zip(keys, values, strict=True):
            if each in flat:
                raise ValueError(f"Could not flatten dictionary: key {each} is not unique.")
            flat[each] = of_it
    return flat


def assert_shallow_structure(
    shallow_tree: Any, input_tree: Any, check_types: bool = True, expand_composites: bool = False
) -> None:
    """Check that a structure is like another one, whose leaves may stand for anything.

    Args:
        shallow_tree: the form that it must have at the top.
        input_tree: the structure.
        check_types: whether lists differ from tuples.
        expand_composites: accepted, without effect: SparseTensors are leaves.

    Raises:
        TypeError: if there is no sequence where there should be one, or another kind of sequence.
        ValueError: if numbers of elements or keys differ.
    """
    flatten_up_to(shallow_tree, input_tree, check_types)


def flatten_up_to(
    shallow_tree: Any, input_tree: Any, check_types: bool = True, expand_composites: bool = False
) -> list[Any]:
    """Return what a structure has in the places of another one's leaves.

    Args:
        shallow_tree: the structure that says where to stop.
        input_tree: the structure; see `assert_shallow_structure`, also for what is raised.
        check_types: whether lists differ from tuples.
        expand_composites: accepted, without effect: SparseTensors are leaves.
    """
    if not is_nested(shallow_tree):
        return [input_tree]
    if not is_nested(input_tree):
        raise TypeError(
            "If shallow structure is a sequence, input must also be a sequence. Input has type: "
            f"{type(input_tree)}."
        )
    dicts = isinstance(shallow_tree, Mapping) and isinstance(input_tree, Mapping)
    if check_types and not dicts and type(shallow_tree) is not type(input_tree):
        fields = getattr(shallow_tree, "_fields", None)
        if fields is None or fields != getattr(input_tree, "_fields", None):
            raise TypeError(
                "The two structures don't have the same sequence type. Input structure has type "
                f"{type(input_tree)}, while shallow structure has type {type(shallow_tree)}."
            )
    if len(shallow_tree) != len(input_tree):
        raise ValueError(
            "The two structures don't have the same sequence length. Input structure has length "
            f"{len(input_tree)}, while shallow structure has length {len(shallow_tree)}."
        )
    if dicts and set(shallow_tree) != set(input_tree):
        raise ValueError(
            f"The two structures don't have the same keys. Input structure has keys "
            f"{list(input_tree)}, while shallow structure has keys {list(shallow_tree)}."
        )
    keys = sorted(shallow_tree) if dicts else range(len(shallow_tree))
    left, right = (
        each if dicts or not isinstance(each, Mapping) else [each[key] for key in sorted(each)]
        for each in (shallow_tree, input_tree)
    )
    return [leaf for key in keys for leaf in flatten_up_to(left[key], right[key], check_types)]


def map_structure_up_to(
    shallow_tree: Any, func: Callable[..., Any], *inputs: Any, **kwargs: Any
) -> Any:
    """Apply a function to what structures have in the places of another one's leaves.

    Args:
        shallow_tree: the structure that says where to stop, and that the result is like.
        func: called with one part of each structure.
        *inputs: at least one structure.
        **kwargs: `check_types` (True).

    Raises:
        ValueError: if there is no structure; see also `assert_shallow_structure`.
    """
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    check_types = kwargs.pop("check_types", True)
    parts = [flatten_up_to(shallow_tree, each, check_types) for each in inputs]
    return pack_sequence_as(shallow_tree, [func(*each) for each in zip(*parts, strict=True)])
