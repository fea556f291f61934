"""Exponentials, logarithms and the functions made of them.

Source: 2015 Table 1, row "Element-wise mathematical operations": Exp, Log.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, FLOATS
from minitf.operation import Operation
from minitf.ops.elementwise import scalar_math
from minitf.ops.elementwise.rows import (
    conjugate,
    elementwise,
    grad_over,
    grad_times,
    unbroadcast,
)
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
REALS_AND_COMPLEX = FLOATS | COMPLEX


# --- Exp, Expm1, Log, Log1p --------------------------------------------------------------------

exp_op = elementwise(
    "Exp",
    "e^x",
    numpy=np.exp,
    scalar=lambda x: scalar_math.exp(x),
    types=REALS_AND_COMPLEX,
    gradient=lambda op, grad: [ops.mul_op(grad, conjugate(op.outputs[0]))],
)

expm1_op = elementwise(
    "Expm1",
    "e^x - 1, exact also for small x",
    numpy=np.expm1,
    scalar=lambda x: scalar_math.expm1(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_times(lambda x: ops.exp_op(x)),
)

log_op = elementwise(
    "Log",
    "the natural logarithm of x",
    numpy=np.log,
    scalar=lambda x: scalar_math.log(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_over(lambda x: x),
)

log1p_op = elementwise(
    "Log1p",
    "log(1 + x), exact also for small x",
    numpy=np.log1p,
    scalar=lambda x: scalar_math.log1p(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_over(lambda x: ops.add_v2_op(1, x)),
)


def xlogy_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = (conjugate(each) for each in op.inputs)
    mask = ops.cast_op(ops.not_equal_op(x, ops.zeros_like_op(x)), DstT=x.dtype.base_dtype)
    of_x = ops.mul_op(grad, ops.xlogy_op(mask, y))
    return unbroadcast(op, of_x, ops.mul_op(grad, ops.xdivy_op(x, y)))


def xdivy_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = (conjugate(each) for each in op.inputs)
    mask = ops.cast_op(ops.not_equal_op(x, ops.zeros_like_op(x)), DstT=x.dtype.base_dtype)
    of_x = ops.mul_op(grad, ops.xdivy_op(mask, y))
    return unbroadcast(op, of_x, ops.mul_op(grad, ops.xdivy_op(ops.neg_op(x), ops.square_op(y))))


xlogy_op = elementwise(
    "Xlogy",
    "x log(y), 0 where x is 0",
    numpy=lambda x, y: np.where(x == 0, x.dtype.type(0), x * np.log(y)),
    scalar=lambda x, y: 0.0 if x == 0.0 else x * scalar_math.log(y),
    types=REALS_AND_COMPLEX,
    gradient=xlogy_gradient,
)

xdivy_op = elementwise(
    "Xdivy",
    "x / y, 0 where x is 0",
    numpy=lambda x, y: np.where(x == 0, x.dtype.type(0), x / y),
    scalar=lambda x, y: 0.0 if x == 0.0 else x / y,
    types=REALS_AND_COMPLEX,
    gradient=xdivy_gradient,
)


# --- Tanh, Sigmoid -----------------------------------------------------------------------------


def tanh_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    y, dy = (conjugate(each) for each in op.inputs)
    of_y = ops.mul_op(ops.mul_op(-2, grad), ops.mul_op(dy, y))
    return [of_y, ops.tanh_grad_op(y, grad)]


def sigmoid_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    y, dy = (conjugate(each) for each in op.inputs)
    scaled = ops.mul_op(grad, dy)
    of_y = ops.sub_op(scaled, ops.mul_op(ops.mul_op(2, scaled), y))
    return [of_y, ops.sigmoid_grad_op(y, grad)]


tanh_op = elementwise(
    "Tanh",
    "the hyperbolic tangent of x: (e^x - e^-x) / (e^x + e^-x)",
    numpy=np.tanh,
    scalar=lambda x: scalar_math.tanh(x),
    types=REALS_AND_COMPLEX,
    gradient=lambda op, grad: [ops.tanh_grad_op(conjugate(op.outputs[0]), grad)],
)

tanh_grad_op = elementwise(
    "TanhGrad",
    "the gradient of y = tanh(x): dy (1 - y^2)",
    numpy=lambda y, dy: dy * (y.dtype.type(1) - y * y),
    scalar=lambda y, dy: dy * (1.0 - y * y),
    types=REALS_AND_COMPLEX,
    broadcasts=False,
    gradient=tanh_grad_gradient,
)

sigmoid_op = elementwise(
    "Sigmoid",
    "1 / (1 + e^-x)",
    numpy=lambda x: x.dtype.type(1) / (x.dtype.type(1) + np.exp(-x)),
    scalar=lambda x: scalar_math.sigmoid(x),
    types=REALS_AND_COMPLEX,
    gradient=lambda op, grad: [ops.sigmoid_grad_op(conjugate(op.outputs[0]), grad)],
)

sigmoid_grad_op = elementwise(
    "SigmoidGrad",
    "the gradient of y = sigmoid(x): dy y (1 - y)",
    numpy=lambda y, dy: dy * y * (y.dtype.type(1) - y),
    scalar=lambda y, dy: dy * y * (1.0 - y),
    types=REALS_AND_COMPLEX,
    broadcasts=False,
    gradient=sigmoid_grad_gradient,
)


# --- Erf, Erfc ---------------------------------------------------------------------------------

_TWO_BY_ROOT_PI = 2 / math.sqrt(math.pi)


def _each(function: Callable[[float], float]) -> Callable[[Array], Array]:
    """Return a function of arrays that calls Python's function on each element, in float64."""
    of_objects = np.frompyfunc(function, 1, 1)

    def of_array(x: Array) -> Array:
        return np.asarray(of_objects(x.astype(np.float64)), np.float64).astype(x.dtype)

    return of_array


def _bell(sign: int) -> Callable[[Tensor], Tensor]:
    """Return 2 / sqrt(pi) * e^(-x^2), the derivative of erf, times a sign."""
    return lambda x: ops.mul_op(sign * _TWO_BY_ROOT_PI, ops.exp_op(ops.neg_op(ops.square_op(x))))


erf_op = elementwise(
    "Erf",
    "the error function: 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x",
    numpy=_each(math.erf),
    scalar=lambda x: scalar_math.erf(x),
    types=FLOATS,
    gradient=grad_times(_bell(1)),
)

erfc_op = elementwise(
    "Erfc",
    "1 - erf(x), exact also for large x",
    numpy=_each(math.erfc),
    scalar=lambda x: scalar_math.erfc(x),
    types=FLOATS,
    gradient=grad_times(_bell(-1)),
)
