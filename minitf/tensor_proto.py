"""Arrays to TensorProto and back: the form in which constants stand in a GraphDef.

A TensorProto holds its elements either as raw bytes (`tensor_content`) or as numbers in the
repeated field of their type (`float_val`, ...); if those are fewer than the shape asks for, the
last one fills the rest.  What is read may come from anywhere, so sizes are compared before
anything of the shape's size is allocated, and no array larger than MAX_BYTES is made.

    >>> proto = encode(np.float32([[1, 2], [3, 4]]), dtypes.float32)
    >>> len(proto.tensor_content)
    16
    >>> decode(proto)
    array([[1., 2.],
           [3., 4.]], dtype=float32)

Numbers are little-endian in the file and, on every machine that Numba knows, in memory.

Source: 2015 §2; TensorFlow 1.15, `tensor.proto` and `tensor_util`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from minitf import dtypes, protos
from minitf.dtypes import DType
from minitf.errors import GraphBuildError, house_message
from minitf.grammar import Listed, list_only

Array = np.ndarray[Any, Any]

MAX_BYTES = 1 << 31  # a message cannot be larger, so no tensor that was ever written out in full
_MAX_RANK = 64  # NumPy's
_VARINT32_SHIFT = 28  # of the fifth and last group of seven bits

_INT_VAL = ("int_val", np.int32)
# Type -> the field of its numbers, and the type that they have there.
_VALUES: dict[DType, tuple[str, Any]] = {
    dtypes.float16: ("half_val", np.int32),
    dtypes.bfloat16: ("half_val", np.int32),
    dtypes.float32: ("float_val", np.float32),
    dtypes.float64: ("double_val", np.float64),
    dtypes.int8: _INT_VAL,
    dtypes.int16: _INT_VAL,
    dtypes.int32: _INT_VAL,
    dtypes.uint8: _INT_VAL,
    dtypes.uint16: _INT_VAL,
    dtypes.qint8: _INT_VAL,
    dtypes.qint16: _INT_VAL,
    dtypes.qint32: _INT_VAL,
    dtypes.quint8: _INT_VAL,
    dtypes.quint16: _INT_VAL,
    dtypes.uint32: ("uint32_val", np.uint32),
    dtypes.int64: ("int64_val", np.int64),
    dtypes.uint64: ("uint64_val", np.uint64),
    dtypes.bool_: ("bool_val", np.bool_),
    dtypes.complex64: ("scomplex_val", np.float32),
    dtypes.complex128: ("dcomplex_val", np.float64),
    dtypes.string: ("string_val", np.object_),
}
_HALVES = dtypes.types("float16", "bfloat16")
# As TensorFlow's Python writes them, uint16 included, so that the bytes are the same.
_ALWAYS_AS_NUMBERS = dtypes.COMPLEX | dtypes.types("bool", "string", "uint16")


def encode(array: Array, dtype: DType, shape: Sequence[int] | None = None) -> Any:
    """Write an array as a TensorProto.

    Args:
        array: the elements; of `dtype.numpy`. Of a `Listed` one those are written that it says.
        dtype: their type; neither resource nor variant.
        shape: the shape to note, if not the array's; with more elements than the array has, the
            last of them stands for the rest.

    Raises:
        TypeError: if values of the type cannot be written.
        ValueError: if the bytes are too many for a message.
    """
    _field_of(dtype)  # it must have one
    sizes = array.shape if shape is None else shape
    dims = [protos.TensorShapeProto.Dim(size=size) for size in sizes]
    proto = protos.TensorProto(dtype=dtype.enum, tensor_shape=protos.TensorShapeProto(dim=dims))
    if isinstance(array, Listed) and array.listed is not None:
        add_numbers(proto, array.reshape(-1)[: array.listed], dtype)
        return proto
    if array.size == math.prod(sizes) > 1 and dtype not in _ALWAYS_AS_NUMBERS:
        if array.nbytes >= MAX_BYTES:
            raise ValueError("Cannot create a tensor proto whose content is larger than 2GB.")
        proto.tensor_content = array.tobytes()
        return proto
    add_numbers(proto, array, dtype)
    return proto


def add_numbers(proto: Any, array: Array, dtype: DType) -> None:
    """Write the elements of an array into a TensorProto, in the field of their type.

    Raises:
        TypeError: if values of the type cannot be written.
    """
    field, wire = _field_of(dtype)
    flat = np.ascontiguousarray(array).reshape(-1)
    if dtype in _HALVES:
        flat = flat.view(np.uint16)
    elif dtype.is_complex:
        flat = flat.view(wire)
    getattr(proto, field).extend(flat.tolist())


def encode_content(array: Array, dtype: DType) -> Any:
    """Write an array as a TensorProto with its elements as raw bytes, as TensorFlow's kernels do.

    Args:
        array: the elements; of `dtype.numpy`.
        dtype: their type; neither resource nor variant.
    """
    dims = [protos.TensorShapeProto.Dim(size=size) for size in array.shape]
    proto = protos.TensorProto(dtype=dtype.enum, tensor_shape=protos.TensorShapeProto(dim=dims))
    if dtype is dtypes.string:
        lengths = b"".join(_varint(len(each)) for each in array.flat)
        proto.tensor_content = lengths + b"".join(array.flat)
    else:
        proto.tensor_content = array.tobytes()
    return proto


def _varint(number: int) -> bytes:
    """Write a number in groups of seven bits, the lowest first."""
    groups = bytearray()
    while number > 0x7F:
        groups.append(0x80 | number & 0x7F)
        number >>= 7
    return bytes([*groups, number])


def decode(proto: Any) -> Array:
    """Read a TensorProto as an array of its type's NumPy dtype, owned by the caller.

    Raises:
        TypeError: if the type is unknown or its values cannot be arrays.
        GraphBuildError: if sizes and shape do not fit, or the array would be too large.
    """
    dtype = dtypes.by_enum(proto.dtype)
    field, wire = _field_of(dtype)
    shape = _shape(proto, dtype)
    if proto.tensor_content:
        return _from_content(proto, proto.tensor_content, dtype, shape)
    return _filled(proto, _listed_values(proto, getattr(proto, field), dtype, wire), dtype, shape)


def decode_listed(proto: Any) -> Array:
    """Read a TensorProto such that `encode` lists the elements again that it lists.

    Raises:
        TypeError: if the type is unknown or its values cannot be arrays.
        GraphBuildError: if sizes and shape do not fit, or the array would be too large.
    """
    array = decode(proto)
    if proto.tensor_content or array.size <= 1:
        return array
    dtype = dtypes.by_enum(proto.dtype)
    count = len(getattr(proto, _field_of(dtype)[0]))
    return list_only(array, count // 2 if dtype.is_complex else count)


def _field_of(dtype: DType) -> tuple[str, Any]:
    if dtype not in _VALUES:
        raise TypeError(f"Unsupported tensor type: {dtype.name}")
    return _VALUES[dtype]


def _shape(proto: Any, dtype: DType) -> tuple[int, ...]:
    """Return the shape, refusing one that no array could have."""
    sizes = tuple(dim.size for dim in proto.tensor_shape.dim)
    if proto.tensor_shape.unknown_rank or any(size < 0 for size in sizes):
        raise _unreadable(proto, "its shape is not fully known")
    if len(sizes) > _MAX_RANK:
        raise _unreadable(proto, f"it has {len(sizes)} dimensions, more than {_MAX_RANK}")
    wanted = math.prod(sizes) * dtype.numpy.itemsize
    if wanted > MAX_BYTES:
        raise _unreadable(proto, f"it would take {wanted} bytes, more than {MAX_BYTES}")
    if math.prod(max(size, 1) for size in sizes) * dtype.numpy.itemsize >= 1 << 63:
        raise _unreadable(proto, "its sizes are too large, though it is empty")  # for NumPy
    return sizes


def _from_content(proto: Any, content: bytes, dtype: DType, shape: tuple[int, ...]) -> Array:
    if dtype is dtypes.string:
        return _object_array(_split_strings(proto, content, math.prod(shape))).reshape(shape)
    wanted = math.prod(shape) * dtype.numpy.itemsize
    if len(content) != wanted:
        raise _unreadable(proto, f"tensor_content has {len(content)} bytes, not {wanted}")
    if dtype is dtypes.bool_:  # any byte but 0 is true; NumPy wants exactly 1
        return np.frombuffer(content, np.uint8).astype(np.bool_).reshape(shape)
    return np.frombuffer(content, dtype.numpy).reshape(shape).copy()


def _listed_values(proto: Any, numbers: Sequence[Any], dtype: DType, wire: Any) -> Array:
    """Return the values of a repeated field as a vector; too large ones wrap, as in TensorFlow."""
    if dtype is dtypes.string:
        return _object_array(numbers)
    values = np.fromiter(numbers, wire, len(numbers))
    if dtype in _HALVES:
        return values.astype(np.uint16).view(dtype.numpy)
    if not dtype.is_complex:
        return values.astype(dtype.numpy, copy=False)
    if len(values) % 2:
        raise _unreadable(proto, "a real part has no imaginary part")
    return values.view(dtype.numpy)


def _filled(proto: Any, values: Array, dtype: DType, shape: tuple[int, ...]) -> Array:
    """Give values a shape: the last one fills what is missing, zero if there is none."""
    size = math.prod(shape)
    if len(values) > size:
        raise _unreadable(proto, f"it has {len(values)} values, more than {size}")
    if len(values) == size:
        return values.reshape(shape)
    blank = b"" if dtype is dtypes.string else 0
    filled = np.full(size, values[-1] if len(values) else blank, dtype.numpy)
    filled[: len(values)] = values
    return filled.reshape(shape)


def _object_array(values: Iterable[bytes]) -> Array:
    listed = list(values)
    array = np.empty(len(listed), np.object_)
    array[:] = listed
    return array


def _split_strings(proto: Any, content: bytes, count: int) -> list[bytes]:
    """Split what TensorFlow's C++ writes: all lengths as varints, then all strings."""
    ends = [0]
    position = 0
    for _ in range(count):
        length, shift = 0, 0
        while True:
            if position == len(content) or shift > _VARINT32_SHIFT:
                raise _unreadable(proto, f"tensor_content does not hold {count} strings")
            byte = content[position]
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        ends.append(ends[-1] + length)
    if position + ends[-1] != len(content):
        raise _unreadable(proto, "the lengths of its strings do not fill tensor_content")
    text = content[position:]
    return [text[start:end] for start, end in itertools.pairwise(ends)]


def _unreadable(proto: Any, reason: str) -> GraphBuildError:
    facts = {
        "dtype": dtypes.by_enum(proto.dtype).name,
        "shape": [dim.size for dim in proto.tensor_shape.dim[: _MAX_RANK + 1]],
    }
    message = f"Cannot parse tensor from proto: {reason}"
    return GraphBuildError(None, None, house_message(message, facts))
