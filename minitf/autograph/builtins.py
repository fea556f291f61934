"""Python's builtin functions where their arguments are tensors or datasets.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api import printing
from minitf.api.casting import cast
from minitf.api.math import abs as abs_of_tensor
from minitf.api.sequences import range as range_of_tensors
from minitf.api.strings import string_to_number
from minitf.autograph.iterating import rows
from minitf.autograph.state import is_tensor
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32, int32, string
from minitf.tensor_array import TensorArray


def _abs(x: Any) -> Any:
    return abs_of_tensor(x) if is_tensor(x) else builtins.abs(x)


def _float(x: Any = 0.0) -> Any:
    if not is_tensor(x):
        return builtins.float(x)
    x = convert_to_tensor(x)
    return string_to_number(x, float32) if x.dtype is string else cast(x, float32)


def _int(x: Any = 0, *base: Any, **kwargs: Any) -> Any:
    if not is_tensor(x):
        return builtins.int(x, *base, **kwargs)
    if (base or kwargs) and (*base, *kwargs.values()) != (10,):
        raise NotImplementedError(f"int of a tensor is not supported for base {base or kwargs}")
    x = convert_to_tensor(x)
    return string_to_number(x, int32) if x.dtype is string else cast(x, int32)


def _len(x: Any) -> Any:
    if isinstance(x, TensorArray):
        return x.size()
    if not is_tensor(x):
        return builtins.len(x)
    x = convert_to_tensor(x)
    if x.static_shape.rank == 0:
        raise ValueError(f"len requires a non-scalar tensor, got one of shape {x.shape}")
    return rows(x)


def _print(*values: Any, **kwargs: Any) -> Any:
    if any(is_tensor(each) for each in values):
        given = {key: kwargs[key] for key in ("sep", "end") if key in kwargs}
        return printing.print_(*values, output_stream=sys.stdout, **given)
    return builtins.print(*values, **kwargs)  # noqa: T201 the program prints


def _range(*limits: Any) -> Any:
    if any(is_tensor(each) for each in limits):
        if len(limits) == 1:
            return range_of_tensors(ops.maximum_op(limits[0], 0))
        return range_of_tensors(*limits)
    return builtins.range(*limits)


def _enumerate(x: Any, start: Any = 0) -> Any:
    return x.enumerate(start) if _is_dataset(x) else builtins.enumerate(x, start)


def _zip(*given: Any, **kwargs: Any) -> Any:
    if given and all(_is_dataset(each) for each in given):
        return given[0].zip(given)
    return builtins.zip(*given, **kwargs)  # noqa: B905 as the program says


def _map(function: Any, *given: Any) -> Any:
    if given and all(_is_dataset(each) for each in given):
        only = given[0] if len(given) == 1 else given[0].zip(given)
        return only.map(function)
    return builtins.map(function, *given)


def _filter(function: Any, given: Any) -> Any:
    return given.filter(function) if _is_dataset(given) else builtins.filter(function, given)


def _is_dataset(value: Any) -> bool:
    return hasattr(type(value), "graph_loop")


OVERLOADS: dict[Any, Callable[..., Any]] = {
    builtins.abs: _abs,
    builtins.enumerate: _enumerate,
    builtins.filter: _filter,
    builtins.float: _float,
    builtins.int: _int,
    builtins.len: _len,
    builtins.map: _map,
    builtins.print: _print,
    builtins.range: _range,
    builtins.zip: _zip,
}
