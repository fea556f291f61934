"""`tensorflow.python.data.util.nest`: structures of elements, in which lists are no structure.

    flatten(({"a": 1, "b": [2, 3]}, 4))        # [1, [2, 3], 4]

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from minitf.composite import SparseTensorValue


def is_sequence(value: Any) -> bool:
    """Tell whether a value is a tuple, a dict or an instance of an attrs class."""
    if isinstance(value, SparseTensorValue):
        return False
    return isinstance(value, (tuple, Mapping)) or hasattr(type(value), "__attrs_attrs__")


def _parts(value: Any) -> list[Any]:
    """Return what a structure has: of a dict in the order of its keys."""
    if isinstance(value, Mapping):
        return [value[key] for key in sorted(value)]
    if hasattr(type(value), "__attrs_attrs__"):
        return [getattr(value, each.name) for each in type(value).__attrs_attrs__]
    return list(value)


def _like(value: Any, parts: Sequence[Any]) -> Any:
    """Return a structure of the same kind with other parts."""
    if isinstance(value, Mapping):
        made = dict(zip(sorted(value), parts, strict=True))
        return type(value)((key, made[key]) for key in value)  # type: ignore[call-arg]
    if hasattr(value, "_fields") or hasattr(type(value), "__attrs_attrs__"):
        return type(value)(*parts)
    return type(value)(parts)


def flatten(structure: Any) -> list[Any]:
    """Return the leaves of a structure; a leaf is its own."""
    if not is_sequence(structure):
        return [structure]
    return [leaf for part in _parts(structure) for leaf in flatten(part)]


def assert_same_structure(nest1: Any, nest2: Any, check_types: bool = True) -> None:
    """Check that two structures are nested in the same way.

    Args:
        nest1: a structure.
        nest2: another.
        check_types: whether kinds of sequence must be the same too.

    Raises:
        ValueError: if they are nested otherwise, or have other numbers of parts or other keys.
        TypeError: if kinds of sequence differ.
    """
    shown = f"\n\nFirst structure: {nest1}\n\nSecond structure: {nest2}"
    for one, other in _pairs(nest1, nest2):
        if is_sequence(one) != is_sequence(other):
            raise ValueError(
                f"The two structures don't have the same nested structure.{shown}\n\nMore "
                f'specifically: "{one}" is a sequence, "{other}" is not, or the other way round'
            )
        if not is_sequence(one):
            continue
        if check_types and type(one) is not type(other) and not _alike(one, other):
            raise TypeError(
                "The two structures don't have the same nested structure: they don't have the "
                f"same sequence type. First structure has type {type(one)}, while second "
                f"structure has type {type(other)}{shown}"
            )
        if len(_parts(one)) != len(_parts(other)):
            raise ValueError(
                "The two structures don't have the same nested structure: they don't have the "
                f"same number of elements.{shown}"
            )
        if isinstance(one, Mapping) and isinstance(other, Mapping) and set(one) != set(other):
            raise ValueError(
                f"The two dictionaries don't have the same set of keys. First structure has keys "
                f"{sorted(one)}, while second structure has keys {sorted(other)}{shown}"
            )


def _pairs(one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """Yield what stands at the same place, from the top, as long as that can be."""
    yield one, other
    if is_sequence(one) and is_sequence(other):
        for pair in zip(_parts(one), _parts(other), strict=False):
            yield from _pairs(*pair)


def _alike(one: Any, other: Any) -> bool:
    """Tell whether kinds of sequence are as good as the same."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return True
    fields = getattr(one, "_fields", None)
    same_name = type(one).__name__ == type(other).__name__
    return fields is not None and same_name and fields == getattr(other, "_fields", None)


def pack_sequence_as(structure: Any, flat_sequence: Sequence[Any]) -> Any:
    """Return a structure with other leaves.

    Args:
        structure: says how it is nested.
        flat_sequence: the leaves, a list or a tuple.

    Raises:
        TypeError: if `flat_sequence` is neither.
        ValueError: if there are not as many.
    """
    if not isinstance(flat_sequence, (list, tuple)):
        raise TypeError("flat_sequence must be a sequence")
    if not is_sequence(structure):
        if len(flat_sequence) != 1:
            raise ValueError(
                f"Structure is a scalar but len(flat_sequence) == {len(flat_sequence)} > 1"
            )
        return flat_sequence[0]
    count = len(flatten(structure))
    if count != len(flat_sequence):
        raise ValueError(
            f"Could not pack sequence. Structure had {count} elements, but flat_sequence had "
            f"{len(flat_sequence)} elements.  Structure: {structure}, flat_sequence: "
            f"{flat_sequence}."
        )
    left = iter(flat_sequence)
    return _mapped(lambda _: next(left), structure)


def _mapped(func: Callable[..., Any], first: Any, *others: Any) -> Any:
    if not is_sequence(first):
        return func(first, *others)
    columns = zip(_parts(first), *map(_parts, others), strict=True)
    return _like(first, [_mapped(func, *column) for column in columns])


def map_structure(func: Callable[..., Any], *structure: Any, **check_types_dict: Any) -> Any:
    """Apply a function to the leaves at the same places of several structures.

    Args:
        func: the function.
        structure: the several, nested in the same way.
        check_types_dict: `check_types=False` lets kinds of sequence differ.

    Raises:
        TypeError: if `func` cannot be called, or kinds of sequence differ.
        ValueError: if there are no structures, they are nested otherwise, or there is another
            keyword.
    """
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structure:
        raise ValueError("Must provide at least one structure")
    if set(check_types_dict) - {"check_types"}:
        raise ValueError("Only valid keyword argument is check_types")
    for other in structure[1:]:
        assert_same_structure(structure[0], other, **check_types_dict)
    return _mapped(func, *structure)


def assert_shallow_structure(shallow_tree: Any, input_tree: Any, check_types: bool = True) -> None:
    """Check that a structure is nested as another one, as deep as that goes.

    Args:
        shallow_tree: the other one.
        input_tree: the structure.
        check_types: whether kinds of sequence must be the same too.

    Raises:
        TypeError: if it is no sequence where the other is, or one of another kind.
        ValueError: if it has another number of parts or other keys.
    """
    if not is_sequence(shallow_tree):
        return
    if not is_sequence(input_tree):
        raise TypeError(
            "If shallow structure is a sequence, input must also be a sequence. Input has type: "
            f"'{type(input_tree).__name__}'."
        )
    if check_types and not isinstance(input_tree, type(shallow_tree)):
        raise TypeError(
            "The two structures don't have the same sequence type. Input structure has type "
            f"'{type(input_tree).__name__}', while shallow structure has type "
            f"'{type(shallow_tree).__name__}'."
        )
    if len(_parts(input_tree)) != len(_parts(shallow_tree)):
        raise ValueError(
            "The two structures don't have the same sequence length. Input structure has length "
            f"{len(_parts(input_tree))}, while shallow structure has length "
            f"{len(_parts(shallow_tree))}."
        )
    if isinstance(shallow_tree, Mapping) and set(input_tree) != set(shallow_tree):
        raise ValueError(
            "The two structures don't have the same keys. Input structure has keys "
            f"{sorted(input_tree)}, while shallow structure has keys {sorted(shallow_tree)}."
        )
    for pair in zip(_parts(shallow_tree), _parts(input_tree), strict=True):
        assert_shallow_structure(*pair, check_types=check_types)


def _flat_up_to(shallow_tree: Any, input_tree: Any) -> list[Any]:
    if not is_sequence(shallow_tree):
        return [input_tree]
    pairs = zip(_parts(shallow_tree), _parts(input_tree), strict=True)
    return [leaf for pair in pairs for leaf in _flat_up_to(*pair)]


def flatten_up_to(shallow_tree: Any, input_tree: Any) -> list[Any]:
    """Return what stands in a structure where another one has its leaves."""
    assert_shallow_structure(shallow_tree, input_tree)
    return _flat_up_to(shallow_tree, input_tree)


def map_structure_up_to(shallow_tree: Any, func: Callable[..., Any], *inputs: Any) -> Any:
    """Apply a function to what stands in several structures where another one has its leaves.

    Args:
        shallow_tree: the other one.
        func: the function.
        inputs: the several.

    Raises:
        ValueError: if there are none.
    """
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    for each in inputs:
        assert_shallow_structure(shallow_tree, each)
    columns = zip(*[_flat_up_to(shallow_tree, each) for each in inputs], strict=True)
    return pack_sequence_as(shallow_tree, [func(*column) for column in columns])
