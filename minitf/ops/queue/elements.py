"""What a queue holds: elements of the types and shapes that it was made for.

An *element* is a tuple of arrays, one per component.  Here elements are checked, cut out of
batches and put together to batches; `base` says when they come and go.

**Invariants**
1. An element shares memory with nothing outside the queue: not with a fed array, and not with the
   batch that it was cut out of, which it would keep alive.
2. Components have the types of the Spec, and its shapes where it has any.

Source: 2015 §4.6 "Queues"; messages: TensorFlow 1.15.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from minitf.dtypes import DType, by_numpy, c_name
from minitf.errors import InvalidArgumentError, invalid
from minitf.shapes import Shape
from minitf.tensor_shape import TensorShape

Array = np.ndarray[Any, Any]
Element = tuple[Any, ...]
_MOST_BRIEF_BYTES = 1 << 16  # copied in microseconds


class Spec(NamedTuple):
    """What the operation that makes a queue says of it.

    Attributes:
        kind: the class of the queue.
        types: a type per component.
        shapes: a shape per component; empty if they may differ from element to element.
        capacity: how many elements it may hold; negative for any number.
        min_after_dequeue: how many a shuffling queue keeps until it is closed.
        seeds: of a shuffling queue.
    """

    kind: Any
    types: tuple[DType, ...]
    shapes: tuple[Shape, ...]
    capacity: int
    min_after_dequeue: int = 0
    seeds: tuple[int, int] = (0, 0)

    def check(self, *, partial: bool = False) -> None:
        """Check that it has a shape per type, if it has shapes, and that these are known.

        Args:
            partial: whether ranks are enough.

        Raises:
            InvalidArgumentError: if it has not.
        """
        if self.shapes and len(self.shapes) != len(self.types):
            raise invalid(
                f"Different number of component types.  Types: {type_names(self.types)}, "
                f"Shapes: {shape_texts(self.shapes)}"
            )
        if any(s.rank is None if partial else not s.is_full for s in self.shapes):
            raise invalid(
                f"All shapes must {'have a known rank' if partial else 'be fully defined'}",
                shapes=shape_texts(self.shapes),
            )

    def check_same(self, other: "Spec", name: str) -> None:
        """Check what another operation says of the same shared queue.

        Shapes of which only ranks are known agree with all that they may be.

        Raises:
            InvalidArgumentError: if it differs.
        """
        if self == other:
            return
        if self.kind is not other.kind:
            raise invalid(
                f"Expected {self.kind.__name__}, found {other.kind.__name__}V2",
                queue=f"shared queue '{name}'",
            )
        if self.kind.partial_shapes and _agree(self.shapes, other.shapes):
            other = other._replace(shapes=self.shapes)
            if self == other:
                return
        for what, have, wanted in (
            ("capacity", self.capacity, other.capacity),
            ("component types", type_names(self.types), type_names(other.types)),
            ("component shapes", shape_texts(self.shapes), shape_texts(other.shapes)),
            ("min_after_dequeue", self.min_after_dequeue, other.min_after_dequeue),
        ):
            if have != wanted:
                were = "were" if what.endswith("s") else "was"
                raise invalid(
                    f"Shared queue '{name}' has {what} {have} but requested {what} {were} {wanted}"
                )
        raise invalid(
            f"Shared queue '{name}' has random seeds {self.seeds} but requested seeds are "
            f"{other.seeds}."
        )


def _agree(shapes: tuple[Shape, ...], others: tuple[Shape, ...]) -> bool:
    return len(shapes) == len(others) and all(
        TensorShape(shape).is_compatible_with(other)
        for shape, other in zip(shapes, others, strict=True)
    )


class Form:
    """Checks that components fit a Spec.

    It is kept ready for the check that every enqueue pays for.
    """

    def __init__(self, types: tuple[DType, ...], shapes: tuple[Shape, ...]) -> None:
        self._types = types
        self._shapes = shapes
        self._dtypes = [t.numpy if t.is_numpy_compatible else None for t in types]
        self._exact: list[Any] = [shape.dims if shape.is_full else None for shape in shapes]

    def check(self, components: Sequence[Any]) -> None:
        """Check one element.

        Raises:
            InvalidArgumentError: if it does not fit.
        """
        self._check_types(components)
        for i, exact in enumerate(self._exact):
            found = getattr(components[i], "shape", ())
            if found != exact and not self._shapes[i].accepts(found):
                raise _shape_mismatch(i, self._shapes[i], found)

    def check_many(self, components: Sequence[Array]) -> int:
        """Check elements that lie in components along their first axis; return their number.

        Raises:
            InvalidArgumentError: if they do not fit.
        """
        self._check_types(components)
        for i, component in enumerate(components):
            if not component.ndim:
                raise invalid(f"Shape mismatch in tuple component {i}. Expected [?,...], got []")
        rows = len(components[0])
        for i, component in enumerate(components):
            if self._shapes:
                wanted = Shape([rows, *self._shapes[i]])
                if not wanted.accepts(component.shape):
                    raise _shape_mismatch(i, wanted, component.shape)
            elif len(component) != rows:
                raise invalid(
                    "All input tensors must have the same size in the 0th dimension. Component "
                    f"{i} has {len(component)}, and should have {rows}"
                )
        return rows

    def stacked(self, elements: Sequence[Element]) -> list[Array]:
        """Return elements of known shapes as one array per component, along a new first axis."""
        return [
            _stacked([element[i] for element in elements], exact or (), dtype or object)
            for i, (exact, dtype) in enumerate(zip(self._exact, self._dtypes, strict=True))
        ]

    def padded(self, elements: Sequence[Element]) -> list[Array]:
        """Return elements as one array per component, filled up where sizes differ.

        What is filled in is 0, False or the empty string.
        """
        made = []
        for i, (shape, dtype) in enumerate(zip(self._shapes, self._dtypes, strict=True)):
            parts = [np.asarray(element[i]) for element in elements]
            sizes = _common_sizes(shape, parts)
            if all(part.shape == sizes for part in parts):
                made.append(_stacked(parts, sizes, dtype or object))
                continue
            blank: Any = b"" if dtype is not None and dtype.kind == "O" else 0
            batch = np.full((len(parts), *sizes), blank, dtype)
            for row, part in zip(batch, parts, strict=True):
                row[tuple(map(slice, part.shape))] = part
            made.append(batch)
        return made

    def _check_types(self, components: Sequence[Any]) -> None:
        dtypes = self._dtypes
        if len(components) != len(dtypes):
            raise invalid(
                f"Wrong number of components in tuple. Expected {len(dtypes)}, "
                f"got {len(components)}"
            )
        for i, dtype in enumerate(dtypes):
            if dtype is not None and components[i].dtype != dtype:
                raise invalid(
                    f"Type mismatch in tuple component {i}. Expected {c_name(self._types[i])}, "
                    f"got {c_name(by_numpy(components[i].dtype))}"
                )


# --- arrays ---------------------------------------------------------------------------------------


def owned(array: Any) -> Any:
    """Return an array that nobody else holds; a number, which nobody can change, as it is."""
    if not isinstance(array, np.ndarray):
        return array
    if array.dtype.kind == "O" or array.nbytes > _MOST_BRIEF_BYTES:
        return array.copy()
    if array.ndim == 0:
        return array[()]
    # `copy` lets other threads run, from 500 elements on; each time one of them wakes, in vain.
    return np.ndarray(array.shape, array.dtype, bytearray(array.tobytes()))


def slices(components: Sequence[Array]) -> Iterator[Element]:
    """Yield the elements that lie in components along their first axis."""
    return zip(*[_rows(component) for component in components], strict=True)


def _rows(array: Array) -> Iterable[Any]:
    if array.ndim == 1 and array.dtype.kind != "O":
        return array  # which yields numbers
    shape, dtype = array.shape[1:], array.dtype
    size = math.prod(shape) * dtype.itemsize
    if dtype.kind == "O" or size > _MOST_BRIEF_BYTES:
        return [owned(array[i, ...]) for i in range(len(array))]
    octets = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
    return [  # copied as `owned` does it
        np.ndarray(shape, dtype, bytearray(octets[i * size : i * size + size]))
        for i in range(len(array))
    ]


def _stacked(parts: Sequence[Any], shape: tuple[int, ...], dtype: Any) -> Array:
    if shape and parts:
        return np.concatenate(parts).reshape(len(parts), *shape)
    made = np.empty((len(parts), *shape), dtype)
    for i, part in enumerate(parts):
        made[i, ...] = part  # `made[i]` would keep a text that is an array of one as such
    return made


def _common_sizes(shape: Shape, parts: Sequence[Array]) -> tuple[int, ...]:
    """Return the sizes into which all parts fit; 0 where nobody knows."""
    return tuple(
        max([part.shape[axis] for part in parts], default=0) if size is None else size
        for axis, size in enumerate(shape.as_list() or ())
    )


# --- messages -------------------------------------------------------------------------------------


def type_names(types: Iterable[DType]) -> str:
    """Return types as TensorFlow's messages name them: `float, int32`."""
    return ", ".join(map(c_name, types))


def shape_text(shape: Iterable[Any]) -> str:
    """Return a shape as TensorFlow's messages write it: `[?,3]`."""
    return str(Shape(shape)).replace(" ", "")


def shape_texts(shapes: Iterable[Shape]) -> str:
    """Return several shapes: `[[?,3], []]`."""
    return f"[{', '.join(map(shape_text, shapes))}]"


def _shape_mismatch(
    component: int, wanted: Iterable[Any], found: Iterable[int]
) -> InvalidArgumentError:
    return invalid(
        f"Shape mismatch in tuple component {component}. "
        f"Expected {shape_text(wanted)}, got {shape_text(found)}"
    )
