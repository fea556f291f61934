"""The incomplete gamma function: how probable it is that a gamma-distributed number is below x.

P(a, x) is the integral of t^(a - 1) e^-t from 0 to x over gamma(a), and Q = 1 - P.  The smaller of
the two is computed, in double precision, by sums and integrals in which all terms have one sign,
so that nothing cancels.  The common factor x^a e^-x is written as the exponential of
-a phi((x - a) / a) with phi(u) = u - ln(1 + u): its relative error is |exponent| * 1e-16, the least
that a rounded x allows.

Source: Abramowitz and Stegun 6.5; Figurnov et al., "Implicit reparameterization gradients" (2018).
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, types
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import unbroadcast
from minitf.ops.math.gamma import (
    digamma,
    in_double,
    log_gamma_near_2,
    polynomial,
    stirling_rest,
)
from minitf.shapes import Shape, broadcast
from minitf.symbols import T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
SMALL = 100  # from here on an integral is quicker than a series

# --- the distribution ----------------------------------------------------------------------------


def log_less(ratio: Array, u: Array) -> Array:
    """Return ln(ratio) - u for ratio = 1 + u, without cancellation where u is small.

    There it is the series of 2 artanh(u / (2 + u)).
    """
    r = u / (2 + u)
    square = r * r
    series = polynomial(square, [1 / n for n in range(3, 29, 2)])
    return np.where(np.abs(r) < 0.2, r * (2 * square * series - u), np.log(ratio) - u)


def density(a: Array, x: Array) -> Array:
    """Return x^a e^-x / gamma(a), which is x times the density at x."""
    exponent = a * log_less(x / a, (x - a) / a) - stirling_rest(a)
    return np.sqrt(a / (2 * np.pi)) * np.exp(exponent)


def below_and_above(a: Array, x: Array) -> tuple[Array, Array]:
    """Return P(a, x) and Q(a, x); NaN unless a > 0 and x >= 0."""
    below, above = np.full_like(x, np.nan), np.full_like(x, np.nan)
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        at = (a > 0) & (a < 1) & (x >= 0) & (x < 1)
        below[at] = _below_by_series(a[at], x[at])
        above[at] = _above_by_series(a[at], x[at])
        at = (a >= 1) & (a < SMALL) & (x >= 0) & (x < a)
        below[at] = _below_by_series(a[at], x[at])
        above[at] = 1 - below[at]
        at = (a >= SMALL) & (a < np.inf) & (x > 0) & (x < a)
        below[at] = _by_integral(a[at], x[at], -1)
        above[at] = 1 - below[at]
        at = (a > 0) & (x >= np.maximum(a, 1)) & (x < np.inf)
        above[at] = _by_integral(a[at], x[at], 1)
        below[at] = 1 - above[at]
    at = (a > 0) & (a < np.inf) & (x == np.inf)
    below[at], above[at] = 1, 0
    at = (a > 0) & (x == 0) | (a == np.inf) & (x >= 0) & (x < np.inf)
    below[at], above[at] = 0, 1
    return below, above


def _below_by_series(a: Array, x: Array) -> Array:
    """Sum x^n / ((a + 1) ... (a + n)), times density / a, for x < a + 1."""
    term, total, n = np.ones_like(a), np.ones_like(a), 0
    while np.any(term > _EPS / 16 * total):
        n += 1
        term *= x / (a + n)
        total += term
    return density(a, x) / a * total


def _above_by_series(a: Array, x: Array) -> Array:
    """Return 1 - x^a / gamma(a + 1) (1 + a sum of (-x)^n / ((a + n) n!)) for a, x < 1."""
    log_gamma = np.where(a < 0.5, log_gamma_near_2(a) - np.log1p(a), log_gamma_near_2(a - 1))
    power = a * np.log(x) - log_gamma
    term, total = np.ones_like(a), np.zeros_like(a)
    for n in range(1, 20):
        term *= -x / n
        total += term / (a + n)
    return -np.expm1(power) - a * np.exp(power) * total


_EPS = float(np.finfo(np.float64).eps)
_STEP = 1 / 16
_PLACES = np.arange(-4, 4.75, _STEP)
_NODES = np.exp(_PLACES - np.exp(-_PLACES))  # from 1e-24 to 110: the error is below rounding
_WEIGHTS = _STEP * (1 + np.exp(-_PLACES)) * _NODES


def _steps(a: Array, x: Array, side: int) -> tuple[Array, Array, Array]:
    """Return distances s from x, the integrand (1 + side s / x)^(a - 1) e^(-side s), the scale.

    By the trapezoidal rule after s = scale * exp(t - exp(-t)), which makes both ends flat; `scale`
    is how far the integrand reaches.
    """
    scale = 1 / (np.abs(x - a + 1) / x + 1 / np.sqrt(x))
    s = scale[:, np.newaxis] * _NODES
    a, x = a[:, np.newaxis], x[:, np.newaxis]
    u = np.maximum(side * s / x, -1)
    heights = np.exp((a - 1) * log_less(1 + u, u) + u * (a - 1 - x))
    return s, heights, scale


def _by_integral(a: Array, x: Array, side: int) -> Array:
    """Integrate from x upwards (side 1), for x >= a, or downwards (side -1), for x < a."""
    _, heights, scale = _steps(a, x, side)
    return density(a, x) / x * scale * (heights @ _WEIGHTS)


# --- how it moves with a -------------------------------------------------------------------------


def slope_at_rank(a: Array, x: Array) -> Array:
    """Return dx / da along P(a, x) = constant: -(dP / da) over the density.

    By the series of P below a + 1, by an integral for Q above.
    """
    below = x < a + 1
    made = np.empty_like(a)
    made[below] = _slope_by_series(a[below], x[below])
    made[~below] = _slope_by_integral(a[~below], x[~below])
    return made


def _slope_by_series(a: Array, x: Array) -> Array:
    """Sum x / a * t[n] * (digamma(a + n + 1) - ln x) with t[n] = x^n / ((a + 1) ... (a + n))."""
    term, n = np.ones_like(a), 0
    factor = digamma(a + 1) - np.log(np.maximum(x, np.finfo(np.float64).tiny))
    total = factor.copy()
    while np.any(term > _EPS / 16):
        n += 1
        term *= x / (a + n)
        factor += 1 / (a + n)
        total += term * factor
    return x / a * total


def _slope_by_integral(a: Array, x: Array) -> Array:
    """Integrate (ln(x + s) - digamma(a)) (1 + s / x)^(a - 1) exp(-s) over s > 0."""
    s, heights, scale = _steps(a, x, 1)
    rises = np.log(x[:, np.newaxis] + s) - digamma(a)[:, np.newaxis]
    return scale * ((rises * heights) @ _WEIGHTS)


# --- Igamma, Igammac -----------------------------------------------------------------------------


@op("Igamma", T=FLOATS, outputs=("z",))
def igamma_op(a: T, x: T) -> T:
    """Compute P(a, x), the integral of t^(a - 1) e^-t from 0 to x over gamma(a).

    Args:
        a: real[...] > 0.
        x: real[...] >= 0, broadcast with `a`.

    Returns:
        real[...] in [0, 1]; NaN for other inputs, but 0 where x is 0, whatever `a`.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: Abramowitz and Stegun 6.5.1.
    """
    return in_double(lambda a, x: np.where(x == 0, 0, below_and_above(a, x)[0]), a, x)


@op("Igammac", T=FLOATS, outputs=("z",))
def igammac_op(a: T, x: T) -> T:
    """Compute Q(a, x) = 1 - P(a, x), exact also where it is small.

    Args:
        a: real[...] > 0.
        x: real[...] >= 0, broadcast with `a`.

    Returns:
        real[...] in [0, 1]; NaN for other inputs.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: Abramowitz and Stegun 6.5.3.
    """
    return in_double(lambda a, x: below_and_above(a, x)[1], a, x)


def _gradients(op: Operation, grad: Tensor) -> Gradients:
    a, x = op.inputs
    of_a = ops.igamma_grad_a_op(a, x)
    power = ops.mul_op(ops.sub_op(a, 1), ops.log_op(x))
    of_x = ops.exp_op(ops.sub_op(ops.sub_op(power, x), ops.lgamma_op(a)))
    return unbroadcast(op, ops.mul_op(grad, of_a), ops.mul_op(grad, of_x))


@igamma_op.gradient
def igamma_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _gradients(op, grad)


@igammac_op.gradient
def igammac_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _gradients(op, ops.neg_op(grad))


# --- IgammaGradA ---------------------------------------------------------------------------------


@op("IgammaGradA", T=types("float32", "float64"), outputs=("z",))
def igamma_grad_a_op(a: T, x: T) -> T:
    """Compute the derivative of P(a, x) in a: minus the density times how x moves with a.

    Args:
        a: real[...] > 0.
        x: real[...] >= 0, broadcast with `a`.

    Returns:
        real[...] <= 0; NaN for other inputs, but 0 where x is 0, whatever `a`.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: Figurnov et al., "Implicit reparameterization gradients" (2018).
    """
    return in_double(_grad_a, a, x)


def _grad_a(a: Array, x: Array) -> Array:
    made = np.where((x == 0) | ((a > 0) & (x > 0)), 0, np.nan)  # 0 at 0 and at infinity
    at = (a > 0) & (a < np.inf) & (x > 0) & (x < np.inf)
    made[at] = -slope_at_rank(a[at], x[at]) * density(a[at], x[at]) / x[at]
    return made


@igamma_op.shape
@igammac_op.shape
@igamma_grad_a_op.shape
def of_two_shape(a: Shape, x: Shape) -> Shape:
    return broadcast(a, x)


igamma_grad_a_op.no_gradient("TensorFlow defines none of second order", refuse=True)
