"""What a TensorArray's handle stands for: elements that are written once and read.

**State**
- `Elements`: one per firing of TensorArrayV3, so each run, and each iteration of a loop, has its
  own; it lives as long as its handle is on its way somewhere.
- per element: its value, and whether it was written, read, cleared.

**Invariants**
1. An element is written once; what is written later to that of a gradient is added.
2. Once an element was read, it is not written any more.
3. Several threads may act on it at once (its lock).

Worked example:

    a = Elements("a", float32, size=2);  a.write(0, 1.0);  a.write(1, 2.0)
    a.read_all()                   # [1.0, 2.0]
    g = a.gradient("gradients");  g.write(0, 3.0);  g.write(0, 4.0);  g.read(0)    # 7.0

Source: TensorFlow 1.15's TensorArrayV3; OSDI §3.4 (loops over a list of tensors).
"""

import itertools
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.dtypes import DType, by_numpy, c_name, string
from minitf.errors import UnimplementedError, invalid
from minitf.resources import Handle
from minitf.shapes import Shape, merge

Array = np.ndarray[Any, Any]
_SERIAL = itertools.count()


class Element:
    """One element; its shape is known once it was written, and of a gradient's before."""

    __slots__ = ("is_cleared", "is_read", "is_written", "shape", "value")

    def __init__(self, shape: tuple[int, ...] | None = None) -> None:
        self.value: Array | None = None
        self.shape = shape
        self.is_written = False
        self.is_read = False
        self.is_cleared = False


class Elements:
    """The elements of a TensorArray.

    Args:
        name: for messages; made unique.
        dtype: of each element.
        size: how many there are at first.
        shape: of each element, as far as it is known.
        dynamic_size: whether writing behind the end makes it longer.
        clear_after_read: whether an element may be read once only.
        identical_shapes: whether the first element written fixes the shape of all.
        adds: whether writing twice adds, as to a gradient.
    """

    def __init__(
        self,
        name: str,
        dtype: DType,
        size: int,
        shape: Shape = Shape.unknown(),
        *,
        dynamic_size: bool = False,
        clear_after_read: bool = True,
        identical_shapes: bool = False,
        adds: bool = False,
    ) -> None:
        if size < 0:
            raise invalid(f"Size should be >= 0, but it is {size}")
        self.name = f"{name or 'TensorArray'}_{next(_SERIAL)}"
        self.dtype = dtype
        self.shape = shape
        self.clear_after_read = clear_after_read
        self.identical_shapes = identical_shapes
        self._accepted_shape: tuple[int, ...] | None = None  # of the element written last
        self._dynamic_size = dynamic_size
        self._adds = adds
        self._is_closed = False
        self._elements = [Element() for _ in range(size)]
        self._gradients: dict[str, Elements] = {}
        self._lock = threading.RLock()

    # --- one element ---------------------------------------------------------------------------

    def write(self, index: int, value: Array) -> None:
        """Write an element; add to it if it is a gradient's.

        Raises:
            InvalidArgumentError: if it is outside, was written or read, or does not fit.
        """
        with self._lock:
            self._check_open()
            if index < 0 or (index >= len(self._elements) and not self._dynamic_size):
                raise invalid(
                    f"TensorArray {self.name}: Tried to write to index {index} but array is not "
                    f"resizeable and size is: {len(self._elements)}"
                )
            if index >= len(self._elements):
                self._grow(index + 1)
            element = self._elements[index]
            if value.shape != self._accepted_shape:
                self._check_written_shape(index, value)
            if element.is_read:
                raise self._refused(index, "it has already been read.")
            if element.is_written and not self._adds:
                raise self._refused(index, "it has already been written to.")
            if element.shape not in (None, value.shape):
                raise invalid(
                    f"TensorArray {self.name}: Could not aggregate to TensorArray index {index} "
                    f"because the existing shape is {list(element.shape or ())} but the new input "
                    f"shape is {list(value.shape)}."
                )
            element.value = value if element.value is None else np.add(element.value, value)
            element.shape = value.shape
            element.is_written = True

    def _check_written_shape(self, index: int, value: Array) -> None:
        if not self.shape.accepts(value.shape):
            raise self._refused(
                index,
                f"the value shape is {list(value.shape)} which is incompatible with the "
                f"TensorArray's inferred element shape: {self.shape} (consider setting "
                "infer_shape=False).",
            )
        if self.identical_shapes:
            self.shape = merge(self.shape, Shape(value.shape))
        self._accepted_shape = value.shape

    def read(self, index: int) -> Array:
        """Return an element; zeros for one that was not written, if its shape is known.

        Raises:
            InvalidArgumentError: if it is outside, was cleared, or was not written.
        """
        with self._lock:
            self._check_open()
            if not 0 <= index < len(self._elements):
                raise invalid(
                    f"Tried to read from index {index} but array size is: {len(self._elements)}"
                )
            element = self._elements[index]
            if element.is_cleared:
                raise invalid(
                    f"TensorArray {self.name}: Could not read index {index} twice because it was "
                    "cleared after a previous read (perhaps try setting clear_after_read = false?)."
                )
            value = self._zeros(index, element) if element.value is None else element.value
            element.is_read = True
            if self.clear_after_read:
                element.value, element.is_cleared = None, True
            return value

    def _zeros(self, index: int, element: Element) -> Array:
        shape = Shape(element.shape) if element.shape is not None else self.shape
        if not shape.is_full:
            raise invalid(
                f"TensorArray {self.name}: Could not read from TensorArray index {index}.  "
                f"Furthermore, the element shape is not fully defined: {shape}.  It is possible "
                "you are working with a resizeable TensorArray and stop_gradients is not allowing "
                "the gradients to be written.  If you set the full element_shape property on the "
                "forward TensorArray, the proper all-zeros tensor will be returned instead of "
                "incurring this error."
            )
        sizes: Any = shape.dims
        if self.dtype is string:
            return np.full(sizes, b"", object)
        return np.zeros(sizes, self.dtype.numpy)

    # --- all elements --------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._elements)

    def _grow(self, size: int) -> None:
        self._elements += [Element() for _ in range(size - len(self._elements))]

    def fit(self, size: int) -> None:
        """Make it that long, if it may change its size.

        Raises:
            InvalidArgumentError: if it may not, and is not.
        """
        with self._lock:
            if size != len(self._elements) and not self._dynamic_size:
                raise invalid(
                    "TensorArray's size is not equal to the size of lengths "
                    f"({len(self._elements)} vs. {size}), and the TensorArray is not marked as "
                    "dynamically resizeable"
                )
            self._grow(size)

    def read_many(self, indices: Sequence[int]) -> list[Array]:
        """Return several elements.

        Raises:
            InvalidArgumentError: as `read`.
        """
        with self._lock:
            return [self.read(index) for index in indices]

    def write_many(self, indices: Sequence[int], values: Sequence[Array]) -> None:
        """Write several elements.

        Raises:
            InvalidArgumentError: as `write`.
        """
        last = max(indices, default=-1)
        with self._lock:
            if last >= len(self._elements) and not self._dynamic_size:
                raise invalid(
                    f"Max scatter index must be < array size ({last} vs. {len(self._elements)})"
                )
            for index, value in zip(indices, values, strict=True):
                self.write(index, value)

    def close(self) -> None:
        """Drop all elements; nothing can be done with it afterwards."""
        with self._lock:
            self._elements.clear()
            self._is_closed = True

    def gradient(self, source: str, prefix: tuple[int, ...] = ()) -> "Elements":
        """Return the elements to which the gradients of these are added, made at the first call.

        From then on these grow no more.

        Args:
            source: which gradient: one call of `tf.gradients` has one name.
            prefix: sizes that stand before the shape of each element.
        """
        with self._lock:
            self._check_open()
            self._dynamic_size = False
            found = self._gradients.get(source)
            if found is None:
                found = self._gradients[source] = self._new_gradient(source, prefix)
            return found

    def _new_gradient(self, source: str, prefix: tuple[int, ...]) -> "Elements":
        known = self.shape.dims
        made = Elements(
            f"{self.name}@{source}",
            self.dtype,
            0,
            Shape.unknown() if known is None else Shape((*prefix, *known)),
            clear_after_read=True,
            identical_shapes=self.identical_shapes,
            adds=True,
        )
        for element in self._elements:
            shape = element.shape
            made._elements.append(Element(None if shape is None else (*prefix, *shape)))
        return made

    # --- refusals ------------------------------------------------------------------------------

    def _check_open(self) -> None:
        if self._is_closed:
            raise invalid(f"TensorArray {self.name} has already been closed.")

    def _refused(self, index: int, reason: str) -> Exception:
        return invalid(
            f"TensorArray {self.name}: Could not write to TensorArray index {index} because "
            f"{reason}"
        )

    def check_dtype(self, dtype: DType, wants: str = "requested") -> None:
        """Check the type that an operation asks for.

        Raises:
            InvalidArgumentError: if the elements have another.
        """
        if dtype is not self.dtype:
            raise invalid(
                f"TensorArray dtype is {c_name(self.dtype)} but Op {wants} dtype {c_name(dtype)}."
            )

    def check_value(self, value: Any) -> None:
        """Check the type of what is to be written.

        Raises:
            InvalidArgumentError: if the elements have another.
        """
        if np.asarray(value).dtype != self.dtype.numpy:
            self.check_dtype(by_numpy(np.asarray(value).dtype), "is trying to write")


def elements_of(handle: Any) -> Elements:
    """Return what a handle stands for.

    Raises:
        InvalidArgumentError: if it is no TensorArray's.
    """
    last = handle.flat[-1] if isinstance(handle, np.ndarray) and handle.size else None
    holds = handle if isinstance(handle, Handle) else last if isinstance(last, Name) else None
    found = None if holds is None else holds.resource
    if not isinstance(found, Elements):
        raise invalid(f"Trying to access resource of the wrong type: {handle}")
    return found


def handle_of(elements: Elements) -> Handle:
    """Return a handle for elements that live as long as it is on its way."""
    return Handle(elements, "", elements.name)


class Name(bytes):
    """The name of elements, as the strings of old handles have it; it keeps them alive."""

    resource: Elements


class NamedHandle(Handle):
    """A handle for a ref tensor of strings, whose reader can get to the elements too."""

    def read(self) -> Array:
        """Return the two strings: the container and the name."""
        return names_of(self.resource)


def names_of(elements: Elements) -> Array:
    """Return the handle of old graphs: the strings of a container and a name."""
    name = Name(elements.name.encode())
    name.resource = elements
    return np.array([b"_tensor_arrays", name], object)


def size_zero(what: str, shape: Shape, doing: str) -> UnimplementedError:
    """Make the error of joining no elements of which not even the shape is known."""
    return UnimplementedError(
        None,
        None,
        f"TensorArray has size zero, but {what} {shape} is not fully defined. Currently only "
        f"static shapes are supported when {doing} zero-size TensorArrays.",
    )
