"""TensorList: the value of a `variant` tensor that holds tensors of one type.

A list never changes: what changes one gives another.  A push shares the elements of the list that
it extends, so a loop that pushes costs what it pushes and no more.

**State**: `items`, shared among lists that one grew from, of which a list sees the first `length`;
None stands for an element that was not set yet.

**Invariants**
1. What a list sees of `items` never changes.
2. `items` grows only through a list that sees all of it.

Source: TensorFlow 1.15's `TensorList`.
"""

from __future__ import annotations

import threading
from typing import Any, ClassVar

import numpy as np

from minitf.dtypes import DType, by_numpy, c_name, string
from minitf.dtypes import variant as variant_type
from minitf.errors import InvalidArgumentError, invalid
from minitf.shapes import UNKNOWN, Shape, merge

Array = np.ndarray[Any, Any]

_GROWING = threading.Lock()  # invariant 2, where several threads push to one list


class TensorList:
    """The value of a list tensor.

    Attributes:
        dtype: type of its elements.
        element_shape: what is known of their shapes.
        length: how many there are.
        most: how many there may be; None for any number.
    """

    __slots__ = ("_items", "dtype", "element_shape", "length", "most")
    shape: ClassVar[tuple[int, ...]] = ()  # as an array of it has

    def __init__(
        self,
        dtype: DType,
        element_shape: Shape,
        items: list[Any] | None = None,
        length: int | None = None,
        most: int | None = None,
    ) -> None:
        self.dtype = dtype
        self.element_shape = element_shape
        self._items = items if items is not None else []
        self.length = len(self._items) if length is None else length
        self.most = most

    @property
    def items(self) -> list[Any]:
        """Its elements, None where none was set: a list of the caller's own."""
        return self._items[: self.length]

    def with_items(self, items: list[Any]) -> TensorList:
        """Return a list of other elements of the same kind."""
        return TensorList(self.dtype, self.element_shape, items, most=self.most)

    def zeros(self) -> TensorList:
        """Return a list of zeros like its elements; what was not set stays so."""
        zeros = [None if item is None else _zeros_like(item) for item in self.items]
        return self.with_items(zeros)

    def pushed(self, value: Any) -> TensorList:
        """Return the list with one more element at its end."""
        with _GROWING:
            grows = self.length == len(self._items)
            items = self._items if grows else self._items[: self.length]
            items.append(value)
        return TensorList(self.dtype, self.element_shape, items, self.length + 1, self.most)

    def popped(self) -> TensorList:
        """Return the list without its last element."""
        return TensorList(self.dtype, self.element_shape, self._items, self.length - 1, self.most)

    def item(self, index: int, sizes: Any) -> Any:
        """Return an element; zeros if it was not set.

        Args:
            index: its number, which exists.
            sizes: what the caller knows of its shape, -1 for what is unknown.

        Raises:
            InvalidArgumentError: if it was not set, and its shape is not known.
        """
        found = self._items[index]
        if found is not None:
            return found
        shape = self.merged(shape_from(sizes))
        if not shape.is_full:
            shape = self._shape_of_the_set(shape)
        if not shape.is_full:
            raise invalid(
                "Trying to read an uninitialized tensor but element_shape is not fully defined: "
                f"{_text(shape)} and no list element is set.",
                hint="give tensor_list_reserve the full shape, or set the element first",
            )
        return np.zeros(tuple(shape), self.dtype.numpy)

    def merged(self, shape: Shape) -> Shape:
        """Return what the list and a caller know of the shape of elements.

        Raises:
            InvalidArgumentError: if they contradict each other.
        """
        try:
            return merge(self.element_shape, shape)
        except InvalidArgumentError:
            raise invalid(
                f"Incompatible shapes during merge: {_text(shape)} vs. {_text(self.element_shape)}"
            ) from None

    def _shape_of_the_set(self, shape: Shape) -> Shape:
        for each in self.items:
            if each is not None:
                shape = self.merged(Shape(np.shape(each)))
        return shape

    def check_type(self, dtype: DType, what: str) -> None:
        """Check that an op asks for the type of the elements.

        Raises:
            InvalidArgumentError: if not.
        """
        if dtype is not self.dtype:
            raise invalid(
                f"Invalid data types; op elements {c_name(dtype)} but list elements "
                f"{c_name(self.dtype)}",
                what=what,
            )

    def check_value(self, value: Any, what: str) -> None:
        """Check that a value may be an element.

        Raises:
            InvalidArgumentError: if its type or shape does not fit.
        """
        kind = getattr(value, "dtype", None)
        if isinstance(kind, np.dtype) and kind != self.dtype.numpy:
            raise invalid(
                f"Invalid data types; list elements {c_name(self.dtype)} but tried to {what} "
                f"{c_name(type_of(value))}"
            )
        shape = getattr(value, "shape", ())
        if not self.element_shape.accepts(shape):
            raise invalid(
                f"Tried to {what} a tensor with incompatible shape to a list. Op element shape: "
                f"{_text(Shape(np.shape(value)))} list shape: {_text(self.element_shape)}"
            )


def sum_of_lists(lists: list[TensorList]) -> TensorList:
    """Add lists element by element; an element that was not set counts as zeros.

    Raises:
        InvalidArgumentError: if they differ in type or length.
    """
    first = lists[0]
    shape, items = first.element_shape, first.items
    for each in lists[1:]:
        if each.dtype is not first.dtype or each.length != first.length:
            what, one, other = "lengths", str(first.length), str(each.length)
            if each.dtype is not first.dtype:
                what, one, other = "dtypes", c_name(first.dtype), c_name(each.dtype)
            raise invalid(
                f"Trying to add two lists of tensors with different {what}. One is {one} and the "
                f"other is {other}"
            )
        shape = first.merged(each.element_shape)
        items = [_sum_of(a, b) for a, b in zip(items, each.items, strict=True)]
    return TensorList(first.dtype, shape, items)


def _sum_of(a: Any, b: Any) -> Any:
    if a is None or b is None:
        return b if a is None else a
    return sum_of_lists([a, b]) if isinstance(a, TensorList) else np.asarray(np.add(a, b))


def _zeros_like(item: Any) -> Any:
    return item.zeros() if isinstance(item, TensorList) else np.zeros(np.shape(item), item.dtype)


def type_of(value: Any) -> DType:
    """Return the type of the tensor that a value is: text, lists and handles have no own."""
    kind = getattr(value, "dtype", None)
    if isinstance(kind, np.dtype) and kind.kind != "O":
        return by_numpy(kind)
    first = value.flat[0] if isinstance(value, np.ndarray) and value.size else value
    return variant_type if isinstance(first, TensorList) else string


def list_of(handle: Any) -> TensorList:
    """Return the list that a variant tensor holds.

    Raises:
        InvalidArgumentError: if it holds something else.
    """
    if isinstance(handle, np.ndarray) and not handle.shape:  # picked of an array of lists
        handle = handle.item()
    if not isinstance(handle, TensorList):
        raise invalid(f"Input handle is not a list. Saw: '{type(handle).__name__}'")
    return handle


def shape_from(sizes: Any) -> Shape:
    """Return the shape that an `element_shape` input gives: -1 for what is unknown.

    Raises:
        InvalidArgumentError: if it is a scalar other than -1.
    """
    if np.ndim(sizes) == 0:
        if int(sizes) != -1:
            raise invalid(
                "The only valid scalar shape tensor is the fully unknown shape specified as -1."
            )
        return Shape.unknown()
    return Shape(UNKNOWN if size < 0 else int(size) for size in np.asarray(sizes).tolist())


def static_shape_from(sizes: Any) -> Shape:
    """Return the same while the graph is built: from a value of which less may be known."""
    if sizes is None or np.ndim(sizes) == 0:
        return Shape.unknown()
    return Shape(UNKNOWN if size is UNKNOWN or size < 0 else size for size in sizes)


def _text(shape: Shape) -> str:
    if shape.dims is None:
        return "<unknown>"
    return f"[{','.join('?' if size is None else str(size) for size in shape.as_list() or ())}]"
