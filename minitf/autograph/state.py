"""The state of a statement: values of variables, taken apart into tensors, and put together again.

    ("s", "row", "f")    (0, [x, y], print)     what get_state gives, by name
    leaves               0, x, y, print
    tensors              0, x, y                travel through a cond or a loop
    opaque               print, None            stay what they are

**Invariants**

1. An unbound variable is UNDEFINED; it has no tensors.
2. What is opaque is the same object in every branch, and before and after an iteration.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest
from minitf.api.constants import zeros
from minitf.autograph.jumps import RESULT
from minitf.control_flow.values import as_leaf
from minitf.convert import convert_to_tensor
from minitf.dtypes import bool_
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.type_spec import CompositeTensor
from minitf.variables.base import Variable

Values = tuple[Any, ...]
Get = Callable[[], Values]
Put = Callable[[Values], None]


class _Undefined:
    """Stands for the value of a variable that is not bound."""

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = _Undefined()


def values(*thunks: Callable[[], Any]) -> Values:
    """Return what functions give; UNDEFINED where a variable or place is not bound."""
    found = []
    for thunk in thunks:
        try:
            found.append(thunk())
        except (NameError, AttributeError, LookupError, TypeError):
            found.append(UNDEFINED)
    return tuple(found)


def no_values() -> Values:
    """Return the state of a statement that has none."""
    return ()


def no_effect(given: Values) -> None:
    """Set the state of a statement that has none."""


def is_tensor(value: Any) -> bool:
    """Tell whether a value is known only when a graph runs."""
    return isinstance(value, (Tensor, Variable))


def checked_condition(value: Any, of_what: str) -> Tensor:
    """Return the condition of a statement as a tensor.

    Raises:
        ValueError: if it is no bool scalar.
    """
    made = convert_to_tensor(value)
    hint = "to use as boolean Tensor, use `tf.cast`; to check for None, use `is not None`"
    if made.dtype.base_dtype is not bool_:
        raise ValueError(
            f"condition of {of_what} expected to be `tf.bool` scalar, got {made}; {hint}"
        )
    if made.static_shape.rank not in (None, 0):
        raise ValueError(
            f"condition of {of_what} expected to be `tf.bool` scalar, got {made}; "
            "to check for None, use `is not None`"
        )
    return made


class Parts:
    """A value taken apart.

    Attributes:
        value: the value.
        leaves: its leaves: Tensors, composite values and TensorArrays, whatever becomes a tensor
            as one, and what is opaque.
        is_tensor: for each leaf, whether it travels.
    """

    def __init__(self, value: Any) -> None:
        self.value = value
        self.given = [] if value is UNDEFINED else nest.flatten(value)
        both = [_leaf(each) for each in self.given]
        self.leaves = [leaf for leaf, _ in both]
        self.is_tensor = [travels for _, travels in both]

    @property
    def tensors(self) -> list[Any]:
        """The leaves that travel."""
        return [leaf for leaf, is_one in zip(self.leaves, self.is_tensor, strict=True) if is_one]

    def with_tensors(self, tensors: Sequence[Any]) -> Any:
        """Return the value with others in place of the leaves that travel."""
        if self.value is UNDEFINED:
            return UNDEFINED
        rest = iter(tensors)
        leaves = [
            next(rest) if is_one else leaf
            for leaf, is_one in zip(self.leaves, self.is_tensor, strict=True)
        ]
        return nest.pack_sequence_as(self.value, leaves)


def _leaf(value: Any) -> tuple[Any, bool]:
    if isinstance(value, (Tensor, CompositeTensor, TensorArray)):
        return value, True
    if value is None:
        return value, False
    try:
        return as_leaf(value), True
    except (TypeError, ValueError):
        return value, False


class State:
    """The values of variables, each taken apart.

    Args:
        names: of the variables.
        values: their values.
    """

    def __init__(self, names: Sequence[str], values: Values) -> None:
        self.names = names
        self.parts = [Parts(each) for each in values]

    @property
    def tensors(self) -> list[Any]:
        """The leaves of all values that travel."""
        return [leaf for each in self.parts for leaf in each.tensors]

    def with_tensors(self, tensors: Sequence[Any]) -> Values:
        """Return the values with others in place of the leaves that travel."""
        rest = iter(tensors)
        return tuple(each.with_tensors([next(rest) for _ in each.tensors]) for each in self.parts)


def blank(parts: Parts, name: str) -> Any:
    """Return zeros that stand for a value that is not there yet, of the types of one that will be.

    Sizes that are not known are 0.

    Raises:
        ValueError: if it is of something else than tensors.
    """
    made = []
    for leaf in parts.tensors:
        if not isinstance(leaf, Tensor):
            raise ValueError(f"{shown(name)} must be defined before: it holds a {type(leaf)}")
        sizes = leaf.static_shape.as_list() or []
        made.append(zeros([size or 0 for size in sizes], leaf.dtype.base_dtype))
    return parts.with_tensors(made)


def dtype_of(leaf: Any) -> Any:
    """Return the type of a leaf that travels; None for one that has none."""
    dtype = getattr(leaf, "dtype", None)
    return None if dtype is None else dtype.base_dtype


def check_alike(name: str, one: Parts, other: Parts, where: Callable[[str, Any, Any], str]) -> None:
    """Check that two values of a variable differ in nothing but the values of their tensors.

    Args:
        name: of the variable.
        one: its value in one place.
        other: in another.
        where: what is told of them, a word and two values -> text such as "has dtype int32 in the
            main branch, but dtype float32 in the else branch".

    Raises:
        TypeError: if structures, types or what is opaque differ.
    """
    try:
        nest.assert_same_structure(one.value, other.value)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{shown(name)} must have the same nested structure {where('', None, None)}:\n\n{error}"
        ) from None
    for i, (a, b) in enumerate(zip(one.leaves, other.leaves, strict=True)):
        if one.is_tensor[i] != other.is_tensor[i]:
            raise TypeError(f"{shown(name)} {where('value', a, b)}")
        if not one.is_tensor[i]:
            if a is not b and not (type(a) is type(b) and bool(a == b)):
                raise TypeError(f"{shown(name)} {where('value', a, b)}")
        elif isinstance(a, TensorArray) != isinstance(b, TensorArray):
            raise TypeError(f"{shown(name)} {where('type', type(a), type(b))}")
        elif dtype_of(a) is not dtype_of(b):
            raise TypeError(f"{shown(name)} {where('dtype', dtype_of(a).name, dtype_of(b).name)}")


def shown(name: str) -> str:
    """Return a name for messages."""
    return "the returned value" if name == RESULT else repr(name)
