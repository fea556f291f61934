"""Assertions on types, ranks and shapes: decided while the graph is built where that is possible.

A rank or size that is known to be wrong raises ValueError at once, a wrong type TypeError; one that
is not known yet makes an operation that aborts the step.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.api.assertions import Data, message_prefix
from minitf.api.checks import Assert
from minitf.api.comparison import equal, greater_equal, logical_or
from minitf.api.control import after, group, no_op
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.sizes import rank as rank_of
from minitf.api.sizes import shape
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, as_dtype, float32, int32
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor

# --- types ---------------------------------------------------------------------------------------


def assert_type(
    tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None
) -> Operation:
    """Raise TypeError unless a Tensor or SparseTensor has a type; return a NoOp."""
    wanted = as_dtype(tf_type)
    with name_scope(name, "assert_type", [tensor]):
        tensor = _tensor(tensor, "tensor")
        if tensor.dtype != wanted:
            raise TypeError(
                f"{message_prefix(message)}{getattr(tensor, 'name', 'tensor')} must be of type "
                f"{wanted!r}; got {tensor.dtype!r}"
            )
        return no_op("statically_determined_correct_type")


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> Operation:
    """Raise TypeError unless a Tensor holds integers, quantized ones aside; return a NoOp."""
    with name_scope(name, "assert_integer", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_integer:
            raise TypeError(
                f'{message_prefix(message)}Expected "x" to be integer type.  Found: {x.name} of '
                f"dtype {x.dtype}"
            )
        return no_op("statically_determined_was_integer")


def assert_same_float_dtype(tensors: Any = None, dtype: Any = None) -> DType:
    """Return the floating-point type that all tensors have.

    Args:
        tensors: Tensors; None among them is passed over.
        dtype: the type expected; that of the first tensor by default, float32 without tensors.

    Raises:
        ValueError: if the types differ, or are not floating-point.
    """
    first = ""
    for each in tensors or ():
        if each is None:
            continue
        found = each.dtype.base_dtype
        if not dtype:
            dtype, first = found, f" as {each.name}"
        elif dtype != found:
            raise ValueError(
                f"{each.name}, type={found}, must be of the same type ({dtype}){first}."
            )
    dtype = dtype or float32
    if not dtype.is_floating:
        raise ValueError(f"Expected floating point type, got {dtype}.")
    return dtype


def assert_proper_iterable(values: Any) -> None:
    """Raise TypeError unless values is an iterable that is no single Tensor, array or text."""
    if isinstance(values, (Tensor, SparseTensor, np.ndarray, str, bytes)):
        raise TypeError(
            f'Expected argument "values" to be a "proper" iterable.  Found: {type(values)}'
        )
    if not hasattr(values, "__iter__"):
        raise TypeError(f'Expected argument "values" to be iterable.  Found: {type(values)}')


def _tensor(x: Any, name: str) -> Any:
    return x if isinstance(x, SparseTensor) else convert_to_tensor(x, name=name)


# --- ranks ---------------------------------------------------------------------------------------


def assert_scalar(tensor: Any, name: str | None = None, message: str | None = None) -> Tensor:
    """Return a Tensor that is known to be a scalar, else raise ValueError."""
    with name_scope(name, "assert_scalar", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name=scope)
        if tensor.static_shape.rank != 0:
            raise ValueError(
                f"{message_prefix(message)}Expected scalar shape for {tensor.name}, saw shape: "
                f"{tensor.shape}."
            )
        return tensor


def assert_rank(
    x: Any,
    rank: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x has a rank.

    Args:
        x: a Tensor or SparseTensor.
        rank: int32 scalar.
        data: what to show if it fails; the shape by default.
        summarize: how many elements of each to show, 3 by default.
        message: stands before what is shown.
        name: name scope of the operations.

    Raises:
        ValueError: if it is known to have another rank.
    """
    with name_scope(name, "assert_rank", [x, rank, *(data or [])]):
        ranks = [convert_to_tensor(rank, name="rank")]
        return _check_rank(_tensor(x, "x"), ranks, "", equal, data, summarize, message)


def assert_rank_at_least(
    x: Any,
    rank: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails if x has less than a rank; arguments as of `assert_rank`."""
    with name_scope(name, "assert_rank_at_least", [x, rank, *(data or [])]):
        x = convert_to_tensor(x, name="x")
        ranks = [convert_to_tensor(rank, name="rank")]
        return _check_rank(x, ranks, "at least", greater_equal, data, summarize, message)


def assert_rank_in(
    x: Any,
    ranks: Iterable[Any],
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x has one of some ranks.

    Arguments as of `assert_rank`, with several int32 scalars.
    """
    ranks = list(ranks)
    with name_scope(name, "assert_rank_in", [x, *ranks, *(data or [])]):
        tensors = [convert_to_tensor(each, name="rank") for each in ranks]
        return _check_rank(_tensor(x, "x"), tensors, "in", equal, data, summarize, message)


def _check_rank(
    x: Any,
    ranks: list[Tensor],
    how: str,
    compare: Callable[[Any, Any], Any],
    data: Data,
    summarize: int | None,
    message: str | None,
) -> Operation:
    """Build an assertion that the rank of x compares with one of some ranks.

    Args:
        x: a Tensor or SparseTensor.
        ranks: int32 scalars.
        how: what stands before the ranks in the message.
        compare: `equal` or `greater_equal`, of Tensors.
        data: what to show if it fails.
        summarize: how many elements of each to show.
        message: stands before what is shown.
    """
    who = "" if isinstance(x, SparseTensor) else x.name
    must = f"Tensor {who} must have rank{' ' * bool(how)}{how}"
    if data is None:
        data = [message_prefix(message), must, *ranks, "Received shape: ", shape(x)]
    for each in ranks:
        assert_type(each, int32)
    values = [constant_value(each) for each in ranks]
    known = [each for each in values if each is not None]
    if len(known) == len(ranks):
        if any(each.ndim for each in known):
            raise ValueError("Rank must be a scalar.")
        real = x.shape.ndims
        if real is not None:
            wanted = [int(each) for each in known]
            if not any(real >= w if how == "at least" else real == w for w in wanted):
                told = tuple(wanted) if how == "in" else wanted[0]
                raise ValueError(
                    f"{message_prefix(message)}{must} {told}.  Received rank {real}, shape "
                    f"{x.shape}"
                )
            return no_op(name="static_checks_determined_all_ok")
    actual = rank_of(x)
    condition = _any_of(compare(actual, each) for each in ranks)
    for each, value in zip(ranks, values, strict=True):
        if value is None:
            shown = ["Rank must be a scalar. Received rank: ", each]
            condition = after([assert_rank(each, 0, data=shown)], condition)
    return Assert(condition, data, summarize=summarize)


def _any_of(conditions: Iterator[Tensor]) -> Tensor:
    found = next(conditions, None)
    if found is None:
        return convert_to_tensor(False)
    for each in conditions:
        found = logical_or(found, each)
    return found


# --- sizes ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Size:
    """The size of one dimension of one tensor, and how messages call it."""

    tensor: Any
    axis: int
    name: str

    def value(self) -> Any:
        """Return the size: an int if it is known, else a Tensor.  A scalar is one of size 1."""
        sizes = self.tensor.shape
        if sizes.ndims == 0:
            return 1
        if sizes.ndims is not None and sizes.as_list()[self.axis] is not None:
            return sizes.as_list()[self.axis]
        return shape(self.tensor)[self.axis]


def assert_shapes(
    shapes: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless tensors have shapes, some of whose sizes are names.

    assert_shapes([(x, ("N", "Q")), (y, ("N", 3)), (z, ("...", "Q"))]): each name stands for one
    size, "." or None for any, a leading `...` or "*" for any dimensions.  A scalar counts as a
    vector of size 1.

    Args:
        shapes: a dict of, or pairs of, tensors and shapes; a shape None is not checked.
        data: what to show if it fails.
        summarize: how many elements of each to show, 3 by default.
        message: stands before what is shown.
        name: name scope of the operations.

    Raises:
        ValueError: if a shape is known to be wrong.
    """
    pairs = shapes.items() if isinstance(shapes, Mapping) else shapes
    prefix = message_prefix(message)
    with name_scope(name, "assert_shapes", [shapes, data]):
        wanted = [(_tensor(x, "x"), each) for x, each in pairs if each is not None]
        rank_checks: list[Operation] = []
        sizes: list[tuple[_Size, Any]] = []
        for x, asked in wanted:
            symbols, leading = _symbols(x, asked, prefix)
            told: dict[str, Any] = {"data": data, "summarize": summarize, "message": message}
            if not leading:
                ranks = [0, 1] if len(symbols) <= 1 else [len(symbols)]
                rank_checks.append(assert_rank_in(x, ranks, **told))
            elif len(symbols) > 1:
                rank_checks.append(assert_rank_at_least(x, len(symbols), **told))
            start = -len(symbols) if leading else 0
            sizes += [(_Size(x, start + i, _name(x)), s) for i, s in enumerate(symbols)]
        with control_dependencies(rank_checks):  # sizes are taken only of ranks that are right
            checks = list(_check_sizes(sizes, data, summarize, prefix))
            return group(*checks)


def _name(x: Any) -> str:
    return f"shape={x.shape} dtype={x.dtype.name}" if isinstance(x, SparseTensor) else x.name


def _symbols(x: Any, symbols: Any, prefix: str) -> tuple[tuple[Any, ...], bool]:
    """Return the sizes asked for, and whether any dimensions may stand before them."""
    if not hasattr(symbols, "__iter__"):
        raise ValueError(
            f"{prefix}Tensor {_name(x)}.  Specified shape must be an iterable.  An iterable has "
            f"the attribute `__iter__` or `__getitem__`.  Received specified shape: {symbols}"
        )
    symbols = tuple(getattr(each, "value", each) for each in symbols)
    for i, each in enumerate(symbols):
        if each in (..., "*") and i:
            raise ValueError(
                f"{prefix}Tensor {_name(x)} specified shape index {i}.  Symbol `...` or `*` for a "
                "variable number of unspecified dimensions is only allowed as the first entry"
            )
    leading = bool(symbols) and symbols[0] in (..., "*")
    return (symbols[1:] if leading else symbols) or (1,), leading


def _check_sizes(
    sizes: list[tuple[_Size, Any]], data: Data, summarize: int | None, prefix: str
) -> Iterator[Operation]:
    """Walk the assertions that sizes are the numbers asked for, or those of equal names."""
    named: dict[Any, _Size] = {}
    for size, symbol in sizes:
        if symbol is None or symbol == ".":
            continue
        if not str(symbol).isdigit() and symbol not in named:
            named[symbol] = size
            continue
        if symbol in named:
            other = named[symbol]
            wanted = other.value()
            told = f"Specified by tensor {other.name} dimension {other.axis}"
        else:
            wanted, told = int(symbol), "Specified explicitly"
        real = size.value()
        what = f"Tensor {size.name} dimension"
        if isinstance(real, int) and isinstance(wanted, int):
            if real != wanted:
                raise ValueError(
                    f"{prefix}{told}.  {what} {size.axis} must have size {wanted}.  Received size "
                    f"{real}, shape {size.tensor.shape}"
                )
            continue
        shown = [prefix, told, what, size.axis, "must have size", wanted]
        shown += ["Received shape: ", shape(size.tensor)]
        yield Assert(equal(real, wanted), shown if data is None else data, summarize=summarize)
