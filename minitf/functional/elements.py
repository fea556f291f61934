"""What mapping, folding and scanning have in common: tensors taken apart along their first axis.

Source: OSDI §3.4; TensorFlow 1.15's `functional_ops`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from minitf import nest
from minitf.api.framework import convert_to_tensor
from minitf.api.sizes import shape
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import Dimension, TensorShape
from minitf.variables.sharing import get_variable_scope


@contextlib.contextmanager
def variables_read_once() -> Iterator[None]:
    """Read variables that a function makes where they are made, not once per iteration."""
    scope = get_variable_scope()
    if scope.caching_device is not None:
        yield
        return
    scope.set_caching_device(lambda op: op.device)
    try:
        yield
    finally:
        scope.set_caching_device(None)


def as_tensors(elems: Any) -> list[Tensor]:
    """Return the tensors of a structure, each called `elem`.

    Raises:
        ValueError: if there are none, or one is a scalar.
    """
    tensors = [convert_to_tensor(each, name="elem") for each in nest.flatten(elems)]
    if not tensors:
        raise ValueError(
            f"elems must be a Tensor or (possibly nested) sequence of Tensors. Got {elems}, which "
            "does not contain any Tensors."
        )
    if any(each.static_shape.rank == 0 for each in tensors):
        raise ValueError(
            "elems must be a 1+ dimensional Tensor, not a scalar"
            if len(tensors) == 1
            else "elements in elems must be 1+ dimensional Tensors, not scalars"
        )
    return tensors


def known_count(tensors: Sequence[Tensor]) -> Dimension:
    """Return how many elements there are, as far as it is known.

    Raises:
        ValueError: if the tensors have different numbers of them.
    """
    count = _first_size(tensors[0])
    for other in tensors[1:]:
        count.assert_is_compatible_with(_first_size(other))
    return count


def _first_size(tensor: Tensor) -> Dimension:
    dims = tensor.shape.dims
    return Dimension(None) if dims is None else dims[0]


def element_count(tensors: Sequence[Tensor]) -> Any:
    """Return how many elements there are: a number if it is known, else a tensor."""
    known = known_count(tensors).value
    return shape(tensors[0])[0] if known is None else known


def array_of(tensor: Tensor, size: Any, **options: Any) -> TensorArray:
    """Return a TensorArray of the elements of a tensor."""
    made = TensorArray(tensor.dtype.base_dtype, size, dynamic_size=False, **options)
    return made.unstack(tensor)


def stacked(arrays: Sequence[TensorArray], count: Dimension) -> list[Tensor]:
    """Stack what a function gave for each of that many elements."""
    results = [array.stack() for array in arrays]
    for result in results:
        result.set_shape(TensorShape([count]).concatenate(result.shape[1:]))
    return results


def check_callable(fn: Any) -> None:
    """Check that a function is one.

    Raises:
        TypeError: if it is not.
    """
    if not callable(fn):
        raise TypeError("fn must be callable.")
