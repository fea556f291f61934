"""Making the operation of a Case in a graph: what the properties share."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.convert import natural_dtype
from minitf.dtypes import DType, as_dtype
from minitf.shapes import UNKNOWN, Shape


def placeholders(op_def: Any, case: Any, hide: Any = None, constants: Any = ()) -> list[Any]:
    """Make a Placeholder (or a Const) per input of a case.

    Args:
        op_def: the op.
        case: its inputs' arrays.
        hide: (shape) -> Shape with less knowledge; None keeps all.
        constants: names of inputs that become Const.
    """
    made = []
    for arg, value in zip(op_def.inputs, case.inputs, strict=True):
        items = value if arg.is_list else [value]
        tensors = []
        for item in items:
            array = np.asarray(item)
            dtype = input_dtype(arg, array, case)
            if arg.name in constants:
                tensors.append(ops.const_op(value=array, dtype=dtype))
            else:
                shape = hide(array.shape) if hide else Shape(array.shape)
                tensors.append(ops.placeholder_op(dtype=dtype, shape=shape))
        made.append(tensors if arg.is_list else tensors[0])
    return made


def input_dtype(arg: Any, array: Any, case: Any) -> Any:
    """Return the DType of an input: fixed, given by an attribute of the case, or the array's."""
    if arg.dtype is not None:
        return arg.dtype
    given = case.attrs.get(arg.type_attr)
    dtype = given if isinstance(given, DType) else natural_dtype(array)
    return as_dtype(f"q{dtype.name}") if arg.type_attr in case.quantized else dtype


def attributes(op_def: Any, case: Any) -> dict[str, Any]:
    """Return all attributes of a case, the inferred types included."""
    found = dict(case.attrs)
    for arg, value in zip(op_def.inputs, case.inputs, strict=True):
        if arg.type_attr:
            first = value[0] if arg.is_list else value
            found[arg.type_attr] = input_dtype(arg, np.asarray(first), case)
    return found


def tensors_of(made: Any) -> list[Any]:
    """Return the outputs of a call, flat."""
    if made is None or hasattr(made, "definition"):
        return []
    if isinstance(made, (list, tuple)):
        return [t for each in made for t in tensors_of(each)]
    return [made]


def hide_randomly(draw: Any, shape: tuple[int, ...]) -> Shape:
    """Return a shape with random sizes, or the rank, forgotten."""
    from hypothesis import strategies as st

    if draw(st.integers(0, 4)) == 0:
        return Shape.unknown()
    return Shape([UNKNOWN if draw(st.booleans()) else n for n in shape])
