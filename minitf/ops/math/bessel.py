"""Modified Bessel functions of the first kind, times e^-|x| so that they do not overflow.

In double precision: below 30 the power series, whose terms are all positive, from there on the
asymptotic series, whose terms shrink to 1e-17 before they grow.

Source: Abramowitz and Stegun 9.6.10 and 9.7.1; TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.math.gamma import in_double
from minitf.shapes import Shape
from minitf.symbols import T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
_FAR = 30

# --- series --------------------------------------------------------------------------------------


def scaled_bessel(order: int, x: Array) -> Array:
    """Return e^-x I(order, x) for x >= 0."""
    made = np.full_like(x, np.nan)
    near, far = x < _FAR, (x >= _FAR) & (x < np.inf)
    made[near] = _by_powers(order, x[near])
    made[far] = _by_inverse_powers(order, x[far])
    made[np.isinf(x)] = 0
    return made


def _by_powers(order: int, x: Array) -> Array:
    """Sum (x / 2)^(2k + order) / (k! (k + order)!)."""
    square, term, k = x * x / 4, (x / 2) ** order, 0
    total = term.copy()
    while np.any(term > _EPS / 16 * total):
        k += 1
        term *= square / (k * (k + order))
        total += term
    return np.exp(-x) * total


def _by_inverse_powers(order: int, x: Array) -> Array:
    """Sum (1 - m)(9 - m) ... ((2k - 1)^2 - m) / (k! (8x)^k) with m = 4 order^2."""
    term, total = np.ones_like(x), np.ones_like(x)
    for k in range(1, 25):
        term *= ((2 * k - 1) ** 2 - 4 * order**2) / (8 * k * x)
        total += term
    return total / np.sqrt(2 * np.pi * x)


_EPS = float(np.finfo(np.float64).eps)


# --- BesselI0e, BesselI1e ------------------------------------------------------------------------


@op("BesselI0e", T=FLOATS, outputs=("y",))
def bessel_i0e_op(x: T) -> T:
    """Compute e^-|x| I0(x), element by element, I0 the modified Bessel function of order 0.

    Args:
        x: real[...].

    Returns:
        real[...] in [0, 1].

    Source: Abramowitz and Stegun 9.6.
    """
    return in_double(lambda x: scaled_bessel(0, np.abs(x)), x)


@op("BesselI1e", T=FLOATS, outputs=("y",))
def bessel_i1e_op(x: T) -> T:
    """Compute e^-|x| I1(x), element by element, I1 the modified Bessel function of order 1.

    Args:
        x: real[...].

    Returns:
        real[...] in (-1/4, 1/4), of x's sign.

    Source: Abramowitz and Stegun 9.6.
    """
    return in_double(lambda x: np.copysign(scaled_bessel(1, np.abs(x)), x), x)


@bessel_i0e_op.shape
@bessel_i1e_op.shape
def bessel_shape(x: Shape) -> Shape:
    return x


@bessel_i0e_op.gradient
def bessel_i0e_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = op.inputs[0], op.outputs[0]
    slope = ops.sub_op(ops.bessel_i1e_op(x), ops.mul_op(ops.sign_op(x), y))
    return [ops.mul_op(grad, slope)]


@bessel_i1e_op.gradient
def bessel_i1e_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Give i0e(x) - y (sign(x) + 1 / x), which at 0 is 1/2."""
    x, y = op.inputs[0], op.outputs[0]
    at_zero = ops.equal_op(x, ops.zeros_like_op(x))
    safe = ops.select_v2_op(at_zero, ops.ones_like_op(x), x)
    factor = ops.add_v2_op(ops.sign_op(safe), ops.reciprocal_op(safe))
    slope = ops.sub_op(ops.bessel_i0e_op(safe), ops.mul_op(y, factor))
    half = ops.mul_op(0.5, ops.ones_like_op(x))
    return [ops.mul_op(grad, ops.select_v2_op(at_zero, half, slope))]
