"""Arithmetic: TensorFlow's public functions of two numbers, and sums of many tensors.

Source: TensorFlow 1.15's functions of the same names; 2015 Table 1.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.framework import (
    convert_to_tensor_or_indexed_slices,
    name_scope,
    of_sparse_too,
)
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import DType, as_dtype, bfloat16, float32, float64
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

# --- sums, differences, products -----------------------------------------------------------------


@dispatchable
def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x + y element by element; joins strings."""
    return ops.add_op(x, y, name=name)


@dispatchable
def subtract(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x - y element by element."""
    return ops.sub_op(x, y, name=name)


@dispatchable
def multiply(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x * y element by element."""
    return ops.mul_op(x, y, name=name)


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x * y element by element, 0 where y is 0 even if x is infinite or NaN."""
    with name_scope(name, "multiply_no_nan", [x, y]) as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, x.dtype.base_dtype, "y")
        return ops.mul_no_nan_op(x, y, name=scope)


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """Multiply a Tensor or IndexedSlices by a scalar.

    Raises:
        ValueError: if `scalar` has a shape.
    """
    scalar = convert_to_tensor(scalar, x.dtype.base_dtype, "scalar")
    if scalar.static_shape.rank != 0:
        raise ValueError(f"Only scalar multiply works, got shape {scalar.shape}")
    if isinstance(x, IndexedSlices):
        return IndexedSlices(ops.mul_op(scalar, x.values, name=name), x.indices, x.dense_shape)
    return ops.mul_op(scalar, x, name=name)


@dispatchable
def squared_difference(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return (x - y)^2 element by element."""
    return ops.squared_difference_op(x, y, name=name)


@dispatchable
def maximum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return the greater of x and y element by element."""
    return ops.maximum_op(x, y, name=name)


@dispatchable
def minimum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return the smaller of x and y element by element."""
    return ops.minimum_op(x, y, name=name)


@dispatchable
def pow(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x to the power y element by element."""
    with name_scope(name, "Pow", [x]) as scope:
        return ops.pow_op(x, y, name=scope)


@dispatchable
@of_sparse_too
def negative(x: Any, name: str | None = None) -> Tensor:
    """Return -x element by element."""
    return ops.neg_op(x, name=name)


@dispatchable
@of_sparse_too
def abs(x: Any, name: str | None = None) -> Tensor:
    """Return |x| element by element: real also of complex numbers."""
    with name_scope(name, "Abs", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex:
            return ops.complex_abs_op(x, Tout=x.dtype.real_dtype, name=scope)
        return ops.abs_op(x, name=scope)


@dispatchable
@of_sparse_too
def sign(x: Any, name: str | None = None) -> Tensor:
    """Return -1, 0 or 1 by the sign of each element."""
    return ops.sign_op(x, name=name)


# --- quotients and remainders --------------------------------------------------------------------

_QUOTIENT_TYPES: dict[str, DType | None] = {
    **dict.fromkeys(("uint8", "int8", "uint16", "int16"), float32),
    **dict.fromkeys(("int32", "int64"), float64),
    **dict.fromkeys(("bfloat16", "float16", "float32", "float64", "complex64", "complex128")),
}


@dispatchable
def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x / y as Python 3 does: integers are divided as floats.

    Integers of up to 16 bits are cast to float32, larger ones to float64.

    Raises:
        TypeError: if the types differ, or have no quotient.
    """
    with name_scope(name, "truediv", [x, y]) as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", preferred_dtype=x.dtype.base_dtype)
        x_type, y_type = x.dtype.base_dtype, y.dtype.base_dtype
        if x_type is not y_type:
            raise TypeError(f"x and y must have the same dtype, got {x_type!r} != {y_type!r}")
        if x_type.name not in _QUOTIENT_TYPES:
            raise TypeError(f"Invalid dtype {x_type!r} in __truediv__")
        wanted = _QUOTIENT_TYPES[x_type.name]
        if wanted is not None:
            x, y = ops.cast_op(x, DstT=wanted), ops.cast_op(y, DstT=wanted)
        return ops.real_div_op(x, y, name=scope)


@dispatchable
def divide(x: Any, y: Any, name: str | None = None) -> Any:
    """Return x / y by Python's rules for `/`."""
    return x / y if name is None else truediv(x, y, name)


def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x / y by Python 2's rules: the floor of it for integers.  Deprecated in TensorFlow."""
    with name_scope(name, "div", [x, y]) as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, x.dtype.base_dtype, "y")
        is_real = x.dtype.is_floating or x.dtype.is_complex or x.dtype.base_dtype is bfloat16
        return (ops.real_div_op if is_real else ops.floor_div_op)(x, y, name=scope)


@dispatchable
def realdiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x / y element by element, of reals."""
    return ops.real_div_op(x, y, name=name)


@dispatchable
def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return the greatest whole number <= x / y, as Python's `//`."""
    with name_scope(name, "floordiv", [x, y]) as scope:
        return ops.floor_div_op(x, y, name=scope)


def floor_div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return the greatest whole number <= x / y."""
    return ops.floor_div_op(x, y, name=name)


@dispatchable
def floormod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x - floor(x / y) * y, as Python's `%`."""
    return ops.floor_mod_op(x, y, name=name)


mod = floormod


@dispatchable
def truncatediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x / y rounded towards zero, as C does."""
    return ops.truncate_div_op(x, y, name=name)


@dispatchable
def truncatemod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return the remainder of the division that rounds towards zero, as C does."""
    return ops.truncate_mod_op(x, y, name=name)


@dispatchable
def div_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x / y element by element, 0 where y is 0."""
    with name_scope(name, "div_no_nan", [x, y]) as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, x.dtype.base_dtype, "y")
        return ops.div_no_nan_op(x, y, name=scope)


# --- sums of many tensors ------------------------------------------------------------------------


@dispatchable
def add_n(inputs: Any, name: str | None = None) -> Tensor:
    """Add tensors of one shape.

    Args:
        inputs: a list of Tensors or IndexedSlices.

    Raises:
        ValueError: if it is no list, or empty, or shapes differ.
    """
    values = _converted(inputs, "Tensor/IndexedSlices")
    if len(values) > 1:
        return ops.add_n_op(values, name=name)
    value = convert_to_tensor(values[0])
    return ops.identity_op(value, name=name) if name else value


_UNLIKE = "inputs must be a list of at least one {} with the same dtype and shape"


def accumulate_n(
    inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None
) -> Tensor:
    """Add tensors of one shape that may be stated.

    Args:
        inputs: a list of Tensors.
        shape: of the result; by default what is known of the inputs' shapes.
        tensor_dtype: the type of the inputs, checked.

    Raises:
        ValueError: if `inputs` is no list, or empty, or shapes differ.
        TypeError: if the type is not `tensor_dtype`.
    """
    values = _converted(inputs, "Tensor")
    if tensor_dtype is not None and values[0].dtype.base_dtype is not as_dtype(tensor_dtype):
        raise TypeError(f"tensor_dtype is {tensor_dtype}, but input is of type {values[0].dtype}")
    if len(values) > 1:
        if any(each.dtype.base_dtype is not values[0].dtype.base_dtype for each in values):
            raise ValueError(_UNLIKE.format("Tensor"))
        whole = TensorShape(shape)
        for each in values:
            whole = whole.merge_with(each.get_shape())
        return ops.accumulate_nv2_op(values, shape=whole, name=name)
    return values[0] if name is None else ops.identity_op(values[0], name=name)


def _converted(inputs: Any, what: str) -> list[Any]:
    if not isinstance(inputs, (list, tuple)) or not inputs:
        raise ValueError(_UNLIKE.format(what))
    return [convert_to_tensor_or_indexed_slices(each) for each in inputs]
