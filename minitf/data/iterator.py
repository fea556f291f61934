"""Iterator: gives the elements of a dataset, one a step.

Source: TensorFlow 1.15, `tf.data.Iterator`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.data.parts import Structure
from minitf.data.structure import (
    classes_of,
    element_of,
    fits,
    flat_attrs,
    from_types,
    shapes_of,
    specs_of,
    types_of,
)
from minitf.dtypes import string as string_type
from minitf.function_graph import trace
from minitf.function_library import unique_function_name
from minitf.grammar import Function
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.trackable.base import Trackable

GLOBAL_ITERATORS = "iterators"  # the collection of their handles


class Iterator(Trackable):
    """Gives elements of a dataset, one a step.

    Args:
        iterator_resource: the handle that an op gives.
        initializer: the operation that begins an iteration, or None.
        output_types, output_shapes, output_classes: of an element, in its structure.
    """

    def __init__(
        self,
        iterator_resource: Tensor,
        initializer: Operation | None,
        output_types: Any,
        output_shapes: Any,
        output_classes: Any,
    ) -> None:
        iterator_resource.graph.add_to_collection(GLOBAL_ITERATORS, iterator_resource)
        self._resource = iterator_resource
        self._initializer = initializer
        self.structure = from_types(output_types, output_shapes, output_classes)
        self._string_handle: Tensor | None = None

    @classmethod
    def of(cls, resource: Tensor, initializer: Operation | None, structure: Structure) -> Iterator:
        """Return an iterator over elements of a structure."""
        made = cls(resource, initializer, (), (), ())
        made.structure = structure
        return made

    # --- making ----------------------------------------------------------------------------------

    @staticmethod
    def from_structure(
        output_types: Any,
        output_shapes: Any = None,
        shared_name: str | None = None,
        output_classes: Any = None,
    ) -> Iterator:
        """Make an iterator to which datasets are given later, by `make_initializer`.

        Args:
            output_types: of an element, in its structure.
            output_shapes: likewise; None if nothing is known.
            shared_name: a name under which sessions of one target share it.
            output_classes: likewise; None if all are Tensors.
        """
        structure = from_types(output_types, output_shapes, output_classes)
        return Iterator.of(_resource(structure, shared_name), None, structure)

    @staticmethod
    def from_string_handle(
        string_handle: Any,
        output_types: Any,
        output_shapes: Any = None,
        output_classes: Any = None,
    ) -> Iterator:
        """Make an iterator that stands for the one whose `string_handle` is fed.

        Args:
            string_handle: string scalar.
            output_types: of an element, in its structure.
            output_shapes: likewise; None if nothing is known.
            output_classes: likewise; None if all are Tensors.
        """
        structure = from_types(output_types, output_shapes, output_classes)
        handle = convert_to_tensor(string_handle, string_type)
        resource = ops.iterator_from_string_handle_v2_op(handle, **flat_attrs(structure))
        return Iterator.of(resource, None, structure)

    # --- what it is ------------------------------------------------------------------------------

    @property
    def initializer(self) -> Operation:
        """The operation that begins an iteration.

        Raises:
            ValueError: if it has none of its own.
        """
        if self._initializer is None:
            raise ValueError(
                "Iterator does not have an initializer.\n"
                "  hint: make_initializer(dataset) makes one; a one-shot iterator needs none"
            )
        return self._initializer

    @property
    def output_types(self) -> Any:
        """The types of an element, in its structure."""
        return types_of(self.structure)

    @property
    def output_shapes(self) -> Any:
        """The shapes of an element, in its structure."""
        return shapes_of(self.structure)

    @property
    def output_classes(self) -> Any:
        """The classes of an element, in its structure."""
        return classes_of(self.structure)

    @property
    def element_spec(self) -> Any:
        """The specs of an element, in its structure."""
        return specs_of(self.structure)

    @property
    def _iterator_resource(self) -> Tensor:
        return self._resource

    # --- using -----------------------------------------------------------------------------------

    def get_next(self, name: str | None = None) -> Any:
        """Return the next element: another one in each step that computes it."""
        attrs = flat_attrs(self.structure)
        found = ops.iterator_get_next_op(self._resource, **attrs, name=name)
        return element_of(self.structure, found)

    def make_initializer(self, dataset: Any, name: str | None = None) -> Operation:
        """Return an operation that begins an iteration over a dataset.

        Args:
            dataset: of elements of the same types, and of shapes that fit.
            name: name of the operation.

        Raises:
            TypeError: if types, classes or shapes do not fit.
        """
        wanted, found = self.structure, dataset.structure
        for what, of in (("types", types_of), ("classes", classes_of)):
            if of(wanted) != of(found):
                raise TypeError(
                    f"Expected output {what} {of(wanted)!r} but got dataset with output {what} "
                    f"{of(found)!r}."
                )
        if not fits(wanted, found):
            raise TypeError(
                f"Expected output shapes compatible with {shapes_of(wanted)!r} but got dataset "
                f"with output shapes {shapes_of(found)!r}."
            )
        graph = self._resource.graph
        with (
            graph.as_default(),
            name_scope(name, "make_initializer") as scope,
            graph.colocate_with(self._resource.op),
        ):
            made: Operation = ops.make_iterator_op(
                dataset.variant_tensor, self._resource, name=scope
            )
        return made

    def string_handle(self, name: str | None = None) -> Tensor:
        """Return a string that stands for the iterator, to be fed to `from_string_handle`."""
        if name is not None or self._string_handle is None:
            made: Tensor = ops.iterator_to_string_handle_op(self._resource, name=name)
            if name is not None:
                return made
            self._string_handle = made
        return self._string_handle


def _resource(structure: Structure, shared_name: str | None) -> Tensor:
    made: Tensor = ops.iterator_v2_op(
        shared_name=shared_name or "", container="", **flat_attrs(structure)
    )
    return made


def initializable_iterator(dataset: Any, shared_name: str | None = None) -> Iterator:
    """Return an iterator over a dataset, begun by its `initializer`."""
    with dataset.variant_tensor.graph.as_default():
        resource = _resource(dataset.structure, shared_name)
        begun = ops.make_iterator_op(dataset.variant_tensor, resource)
    return Iterator.of(resource, begun, dataset.structure)


def one_shot_iterator(dataset: Any) -> Iterator:
    """Return an iterator over a dataset that begins by itself.

    Raises:
        ValueError: if the dataset depends on a placeholder or on state.
    """
    tensor = dataset.variant_tensor
    name = unique_function_name("Dataset_make_one_shot")
    with tensor.graph.as_default():
        try:
            trace(lambda: [tensor], [], tensor.graph, name, by_value=True)
        except ValueError as error:
            raise ValueError(
                "Failed to create a one-shot iterator for a dataset. "
                "`Dataset.make_initializable_iterator()` is recommended in this case.\n"
                f"  {error}"
            ) from None
        attrs = flat_attrs(dataset.structure)
        resource = ops.one_shot_iterator_op(dataset_factory=Function(name), **attrs)
    return Iterator.of(resource, None, dataset.structure)
