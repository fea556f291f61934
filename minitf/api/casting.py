"""Changes of element type.

Source: 2015 §3 "Tensors"; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.framework import name_scope
from minitf.composite import IndexedSlices, SparseTensor
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import DType, as_dtype
from minitf.tensor import Tensor


@dispatchable
def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Convert each element to another type.

    Args:
        x: a Tensor, SparseTensor, IndexedSlices, or what converts to a Tensor.
        dtype: the type wanted.
        name: name of the operation.

    Returns:
        The same kind of value; `x` itself if it has the type.
    """
    wanted = as_dtype(dtype).base_dtype
    if getattr(x, "dtype", None) is wanted:  # of a resource variable too: whoever uses it reads it
        return x
    with name_scope(name, "Cast", [x]) as scope:
        if isinstance(x, SparseTensor):
            return SparseTensor(x.indices, cast(x.values, wanted, scope), x.dense_shape)
        if isinstance(x, IndexedSlices):
            return IndexedSlices(cast(x.values, wanted, scope), x.indices, x.dense_shape)
        x = convert_to_tensor(x, name="x")
        if x.dtype.base_dtype is wanted:
            return x
        if x.dtype.is_complex and wanted.is_floating:
            warnings.warn("Casting complex to real discards imaginary part.", stacklevel=3)
        return ops.cast_op(x, DstT=wanted, name=scope)


@dispatchable
def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """Convert each element to another type, replacing what does not fit by the nearest that does.

    Args:
        value: numbers.
        dtype: the type wanted.
        name: name of the operation.
    """
    with name_scope(name, "saturate_cast", [value]) as scope:
        value = convert_to_tensor(value, name="value")
        wanted, have = as_dtype(dtype).base_dtype, value.dtype.base_dtype
        if have.min < wanted.min:
            least = convert_to_tensor(_within(wanted.min, have, wanted), have, "min")
            value = ops.maximum_op(value, least)
        if have.max > wanted.max:
            greatest = convert_to_tensor(_within(wanted.max, have, wanted), have, "max")
            value = ops.minimum_op(value, greatest)
        return cast(value, wanted, scope)


def _within(bound: Any, have: DType, wanted: DType) -> Any:
    """Return the number of type `have` nearest to a bound of `wanted` that does not exceed it."""
    number = np.array(bound).astype(have.numpy)
    if have.is_floating and wanted.is_integer and not wanted.min <= int(number) <= wanted.max:
        return np.nextafter(number, have.numpy.type(0))
    return number


def bitcast(input: Any, type: Any, name: str | None = None) -> Tensor:
    """Read the same bytes as elements of another type."""
    return ops.bitcast_op(input, type=as_dtype(type), name=name)


def to_float(x: Any, name: str = "ToFloat") -> Any:
    """Cast to float32; deprecated: `tf.cast(x, tf.float32)`."""
    return cast(x, dtypes.float32, name)


def to_double(x: Any, name: str = "ToDouble") -> Any:
    """Cast to float64; deprecated: `tf.cast(x, tf.float64)`."""
    return cast(x, dtypes.float64, name)


def to_int32(x: Any, name: str = "ToInt32") -> Any:
    """Cast to int32; deprecated: `tf.cast(x, tf.int32)`."""
    return cast(x, dtypes.int32, name)


def to_int64(x: Any, name: str = "ToInt64") -> Any:
    """Cast to int64; deprecated: `tf.cast(x, tf.int64)`."""
    return cast(x, dtypes.int64, name)


def to_bfloat16(x: Any, name: str = "ToBFloat16") -> Any:
    """Cast to bfloat16; deprecated: `tf.cast(x, tf.bfloat16)`."""
    return cast(x, dtypes.bfloat16, name)


def to_complex64(x: Any, name: str = "ToComplex64") -> Any:
    """Cast to complex64; deprecated: `tf.cast(x, tf.complex64)`."""
    return cast(x, dtypes.complex64, name)


def to_complex128(x: Any, name: str = "ToComplex128") -> Any:
    """Cast to complex128; deprecated: `tf.cast(x, tf.complex128)`."""
    return cast(x, dtypes.complex128, name)
