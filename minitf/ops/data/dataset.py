"""Datasets: values that say how to iterate, and the iterations that they begin.

A dataset op gives a `Dataset`, the value of a `variant` tensor.  Nothing is read before an iterator
begins an iteration over it, and each iteration begins anew:

    elements = dataset.begin()
    next(elements)          # a tuple of arrays, one for each component
    next(elements)          # StopIteration at the end

**Invariants**
1. An element is a tuple of as many arrays as the dataset has types; nobody writes to them.
2. After the end every further `next` is the end again.
3. An error loses the element at which it is raised, or those of its batch, and no other: the next
   `next` goes on behind it.  (So iterations are objects with a step, not generators, which end
   when something is raised in them.)

Source: TensorFlow 1.15, `tf.data`; 2015 §4.5 "Input Operations".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.op_def import OpDef
from minitf.shapes import SCALAR, Shape

Array = np.ndarray[Any, Any]
Element = tuple[Any, ...]

INFINITE, UNKNOWN_SIZE = -1, -2  # how many elements there are, where it is no number


class Elements:
    """An iteration: each `next` takes a step.

    Args:
        step: returns the next element, or raises StopIteration.
    """

    __slots__ = ("__weakref__", "_step")

    def __init__(self, step: Callable[[], Element]) -> None:
        self._step = step

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Element:
        return self._step()


@dataclass(frozen=True, eq=False)
class Dataset:
    """The value of a dataset tensor.

    Attributes:
        types: of the components of its elements.
        shapes: what is known of their shapes.
        begin: begins an iteration.
        size: how many elements there are; INFINITE or UNKNOWN_SIZE.
    """

    types: tuple[DType, ...]
    shapes: tuple[Shape, ...]
    begin: Callable[[], Iterator[Element]]
    size: int = UNKNOWN_SIZE
    shape: ClassVar[tuple[int, ...]] = ()  # as an array of it has


def kept(array: Any) -> Any:
    """Return an array that nobody else can write to: a copy, unless it is read-only."""
    if not isinstance(array, np.ndarray) or not array.flags.writeable:
        return array
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def positive(value: Array, name: str) -> int:
    """Return a scalar that must be greater than zero.

    Raises:
        InvalidArgumentError: if it is not.
    """
    number = int(value)
    if number <= 0:
        raise invalid(f"{name} must be greater than zero.", value=number)
    return number


def is_dataset(op_def: OpDef) -> None:
    """Give an op the rules of all that give a dataset."""
    op_def.shape(lambda *_, **__: SCALAR)
    op_def.no_gradient("a dataset is no number")
