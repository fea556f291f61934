"""`tf.nest`: values in nested lists, tuples, namedtuples and dicts, taken apart and put together.

A dict's values come in the order of its sorted keys.  Anything else is a leaf, strings, arrays and
Tensors included.

    >>> flatten({"b": 1, "a": [2, (3,)]})
    [2, 3, 1]
    >>> pack_sequence_as({"b": 0, "a": [0, (0,)]}, [5, 6, 7])
    {'b': 7, 'a': [5, (6,)]}

Source: no paper; TensorFlow 1.15, `tf.nest`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from minitf.tensor_spec import TensorSpec
from minitf.type_spec import CompositeTensor, TypeSpec, components_of, made_like

__all__ = ["assert_same_structure", "flatten", "is_nested", "map_structure", "pack_sequence_as"]


def is_nested(seq: Any) -> bool:
    """Tell whether a value is a list, tuple or dict."""
    return isinstance(seq, (list, tuple, Mapping))


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """Return the leaves of a structure; a leaf is a structure of one.

    Args:
        structure: nested lists, tuples and dicts.
        expand_composites: whether composite values, as SparseTensors, are taken apart too.
    """
    parts = _parts(structure, expand_composites)
    if parts is None:
        return [structure]
    return [leaf for part in parts for leaf in flatten(part, expand_composites)]


def pack_sequence_as(
    structure: Any, flat_sequence: Sequence[Any], expand_composites: bool = False
) -> Any:
    """Return a structure like the given one with other leaves: the inverse of `flatten`.

    Args:
        structure: nested lists, tuples and dicts.
        flat_sequence: the leaves.
        expand_composites: whether composite values, as SparseTensors, are made of their parts.

    Raises:
        TypeError: if `flat_sequence` is no sequence.
        ValueError: if it has more or fewer elements than the structure leaves.
    """
    if not isinstance(flat_sequence, (list, tuple)):
        raise TypeError(f"flat_sequence must be a sequence, got {flat_sequence!r}")
    if not is_nested(structure) and not expand_composites and len(flat_sequence) != 1:
        raise ValueError(
            f"Structure is a scalar but len(flat_sequence) == {len(flat_sequence)} > 1"
        )
    count = len(flatten(structure, expand_composites))
    if count != len(flat_sequence):
        raise ValueError(
            f"Could not pack sequence. Structure had {count} elements, but flat_sequence had "
            f"{len(flat_sequence)} elements.  Structure: {structure!r}, flat_sequence: "
            f"{flat_sequence!r}."
        )
    return _packed(structure, iter(flat_sequence), expand_composites)


def map_structure(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """Apply a function to the leaves of structures of one form; returns that form of results.

    Args:
        func: called with one leaf of each structure.
        *structure: at least one.
        **kwargs: `check_types` (True) and `expand_composites` (False), see the other functions.

    Raises:
        TypeError: if `func` cannot be called, or kinds of sequence differ.
        ValueError: if there is no structure, forms differ, or there is another keyword.
    """
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structure:
        raise ValueError("Must provide at least one structure")
    check_types = kwargs.pop("check_types", True)
    expand = kwargs.pop("expand_composites", False)
    if kwargs:
        raise ValueError(
            "Only valid keyword arguments are `check_types` and `expand_composites`, not: "
            f"`{'`, `'.join(kwargs)}`"
        )
    first, *others = structure
    for other in others:
        assert_same_structure(first, other, check_types, expand)
    leaves = zip(*(flatten(each, expand) for each in structure), strict=True)
    return pack_sequence_as(first, [func(*each) for each in leaves], expand)


def assert_same_structure(
    nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False
) -> None:
    """Check that two structures have the same form.

    Args:
        nest1: a structure.
        nest2: another.
        check_types: whether lists differ from tuples, and namedtuples from each other.
        expand_composites: whether composite values, as SparseTensors, are looked into.

    Raises:
        TypeError: if kinds of sequence differ.
        ValueError: if numbers of elements or keys differ, or a leaf stands against a sequence.
    """
    found = _difference(nest1, nest2, check_types, expand_composites)
    if found is not None:
        kind, text = found
        raise kind(
            "The two structures don't have the same nested structure.\n\n"
            f"First structure: type={type(nest1).__name__} str={nest1}\n\n"
            f"Second structure: type={type(nest2).__name__} str={nest2}\n\n"
            f"More specifically: {text}"
        )


def _difference(
    one: Any, other: Any, check_types: bool, expand: bool
) -> tuple[type[Exception], str] | None:
    """Return the first difference of two structures: which error, and what it says."""
    left, right = _parts(one, expand), _parts(other, expand)
    if left is None and right is None:
        return None
    if left is None or right is None:
        sequence, leaf = (other, one) if left is None else (one, other)
        return ValueError, f'Substructure "{sequence}" is a sequence, while "{leaf}" is not'
    if check_types and not _same_kind(one, other):
        return TypeError, (
            "The two structures don't have the same sequence type. First structure has type "
            f"{type(one).__name__}, while second structure has type {type(other).__name__}"
        )
    if check_types and isinstance(one, Mapping) and set(one) != set(other):
        return ValueError, (
            "The two dictionaries don't have the same set of keys. First structure has keys "
            f"{list(one)}, while second structure has keys {list(other)}"
        )
    pairs = zip(left, right, strict=False)
    inside = (_difference(a, b, check_types, expand) for a, b in pairs)
    found = next((each for each in inside if each is not None), None)
    if found is None and len(left) != len(right):
        return ValueError, (
            f"The two structures don't have the same number of elements: {one} and {other}"
        )
    return found


def _same_kind(one: Any, other: Any) -> bool:
    both_dicts = isinstance(one, Mapping) and isinstance(other, Mapping)
    fields = getattr(one, "_fields", None)
    same_fields = fields is not None and fields == getattr(other, "_fields", None)
    return both_dicts or same_fields or type(one) is type(other)


def _parts(structure: Any, expand: bool) -> list[Any] | None:
    """Return what a structure holds directly; None of a leaf."""
    if isinstance(structure, Mapping):
        return [structure[key] for key in sorted(structure)]
    if isinstance(structure, (list, tuple)):
        return list(structure)
    if expand and isinstance(structure, CompositeTensor):
        return components_of(structure)
    if expand and isinstance(structure, TypeSpec) and not isinstance(structure, TensorSpec):
        return list(structure._component_specs)  # noqa: SLF001 TensorFlow's protocol
    return None


def _packed(structure: Any, leaves: Iterator[Any], expand: bool) -> Any:
    parts = _parts(structure, expand)
    if parts is None:
        return next(leaves)
    made = [_packed(part, leaves, expand) for part in parts]
    if isinstance(structure, Mapping):
        by_key = dict(zip(sorted(structure), made, strict=True))
        return type(structure)((key, by_key[key]) for key in structure)  # type: ignore[call-arg]
    if isinstance(structure, (CompositeTensor, TypeSpec)):
        return made_like(structure, made)
    if hasattr(structure, "_fields"):
        return type(structure)(*made)
    return type(structure)(made)
