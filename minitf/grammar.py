"""The grammar of an op's signature: annotations become the arguments and attributes of an OpDef.

    def split_op(split_dim: int32, value: T, *, num_split: int) -> List[T, num_split]

Positional parameters are inputs, keyword-only ones attributes.  Everything is read once, straight
from `__annotations__`, `__kwdefaults__` and `__code__`: 2 ms per 100 ops.

Source: 2015 §2 (attributes make an op polymorphic), OSDI §3.1 (polymorphic and variadic ops).
"""

from __future__ import annotations

import types as python_types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.dtypes import DType, RankedType, TypeSet, as_dtype
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import Form, Symbol
from minitf.tensor_shape import Dimension, TensorShape


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()  # the default of an attribute that has none


@dataclass(frozen=True)
class Function:
    """A function as an attribute: its name in the graph's library and its attributes."""

    name: str
    attrs: tuple[tuple[str, Any], ...] = ()


class Listed(np.ndarray[Any, Any]):
    """An array as an attribute that knows how many elements a TensorProto lists of it: `listed`.

    The rest repeat the last one listed, so `tf.zeros([999])` takes one number in a GraphDef.  Views
    and copies of such an array know nothing.
    """

    listed: int | None = None


def list_only(array: np.ndarray[Any, Any], count: int) -> Listed:
    """Return an array as one of which a TensorProto lists the first elements."""
    made = array.view(Listed)
    made.listed = count
    return made


@dataclass
class Arg:
    """One input or output: either of a fixed type, or typed by an attribute.

    Attributes:
        dtype: the fixed type, or None.
        type_attr: the attribute that gives the type.
        type_list_attr: the attribute that gives the types of a list of different types.
        number_attr: the attribute that gives the length of a list of one type.
        is_ref: whether it is a variable's handle.
        rank: how many dimensions the signature writes; None for any.
    """

    name: str
    dtype: DType | None = None
    type_attr: str = ""
    type_list_attr: str = ""
    number_attr: str = ""
    is_ref: bool = False
    rank: int | None = None

    @property
    def is_list(self) -> bool:
        """Whether it stands for several tensors."""
        return bool(self.number_attr or self.type_list_attr)


@dataclass
class Attr:
    """One attribute of an op.

    Attributes:
        kind: TensorFlow's attribute type: "int", "float", "bool", "string", "type", "shape",
            "tensor", "func", or "list(...)" of one.
        default: the value if none is given; REQUIRED if there is none.
        allowed: allowed types or strings; None for any.
        minimum: the least int, or the least length of a list.
        inferred: whether inputs fix it.
    """

    name: str
    kind: str
    default: Any = REQUIRED
    allowed: Any = None
    minimum: int | None = None
    inferred: bool = False

    def checked(self, value: Any, op_name: str, input_name: str = "") -> Any:
        """Return a value in the form that operations store, if the attribute may have it.

        Args:
            value: what the attribute is to be.
            op_name: the kind of operation, for messages.
            input_name: the input that the value is inferred from, for messages.

        Raises:
            TypeError: if it is of another kind, or a type that is not allowed.
            ValueError: if it is a string that is not allowed, or too small.
        """
        if self.kind.startswith("list("):
            item_kind = self.kind[5:-1]
            if not isinstance(value, (list, tuple)):
                raise TypeError(
                    f"Expected list for '{self.name}' argument to '{op_name}' Op, not {value!r}."
                )
            value = tuple([_COERCE[item_kind](v, self.name) for v in value])
            if self.minimum is not None and len(value) < self.minimum:
                raise ValueError(
                    f"Attr '{self.name}' of '{op_name}' Op passed list of length {len(value)} "
                    f"less than minimum {self.minimum}."
                )
            items = value
        else:
            value = _COERCE[self.kind](value, self.name)
            if self.minimum is not None and value < self.minimum:
                raise ValueError(
                    f"Attr '{self.name}' of '{op_name}' Op passed {value} less than minimum "
                    f"{self.minimum}."
                )
            items = (value,)
        if self.allowed is not None:
            for item in items:
                if item not in self.allowed:
                    raise self._not_allowed(item, op_name, input_name)
        return value

    def _not_allowed(self, item: Any, op_name: str, input_name: str) -> Exception:
        if isinstance(item, DType):
            names = ", ".join(sorted(t.name for t in self.allowed))
            return TypeError(
                f"Value passed to parameter '{input_name or self.name}' has DataType {item.name} "
                f"not in list of allowed values: {names} (op: '{op_name}')"
            )
        choices = '", "'.join(self.allowed)
        return ValueError(
            f"Attr '{self.name}' of '{op_name}' Op passed string '{item}' not in: \"{choices}\"."
        )

    def limited(self, limit: Any, op_name: str) -> Attr:
        """Apply a limit of `@op(..., T=FLOATS, N=at_least(2))`."""
        if isinstance(limit, at_least):
            self.minimum = limit.minimum
            if limit.default is not None:
                self.default = limit.default
        elif isinstance(limit, TypeSet):
            self.allowed = limit or None
            self.minimum = limit.minimum
            if limit.default_type is not None:
                self.default = limit.default_type
        elif limit is not None:
            raise TypeError(
                f"{op_name}: limit of '{self.name}' is {limit!r}: a TypeSet or at_least(n)"
            )
        return self


@dataclass(frozen=True)
class at_least:  # noqa: N801 it reads as a word of the grammar
    """The minimum of an int attribute or of a list's length: `@op("ConcatV2", N=at_least(2))`.

    `default` is that of a number that inputs fix: `at_least(0, default=0)`.
    """

    minimum: int
    default: int | None = None


# --- attribute values -------------------------------------------------------------------------


def _int(value: Any, name: str) -> int:
    if isinstance(value, (int, np.integer, Dimension)):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise TypeError(f"Expected int for argument '{name}' not {value!r}.")


def _float(value: Any, name: str) -> float:
    if isinstance(value, (int, float, np.integer, np.floating)):
        return float(np.float32(value))  # what a GraphDef holds, so that a round trip is exact
    raise TypeError(f"Expected float for argument '{name}' not {value!r}.")


def _bool(value: Any, name: str) -> bool:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise TypeError(f"Expected bool for argument '{name}' not {value!r}.")


def _string(value: Any, name: str) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, str):
        return value
    raise TypeError(f"Expected string for argument '{name}' not {value!r}.")


def _type(value: Any, name: str) -> DType:
    try:
        return as_dtype(value).base_dtype
    except TypeError as error:
        raise TypeError(f"Expected DataType for argument '{name}' not {value!r}.") from error


def _shape(value: Any, name: str) -> Shape:
    try:
        return value if isinstance(value, Shape) else TensorShape(value).static_shape
    except (TypeError, ValueError) as error:
        raise type(error)(f"Error converting {name} to a TensorShape: {error}.") from error


def _tensor(value: Any, name: str) -> np.ndarray[Any, Any]:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"Expected array for argument '{name}' not {value!r}.")
    return value


def _function(value: Any, name: str) -> Function:
    if isinstance(value, Function):
        return value
    if isinstance(value, str):
        return Function(value)
    raise TypeError(f"Expected function for argument '{name}' not {value!r}.")


_COERCE: dict[str, Callable[[Any, str], Any]] = {
    "int": _int,
    "float": _float,
    "bool": _bool,
    "string": _string,
    "type": _type,
    "shape": _shape,
    "tensor": _tensor,
    "func": _function,
}
_KINDS = {
    int: "int",
    float: "float",
    bool: "bool",
    str: "string",
    DType: "type",
    Shape: "shape",
    np.ndarray: "tensor",
    Function: "func",
}


# --- annotations ------------------------------------------------------------------------------


@dataclass
class Signature:
    """What a body's annotations say: the parts of an OpDef."""

    inputs: tuple[Arg, ...]
    outputs: tuple[Arg, ...]
    attrs: dict[str, Attr]
    takes_context: bool


def read_signature(
    name: str, body: Callable[..., Any], output_names: tuple[str, ...], limits: dict[str, Any]
) -> Signature:
    """Read the signature of the function that is an op's meaning.

    Raises:
        TypeError: if it is not in the grammar; the message says what to write.
    """
    code, notes = body.__code__, body.__annotations__
    positional = code.co_varnames[: code.co_argcount]
    keyword = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    if body.__defaults__:
        raise TypeError(f"{name}: an input can't have a default: TensorFlow has no optional inputs")
    inputs = tuple(_arg(each, notes.get(each), name) for each in positional)
    outputs = _outputs(name, notes.get("return", REQUIRED), output_names)
    defaults = body.__kwdefaults__ or {}
    attrs = {
        each: _attr(each, notes.get(each), defaults.get(each, REQUIRED), name).limited(
            limits.get(each), name
        )
        for each in keyword
        if notes.get(each) is not Context
    }
    for arg in inputs:
        for attr, kind in (
            (arg.type_attr, "type"),
            (arg.type_list_attr, "list(type)"),
            (arg.number_attr, "int"),
        ):
            if not attr or attr in attrs:
                continue
            if kind != "int" and attr not in limits:
                raise TypeError(
                    f"{name}: allowed types of '{attr}' are missing: @op(.., {attr}=ANY)"
                )
            attrs[attr] = Attr(attr, kind, inferred=True).limited(limits.get(attr), name)
    for arg in outputs:
        for attr in (arg.type_attr, arg.type_list_attr, arg.number_attr):
            if attr and attr not in attrs:
                raise TypeError(
                    f"{name}: output '{arg.name}' uses '{attr}', which no input or attribute gives"
                )
    if unknown := set(limits) - set(attrs):
        raise TypeError(f"{name}: limits for unknown attributes {sorted(unknown)}")
    return Signature(inputs, outputs, attrs, any(notes.get(each) is Context for each in keyword))


def _outputs(name: str, note: Any, output_names: tuple[str, ...]) -> tuple[Arg, ...]:
    if note is REQUIRED:
        raise TypeError(f"{name}: the return annotation is missing; `-> None` means no outputs")
    if note is None:
        return ()
    notes = typing.get_args(note) if isinstance(note, python_types.GenericAlias) else (note,)
    if len(output_names) != len(notes):
        raise TypeError(f"{name}: {len(notes)} outputs, {len(output_names)} names: {output_names}")
    return tuple(_arg(each, n, name) for each, n in zip(output_names, notes, strict=True))


def _arg(name: str, note: Any, op_name: str) -> Arg:
    if isinstance(note, Form):
        if note.kind == "TypeList":
            return Arg(name, type_list_attr=note.items[0].name)
        arg = _arg(name, note.items[0], op_name)
        if note.kind == "List":
            arg.number_attr = note.items[1].name
        else:
            arg.is_ref = True
        return arg
    if isinstance(note, DType):
        return Arg(name, dtype=note)
    if isinstance(note, RankedType):
        return Arg(name, dtype=note.dtype, rank=_rank(note.dims))
    if isinstance(note, Symbol):
        return Arg(name, type_attr=note.name, rank=None if note.dims is None else _rank(note.dims))
    hint = " (drop `from __future__ import annotations`)" if isinstance(note, str) else ""
    raise TypeError(
        f"{op_name}: '{name}' is annotated {note!r}; wanted T, T[N, C], List[T, N], TypeList[Ts], "
        f"Ref[T] or a DType{hint}"
    )


def _rank(dims: tuple[Any, ...]) -> int:
    return 0 if dims == ((),) else len(dims)


def _attr(name: str, note: Any, default: Any, op_name: str) -> Attr:
    origin, items = typing.get_origin(note), typing.get_args(note)
    if origin is typing.Literal:
        return Attr(name, "string", default, allowed=items)
    is_list = origin is tuple
    kind = _KINDS.get(items[0] if is_list else note)
    if kind is None:
        raise TypeError(
            f"{op_name}: attribute '{name}' is annotated {note!r}; wanted int, float, bool, str, "
            "Literal, DType, Shape, np.ndarray, Function or a tuple[...] of one"
        )
    return Attr(name, f"list({kind})" if is_list else kind, default)
