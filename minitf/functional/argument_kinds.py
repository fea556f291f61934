"""Kinds of arguments of a `tf.function`: those that share a graph are of one kind.

Source: TensorFlow 1.15, `eager/function.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf import nest
from minitf.convert import convert_to_tensor
from minitf.functional.concrete import ConcreteFunction
from minitf.functional.tracing import flat_tensors, is_tensor_like
from minitf.shapes import as_shape
from minitf.tensor_shape import TensorShape
from minitf.variables.base import Variable


def with_arrays(structure: Any) -> Any:
    """Return a structure with Tensors in place of arrays."""

    def of(leaf: Any) -> Any:
        return convert_to_tensor(leaf) if isinstance(leaf, (np.ndarray, np.generic)) else leaf

    return nest.map_structure(of, structure)


def up_to(signature: Any, value: Any) -> Iterator[Any]:
    """Walk what stands in a structure where a signature has its leaves.

    Raises:
        TypeError, ValueError, KeyError: if the structures differ.
    """
    if isinstance(signature, dict):
        for key in sorted(signature):
            yield from up_to(signature[key], value[key])
    elif isinstance(signature, (list, tuple)):
        for part, each in zip(signature, value, strict=True):
            yield from up_to(part, each)
    else:
        yield value


def kind_of(args: Any, kwargs: Any, *, with_shapes: bool = True) -> Any:
    """Return what arguments of one kind have in common: types, shapes, Python values."""

    def of(leaf: Any) -> Any:
        if is_tensor_like(leaf):
            shape = as_shape(leaf.shape)
            sizes = shape.as_list()
            known = None if sizes is None else tuple(sizes)
            if not with_shapes:
                known = None if sizes is None else (len(sizes),)
            return "tensor", leaf.dtype.base_dtype.name, known
        if isinstance(leaf, Variable):
            return "variable", id(leaf)
        try:
            hash(leaf)
        except TypeError:
            return "object", id(leaf)
        return type(leaf), leaf

    wrapped = nest.map_structure(lambda leaf: _Leaf(of(leaf)), [list(args), dict(kwargs)])
    return _frozen(wrapped)


class _Leaf:
    def __init__(self, value: Any) -> None:
        self.value = value


def _frozen(structure: Any) -> Any:
    if isinstance(structure, _Leaf):
        return structure.value
    if isinstance(structure, dict):
        return "dict", tuple([(key, _frozen(structure[key])) for key in sorted(structure)])
    return type(structure).__name__, tuple([_frozen(each) for each in structure])


def fits(found: ConcreteFunction, args: Any, kwargs: Any) -> bool:
    """Tell whether a graph takes tensors of the shapes of arguments."""
    pairs = zip(found.inputs, flat_tensors(args, kwargs), strict=False)
    return all(inside.shape.is_compatible_with(given.shape) for inside, given in pairs)


def in_common(before: ConcreteFunction, args: Any, kwargs: Any) -> list[Any]:
    """Return for each tensor the shape that a graph's and those of arguments are cases of."""
    pairs = zip(before.inputs, flat_tensors(args, kwargs), strict=False)
    found: list[Any] = []
    for inside, given in pairs:
        shape = TensorShape(inside.shape).most_specific_compatible_shape(TensorShape(given.shape))
        found.append(shape)
    return found
