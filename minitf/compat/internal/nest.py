"""`tensorflow.python.util.nest`: structures that go only as deep as another one.

    assert_shallow_structure([0, 0], [1, [2, 3]])        # as deep as the first: a list of two
    flatten_up_to([0, 0], [1, [2, 3]])                   # [1, [2, 3]]
    flatten_dict_items({(4, 5): ("a", "b")})             # {4: "a", 5: "b"}

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from minitf import nest
from minitf.type_spec import CompositeTensor

is_sequence = nest.is_nested
Path = tuple[Any, ...]


def is_sequence_or_composite(seq: Any) -> bool:
    """Tell whether a value is a list, tuple or dict, or a composite of tensors."""
    return nest.is_nested(seq) or isinstance(seq, CompositeTensor)


def is_namedtuple(instance: Any, strict: bool = False) -> bool:
    """Tell whether a value is a tuple whose fields have names.

    Args:
        instance: any value.
        strict: whether its class must have no base but tuple, as namedtuples themselves.
    """
    fields = getattr(instance, "_fields", None)
    return (
        isinstance(instance, tuple)
        and (not strict or type(instance).__base__ is tuple)
        and isinstance(fields, Sequence)
        and all(isinstance(each, str) for each in fields)
    )


def flatten_dict_items(dictionary: Any) -> dict[Any, Any]:
    """Return a dict with one entry for each leaf of a key, of structures like the values.

    Args:
        dictionary: the dict.

    Raises:
        TypeError: if it is none.
        ValueError: if a key and its value differ in form, or a leaf appears twice.
    """
    if not isinstance(dictionary, (dict, Mapping)):
        raise TypeError("input must be a dictionary")
    found: dict[Any, Any] = {}
    for keys, values in dictionary.items():
        if not nest.is_nested(keys):
            pairs = [(keys, values)]
        else:
            leaves, parts = nest.flatten(keys), nest.flatten(values)
            if len(leaves) != len(parts):
                raise ValueError(
                    f"Could not flatten dictionary. Key had {len(leaves)} elements, but value had "
                    f"{len(parts)} elements. Key: {leaves}, value: {parts}."
                )
            pairs = list(zip(leaves, parts, strict=True))
        for key, value in pairs:
            if key in found:
                raise ValueError(
                    f"Could not flatten dictionary: key {key} is not unique.",
                )
            found[key] = value
    return found


# --- paths ---------------------------------------------------------------------------------------


def yield_flat_paths(nest: Any, expand_composites: bool = False) -> Iterator[Path]:
    """Yield the path to each leaf: the keys and indices on the way to it.

    Args:
        nest: the structure.
        expand_composites: whether IndexedSlices and SparseTensors are looked into.
    """
    for path, _ in _leaves(nest, expand_composites):
        yield path


def flatten_with_tuple_paths(
    structure: Any, expand_composites: bool = False
) -> list[tuple[Path, Any]]:
    """Return each leaf after its path.

    Args:
        structure: the structure.
        expand_composites: whether IndexedSlices and SparseTensors are looked into.
    """
    return list(_leaves(structure, expand_composites))


def flatten_with_joined_string_paths(
    structure: Any, separator: str = "/", expand_composites: bool = False
) -> list[tuple[str, Any]]:
    """Return each leaf after its path as text.

    Args:
        structure: the structure.
        separator: what stands between the parts of a path.
        expand_composites: whether IndexedSlices and SparseTensors are looked into.
    """
    return [
        (separator.join(map(str, path)), leaf)
        for path, leaf in _leaves(structure, expand_composites)
    ]


def map_structure_with_tuple_paths(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """Apply a function to the path and the leaves of structures of one form.

    Args:
        func: called with a path, and one leaf of each structure.
        *structure: at least one.
        **kwargs: as `tf.nest.map_structure`'s.
    """
    paths = iter(list(yield_flat_paths(structure[0], kwargs.get("expand_composites", False))))
    return nest.map_structure(lambda *leaves: func(next(paths), *leaves), *structure, **kwargs)


def map_structure_with_paths(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """Apply a function to the path, joined by `/`, and the leaves of structures of one form.

    Args:
        func: called with a path, and one leaf of each structure.
        *structure: at least one.
        **kwargs: as `tf.nest.map_structure`'s.
    """
    return map_structure_with_tuple_paths(
        lambda path, *leaves: func("/".join(map(str, path)), *leaves), *structure, **kwargs
    )


def _leaves(structure: Any, expand: bool) -> Iterator[tuple[Path, Any]]:
    if expand and isinstance(structure, CompositeTensor):
        yield from (((i,), leaf) for i, leaf in enumerate(nest.flatten(structure, expand)))
    elif not nest.is_nested(structure):
        yield (), structure
    else:
        for key, part in _entries(structure):
            yield from (((key, *path), leaf) for path, leaf in _leaves(part, expand))


def _entries(structure: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the parts of a structure, each after its key, its field's name or its index."""
    if isinstance(structure, Mapping):
        yield from ((key, structure[key]) for key in sorted(structure))
    elif hasattr(structure, "_fields"):
        yield from zip(structure._fields, structure, strict=True)
    else:
        yield from enumerate(structure)


# --- as deep as another structure ----------------------------------------------------------------


STRUCTURES_HAVE_MISMATCHING_LENGTHS = (
    "The two structures don't have the same sequence length. Input structure has length "
    "{input_length}, while shallow structure has length {shallow_length}."
)
STRUCTURES_HAVE_MISMATCHING_TYPES = (
    "The two structures don't have the same sequence type. Input structure has type "
    "{input_type}, while shallow structure has type {shallow_type}."
)
SHALLOW_TREE_HAS_INVALID_KEYS = (
    "The shallow_tree's keys are not a subset of the input_tree's keys. The shallow_tree has the "
    "following keys that are not in the input_tree: {}."
)
INPUT_TREE_SMALLER_THAN_SHALLOW_TREE = (
    "The input_tree has fewer elements than the input_tree. Input structure has length "
    "{input_size}, while shallow structure has length {shallow_size}."
)
IF_SHALLOW_IS_SEQ_INPUT_MUST_BE_SEQ = (
    "If shallow structure is a sequence, input must also be a sequence. Input has type: {}."
)


def assert_shallow_structure(
    shallow_tree: Any,
    input_tree: Any,
    check_types: bool = True,
    expand_composites: bool = False,
    check_subtrees_length: bool = True,
) -> None:
    """Check that one structure has the form of another one, as deep as that goes.

    Args:
        shallow_tree: the one that ends earlier.
        input_tree: the one whose parts may be structures where that has leaves.
        check_types: whether their sequences must be of one kind.
        expand_composites: whether IndexedSlices and SparseTensors are structures.
        check_subtrees_length: whether sequences must be equally long; else the other one's may be
            longer.

    Raises:
        TypeError: if there is a leaf where a sequence should be, or one of another kind.
        ValueError: if lengths or keys differ.
    """
    is_seq = is_sequence_or_composite if expand_composites else nest.is_nested
    if not is_seq(shallow_tree):
        return
    if not is_seq(input_tree):
        raise TypeError(IF_SHALLOW_IS_SEQ_INPUT_MUST_BE_SEQ.format(type(input_tree)))
    both_dicts = isinstance(shallow_tree, Mapping) and isinstance(input_tree, Mapping)
    if check_types and type(shallow_tree) is not type(input_tree) and not both_dicts:
        raise TypeError(
            STRUCTURES_HAVE_MISMATCHING_TYPES.format(
                input_type=type(input_tree), shallow_type=type(shallow_tree)
            )
        )
    if not nest.is_nested(shallow_tree):
        return
    _check_lengths(len(shallow_tree), len(input_tree), check_subtrees_length)
    if both_dicts and (missing := [key for key in shallow_tree if key not in input_tree]):
        raise ValueError(
            f"{SHALLOW_TREE_HAS_INVALID_KEYS.format(sorted(missing))} The two structures don't "
            f"have the same keys. Input structure has keys {list(input_tree)}, while shallow "
            f"structure has keys {list(shallow_tree)}."
        )
    for shallow, deep in _pairs(shallow_tree, input_tree):
        assert_shallow_structure(
            shallow, deep, check_types, expand_composites, check_subtrees_length
        )


def _check_lengths(shallow: int, deep: int, equal: bool) -> None:
    if equal and shallow != deep:
        raise ValueError(
            STRUCTURES_HAVE_MISMATCHING_LENGTHS.format(input_length=deep, shallow_length=shallow)
        )
    if deep < shallow:
        raise ValueError(
            INPUT_TREE_SMALLER_THAN_SHALLOW_TREE.format(input_size=deep, shallow_size=shallow)
        )


def _pairs(shallow: Any, deep: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the parts of a structure beside those of another one at the same places."""
    if isinstance(shallow, Mapping) and isinstance(deep, Mapping):
        yield from ((shallow[key], deep[key]) for key in sorted(shallow))
    else:
        yield from zip(_parts(shallow), _parts(deep), strict=False)


def flatten_up_to(
    shallow_tree: Any,
    input_tree: Any,
    check_types: bool = True,
    expand_composites: bool = False,
    check_subtrees_length: bool = True,
) -> list[Any]:
    """Return the parts of a structure that stand where another one has its leaves.

    Args:
        shallow_tree: the structure that ends earlier.
        input_tree: the one that is taken apart.
        check_types: as `assert_shallow_structure`'s, and so are the next.
        expand_composites: whether IndexedSlices and SparseTensors are structures.
        check_subtrees_length: whether sequences must be equally long.
    """
    assert_shallow_structure(
        shallow_tree, input_tree, check_types, expand_composites, check_subtrees_length
    )
    return [part for _, part in _up_to(shallow_tree, input_tree)]


def flatten_with_tuple_paths_up_to(
    shallow_tree: Any,
    input_tree: Any,
    check_types: bool = True,
    expand_composites: bool = False,
    check_subtrees_length: bool = True,
) -> list[tuple[Path, Any]]:
    """Return the parts of a structure that stand where another one has its leaves, with paths.

    Args:
        shallow_tree: the structure that ends earlier.
        input_tree: the one that is taken apart.
        check_types: as `assert_shallow_structure`'s, and so are the next.
        expand_composites: whether IndexedSlices and SparseTensors are structures.
        check_subtrees_length: whether sequences must be equally long.
    """
    assert_shallow_structure(
        shallow_tree, input_tree, check_types, expand_composites, check_subtrees_length
    )
    return list(_up_to(shallow_tree, input_tree))


def _up_to(shallow: Any, deep: Any) -> Iterator[tuple[Path, Any]]:
    if not nest.is_nested(shallow):
        yield (), deep
        return
    for (key, _), (one, other) in zip(_entries(shallow), _pairs(shallow, deep), strict=True):
        yield from (((key, *path), part) for path, part in _up_to(one, other))


def map_structure_up_to(
    shallow_tree: Any, func: Callable[..., Any], *inputs: Any, **kwargs: Any
) -> Any:
    """Apply a function to the parts of structures that stand where another one has its leaves.

    Args:
        shallow_tree: the structure that ends earlier, whose form the results have.
        func: called with one part of each structure.
        *inputs: the structures.
        **kwargs: `check_types` and others, as `assert_shallow_structure`'s.

    Raises:
        ValueError: if there are no structures.
    """
    return map_structure_with_tuple_paths_up_to(
        shallow_tree, lambda _, *parts: func(*parts), *inputs, **kwargs
    )


def map_structure_with_tuple_paths_up_to(
    shallow_tree: Any, func: Callable[..., Any], *inputs: Any, **kwargs: Any
) -> Any:
    """Apply a function to the paths and the parts of structures where another one has its leaves.

    Args:
        shallow_tree: the structure that ends earlier, whose form the results have.
        func: called with a path and one part of each structure.
        *inputs: the structures.
        **kwargs: `check_types` and others, as `assert_shallow_structure`'s.

    Raises:
        ValueError: if there are no structures.
    """
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    parts = [flatten_up_to(shallow_tree, each, **kwargs) for each in inputs]
    paths = [path for path, _ in _up_to(shallow_tree, inputs[0])]
    results = [func(path, *each) for path, *each in zip(paths, *parts, strict=True)]
    return nest.pack_sequence_as(shallow_tree, results)


def get_traverse_shallow_structure(
    traverse_fn: Callable[[Any], Any], structure: Any, expand_composites: bool = False
) -> Any:
    """Return a structure of bools, as deep as a function wants to go.

    Args:
        traverse_fn: tells of a part whether to look into it, by a bool or by one for each part.
        structure: the structure.
        expand_composites: whether IndexedSlices and SparseTensors are structures.

    Raises:
        TypeError: if the function tells something else.
        ValueError: if it wants to look into a leaf.
    """
    is_seq = is_sequence_or_composite if expand_composites else nest.is_nested
    wanted = traverse_fn(structure)
    if not is_seq(structure):
        if not isinstance(wanted, bool):
            raise TypeError(
                f"traverse_fn returned structure: {wanted} for non-structure: {structure}"
            )
        return wanted
    if isinstance(wanted, bool):
        if not wanted:
            return False
        levels = [
            get_traverse_shallow_structure(traverse_fn, each, expand_composites)
            for each in _parts(structure)
        ]
    else:
        assert_shallow_structure(wanted, structure, expand_composites=expand_composites)
        levels = []
        for asked, each in zip(_parts(wanted), _parts(structure), strict=True):
            if not isinstance(asked, bool):
                raise TypeError("traverse_fn didn't return a depth=1 structure of bools")
            deeper = get_traverse_shallow_structure(traverse_fn, each, expand_composites)
            levels.append(deeper if asked else False)
    return _filled(structure, levels)


def _filled(structure: Any, parts: list[Any]) -> Any:
    """Return a structure of the same kind with other parts."""
    if isinstance(structure, Mapping):
        found = dict(zip(sorted(structure), parts, strict=True))
        return type(structure)((key, found[key]) for key in structure)  # type: ignore[call-arg]
    if hasattr(structure, "_fields"):
        return type(structure)(*parts)
    return type(structure)(parts)


def _parts(structure: Any) -> list[Any]:
    return [part for _, part in _entries(structure)]
