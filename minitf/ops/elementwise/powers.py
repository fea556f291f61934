"""Powers and roots, and the ops by which their gradients are computed from the result.

Source: 2015 Table 1, row "Element-wise mathematical operations"; TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, FLOATS, INTEGERS, SIGNED
from minitf.errors import invalid
from minitf.operation import Operation
from minitf.ops.elementwise import scalar_math
from minitf.ops.elementwise.rows import conjugate, elementwise, unbroadcast
from minitf.static_value import constant_value
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


def _if_any(dy: Array, gradient: Array) -> Array:
    """Return a gradient, but 0 where dy is 0, be y NaN or infinite: as TensorFlow's kernels do."""
    return np.where(dy == 0, dy.dtype.type(0), gradient)


# --- Square ------------------------------------------------------------------------------------


def square_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.mul_op(grad, ops.mul_op(2, conjugate(op.inputs[0])))]


square_op = elementwise(
    "Square",
    "x * x",
    numpy=np.square,
    scalar=lambda x: x * x,
    types=FLOATS | COMPLEX | INTEGERS,
    gradient=square_gradient,
)


# --- Sqrt --------------------------------------------------------------------------------------


def sqrt_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    quotient = ops.real_div_op(grad, op.inputs[0])
    of_y = ops.neg_op(ops.mul_op(conjugate(quotient), op.outputs[0]))
    return [of_y, ops.mul_op(0.5, quotient)]


sqrt_op = elementwise(
    "Sqrt",
    "the square root of x",
    numpy=np.sqrt,
    scalar=lambda x: scalar_math.sqrt(x),
    types=FLOATS | COMPLEX,
    gradient=lambda op, grad: [ops.sqrt_grad_op(op.outputs[0], grad)],
)

sqrt_grad_op = elementwise(
    "SqrtGrad",
    "the gradient of y = sqrt(x): dy / (2 y), with y's conjugate; 0 where dy is 0",
    numpy=lambda y, dy: _if_any(dy, dy * y.dtype.type(0.5) / np.conjugate(y)),
    scalar=lambda y, dy: 0.0 if dy == 0.0 else dy * 0.5 / y,
    types=FLOATS | COMPLEX,
    broadcasts=False,
    gradient=sqrt_grad_gradient,
)


# --- Rsqrt -------------------------------------------------------------------------------------


def _rsqrt_grad(y: Array, dy: Array) -> Array:
    y = np.conjugate(y)
    return _if_any(dy, dy * y.dtype.type(-0.5) * (y * np.square(y)))


def rsqrt_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    y, dy = conjugate(op.inputs[0]), op.inputs[1]
    of_y = ops.mul_op(ops.mul_op(-1.5, conjugate(grad)), ops.mul_op(dy, ops.square_op(y)))
    return [of_y, ops.rsqrt_grad_op(y, grad)]


rsqrt_op = elementwise(
    "Rsqrt",
    "1 / sqrt(x)",
    numpy=lambda x: x.dtype.type(1) / np.sqrt(x),
    scalar=lambda x: 1.0 / scalar_math.sqrt(x),
    types=FLOATS | COMPLEX,
    gradient=lambda op, grad: [ops.rsqrt_grad_op(op.outputs[0], grad)],
)

rsqrt_grad_op = elementwise(
    "RsqrtGrad",
    "the gradient of y = 1 / sqrt(x): -dy y^3 / 2, with y's conjugate; 0 where dy is 0",
    numpy=_rsqrt_grad,
    scalar=lambda y, dy: 0.0 if dy == 0.0 else dy * -0.5 * (y * (y * y)),
    types=FLOATS | COMPLEX,
    broadcasts=False,
    gradient=rsqrt_grad_gradient,
)


# --- Reciprocal, and Inv, its older name -------------------------------------------------------


def _reciprocal_grad(y: Array, dy: Array) -> Array:
    return _if_any(dy, -dy * np.square(np.conjugate(y)))


def reciprocal_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    y, dy = conjugate(op.inputs[0]), op.inputs[1]
    of_y = ops.mul_op(ops.mul_op(-2, conjugate(grad)), ops.mul_op(dy, y))
    return [of_y, ops.reciprocal_grad_op(y, grad)]


reciprocal_op = elementwise(
    "Reciprocal",
    "1 / x",
    numpy=np.reciprocal,
    scalar=lambda x: 1.0 / x,
    types=FLOATS | COMPLEX | SIGNED,
    gradient=lambda op, grad: [ops.reciprocal_grad_op(op.outputs[0], grad)],
)

reciprocal_grad_op = elementwise(
    "ReciprocalGrad",
    "the gradient of y = 1 / x: -dy y^2, with y's conjugate; 0 where dy is 0",
    numpy=_reciprocal_grad,
    scalar=lambda y, dy: 0.0 if dy == 0.0 else -dy * (y * y),
    types=FLOATS | COMPLEX,
    broadcasts=False,
    gradient=reciprocal_grad_gradient,
)

inv_op = elementwise(
    "Inv",
    "1 / x",
    numpy=np.reciprocal,
    scalar=lambda x: 1.0 / x,
    types=FLOATS | COMPLEX | SIGNED,
    gradient=lambda op, grad: [ops.inv_grad_op(op.outputs[0], grad)],
)

inv_grad_op = elementwise(
    "InvGrad",
    "the gradient of y = 1 / x: -dy y^2, with y's conjugate; 0 where dy is 0",
    numpy=_reciprocal_grad,
    scalar=lambda y, dy: 0.0 if dy == 0.0 else -dy * (y * y),
    types=FLOATS | COMPLEX,
    broadcasts=False,
    gradient=reciprocal_grad_gradient,
)


# --- Pow ---------------------------------------------------------------------------------------


def _pow(x: Array, y: Array) -> Any:
    if x.dtype.kind == "i" and np.any(y < 0):
        raise invalid("Integers to negative integer powers are not allowed")
    return np.power(x, y)


def pow_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Give y x^(y - 1) and x^y log x, both finite wherever the limit is.

    Where y is 0 the first is 0 for every x (TensorFlow has NaN at x = 0); where x <= 0 the second
    is 0, since no real logarithm exists.
    """
    x, y = (conjugate(each) for each in op.inputs)
    z = conjugate(op.outputs[0])
    exponent, lower = constant_value(op.inputs[1]), ops.sub_op(y, 1)
    if exponent is None or not np.all(exponent):
        is_zero = ops.equal_op(y, ops.zeros_like_op(y))
        lower = ops.select_op(is_zero, ops.zeros_like_op(y), lower)
    of_x = ops.mul_op(ops.mul_op(grad, y), ops.pow_op(x, lower))
    zeros = ops.zeros_like_op(x)
    positive = ops.not_equal_op(x, zeros) if x.dtype.is_complex else ops.greater_op(x, zeros)
    logarithm = ops.log_op(ops.select_op(positive, x, ops.ones_like_op(x)))
    of_y = ops.mul_op(ops.mul_op(grad, z), ops.select_op(positive, logarithm, zeros))
    return unbroadcast(op, of_x, of_y)


pow_op = elementwise(
    "Pow",
    "x to the power y",
    numpy=_pow,
    scalar=lambda x, y: scalar_math.power(x, y),
    types=FLOATS | COMPLEX | SIGNED,
    gradient=pow_gradient,
)
