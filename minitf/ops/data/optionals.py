"""Optionals: an element, or none, as the value of one tensor.

Source: TensorFlow 1.15, `tf.data.experimental.Optional`.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from minitf.dtypes import DType
from minitf.errors import OutOfRangeError, invalid
from minitf.op_def import op
from minitf.ops.data.dataset import Element
from minitf.ops.data.iteration import check_elements, iterator_of
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, Toutput_types, TypeList, output_types, variant
from minitf.symbols import bool as boolean


@dataclass(frozen=True, eq=False)
class Optional:
    """The value of an optional tensor.

    Attributes:
        element: the components of the element, or None.
    """

    element: Element | None
    shape: ClassVar[tuple[int, ...]] = ()  # as an array of it has


# --- OptionalFromValue, OptionalNone, OptionalHasValue, OptionalGetValue -------------------------


@op("OptionalFromValue", Toutput_types=TYPES, outputs=("optional",))
def optional_from_value_op(components: TypeList[Toutput_types]) -> variant:
    """Give an optional that has an element.

    Args:
        components: the element.

    Returns:
        The optional.

    Source: TensorFlow's op of the same name.
    """
    return Optional(tuple(components))


@op("OptionalNone", outputs=("optional",))
def optional_none_op() -> variant:
    """Give an optional that has no element.

    Returns:
        The optional.

    Source: TensorFlow's op of the same name.
    """
    return Optional(None)


@op("OptionalHasValue", outputs=("has_value",))
def optional_has_value_op(optional: variant) -> boolean:
    """Tell whether an optional has an element.

    Args:
        optional: the optional.

    Returns:
        bool scalar.

    Source: TensorFlow's op of the same name.
    """
    return np.array(_optional(optional).element is not None)


@op("OptionalGetValue", output_types=TYPES, output_shapes=SHAPES, outputs=("components",))
def optional_get_value_op(
    optional: variant, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> TypeList[output_types]:
    """Give the element of an optional.

    Args:
        optional: the optional.
        output_types, output_shapes: of the element.

    Returns:
        The components of the element.

    Raises:
        InvalidArgumentError: if it has none.

    Source: TensorFlow's op of the same name.
    """
    element = _optional(optional).element
    if element is None:
        raise invalid("The given optional does not have a value.")
    return list(element)


def _optional(value: Any) -> Optional:
    if not isinstance(value, Optional):
        raise invalid("The given optional is none: it is a variant of something else")
    return value


# --- IteratorGetNextAsOptional -------------------------------------------------------------------


@op(
    "IteratorGetNextAsOptional",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("optional",),
)
def iterator_get_next_as_optional_op(
    iterator: Resource, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> variant:
    """Take the next element of an iterator, as an optional that has none at the end.

    Args:
        iterator: the iterator.
        output_types, output_shapes: of an element.

    Returns:
        The optional.

    Raises:
        FailedPreconditionError: if the iterator has no dataset.

    Source: TensorFlow's op of the same name.
    """
    found = iterator_of(iterator)
    check_elements(output_types, output_shapes, found.types, found.shapes)
    try:
        return Optional(found.next())
    except OutOfRangeError:
        return Optional(None)


for _op in (
    optional_from_value_op,
    optional_none_op,
    optional_has_value_op,
    iterator_get_next_as_optional_op,
):
    _op.shape(lambda *_, **__: SCALAR)


@optional_get_value_op.shape
def optional_get_value_shape(
    optional: Shape, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> list[Shape]:
    return list(output_shapes)


for _op in (
    optional_from_value_op,
    optional_none_op,
    optional_has_value_op,
    optional_get_value_op,
    iterator_get_next_as_optional_op,
):
    _op.no_gradient("nothing flows through an optional")
