"""Values become Tensors: arrays with TensorFlow's typing rules, and registered conversions.

Python's ints become int32 (int64 if they do not fit), floats float32, str and bytes strings;
NumPy arrays keep their type.  Conversion never loses: 1.5 does not become an int.

Source: 2015 §2; TensorFlow's convert_to_tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType, as_dtype
from minitf.operation import Operation
from minitf.tensor import Tensor, hooks
from minitf.tensor_shape import Dimension, TensorShape

Array = np.ndarray[Any, Any]
Conversion = Callable[..., Any]
_CONVERSIONS: list[tuple[int, int, Any, Conversion]] = []  # (priority, order, types, function)


def register_tensor_conversion_function(
    base_type: type | tuple[type, ...], conversion_func: Conversion, priority: int = 100
) -> None:
    """Make objects of a type usable wherever a Tensor is wanted.

    Args:
        base_type: a type or a tuple of types.
        conversion_func: called as (value, dtype, name, as_ref); returns a Tensor or NotImplemented.
        priority: lower ones are asked first.

    Raises:
        TypeError: if an argument has the wrong type.
    """
    if not isinstance(base_type, type) and not (
        isinstance(base_type, tuple) and all(isinstance(t, type) for t in base_type)
    ):
        raise TypeError("base_type must be a type or a tuple of types.")
    if not callable(conversion_func):
        raise TypeError("conversion_func must be callable.")
    _CONVERSIONS.append((priority, len(_CONVERSIONS), base_type, conversion_func))
    _CONVERSIONS.sort(key=lambda row: row[:2])


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    as_ref: bool = False,
) -> Tensor:
    """Return `value` as a Tensor.

    Args:
        value: a Tensor, Variable, array, scalar, list that may hold Tensors, or an object of a
            registered type.
        dtype: the type wanted; a Tensor of another type is an error.
        name: the name of the Const made, if any; "Const" by default.
        preferred_dtype: a type to try first where `dtype` is None.
        as_ref: keep the handle of a variable.

    Raises:
        TypeError: if the value does not fit the type, or nothing can convert it.
        ValueError: if it is a Tensor of another type.
    """
    wanted = None if dtype is None else as_dtype(dtype).base_dtype
    if isinstance(value, Tensor):
        if wanted is not None and value.dtype.base_dtype is not wanted:
            raise ValueError(
                f"Tensor conversion requested dtype {wanted.name} for Tensor with dtype "
                f"{value.dtype.base_dtype.name}: {str(value)!r}"
            )
        return value
    preferred = None if wanted or preferred_dtype is None else as_dtype(preferred_dtype).base_dtype
    made = _by_registered(value, wanted, preferred, name, as_ref=as_ref)
    if made is not NotImplemented:
        return made  # type: ignore[no-any-return]
    if isinstance(value, (list, tuple)) and any(holds_tensors(value)):
        return hooks.pack(value, wanted, name)  # type: ignore[no-any-return]
    if name is None and isinstance(value, (TensorShape, Dimension)):
        name = "shape_as_tensor"
    if preferred is not None:
        try:
            return hooks.constant(to_array(value, preferred), preferred, name)  # type: ignore[no-any-return]
        except (TypeError, ValueError):
            pass  # a preference, not a demand
    array, found = to_typed_array(value, wanted)
    return hooks.constant(array, found, name)  # type: ignore[no-any-return]


def _by_registered(
    value: Any, wanted: DType | None, preferred: DType | None, name: str | None, *, as_ref: bool
) -> Any:
    """Return what the first registered conversion that answers makes, else NotImplemented."""
    for _, _, base_type, function in _CONVERSIONS:
        if not isinstance(value, base_type):
            continue
        if preferred is not None:
            try:
                made = function(value, dtype=preferred, name=name, as_ref=as_ref)
            except (TypeError, ValueError):
                made = NotImplemented  # a preference, not a demand
            if made is not NotImplemented:
                return made
        made = function(value, dtype=wanted, name=name, as_ref=as_ref)
        if made is not NotImplemented:
            return made
    return NotImplemented


def holds_tensors(values: Any) -> Iterator[bool]:
    """Walk nested lists and tuples; yields whether each leaf must be converted by itself."""
    for each in values:
        if isinstance(each, (list, tuple)):
            yield from holds_tensors(each)
        else:
            yield isinstance(each, Tensor) or any(
                isinstance(each, base_type) for _, _, base_type, _ in _CONVERSIONS
            )


def to_typed_array(value: Any, dtype: DType | None) -> tuple[Array, DType]:
    """Return a value as an array and its type: `dtype`, or the type it has by itself."""
    if dtype is None:
        dtype = natural_dtype(value)
    return to_array(value, dtype), dtype


def natural_dtype(value: Any) -> DType:
    """Return the type that a value has by itself.

    Raises:
        TypeError: if TensorFlow has no type for it.
        ValueError: if it is None, or nested lists are not rectangular.
    """
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype != object:
        return dtypes.by_numpy(value.dtype)
    if isinstance(value, bool):
        return dtypes.bool_
    number = value.value if isinstance(value, Dimension) else value
    if isinstance(number, int) and -(2**31) <= number < 2**31:
        return dtypes.int32
    if isinstance(value, float):
        return dtypes.float32
    array = _loose_array(value)
    if array.dtype == np.float64:  # of a list, also where NumPy's scalars stand in it
        return dtypes.float32
    if array.dtype == np.int64:
        fits = not array.size or (array.min() >= -(2**31) and array.max() < 2**31)
        return dtypes.int32 if fits else dtypes.int64
    if array.dtype.kind == "O" and not _is_text(array):
        raise TypeError(_unfit(value, None))
    return dtypes.by_numpy(array.dtype)


def to_array(value: Any, dtype: DType) -> Array:
    """Return a value as an array of `dtype`, refusing to lose anything.

    Raises:
        TypeError: if an element is of another kind (1.5 for int32, "a" for float32).
        ValueError: if nested lists are not rectangular, or a whole number does not fit.
    """
    if isinstance(value, TensorShape) and dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError(f"Cannot convert a TensorShape to dtype: {dtype.name}")
    is_array = isinstance(value, (np.ndarray, np.generic))
    if is_array and value.dtype == dtype.numpy and dtype is not dtypes.string:
        return np.asarray(value)
    array = _loose_array(value)
    if dtype is dtypes.string:
        if not _is_text(array) and array.size:
            raise TypeError(_unfit(value, dtype))
        return _strings(array)
    if array.dtype.kind == "V":
        array = array.view(dtype.numpy) if array.dtype.names else array
    if array.dtype.kind == "O":
        array = _numbers(array, value, dtype)
    if array.dtype.kind in "SU" or (array.size and not _keeps_kind(array, value, dtype)):
        raise TypeError(_unfit(value, dtype))
    if dtype.numpy.kind in "iu" and array.dtype.kind in "iu" and array.size:
        info = np.iinfo(dtype.numpy)
        if int(array.min()) < info.min or int(array.max()) > info.max:
            raise ValueError(_out_of_range(value, dtype))
    return array.astype(dtype.numpy)


def _numbers(array: Array, value: Any, dtype: DType) -> Array:
    """Return an array of objects as one of numbers: NumPy leaves what 64 bits cannot hold so."""
    if not all(isinstance(each, (int, float, complex, np.number)) for each in array.flat):
        raise TypeError(_unfit(value, dtype))
    if dtype.is_floating or dtype.is_complex:
        return array.astype(np.complex128 if dtype.is_complex else np.float64)
    plain = np.array(array.tolist())
    if plain.dtype == object:
        raise ValueError(_out_of_range(value, dtype))
    return plain


def _out_of_range(value: Any, dtype: DType) -> str:
    return f"Tensor value {value!r} is out of range of {dtype.name}"


def _keeps_kind(array: Array, value: Any, dtype: DType) -> bool:
    """Tell whether elements of the array's kind may become `dtype`: b < i < f < c."""
    if isinstance(value, (np.ndarray, np.generic)):
        return True  # an array with an explicit type is cast, as TensorFlow does
    if isinstance(first_leaf(value), np.bool_):
        return dtype.is_bool  # Python's True is a number, NumPy's is not
    have, want = array.dtype.kind, dtype.numpy.kind
    if dtype.is_floating:
        want = "f"  # bfloat16 is kind V to NumPy
    order = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}
    return have in order and want in order and order[have] <= order[want]


def _loose_array(value: Any) -> Array:
    if isinstance(value, TensorShape):
        if not value.is_fully_defined():
            raise ValueError(f"Cannot convert a partially known TensorShape to a Tensor: {value}")
        return np.array(value.as_list(), np.int64)
    if isinstance(value, Dimension) and value.value is None:
        raise ValueError(f"Cannot convert an unknown Dimension to a Tensor: {value}")
    if value is None:
        raise ValueError("None values not supported.")
    try:
        # text stays as objects: NumPy's own string types drop trailing zero bytes
        array = np.array(value, object if isinstance(first_leaf(value), (str, bytes)) else None)
        if array.dtype.kind in "SU" and isinstance(value, (list, tuple)):
            array = np.array(value, object)  # [1, "a"] is not ["1", "a"]
        if array.dtype.kind == "O" and any(isinstance(each, (list, tuple)) for each in array.flat):
            raise ValueError("lists within lists of other lengths")
    except ValueError:
        raise ValueError(
            f"Can't convert non-rectangular Python sequence to Tensor. Argument must be a dense "
            f"tensor: {value!r}"
        ) from None
    if array.dtype.kind == "O" and any(isinstance(each, Dimension) for each in array.flat):
        return _sizes(array, value)
    return array


def _sizes(array: Array, value: Any) -> Array:
    """Return Dimensions among whole numbers as numbers: `[-1, x.shape[1]]` is a usual shape."""
    if any(isinstance(each, Dimension) and each.value is None for each in array.flat):
        raise TypeError(_unfit(value, None))
    return np.array([int(each) for each in array.flat]).reshape(array.shape)


def first_leaf(value: Any) -> Any:
    """Return the first element of nested lists and tuples that is neither."""
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return value


def _is_text(array: Array) -> bool:
    return array.dtype.kind in "SU" or (
        array.dtype.kind == "O" and all(isinstance(each, (str, bytes)) for each in array.flat)
    )


def _strings(array: Array) -> Array:
    """Return an object array of bytes; text is encoded as UTF-8."""
    out = np.empty(array.size, object)
    out[:] = [each.encode() if isinstance(each, str) else bytes(each) for each in array.flat]
    return out.reshape(array.shape)


def _unfit(value: Any, dtype: DType | None) -> str:
    if isinstance(value, Operation):
        return f"Can't convert Operation '{value.name}' to Tensor: use one of its outputs"
    if dtype is None:
        return (
            f"Failed to convert object of type {type(value)} to Tensor. Contents: {value!r}. "
            "Consider casting elements to a supported type."
        )
    leaf = _misfit(value, dtype)
    return f"Expected {dtype.name}, got {leaf!r} of type '{type(leaf).__name__}' instead."


def _misfit(value: Any, dtype: DType) -> Any:
    """Return the first element of nested lists and tuples that is not of the type's kind."""
    while isinstance(value, (list, tuple)) and value:
        value = next((each for each in value if not _fits(each, dtype)), value[0])
    return value


def _fits(value: Any, dtype: DType) -> bool:
    try:
        to_array(value, dtype)
    except (TypeError, ValueError):
        return False
    return True
