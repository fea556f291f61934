"""Sums, differences, products, the greater and the smaller: the arithmetic of numbers.

Integers wrap around.  Each op is a row; `minitf.ops.elementwise.rows` explains them.

Source: 2015 Table 1, row "Element-wise mathematical operations": Add, Sub, Mul.
"""

import operator
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, FLOATS, REAL_NUMBERS, SIGNED, types
from minitf.operation import Operation
from minitf.ops.elementwise.rows import as_integer_value, conjugate, elementwise, unbroadcast
from minitf.shapes import UNKNOWN, known
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


# --- Add, AddV2, Sub, Mul ----------------------------------------------------------------------


def add_gradient(op: Operation, grad: Tensor) -> Gradients:
    return unbroadcast(op, grad, grad)


def sub_gradient(op: Operation, grad: Tensor) -> Gradients:
    return unbroadcast(op, grad, ops.neg_op(grad))


def mul_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = op.inputs
    return unbroadcast(op, ops.mul_op(grad, conjugate(y)), ops.mul_op(conjugate(x), grad))


add_op = elementwise(
    "Add",
    "x + y (of strings: x followed by y)",
    numpy=np.add,
    scalar=lambda x, y: x + y,
    types=FLOATS | COMPLEX | SIGNED | types("uint8", "string"),
    gradient=add_gradient,
)
add_op.value(as_integer_value(operator.add))

add_v2_op = elementwise(
    "AddV2",
    "x + y",
    "commutative",
    "aggregate",
    numpy=np.add,
    scalar=lambda x, y: x + y,
    types=REAL_NUMBERS | COMPLEX,
    gradient=add_gradient,
)
add_v2_op.value(as_integer_value(operator.add))

sub_op = elementwise(
    "Sub",
    "x - y",
    numpy=np.subtract,
    scalar=lambda x, y: x - y,
    types=REAL_NUMBERS | COMPLEX,
    gradient=sub_gradient,
)
sub_op.value(as_integer_value(operator.sub))

mul_op = elementwise(
    "Mul",
    "x * y",
    "commutative",
    numpy=np.multiply,
    scalar=lambda x, y: x * y,
    types=REAL_NUMBERS | COMPLEX,
    gradient=mul_gradient,
)
mul_op.value(as_integer_value(operator.mul))


# --- SquaredDifference -------------------------------------------------------------------------


def squared_difference(x: Array, y: Array) -> Array:
    difference = np.subtract(x, y)
    return np.multiply(difference, np.conjugate(difference))


def squared_difference_gradient(op: Operation, grad: Tensor) -> Gradients:
    twice = ops.add_v2_op(grad, ops.conj_op(grad)) if grad.dtype.is_complex else ops.mul_op(2, grad)
    of_x = ops.mul_op(twice, ops.sub_op(*op.inputs))
    return unbroadcast(op, of_x, ops.neg_op(of_x))


squared_difference_op = elementwise(
    "SquaredDifference",
    "|x - y|^2",
    "commutative",
    numpy=squared_difference,
    scalar=lambda x, y: (x - y) * (x - y),
    types=FLOATS | COMPLEX | types("int32", "int64"),
    gradient=squared_difference_gradient,
)


# --- Maximum, Minimum --------------------------------------------------------------------------


def _chosen(op: Operation, grad: Tensor, chooses_x: Any) -> Gradients:
    """Give the gradient to the input that was chosen; to x where both are equal."""
    zeros, mask = ops.zeros_like_op(grad), chooses_x(*op.inputs)
    return unbroadcast(op, ops.select_op(mask, grad, zeros), ops.select_op(mask, zeros, grad))


def maximum_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _chosen(op, grad, ops.greater_equal_op)


def minimum_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _chosen(op, grad, ops.less_equal_op)


maximum_op = elementwise(
    "Maximum",
    "the greater of x and y, NaN if one of them is",
    numpy=np.maximum,
    scalar=lambda x, y: x if x >= y or x != x else y,  # noqa: PLR0124 NaN
    types=REAL_NUMBERS,
    gradient=maximum_gradient,
)
maximum_op.value(as_integer_value(lambda x, y: max(x, y) if known(x, y) else UNKNOWN))

minimum_op = elementwise(
    "Minimum",
    "the smaller of x and y, NaN if one of them is",
    numpy=np.minimum,
    scalar=lambda x, y: x if x <= y or x != x else y,  # noqa: PLR0124 NaN
    types=REAL_NUMBERS,
    gradient=minimum_gradient,
)
minimum_op.value(as_integer_value(lambda x, y: min(x, y) if known(x, y) else UNKNOWN))


# --- Neg, Abs, Sign ----------------------------------------------------------------------------


def neg_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.neg_op(grad)]


def abs_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.mul_op(grad, ops.sign_op(op.inputs[0]))]


neg_op = elementwise(
    "Neg",
    "-x",
    numpy=np.negative,
    scalar=lambda x: -x,
    types=FLOATS | COMPLEX | SIGNED,
    gradient=neg_gradient,
)

abs_op = elementwise(
    "Abs",
    "|x|",
    numpy=np.abs,
    scalar=lambda x: abs(x),
    types=FLOATS | SIGNED,
    gradient=abs_gradient,
)


def sign_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Zeros, as the sign of a real number is constant between steps.

    Of a complex number y = z / |z| can only turn: what counts of `grad` is the part across y, and
    the farther from 0, the less a step of z turns it.
    """
    if not grad.dtype.is_complex:
        return [ops.zeros_like_op(grad)]
    z, y, kind = op.inputs[0], op.outputs[0], grad.dtype.base_dtype
    across = ops.imag_op(ops.mul_op(ops.conj_op(y), grad), Tout=kind.real_dtype)
    turn = ops.complex_op(ops.zeros_like_op(across), across, Tout=kind)
    distance = ops.cast_op(ops.complex_abs_op(z, Tout=kind.real_dtype), DstT=kind)
    return [ops.div_no_nan_op(ops.mul_op(turn, y), distance)]


sign_op = elementwise(
    "Sign",
    "-1, 0 or 1 by the sign of x; x / |x| of complex numbers",
    numpy=np.sign,
    scalar=lambda x: 1.0 if x > 0.0 else (-1.0 if x < 0.0 else (0.0 if x == 0.0 else x)),
    types=FLOATS | COMPLEX | SIGNED,
    gradient=sign_gradient,
)
