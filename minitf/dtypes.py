"""Element types: TensorFlow's name and enum beside NumPy's dtype, and the sets that ops allow.

State: one DType object per type, made at import and never after, so `is` compares types.
A *ref* type (`float32_ref`) is the type of a variable's handle; its `base_dtype` is what a read
gives.  Strings are object arrays of `bytes`; a quantized type is stored as its plain integer.

Source: 2015 §3 "Tensors", OSDI §3.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import ml_dtypes
import numpy as np

_REF_OFFSET = 100  # TensorFlow's DT_FLOAT_REF is DT_FLOAT + 100


class DType:
    """The type of a tensor's elements.

    Source: 2015 §3 "Tensors".
    """

    __slots__ = ("_ref", "base_dtype", "enum", "is_ref", "name", "numpy")

    name: str
    enum: int
    numpy: np.dtype[Any]
    is_ref: bool
    base_dtype: DType
    _ref: DType | None

    def __new__(cls, type_enum: int) -> DType:  # noqa: PYI034 there are no others
        """Return the type with a number of TensorFlow's DataType enum.

        Raises:
            TypeError: if there is none.
        """
        return as_dtype(type_enum)

    @classmethod
    def _made(cls, name: str, enum: int, numpy: np.dtype[Any], base: DType | None = None) -> DType:
        made = object.__new__(cls)
        made.name = name
        made.enum = enum
        made.numpy = numpy
        made.is_ref = base is not None
        made.base_dtype = base or made
        made._ref = None
        return made

    def __getitem__(self, dims: Any) -> RankedType:
        """Give the rank of an input of this type: `int32[n]` is a vector, `int32[()]` a scalar."""
        return RankedType(self, dims if isinstance(dims, tuple) else (dims,))

    @property
    def as_ref(self) -> DType:
        """The type of a handle to a variable of this type."""
        if self.is_ref:
            return self
        if self._ref is None:
            self._ref = DType._made(f"{self.name}_ref", self.enum + _REF_OFFSET, self.numpy, self)
        return self._ref

    _as_ref = as_ref  # TensorFlow's private names

    @property
    def _is_ref_dtype(self) -> bool:
        return self.is_ref

    @property
    def as_numpy_dtype(self) -> Any:
        """NumPy's scalar type; a structured dtype for quantized types, as in TensorFlow."""
        if self.is_quantized:
            return np.dtype([(self.base_dtype.name, self.numpy)])
        return object if self.numpy.kind == "O" else self.numpy.type

    @property
    def as_datatype_enum(self) -> int:
        """The number in TensorFlow's DataType enum."""
        return self.enum

    @property
    def is_floating(self) -> bool:
        """Whether it is a real floating-point type."""
        return self.base_dtype in FLOATS

    @property
    def is_integer(self) -> bool:
        """Whether it is a whole-number type that is not quantized."""
        return self.numpy.kind in "iu" and not self.is_quantized

    @property
    def is_unsigned(self) -> bool:
        """Whether it is an unsigned whole-number type."""
        return self.numpy.kind == "u" and not self.is_quantized

    @property
    def is_complex(self) -> bool:
        """Whether it is a complex type."""
        return self.numpy.kind == "c"

    @property
    def is_bool(self) -> bool:
        """Whether it is the boolean type."""
        return self.base_dtype is bool_

    @property
    def is_quantized(self) -> bool:
        """Whether it is one of the five quantized types."""
        return self.base_dtype in QUANTIZED

    @property
    def is_numpy_compatible(self) -> bool:
        """Whether NumPy arrays can hold it: all but `resource` and `variant`."""
        return self.base_dtype not in (resource, variant)

    @property
    def real_dtype(self) -> DType:
        """The type of the real part: float32 of complex64, else the type itself."""
        return {"complex64": float32, "complex128": float64}.get(self.base_dtype.name, self)

    @property
    def size(self) -> int:
        """Bytes per element; 1 for resources and variants, a pointer's 8 for strings."""
        return self.numpy.itemsize if self.is_numpy_compatible else 1

    @property
    def limits(self) -> tuple[Any, Any]:
        """The least and the greatest image intensity: (0, 1) of floats, (0, max) of integers.

        Raises:
            ValueError: for types that no image has.
        """
        if self.is_integer:
            return 0, self.max
        if self.base_dtype in (bool_, float32, float64):
            return 0, 1
        raise ValueError(f"{self} does not have defined limits.")

    @property
    def min(self) -> Any:
        """The least finite value; TypeError where the type has none."""
        return self._bound("min")

    @property
    def max(self) -> Any:
        """The greatest finite value; TypeError where the type has none."""
        return self._bound("max")

    def _bound(self, which: str) -> Any:
        if self.is_floating:
            return getattr(ml_dtypes.finfo(self.numpy), which)
        if self.numpy.kind in "iu" and not self.is_quantized:
            return getattr(np.iinfo(self.numpy), which)
        raise TypeError(f"Cannot find {which}imum value of {self}.")

    def is_compatible_with(self, other: Any) -> bool:
        """Tell whether a value of type `other` may flow where this type is wanted."""
        other = as_dtype(other)
        return self is other or (not self.is_ref and other.base_dtype is self)

    def __eq__(self, other: object) -> bool:
        """Compare with a DType or anything that `as_dtype` takes."""
        if self is other:
            return True
        if other is None or isinstance(other, DType):
            return False
        try:
            return self is as_dtype(other)
        except TypeError:
            return False

    def __hash__(self) -> int:
        """Hash by TensorFlow's enum."""
        return self.enum

    def __int__(self) -> int:
        """Give TensorFlow's enum."""
        return self.enum

    def __repr__(self) -> str:
        """Show as `tf.float32`."""
        return f"tf.{self.name}"

    def __str__(self) -> str:
        """Show as `<dtype: 'float32'>`."""
        return f"<dtype: {self.name!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by name: there is one object per type."""
        return as_dtype, (self.name,)


@dataclass(frozen=True)
class RankedType:
    """A type and the dimension letters that an op's signature writes after it."""

    dtype: DType
    dims: tuple[Any, ...]


def _dtype(name: str, enum: int, numpy: Any) -> DType:
    return DType._made(name, enum, np.dtype(numpy))  # noqa: SLF001 the types themselves


float32 = _dtype("float32", 1, np.float32)
float64 = _dtype("float64", 2, np.float64)
int32 = _dtype("int32", 3, np.int32)
uint8 = _dtype("uint8", 4, np.uint8)
int16 = _dtype("int16", 5, np.int16)
int8 = _dtype("int8", 6, np.int8)
string = _dtype("string", 7, np.object_)
complex64 = _dtype("complex64", 8, np.complex64)
int64 = _dtype("int64", 9, np.int64)
bool_ = _dtype("bool", 10, np.bool_)
qint8 = _dtype("qint8", 11, np.int8)
quint8 = _dtype("quint8", 12, np.uint8)
qint32 = _dtype("qint32", 13, np.int32)
bfloat16 = _dtype("bfloat16", 14, ml_dtypes.bfloat16)
qint16 = _dtype("qint16", 15, np.int16)
quint16 = _dtype("quint16", 16, np.uint16)
uint16 = _dtype("uint16", 17, np.uint16)
complex128 = _dtype("complex128", 18, np.complex128)
float16 = _dtype("float16", 19, np.float16)
resource = _dtype("resource", 20, np.object_)
variant = _dtype("variant", 21, np.object_)
uint32 = _dtype("uint32", 22, np.uint32)
uint64 = _dtype("uint64", 23, np.uint64)

DTYPES: dict[str, DType] = {d.name: d for d in list(globals().values()) if isinstance(d, DType)}
_BY_ENUM: dict[int, DType] = {d.enum: d for d in DTYPES.values()}


class TypeSet(frozenset[DType]):
    """The types that a type attribute may take; the empty set is `ANY`: unrestricted.

    `.default(int32)` adds the default of an inferred attribute, `.default(())` that of a type list,
    `.at_least(n)` the minimum length of one.
    """

    default_type: DType | tuple[DType, ...] | None = None
    minimum: int | None = None

    def default(self, dtype: DType | tuple[DType, ...]) -> TypeSet:
        """Return the same set with a default."""
        return self._with(dtype, self.minimum)

    def at_least(self, minimum: int) -> TypeSet:
        """Return the same set for a type list of at least `minimum` entries."""
        return self._with(self.default_type, minimum)

    def _with(self, dtype: DType | tuple[DType, ...] | None, minimum: int | None) -> TypeSet:
        made = TypeSet(self)
        made.default_type, made.minimum = dtype, minimum
        return made

    def __or__(self, other: Iterable[Any]) -> TypeSet:
        """Join two sets; ANY stays ANY only with itself."""
        return TypeSet(frozenset(self) | frozenset(other))

    def __sub__(self, other: Iterable[Any]) -> TypeSet:
        """Take types away."""
        return TypeSet(frozenset(self) - frozenset(other))


def types(*names: str) -> TypeSet:
    """Make a TypeSet of type names."""
    return TypeSet(DTYPES[name] for name in names)


ANY = TypeSet()
FLOATS = types("bfloat16", "float16", "float32", "float64")
COMPLEX = types("complex64", "complex128")
INDICES = types("int32", "int64")
SIGNED = types("int8", "int16", "int32", "int64")
INTEGERS = SIGNED | types("uint8", "uint16", "uint32", "uint64")
QUANTIZED = types("qint8", "quint8", "qint32", "qint16", "quint16")
REAL_NUMBERS = FLOATS | INTEGERS
NUMBERS = REAL_NUMBERS | COMPLEX | QUANTIZED  # TensorFlow's "numbertype"

_BY_NUMPY: dict[np.dtype[Any], DType] = {
    d.numpy: d for d in DTYPES.values() if d not in QUANTIZED and d.numpy.kind != "O"
}
_BY_NUMPY[np.dtype(np.object_)] = string
_STRUCTURED = {np.dtype([(d.name, d.numpy)]): d for d in QUANTIZED}
QUANTIZED_DTYPES = QUANTIZED | {d.as_ref for d in QUANTIZED}
half, double = float16, float64
_ALIASES = {"half": float16, "float": float32, "double": float64}
_C_NAMES = {dtype: name for name, dtype in _ALIASES.items()}
_PYTHON = {float: float32, int: int32, bool: bool_, complex: complex128, str: string, bytes: string}


# What `tf.dtypes` has beside the types: operations, and a name that Python's own would lose.
_OPERATIONS = ("as_string", "bool", "cast", "complex", "saturate_cast")


def __getattr__(name: str) -> Any:
    if name.endswith("_ref") and (base := DTYPES.get(name.removesuffix("_ref"))) is not None:
        return base.as_ref
    if name in _OPERATIONS:
        return getattr(import_module("minitf"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_OPERATIONS])


def by_enum(enum: int) -> DType:
    """Return the DType of TensorFlow's enum, ref types included; TypeError if there is none."""
    found = _BY_ENUM.get(enum)
    if found is None and (base := _BY_ENUM.get(enum - _REF_OFFSET)) is not None:
        return base.as_ref
    if found is None:
        raise TypeError(f"Cannot convert value {enum!r} to a TensorFlow DType.")
    return found


def c_name(dtype: DType) -> str:
    """Return the name that a type has in the messages of TensorFlow's C++: "float" of float32."""
    return _C_NAMES.get(dtype.base_dtype, dtype.base_dtype.name) + ("_ref" if dtype.is_ref else "")


def by_numpy(dtype: Any) -> DType:
    """Return the DType of a NumPy dtype; TypeError if TensorFlow has none."""
    dtype = np.dtype(dtype)
    if dtype.kind in "SU":
        return string
    found = _BY_NUMPY.get(dtype) or _BY_NUMPY.get(dtype.newbyteorder("="))
    found = found or (_STRUCTURED.get(dtype) if dtype.kind == "V" else None)
    if found is None:
        raise TypeError(f"Cannot convert value {dtype!r} to a TensorFlow DType.")
    return found


def as_dtype(value: Any) -> DType:
    """Convert to a DType.

    Args:
        value: a DType, its name (`"float32"`, `"float32_ref"`, `"half"`), TensorFlow's enum, a
            NumPy type or dtype, or Python's float (float32), int (int32), bool, complex or str.

    Raises:
        TypeError: if it names no type.
    """
    if isinstance(value, DType):
        return value
    if isinstance(value, str):
        found = DTYPES.get(value) or _ALIASES.get(value)
        if found is None and value.endswith("_ref"):
            found = as_dtype(value.removesuffix("_ref")).as_ref
        if found is not None:
            return found
    elif isinstance(value, int) and not isinstance(value, bool):
        return by_enum(value)
    elif isinstance(value, type) and value in _PYTHON:
        return _PYTHON[value]
    try:
        if value is not None:  # NumPy takes None for float64
            return by_numpy(value)
    except TypeError:
        pass  # said below, in TensorFlow's words
    raise TypeError(f"Cannot convert value {value!r} to a TensorFlow DType.")
