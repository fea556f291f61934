"""Sines and their relatives, circular and hyperbolic, with their inverses.

Source: TensorFlow's ops of these names; 2015 Table 1, "Element-wise mathematical operations".
"""

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

Gradients = list[Tensor | None]
REALS_AND_COMPLEX = FLOATS | COMPLEX


def _one_minus_square(x: Tensor) -> Tensor:
    return ops.sub_op(1, ops.square_op(x))


# --- Sin, Cos, Tan and their inverses ----------------------------------------------------------

sin_op = elementwise(
    "Sin",
    "the sine of x, in radians",
    numpy=np.sin,
    scalar=lambda x: scalar_math.sin(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_times(lambda x: ops.cos_op(x)),
)

cos_op = elementwise(
    "Cos",
    "the cosine of x, in radians",
    numpy=np.cos,
    scalar=lambda x: scalar_math.cos(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_times(lambda x: ops.neg_op(ops.sin_op(x))),
)

tan_op = elementwise(
    "Tan",
    "the tangent of x, in radians",
    numpy=np.tan,
    scalar=lambda x: scalar_math.tan(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_over(lambda x: ops.square_op(ops.cos_op(x))),
)

asin_op = elementwise(
    "Asin",
    "the angle in [-pi/2, pi/2] whose sine is x",
    numpy=np.arcsin,
    scalar=lambda x: scalar_math.arcsin(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_over(lambda x: ops.sqrt_op(_one_minus_square(x))),
)

acos_op = elementwise(
    "Acos",
    "the angle in [0, pi] whose cosine is x",
    numpy=np.arccos,
    scalar=lambda x: scalar_math.arccos(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_over(lambda x: ops.neg_op(ops.sqrt_op(_one_minus_square(x)))),
)

atan_op = elementwise(
    "Atan",
    "the angle in [-pi/2, pi/2] whose tangent is x",
    numpy=np.arctan,
    scalar=lambda x: scalar_math.arctan(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_over(lambda x: ops.add_v2_op(1, ops.square_op(x))),
)


def atan2_gradient(op: Operation, grad: Tensor) -> Gradients:
    y, x = op.inputs
    scaled = ops.real_div_op(grad, ops.add_v2_op(ops.square_op(x), ops.square_op(y)))
    return unbroadcast(op, ops.mul_op(x, scaled), ops.mul_op(ops.neg_op(y), scaled))


atan2_op = elementwise(
    "Atan2",
    "the angle in [-pi, pi] of the point (x, y)",
    numpy=np.arctan2,
    scalar=lambda y, x: scalar_math.arctan2(y, x),
    types=FLOATS,
    gradient=atan2_gradient,
)

# --- Sinh, Cosh and the hyperbolic inverses ----------------------------------------------------

sinh_op = elementwise(
    "Sinh",
    "the hyperbolic sine of x: (e^x - e^-x) / 2",
    numpy=np.sinh,
    scalar=lambda x: scalar_math.sinh(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_times(lambda x: ops.cosh_op(x)),
)

cosh_op = elementwise(
    "Cosh",
    "the hyperbolic cosine of x: (e^x + e^-x) / 2",
    numpy=np.cosh,
    scalar=lambda x: scalar_math.cosh(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_times(lambda x: ops.sinh_op(x)),
)

asinh_op = elementwise(
    "Asinh",
    "the number whose hyperbolic sine is x",
    numpy=np.arcsinh,
    scalar=lambda x: scalar_math.arcsinh(x),
    types=REALS_AND_COMPLEX,
    gradient=lambda op, grad: [ops.real_div_op(grad, ops.cosh_op(conjugate(op.outputs[0])))],
)

acosh_op = elementwise(
    "Acosh",
    "the number >= 0 whose hyperbolic cosine is x",
    numpy=np.arccosh,
    scalar=lambda x: scalar_math.arccosh(x),
    types=REALS_AND_COMPLEX,
    gradient=lambda op, grad: [ops.real_div_op(grad, ops.sinh_op(conjugate(op.outputs[0])))],
)

atanh_op = elementwise(
    "Atanh",
    "the number whose hyperbolic tangent is x",
    numpy=np.arctanh,
    scalar=lambda x: scalar_math.arctanh(x),
    types=REALS_AND_COMPLEX,
    gradient=grad_over(_one_minus_square),
)
