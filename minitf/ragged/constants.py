"""Ragged constants and placeholders.

    tf.ragged.constant([[1, 2], [], [3]])                       # two dimensions, one of them ragged
    tf.ragged.constant([[[1, 2]], []], inner_shape=(2,))        # the innermost ones are not

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.api import constants
from minitf.api.framework import name_scope
from minitf.dtypes import as_dtype
from minitf.ragged.tensor import RaggedTensor
from minitf.ragged.value import RaggedTensorValue
from minitf.tensor_shape import TensorShape


def ragged_constant(
    pylist: Any,
    dtype: Any = None,
    ragged_rank: int | None = None,
    inner_shape: Any = None,
    name: str | None = None,
    row_splits_dtype: Any = dtypes.int64,
) -> Any:
    """Return nested lists as a RaggedTensor.

    Args:
        pylist: lists, tuples or arrays in each other; all numbers are equally deep.
        dtype: type of the values; what fits them if None.
        ragged_rank: the number of ragged dimensions; as many as there may be if None.
        inner_shape: the shape of an innermost value; () if None, or what `ragged_rank` leaves.
        name: name of the scope.
        row_splits_dtype: int32 or int64.

    Returns:
        A RaggedTensor; a Tensor if there are no ragged dimensions.

    Raises:
        ValueError: if the lists are not equally deep, or do not fit the other arguments.
    """
    splits_dtype = as_dtype(row_splits_dtype)

    def make(values: Any, splits: Any) -> RaggedTensor:
        return RaggedTensor.from_row_splits(values, splits, validate=False)

    def tensor(values: Any, dtype: Any, shape: Any, name: str = "Const") -> Any:
        return constants.constant(values, dtype, shape, name)

    def splits_of(values: Any) -> Any:
        return constants.constant(values, splits_dtype)

    with name_scope(name, "RaggedConstant", []):
        return _nested(make, tensor, splits_of, pylist, dtype, ragged_rank, inner_shape)


def constant_value(
    pylist: Any,
    dtype: Any = None,
    ragged_rank: int | None = None,
    inner_shape: Any = None,
    row_splits_dtype: Any = "int64",
) -> Any:
    """Return nested lists as a RaggedTensorValue; arguments as of `tf.ragged.constant`."""
    if dtype is not None and isinstance(dtype, dtypes.DType):
        dtype = dtype.as_numpy_dtype
    splits_dtype = as_dtype(row_splits_dtype).as_numpy_dtype

    def array(values: Any, dtype: Any, shape: Any, name: str = "") -> Any:
        del name
        return np.reshape(np.array(values, dtype), shape)

    def splits_of(values: Any) -> Any:
        return np.array(values, splits_dtype)

    return _nested(RaggedTensorValue, array, splits_of, pylist, dtype, ragged_rank, inner_shape)


def _nested(
    make: Callable[[Any, Any], Any],
    leaf: Callable[..., Any],
    splits_of: Callable[[Any], Any],
    pylist: Any,
    dtype: Any,
    ragged_rank: int | None,
    inner_shape: Any,
) -> Any:
    if isinstance(pylist, np.ndarray):
        pylist = pylist.tolist()
    if isinstance(inner_shape, TensorShape):
        inner_shape = inner_shape.as_list()
    levels = _levels(pylist, ragged_rank, inner_shape)
    if not isinstance(pylist, (list, tuple)):
        return leaf(pylist, dtype, ())
    if inner_shape is None:
        inner_shape = _inner_shape(pylist, levels)
    values: Any = pylist
    nested = []
    for _ in range(levels):
        if not all(isinstance(row, (list, tuple, np.ndarray)) for row in values):
            raise _unfit(pylist, f"ragged_rank={ragged_rank}")
        nested.append(np.cumsum([0, *(len(row) for row in values)]).tolist())
        values = [each for row in values for each in row]
    try:
        made = leaf(values, dtype, (len(values), *inner_shape), "values")
    except (TypeError, ValueError) as error:
        raise type(error)(f"Invalid pylist={pylist!r}: {error}") from None
    for splits in reversed(nested):
        made = make(made, splits_of(splits))
    return made


def _levels(pylist: Any, ragged_rank: int | None, inner_shape: Any) -> int:
    """Return the number of ragged dimensions.

    Raises:
        ValueError: if what is asked for does not fit the lists.
    """
    if not isinstance(pylist, (list, tuple)):
        if ragged_rank:
            raise _unfit(pylist, f"ragged_rank={ragged_rank}")
        if inner_shape:
            raise _unfit(pylist, f"dim(inner_shape)={len(inner_shape)}")
        return 0
    if ragged_rank is not None and ragged_rank < 0:
        raise ValueError(f"Invalid ragged_rank={ragged_rank}: must be nonnegative")
    scalars, deepest = _depths(pylist)
    if scalars is not None and deepest > scalars:
        raise ValueError(
            f"Invalid pylist={pylist!r}: empty list nesting is greater than scalar value nesting"
        )
    inner = 0 if inner_shape is None else len(inner_shape)
    if deepest < inner:
        raise _unfit(pylist, f"dim(inner_shape)={inner}")
    if ragged_rank is None:
        return max(0, deepest - 1 - inner)
    if inner_shape is not None and scalars is not None and ragged_rank + inner + 1 != deepest:
        raise _unfit(pylist, f"ragged_rank={ragged_rank} and dim(inner_shape)={inner}")
    return ragged_rank


def _unfit(pylist: Any, what: str) -> ValueError:
    return ValueError(f"Invalid pylist={pylist!r}: incompatible with {what}")


def _depths(value: Any) -> tuple[int | None, int]:
    """Return how deep numbers stand, None if there are none, and how deep lists go.

    Raises:
        ValueError: if numbers are not equally deep.
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        return 0, 0
    scalar, most = None, 1
    for each in value:
        depth, deepest = _depths(each)
        if depth is not None:
            if scalar is not None and scalar != depth + 1:
                raise ValueError("all scalar values must have the same nesting depth")
            scalar = depth + 1
        most = max(most, deepest + 1)
    return scalar, most


def _inner_shape(pylist: Any, ragged_rank: int) -> tuple[int, ...]:
    """Return the shape that all values inside of the ragged dimensions have.

    Raises:
        ValueError: if they have different ones.
    """
    inner = pylist
    for _ in range(ragged_rank):
        inner = [
            each for row in inner if isinstance(row, (list, tuple, np.ndarray)) for each in row
        ]
    shape: list[int] = []
    while inner and isinstance(inner[0], (list, tuple, np.ndarray)):
        sizes = {len(each) if isinstance(each, (list, tuple, np.ndarray)) else -1 for each in inner}
        if len(sizes) > 1:
            raise ValueError("inner values have inconsistent shape")
        shape.append(sizes.pop())
        inner = [each for row in inner for each in row]
    return tuple(shape)


def ragged_placeholder(
    dtype: Any, ragged_rank: int, value_shape: Any = None, name: str | None = None
) -> Any:
    """Return a RaggedTensor whose values and splits are fed.

    Args:
        dtype: type of the values.
        ragged_rank: the number of ragged dimensions.
        value_shape: the shape of an innermost value.
        name: name of the scope.
    """
    with name_scope(name, "RaggedPlaceholder", []):
        shape = TensorShape([None]).concatenate(value_shape)
        if not ragged_rank:
            return constants.placeholder(dtype, value_shape)
        values: Any = constants.placeholder(dtype, shape, "flat_values")
        for level in reversed(range(ragged_rank)):
            splits = constants.placeholder(dtypes.int64, [None], f"row_splits_{level}")
            values = RaggedTensor.from_row_splits(values, splits, validate=False)
        return values
