"""Quotients and remainders, of reals and of integers, and what they do about zero.

Integer division by zero is an error; real division by zero is infinite or NaN.

Source: 2015 Table 1, row "Element-wise mathematical operations": Div; TensorFlow's ops.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, FLOATS, REAL_NUMBERS, types
from minitf.errors import invalid
from minitf.operation import Operation
from minitf.ops.elementwise import scalar_math
from minitf.ops.elementwise.rounding import STEPS
from minitf.ops.elementwise.rows import as_integer_value, conjugate, elementwise, unbroadcast
from minitf.shapes import UNKNOWN, known
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


def _integers_apart(
    of_integers: Callable[[Array, Array], Any], of_reals: Callable[[Array, Array], Any]
) -> Callable[[Array, Array], Any]:
    """Return a function of arrays that has two meanings and refuses integers divided by zero."""

    def divide(x: Array, y: Array) -> Any:
        if x.dtype.kind not in "iu":
            return of_reals(x, y)
        if not np.all(y) and np.size(x):  # without elements nothing is divided
            raise invalid("Integer division by zero")
        return of_integers(x, y)

    return divide


def _truncated(x: Array, y: Array) -> Any:
    return (x - np.fmod(x, y)) // y  # exact: the remainder has x's sign


# --- Div, RealDiv, TruncateDiv, FloorDiv -------------------------------------------------------


def real_div_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = (conjugate(each) for each in op.inputs)
    of_x = ops.real_div_op(grad, y)
    of_y = ops.mul_op(grad, ops.real_div_op(ops.real_div_op(ops.neg_op(x), y), y))
    return unbroadcast(op, of_x, of_y)


div_op = elementwise(
    "Div",
    "x / y, of integers rounded towards zero",
    numpy=_integers_apart(_truncated, np.true_divide),
    scalar=lambda x, y: x / y,
    types=REAL_NUMBERS | COMPLEX,
    gradient=real_div_gradient,
)

real_div_op = elementwise(
    "RealDiv",
    "x / y, of integers rounded towards zero",
    numpy=_integers_apart(_truncated, np.true_divide),
    scalar=lambda x, y: x / y,
    types=REAL_NUMBERS | COMPLEX,
    gradient=real_div_gradient,
)

truncate_div_op = elementwise(
    "TruncateDiv",
    "x / y rounded towards zero",
    numpy=_integers_apart(_truncated, lambda x, y: np.trunc(x / y)),
    scalar=lambda x, y: scalar_math.trunc(x / y),
    types=REAL_NUMBERS | COMPLEX,
    gradient=STEPS,
)

floor_div_op = elementwise(
    "FloorDiv",
    "the greatest whole number <= x / y",
    numpy=_integers_apart(np.floor_divide, lambda x, y: np.floor(x / y)),
    scalar=lambda x, y: scalar_math.floor(x / y),
    types=REAL_NUMBERS | COMPLEX,
    gradient=STEPS,
)
floor_div_op.value(as_integer_value(lambda x, y: x // y if known(y) and y else UNKNOWN))


# --- FloorMod, Mod, TruncateMod ----------------------------------------------------------------


def floor_mod_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = op.inputs
    return unbroadcast(op, grad, ops.neg_op(ops.mul_op(grad, ops.floor_div_op(x, y))))


def truncate_mod_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = op.inputs
    return unbroadcast(op, grad, ops.neg_op(ops.mul_op(grad, ops.truncate_div_op(x, y))))


floor_mod_op = elementwise(
    "FloorMod",
    "the remainder x - floor(x / y) * y, which has y's sign",
    numpy=_integers_apart(np.mod, np.mod),
    scalar=lambda x, y: x % y,
    types=REAL_NUMBERS,
    gradient=floor_mod_gradient,
)
floor_mod_op.value(as_integer_value(lambda x, y: x % y if known(x, y) and y else UNKNOWN))

mod_op = elementwise(
    "Mod",
    "the remainder x - trunc(x / y) * y, which has x's sign",
    numpy=_integers_apart(np.fmod, np.fmod),
    scalar=lambda x, y: scalar_math.fmod(x, y),
    types=FLOATS | types("int32", "int64"),
    gradient=truncate_mod_gradient,
)

truncate_mod_op = elementwise(
    "TruncateMod",
    "the remainder x - trunc(x / y) * y, which has x's sign",
    numpy=_integers_apart(np.fmod, np.fmod),
    scalar=lambda x, y: scalar_math.fmod(x, y),
    types=FLOATS | types("int32", "int64"),
    gradient=truncate_mod_gradient,
)


# --- DivNoNan, MulNoNan ------------------------------------------------------------------------


def _div_no_nan(x: Array, y: Array) -> Array:
    return np.where(y == 0, x.dtype.type(0), x / y)


def _mul_no_nan(x: Array, y: Array) -> Array:
    return np.where(y == 0, x.dtype.type(0), x * y)


def div_no_nan_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = (conjugate(each) for each in op.inputs)
    of_x = ops.div_no_nan_op(grad, y)
    of_y = ops.mul_op(grad, ops.div_no_nan_op(ops.div_no_nan_op(ops.neg_op(x), y), y))
    return unbroadcast(op, of_x, of_y)


def mul_no_nan_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = (conjugate(each) for each in op.inputs)
    return unbroadcast(op, ops.mul_no_nan_op(grad, y), ops.mul_no_nan_op(x, grad))


div_no_nan_op = elementwise(
    "DivNoNan",
    "x / y, 0 where y is 0",
    numpy=_div_no_nan,
    scalar=lambda x, y: 0.0 if y == 0.0 else x / y,
    types=FLOATS | COMPLEX,
    gradient=div_no_nan_gradient,
)

mul_no_nan_op = elementwise(
    "MulNoNan",
    "x * y, 0 where y is 0 even if x is infinite or NaN",
    numpy=_mul_no_nan,
    scalar=lambda x, y: 0.0 if y == 0.0 else x * y,
    types=FLOATS | COMPLEX,
    gradient=mul_no_nan_gradient,
)
