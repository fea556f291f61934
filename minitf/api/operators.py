"""Python's operators on Tensors: which op each builds, and what it is called.

`x + 1` builds `add` (AddV2) and the constant `add/y`: as in TensorFlow, an operator is a name scope
named after the Python method, and the operand that is no Tensor takes the other's type if it fits.

Importing this module fills the hooks of `minitf.tensor`.

Source: TensorFlow 1.15's operator overloading; 2015 Figure 1 (`W * x + b`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, ops
from minitf.api import comparison, math, matmul
from minitf.api.framework import name_scope
from minitf.api.sparse_math import sparse_operator
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor, hooks


def _add(x: Tensor, y: Tensor, name: str) -> Tensor:
    add = ops.add_op if x.dtype.base_dtype is dtypes.string else ops.add_v2_op
    return add(x, y, name=name)


def _op(op_name: str) -> Callable[..., Tensor]:
    """Return a function that finds an op when it is first called."""
    return lambda x, y, name=None: getattr(ops, op_name)(x, y, name=name)


# One operation each, so that the operator's scope holds nothing else if both sides are Tensors.
_SINGLE: dict[str, Callable[..., Tensor]] = {
    "add": _add,
    "sub": _op("sub_op"),
    "mul": _op("mul_op"),
    "mod": _op("floor_mod_op"),
    "and": _op("logical_and_op"),
    "or": _op("logical_or_op"),
}
_SEVERAL: dict[str, Callable[..., Tensor]] = {
    "div": math.div,
    "truediv": math.truediv,
    "floordiv": math.floordiv,
    "pow": math.pow,
    "matmul": matmul.matmul,
    "xor": comparison.logical_xor,
}
_COMPARISONS: dict[str, Callable[..., Tensor]] = {
    "lt": _op("less_op"),
    "le": _op("less_equal_op"),
    "gt": _op("greater_op"),
    "ge": _op("greater_equal_op"),
}


def binary_operator(name: str, left: Any, right: Any) -> Any:
    """Build the operation of Python's operator `__name__`; one side is a Tensor or a SparseTensor.

    Returns:
        A Tensor or a SparseTensor; NotImplemented where the right side is neither but knows the
        operator.

    Raises:
        TypeError: if the types do not fit together.
    """
    if isinstance(left, SparseTensor) or isinstance(right, SparseTensor):
        return sparse_operator(name, left, right)
    if name in _COMPARISONS:
        return _COMPARISONS[name](left, right)
    if name in _SINGLE and isinstance(left, Tensor) and isinstance(right, Tensor):
        return _SINGLE[name](left, right, name=name)
    with name_scope(None, name, [left, right]) as scope:
        if not isinstance(left, Tensor):
            left = convert_to_tensor(left, right.dtype.base_dtype, "x")
        elif not isinstance(right, Tensor):
            try:
                hint = left.dtype.base_dtype
                right = convert_to_tensor(right, name="y", preferred_dtype=hint)
            except TypeError:
                if hasattr(type(right), f"__r{name}__"):
                    return NotImplemented
                raise
        return (_SINGLE.get(name) or _SEVERAL[name])(left, right, name=scope)


def unary_operator(name: str, x: Tensor) -> Tensor:
    """Build the operation of Python's operator `__name__`."""
    unary = {"neg": math.negative, "abs": math.abs, "invert": comparison.logical_not}
    return unary[name](x)


hooks.fill(binary_operator=binary_operator, unary_operator=unary_operator)
