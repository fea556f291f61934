"""Iterators: where an iteration over a dataset stands, kept between steps.

**State**: an `Iterator` in the session's store: the types and shapes of its elements, and the
iteration under way; None before a dataset was given to it.

**Invariant**: steps that ask for elements of one iterator get them one after the other.

Source: TensorFlow 1.15, `tf.data.Iterator`; 2015 §4.5, §4.7.
"""

import threading
from collections.abc import Callable
from typing import Any

from minitf.dtypes import DType, c_name
from minitf.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    OutOfRangeError,
    invalid,
)
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.dataset import Dataset, Element
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context, Handle
from minitf.shapes import SCALAR, Shape, merge
from minitf.symbols import Resource, TypeList, output_types, variant


class Iterator:
    """Where an iteration stands.

    Args:
        types: of the components of its elements.
        shapes: what is known of their shapes.
        make: gives the dataset to iterate over; None if one will be given.
    """

    def __init__(
        self,
        types: tuple[DType, ...],
        shapes: tuple[Shape, ...],
        make: Callable[[], Dataset] | None = None,
    ) -> None:
        self.types = types
        self.shapes = shapes
        self._make = make
        self._elements: Any = None
        self._lock = threading.Lock()

    def restart(self, dataset: Dataset) -> None:
        """Begin an iteration over a dataset.

        Raises:
            InvalidArgumentError: if its elements are of other types or shapes.
        """
        check_elements(self.types, self.shapes, dataset.types, dataset.shapes)
        elements = dataset.begin()
        with self._lock:
            self._elements = elements

    def next(self) -> Element:
        """Return the next element.

        Raises:
            OutOfRangeError: at the end.
            FailedPreconditionError: if no dataset was given.
        """
        with self._lock:
            if self._elements is None:
                if self._make is None:
                    raise FailedPreconditionError(
                        None,
                        None,
                        "GetNext() failed because the iterator has not been initialized. Ensure "
                        "that you have run the initializer operation for this iterator before "
                        "getting the next element.",
                    )
                self._elements = self._make().begin()
            element: Element | None = next(self._elements, None)
        if element is None:
            raise OutOfRangeError(None, None, "End of sequence")
        return element


def check_elements(
    wanted_types: tuple[DType, ...],
    wanted_shapes: tuple[Shape, ...],
    types: tuple[DType, ...],
    shapes: tuple[Shape, ...],
) -> None:
    """Check that elements fit an iterator.

    Raises:
        InvalidArgumentError: if numbers, types or shapes of components do not.
    """
    if len(wanted_types) != len(types):
        raise invalid(
            f"Number of components does not match: expected {len(wanted_types)} types but got "
            f"{len(types)}."
        )
    pairs = zip(wanted_types, types, wanted_shapes, shapes, strict=True)
    for i, (want, have, want_shape, have_shape) in enumerate(pairs):
        if want.numpy is not have.numpy:  # an array tells no more: quantized numbers are integers
            raise invalid(
                f"Data type mismatch at component {i}: expected {c_name(want)} but got "
                f"{c_name(have)}."
            )
        if not _fit(want_shape, have_shape):
            raise invalid(
                f"Incompatible shapes at component {i}: expected {want_shape} but got {have_shape}."
            )


def _fit(one: Shape, other: Shape) -> bool:
    try:
        merge(one, other)
    except InvalidArgumentError:
        return False
    return True


def iterator_of(handle: Any) -> Iterator:
    """Return the iterator that a handle names.

    Raises:
        InvalidArgumentError: if it names something else.
    """
    found = handle.resource if isinstance(handle, Handle) else None
    if not isinstance(found, Iterator):
        raise invalid(f"Trying to access resource of the wrong type: {handle} is no iterator")
    return found


def _find_iterator(
    context: Context,
    container: str,
    shared_name: str,
    types: tuple[DType, ...],
    shapes: tuple[Shape, ...],
    make: Callable[[], Dataset] | None = None,
) -> Handle:
    """Return the handle of the iterator of that container and name, made at first use."""
    name = shared_name or context.node_name
    found = context.resources.find_or_create(
        container, name, lambda: Iterator(types, shapes, make), Iterator
    )
    check_elements(types, shapes, found.types, found.shapes)
    return Handle(found, container, name)


# --- OneShotIterator, Iterator, IteratorV2 -------------------------------------------------------


@op(
    "OneShotIterator",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def one_shot_iterator_op(
    *,
    dataset_factory: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> Resource:
    """Give the handle of an iterator that iterates once, over what a function gives.

    Args:
        dataset_factory: gives the dataset, the first time that an element is asked for.
        output_types, output_shapes: of an element.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, dataset_factory)

    def make() -> Dataset:
        dataset: Dataset = call()[0]
        return dataset

    return _find_iterator(context, container, shared_name, output_types, output_shapes, make)


@op(
    "IteratorV2",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def iterator_v2_op(
    *,
    shared_name: str,
    container: str,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    context: Context,
) -> Resource:
    """Give the handle of an iterator, to which MakeIterator gives a dataset.

    Args:
        shared_name: its name; "" is the operation's name.
        container: where it is kept; "" is the default container.
        output_types, output_shapes: of an element.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    return _find_iterator(context, container, shared_name, output_types, output_shapes)


@op("Iterator", "stateful", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def iterator_op(
    *,
    shared_name: str,
    container: str,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    context: Context,
) -> Resource:
    """Give the handle of an iterator, as IteratorV2 does; of old graphs.

    Args:
        shared_name: its name; "" is the operation's name.
        container: where it is kept; "" is the default container.
        output_types, output_shapes: of an element.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    return _find_iterator(context, container, shared_name, output_types, output_shapes)


for _op in (one_shot_iterator_op, iterator_v2_op, iterator_op):
    _op.shape(lambda **_: SCALAR)
    _op.no_gradient("it has no inputs")

# --- MakeIterator --------------------------------------------------------------------------------


@op("MakeIterator", "stateful")
def make_iterator_op(dataset: variant, iterator: Resource) -> None:
    """Let an iterator begin an iteration over a dataset.

    Args:
        dataset: the dataset.
        iterator: the iterator.

    Raises:
        InvalidArgumentError: if the elements are of other types or shapes than the iterator's.

    Source: TensorFlow's op of the same name.
    """
    iterator_of(iterator).restart(dataset)


make_iterator_op.no_gradient("it has no outputs")

# --- IteratorGetNext, IteratorGetNextSync --------------------------------------------------------


@op(
    "IteratorGetNext", "stateful", output_types=TYPES, output_shapes=SHAPES, outputs=("components",)
)
def iterator_get_next_op(
    iterator: Resource, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> TypeList[output_types]:
    """Take the next element of an iterator.

    Args:
        iterator: the iterator.
        output_types, output_shapes: of an element.

    Returns:
        The components of the element.

    Raises:
        OutOfRangeError: at the end.
        FailedPreconditionError: if it has no dataset.

    Source: TensorFlow's op of the same name.
    """
    found = iterator_of(iterator)
    check_elements(output_types, output_shapes, found.types, found.shapes)
    return list(found.next())


@op(
    "IteratorGetNextSync",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("components",),
)
def iterator_get_next_sync_op(
    iterator: Resource, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> TypeList[output_types]:
    """Take the next element of an iterator, as IteratorGetNext does.

    Args:
        iterator: the iterator.
        output_types, output_shapes: of an element.

    Returns:
        The components of the element.

    Raises:
        OutOfRangeError, FailedPreconditionError: as IteratorGetNext.

    Source: TensorFlow's op of the same name.
    """
    return iterator_get_next_op.body(
        iterator, output_types=output_types, output_shapes=output_shapes
    )


@iterator_get_next_op.shape
@iterator_get_next_sync_op.shape
def iterator_get_next_shape(
    iterator: Shape, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> list[Shape]:
    return list(output_shapes)


for _op in (iterator_get_next_op, iterator_get_next_sync_op):
    _op.no_gradient("what is read is no function of a handle")
