"""Where values enter a graph: constants, placeholders, arrays of one value.

Source: 2015 Table 1, §4.2; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.array import reshape
from minitf.api.framework import name_scope
from minitf.api.sizes import shape as shape_of
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor, holds_tensors, to_typed_array
from minitf.dispatch import dispatchable
from minitf.dtypes import as_dtype
from minitf.ops.array import constants
from minitf.shapes import as_shape
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

SMALL = 1000  # elements: an array of one value below this becomes a constant, above it a Fill

# --- constants ---------------------------------------------------------------------------------


def constant(
    value: Any,
    dtype: Any = None,
    shape: Any = None,
    name: str = "Const",
    verify_shape: bool = False,
) -> Tensor:
    """Return a Tensor that holds a value.

    Args:
        value: a scalar, nested list or array.
        dtype: its type; by default the one that the value has by itself.
        shape: the shape wanted; a value of fewer elements is filled up with its last one.
        name: name of the operation.
        verify_shape: refuse a value of another shape instead.

    Raises:
        TypeError: if the value does not fit the type, or the shape where that is verified.
        ValueError: if it has more elements than the shape.

    Source: 2015 Table 1.
    """
    if value is None:
        raise ValueError("None values not supported.")
    if any(holds_tensors([value])):
        raise TypeError(
            f"List of Tensors when single Tensor expected, or a Tensor itself: {value!r}\n"
            "  hint: tf.convert_to_tensor or tf.stack takes Tensors, a constant is a value"
        )
    wanted = None if dtype is None else as_dtype(dtype).base_dtype
    array, found = to_typed_array(value, wanted)
    if shape is None:
        return constants.constant(array, found, name)
    sizes = tuple(int(size) for size in TensorShape(shape))
    filled = _shaped(array, sizes, verify_shape=verify_shape)
    return constants.constant(filled, found, name, array.size if array.size < filled.size else None)


def _shaped(array: Any, sizes: tuple[int, ...], *, verify_shape: bool) -> Any:
    if array.shape == sizes:
        return array
    if verify_shape:
        raise TypeError(f"Expected Tensor's shape: {sizes}, got {array.shape}.")
    count = math.prod(sizes)
    if array.size > max(count, 1):  # one element fills any shape, an empty one too
        raise ValueError(
            f"Too many elements provided. Needed at most {count}, but received {array.size}"
        )
    flat = array.reshape(-1)
    last = flat[-1:] if array.size else np.zeros(1, array.dtype)
    return np.concatenate([flat[:count], np.repeat(last, max(count - array.size, 0))]).reshape(
        sizes
    )


def guarantee_const(input: Any, name: str | None = None) -> Tensor:
    """Pass a value on, promising that it never changes."""
    return ops.guarantee_const_op(input, name=name)


# --- placeholders ------------------------------------------------------------------------------


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Tensor:
    """Return a Tensor that each run must feed.

    Args:
        dtype: its type.
        shape: what is known of its shape; anything if None.
        name: name of the operation.

    Source: 2015 §4.2.
    """
    return ops.placeholder_op(dtype=as_dtype(dtype), shape=shape, name=name)


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """Return a Tensor with a value that a run may replace by feeding another.

    Args:
        input: the value unless one is fed.
        shape: what is known of the shape of either.
        name: name of the operation.
    """
    return ops.placeholder_with_default_op(input, shape=shape, name=name)


def sparse_placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> SparseTensor:
    """Return a SparseTensor that each run must feed.

    Args:
        dtype: type of its values.
        shape: its sizes, if known; None or -1 for an unknown one.
        name: prefix of the three placeholders' names.
    """

    def part(what: str) -> str | None:
        return None if name is None else f"{name}/{what}"

    rank: Any = None
    static = as_shape(None if isinstance(shape, Tensor) else shape)
    if shape is None:
        sizes = placeholder(dtypes.int64, [None], part("shape"))
    else:
        if not isinstance(shape, Tensor):
            shape = [-1 if size is None else size for size in static.as_list() or ()]
        default = convert_to_tensor(shape, dtypes.int64, part("shape_default"))
        (rank,) = default.static_shape.with_rank(1)
        sizes = placeholder_with_default(default, [rank], part("shape"))
    values = placeholder(dtype, [None], part("values"))
    indices = placeholder(dtypes.int64, [None, rank], part("indices"))
    made = SparseTensor(indices, values, sizes)
    made.given_shape = static
    return made


# --- arrays of one value -----------------------------------------------------------------------


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """Return a Tensor that holds one value everywhere.

    Args:
        dims: int32 or int64[rank], the sizes.
        value: a scalar of any type, which is the result's.
    """
    return ops.fill_op(dims, value, name=name)


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """Return zeros, False or empty strings, of a shape that may be a Tensor.

    Args:
        shape: the sizes: a list, or int32 or int64[rank].
        dtype: the type.

    Returns:
        A constant if the shape is known and small, else what a run fills.
    """
    wanted = as_dtype(dtype).base_dtype
    zero: Any = {dtypes.bool_: False, dtypes.string: ""}.get(wanted, 0)
    return _filled(shape, zero, wanted, name, "zeros")


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """Return ones, or True, of a shape that may be a Tensor.

    Args:
        shape: the sizes: a list, or int32 or int64[rank].
        dtype: the type.

    Returns:
        A constant if the shape is known and small, else what a run fills.
    """
    wanted = as_dtype(dtype).base_dtype
    one: Any = True if wanted is dtypes.bool_ else 1
    return _filled(shape, one, wanted, name, "ones")


def _filled(shape: Any, value: Any, dtype: Any, name: str | None, default_name: str) -> Tensor:
    with name_scope(name, default_name, [shape]) as scope:
        sizes = _static_sizes(shape)
        if sizes is None:
            shape = convert_to_tensor(shape, None if isinstance(shape, Tensor) else dtypes.int32)
        elif hasattr(shape, "__iter__") and math.prod(sizes) < SMALL:
            return constant(value, dtype, sizes, scope)
        else:
            shape = constant(sizes, name="shape_as_tensor")
        if shape.static_shape.rank != 1:
            shape = reshape(shape, [-1])
        return fill(shape, constant(value, dtype), name=scope)


def _static_sizes(shape: Any) -> list[int] | None:
    """Return sizes that are numbers; None if not all are, and a conversion can do or say more."""
    if any(holds_tensors([shape])):
        return None
    sizes = TensorShape(shape)
    return [int(size) for size in sizes] if sizes.is_fully_defined() else None


@dispatchable
def zeros_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Return zeros of the shape of a tensor.

    Args:
        tensor: whose shape is taken.
        dtype: the type; by default that of `tensor`.
        name: name of the operation.
        optimize: make a constant where the shape is known.
    """
    with name_scope(name, "zeros_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        wanted = tensor.dtype.base_dtype if dtype is None else as_dtype(dtype).base_dtype
        if optimize and tensor.static_shape.is_full and tensor.dtype is not dtypes.variant:
            return zeros(tensor.shape, wanted, scope)
        if wanted is not tensor.dtype.base_dtype:
            return zeros(shape_of(tensor), wanted, scope)
        return ops.zeros_like_op(tensor, name=scope)


@dispatchable
def ones_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Return ones of the shape of a tensor.

    Args:
        tensor: whose shape is taken.
        dtype: the type; by default that of `tensor`.
        name: name of the operation.
        optimize: make a constant where the shape is known.
    """
    with name_scope(name, "ones_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        sizes = shape_of(tensor) if optimize else ops.shape_op(tensor)
        made = ones(sizes, tensor.dtype if dtype is None else dtype, scope)
        made.set_shape(tensor.get_shape())
        return made
