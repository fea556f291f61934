"""Values as TensorProtos and back: `tf.make_tensor_proto`, `tf.make_ndarray`.

Source: 2015 §2; TensorFlow 1.15, `tensor_util`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import protos, tensor_proto
from minitf.convert import to_typed_array
from minitf.dtypes import DType, as_dtype, float32


def make_tensor_proto(
    values: Any,
    dtype: Any = None,
    shape: Sequence[int] | None = None,
    verify_shape: bool = False,
    allow_broadcast: bool = False,
) -> Any:
    """Write a value as a TensorProto.

    Args:
        values: an array, scalar or nested list; a TensorProto is given back as it is.
        dtype: the type wanted; the value's own by default.
        shape: the shape to note, at least as large as the value: its last element fills the rest.
        verify_shape: whether the value must have exactly `shape`.
        allow_broadcast: whether the value must have one element, or as many as `shape`.

    Raises:
        TypeError: if the value does not fit the type, or its shape not the one demanded.
        ValueError: if it is None, ragged, or has more elements than `shape`.
    """
    if allow_broadcast and verify_shape:
        raise ValueError("allow_broadcast and verify_shape are not both allowed.")
    if isinstance(values, protos.TensorProto):
        return values
    if values is None:
        raise ValueError("None values not supported.")
    wanted = None if dtype is None else as_dtype(dtype).base_dtype
    sizes = None if shape is None else tuple(int(size) for size in shape)
    array, found = _elements(values, wanted, sizes)
    if sizes is None:
        return tensor_proto.encode(array, found)
    size = math.prod(sizes)
    is_broadcast = allow_broadcast and array.shape in ((), (1,))
    must_match = verify_shape or (allow_broadcast and array.size != size)
    if must_match and not is_broadcast and array.shape != sizes:
        raise TypeError(f"Expected Tensor's shape: {sizes}, got {array.shape}.")
    if array.size > size:
        raise ValueError(
            f"Too many elements provided. Needed at most {size}, but received {array.size}"
        )
    return tensor_proto.encode(array, found, sizes)


def make_ndarray(tensor: Any) -> Any:
    """Read a TensorProto as an array.

    Quantized values come with the structured dtype that `tf.qint8.as_numpy_dtype` is, strings as
    an object array of bytes.

    Raises:
        TypeError: if the type has no values that an array can hold.
        InvalidArgumentError: if contents and shape do not fit; it is a ValueError too.
    """
    array = tensor_proto.decode(tensor)
    dtype = as_dtype(tensor.dtype)
    return array.view(dtype.as_numpy_dtype) if dtype.is_quantized else array


def _elements(
    values: Any, dtype: DType | None, shape: tuple[int, ...] | None
) -> tuple[tensor_proto.Array, DType]:
    is_array = isinstance(values, (np.ndarray, np.generic))
    if not is_array and shape is not None and math.prod(shape) == 0:
        dtype = dtype or float32
        return np.empty(shape, dtype.numpy), dtype  # whatever the values are: none of them is kept
    if not is_array and dtype is not None and dtype.is_quantized:
        structured = np.array(values, dtype.as_numpy_dtype)  # elements are tuples: [(1,), (2,)]
        return structured.view(dtype.numpy), dtype
    return to_typed_array(values, dtype)
