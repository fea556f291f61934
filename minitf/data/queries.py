"""What elements of a dataset or of an iterator are.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any


def get_output_types(dataset_or_iterator: Any) -> Any:
    """Return the types of an element, in its structure."""
    return dataset_or_iterator.output_types


def get_output_shapes(dataset_or_iterator: Any) -> Any:
    """Return the shapes of an element, in its structure."""
    return dataset_or_iterator.output_shapes


def get_output_classes(dataset_or_iterator: Any) -> Any:
    """Return the classes of an element, in its structure."""
    return dataset_or_iterator.output_classes


def get_structure(dataset_or_iterator: Any) -> Any:
    """Return the specs of an element, in its structure.

    Raises:
        TypeError: if it is neither a dataset nor an iterator.
    """
    try:
        return dataset_or_iterator.element_spec
    except AttributeError:
        raise TypeError(
            "`dataset_or_iterator` must be a Dataset or Iterator object, but got "
            f"{type(dataset_or_iterator)}."
        ) from None
