"""Datasets of what a Python generator yields.

Source: TensorFlow 1.15, `tf.data.Dataset.from_generator`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.script import py_func
from minitf.convert import convert_to_tensor
from minitf.data.functions import traced
from minitf.data.parts import Structure
from minitf.data.structure import (
    NUMBER,
    filled,
    flat_attrs,
    leaves,
    mapped,
    types_of,
)
from minitf.dtypes import int64
from minitf.dtypes import string as string_type
from minitf.tensor import Tensor


class _Iterators:
    """The iterations of one dataset that are under way, by number."""

    def __init__(self, generator: Callable[..., Any], structure: Structure) -> None:
        self._generator = generator
        self._structure = structure
        self._numbers = itertools.count()
        self._under_way: dict[int, Any] = {}

    def begin(self, *arguments: Any) -> Any:
        """Begin an iteration; return its number."""
        number = next(self._numbers)
        self._under_way[number] = iter(self._generator(*arguments))
        return np.array(number, np.int64)

    def next(self, number: Any) -> list[Any]:
        """Return the next element of an iteration as arrays.

        Raises:
            StopIteration: at the end.
            TypeError, ValueError: if what is yielded does not fit.
        """
        yielded = next(self._under_way[int(number)])
        values: list[Any] = []
        try:
            mapped(lambda _, value: values.append(value), self._structure, yielded)
        except (TypeError, ValueError):
            raise TypeError(
                "`generator` yielded an element that did not match the expected structure. The "
                f"expected structure was {types_of(self._structure)}, but the yielded element was "
                f"{yielded}."
            ) from None
        parts = leaves(self._structure)
        return [_array(part, value) for part, value in zip(parts, values, strict=True)]

    def end(self, number: Any) -> Any:
        """Forget an iteration."""
        self._under_way.pop(int(number), None)
        return np.array(0, np.int64)


def _array(part: Any, value: Any) -> Any:
    try:
        array = np.array(value, part.dtype.numpy)
        if part.dtype is string_type:
            array = np.frompyfunc(lambda x: x.encode() if isinstance(x, str) else x, 1, 1)(array)
            array = np.asarray(array, object)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            "`generator` yielded an element that could not be converted to the expected type. "
            f"The expected type was {part.dtype.name}, but the yielded element was {value}."
        ) from None
    if not part.shape.accepts(array.shape):
        raise ValueError(
            f"`generator` yielded an element of shape {array.shape} where an element of shape "
            f"{part.shape} was expected."
        )
    return array


def generated(generator: Callable[..., Any], structure: Structure, arguments: Any) -> Tensor:
    """Return the variant of a dataset of what a generator yields.

    Args:
        generator: is called with the arguments, as arrays, once for each iteration.
        structure: of what it yields.
        arguments: Tensors or values.
    """
    iterators = _Iterators(generator, structure)
    types = [part.dtype for part in leaves(structure)]
    tensors = [convert_to_tensor(each) for each in arguments]

    def following(number: Tensor) -> Any:
        made = py_func(iterators.next, [number], types)
        for part, tensor in zip(leaves(structure), made, strict=True):
            tensor.static_shape = part.shape
        return filled(structure, made)

    first = traced(lambda: py_func(iterators.begin, tensors, int64), "generator_begin")
    following_function = traced(following, "generator_next", NUMBER)
    last = traced(lambda number: py_func(iterators.end, [number], int64), "generator_end", NUMBER)
    made: Tensor = ops.generator_dataset_op(
        first.captured,
        following_function.captured,
        last.captured,
        init_func=first.function,
        next_func=following_function.function,
        finalize_func=last.function,
        **flat_attrs(structure),
    )
    return made
