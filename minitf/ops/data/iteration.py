"""Where an iteration over a dataset stands, kept between steps.

**State** of an `Iterator`, a resource: the types and shapes of its elements, the iteration under
way (None before a dataset was given to it), how many steps it took and what it drew at random:
enough to come to the same place again, step by step.

**Invariant**: steps that ask for elements of one iterator get them one after the other.

Source: TensorFlow 1.15, `tf.data.Iterator`; 2015 §4.5, §4.7.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from minitf.dtypes import DType, c_name
from minitf.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    OpError,
    OutOfRangeError,
    invalid,
)
from minitf.ops.data.dataset import Dataset, Element
from minitf.ops.data.draws import PRESENT, Draws, Place
from minitf.resources import Handle
from minitf.shapes import Shape, merge


class State(NamedTuple):
    """Where an iterator stands.

    Attributes:
        taken: how many steps were taken.
        draws: where the sources stood from which the iteration drew meanwhile.
    """

    taken: int
    draws: list[Place]


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
        self._dataset: Dataset | None = None
        self._draws = Draws()
        self._taken = 0
        self._lock = threading.Lock()

    def restart(self, dataset: Dataset) -> None:
        """Begin an iteration over a dataset.

        Raises:
            InvalidArgumentError: if its elements are of other types or shapes.
        """
        check_elements(self.types, self.shapes, dataset.types, dataset.shapes)
        with self._lock:
            self._begin(dataset, Draws())

    def _begin(self, dataset: Dataset, draws: Draws) -> None:
        with draws.counted():
            self._elements = dataset.begin()
        self._dataset, self._draws, self._taken = dataset, draws, 0

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
                self._begin(self._make(), Draws())
            element = self._step()
        if element is None:
            raise OutOfRangeError(None, None, "End of sequence")
        return element

    def _step(self) -> Element | None:
        """Take a step; None is the end."""
        token = PRESENT.set(self._draws)  # as `counted` does, without a generator in each step
        try:
            found: Element | None = next(self._elements, None)
            return found
        finally:
            PRESENT.reset(token)
            self._taken += 1

    # --- where it stands -------------------------------------------------------------------------

    def state(self) -> State:
        """Return where it stands.

        Raises:
            FailedPreconditionError: if no dataset was given.
        """
        with self._lock:
            if self._dataset is None:
                raise _not_begun("Save", "saving")
            return State(self._taken, list(self._draws.states))

    def go_to(self, state: State) -> None:
        """Begin anew, and take the steps that lead to a state.

        Raises:
            FailedPreconditionError: if no dataset was given.
        """
        with self._lock:
            if self._dataset is None:
                raise _not_begun("Restore", "restoring")
            self._begin(self._dataset, Draws(state.draws))
            while self._taken < state.taken:
                with suppress(OpError):  # a step that raised once raises again
                    self._step()


def _not_begun(what: str, doing: str) -> FailedPreconditionError:
    message = (
        f"{what}() failed because the iterator has not been initialized. Ensure that you have run "
        f"the initializer operation for this iterator before {doing} it."
    )
    return FailedPreconditionError(None, None, message)


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
