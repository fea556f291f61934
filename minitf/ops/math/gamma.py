"""The gamma function's logarithm and its derivatives, and the zeta function that they come from.

All is computed in double precision and rounded once.  Each formula is used where its terms do not
cancel, so that relative errors are a few units of 1e-16; near the zeros of a function, other than
those of lgamma at 1 and 2, the error is a few units of its largest term instead.

Source: Abramowitz and Stegun, chapters 6 and 23; TensorFlow's ops of these names.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import sizes_text, unbroadcast
from minitf.shapes import Shape, broadcast
from minitf.symbols import T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
DOUBLES = types("float32", "float64")

# --- series --------------------------------------------------------------------------------------

# the Bernoulli numbers B[2k] for k = 1, 2, ...
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798)
_FAR = 10  # from here on their series are exact to the last bit


def polynomial(x: Array, coefficients: Sequence[float]) -> Array:
    """Return c[0] + c[1] x + c[2] x^2 + ..."""
    total = np.zeros_like(x)
    for each in reversed(coefficients):
        total = total * x + each
    return total


def piecewise(x: Array, *pieces: tuple[Array, Callable[[Array], Array]]) -> Array:
    """Apply to each element the formula of the piece in which it lies, NaN outside of all."""
    made = np.full_like(x, np.nan)
    for where, formula in pieces:
        if where.any():
            made[where] = formula(x[where])
    return made


def stirling_rest(x: Array) -> Array:
    """Return ln gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2) for x > 0.

    By Stirling's series; below 10 each step down adds (x + 1/2) ln(1 + 1/x) - 1.
    """
    terms = [b / (2 * k * (2 * k - 1)) for k, b in enumerate(_BERNOULLI, 1)]
    far, steps = np.array(x), np.zeros_like(x)
    while np.any(low := far < _FAR):
        steps[low] += (far[low] + 0.5) * np.log1p(1 / far[low]) - 1
        far[low] += 1
    return steps + polynomial(1 / (far * far), terms) / far


def log_gamma(x: Array) -> Array:
    """Return ln |gamma(x)|; inf at 0, -1, -2, ..."""
    return piecewise(
        x,
        (np.isinf(x) | ((x <= 0) & (x == np.floor(x))), lambda x: np.full_like(x, np.inf)),
        ((x < 0) & (x != np.floor(x)), _log_gamma_by_reflection),
        ((x > 0) & (x < 0.5), lambda x: log_gamma_near_2(x) - np.log1p(x) - np.log(x)),
        ((x >= 0.5) & (x < 1.5), lambda x: log_gamma_near_2(x - 1) - np.log1p(x - 1)),
        ((x >= 1.5) & (x < _FAR), _log_gamma_by_recurrence),
        (
            (x >= _FAR) & (x < np.inf),
            lambda x: (x - 0.5) * np.log(x) - x + _HALF_LOG_2_PI + stirling_rest(x),
        ),
    )


_HALF_LOG_2_PI = math.log(2 * math.pi) / 2
_EULER = 0.57721566490153286061  # 1 - _EULER is the derivative of ln gamma at 2


def log_gamma_near_2(z: Array) -> Array:
    """Return ln gamma(2 + z) for |z| <= 1/2, by its Taylor series."""
    orders = np.arange(2.0, 30)
    terms = (-1) ** orders * zeta(orders, np.full_like(orders, 2)) / orders
    return z * polynomial(z, [1 - _EULER, *terms])


def _log_gamma_by_recurrence(x: Array) -> Array:
    steps = np.floor(x - 1.5)
    lowest = x - steps
    product = np.ones_like(x)
    for step in range(_FAR - 1):
        product *= np.where(step < steps, lowest + step, 1)
    return log_gamma_near_2(lowest - 2) + np.log(product)


def _log_gamma_by_reflection(x: Array) -> Array:
    sine = np.abs(np.sin(np.pi * (x - np.round(x))))
    return np.log(np.pi / sine) - log_gamma(1 - x)


def digamma(x: Array) -> Array:
    """Return the derivative of ln gamma(x); NaN at 0, -1, -2, ..."""
    return piecewise(
        x,
        ((x < 0) & (x != np.floor(x)), _digamma_by_reflection),
        (x > 0, _digamma_of_positive),
    )


def _digamma_by_reflection(x: Array) -> Array:
    return _digamma_of_positive(1 - x) - np.pi / np.tan(np.pi * (x - np.round(x)))


def _digamma_of_positive(x: Array) -> Array:
    """Sum 1 / (x + k) up to 10, then the derivative of Stirling's series."""
    far, steps = np.array(x), np.zeros_like(x)
    while np.any(low := far < _FAR):
        steps[low] += 1 / far[low]
        far[low] += 1
    square = 1 / (far * far)
    tail = polynomial(square, [b / (2 * k) for k, b in enumerate(_BERNOULLI, 1)])
    return np.log(far) - 0.5 / far - square * tail - steps


def zeta(x: Array, q: Array) -> Array:
    """Return the sum of (q + k)^-x over k = 0, 1, ...

    For q < 0 it is taken of whole x only.  With f the fraction of q, the terms before f are
    (-1)^x times those of 1 - f up to -q.
    """
    pole = (x > 1) & (q <= 0) & (q == np.floor(q)) & (x % 2 == 0)
    made = np.where((x == 1) | pole, np.inf, np.nan)
    at = (x > 1) & (q > 0)
    made[at] = _zeta_of_positive(x[at], q[at])
    at = (x > 1) & (q < 0) & (q != np.floor(q)) & (x == np.floor(x))
    order, fraction = x[at], q[at] - np.floor(q[at])
    before = _zeta_of_positive(order, 1 - fraction) - _zeta_of_positive(order, 1 - q[at])
    made[at] = _zeta_of_positive(order, fraction) + np.where(order % 2, -1, 1) * before
    return made


def _zeta_of_positive(x: Array, q: Array) -> Array:
    """Add ten terms, then the integral of the others with Euler and Maclaurin's corrections."""
    total = sum(np.power(q + k, -x) for k in range(_FAR))
    far = q + _FAR
    corrections, term = np.full_like(x, 0.5), x / far
    for k, b in enumerate(_BERNOULLI, 1):
        corrections += b / math.factorial(2 * k) * term
        term = term * (x + 2 * k - 1) / far * (x + 2 * k) / far
    return total + np.power(far, 1 - x) / (x - 1) + np.power(far, -x) * corrections


# --- what the ops share --------------------------------------------------------------------------


def in_double(function: Callable[..., Array], *inputs: Array) -> Array:
    """Broadcast inputs, compute in double precision, and round once."""
    try:
        doubles = np.broadcast_arrays(*[np.asarray(x, np.float64) for x in inputs])
    except ValueError:
        shapes = " vs. ".join(sizes_text(x.shape) for x in inputs)
        raise invalid(f"Incompatible shapes: {shapes}") from None
    return function(*doubles).astype(inputs[0].dtype)


# --- Lgamma, Digamma -----------------------------------------------------------------------------


@op("Lgamma", T=FLOATS, outputs=("y",))
def lgamma_op(x: T) -> T:
    """Compute ln |gamma(x)|, element by element.

    Args:
        x: real[...].

    Returns:
        real[...]; inf at 0, -1, -2, ...

    Source: Abramowitz and Stegun 6.1.
    """
    return in_double(log_gamma, x)


@op("Digamma", T=FLOATS, outputs=("y",))
def digamma_op(x: T) -> T:
    """Compute the derivative of ln gamma(x), element by element.

    Args:
        x: real[...].

    Returns:
        real[...]; NaN at 0, -1, -2, ...

    Source: Abramowitz and Stegun 6.3.
    """
    return in_double(digamma, x)


@lgamma_op.shape
@digamma_op.shape
def of_one_shape(x: Shape) -> Shape:
    return x


@lgamma_op.gradient
def lgamma_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.mul_op(grad, ops.digamma_op(op.inputs[0]))]


@digamma_op.gradient
def digamma_gradient(op: Operation, grad: Tensor) -> Gradients:
    x = op.inputs[0]
    return [ops.mul_op(grad, ops.polygamma_op(ops.ones_like_op(x), x))]


# --- Polygamma, Zeta -----------------------------------------------------------------------------


@op("Polygamma", T=DOUBLES, outputs=("z",))
def polygamma_op(a: T, x: T) -> T:
    """Compute the a-th derivative of digamma(x): (-1)^(a + 1) a! zeta(a + 1, x).

    Args:
        a: real[...], whole numbers >= 0.
        x: real[...], broadcast with `a`.

    Returns:
        real[...]; NaN where a is no whole number >= 0.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: Abramowitz and Stegun 6.4.
    """
    return in_double(_polygamma, a, x)


def _polygamma(a: Array, x: Array) -> Array:
    made = np.full_like(x, np.nan)
    made[a == 0] = digamma(x[a == 0])
    at = (a > 0) & (a == np.floor(a))
    order = a[at]
    factorials = np.cumprod([1.0, *range(1, 171)])  # the next is too large for a double
    factorial = np.where(order < 171, factorials[np.minimum(order, 170).astype(int)], np.inf)
    made[at] = np.where(order % 2, factorial, -factorial) * zeta(order + 1, x[at])
    return made


@op("Zeta", T=DOUBLES, outputs=("z",))
def zeta_op(x: T, q: T) -> T:
    """Compute the Hurwitz zeta function: the sum of (q + k)^-x over k = 0, 1, 2, ...

    Args:
        x: real[...] > 1.
        q: real[...] > 0, broadcast with `x`; below 0 for whole x only.

    Returns:
        real[...]; inf for x = 1 and at the poles q = 0, -1, ... of an even x; NaN where not
        defined.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: Abramowitz and Stegun 23.2.
    """
    return in_double(zeta, x, q)


@polygamma_op.shape
@zeta_op.shape
def of_two_shape(x: Shape, y: Shape) -> Shape:
    return broadcast(x, y)


@polygamma_op.gradient
def polygamma_gradient(op: Operation, grad: Tensor) -> Gradients:
    a, x = op.inputs
    return unbroadcast(op, None, ops.mul_op(grad, ops.polygamma_op(ops.add_v2_op(a, 1), x)))


@zeta_op.gradient
def zeta_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Differentiate in q: -x zeta(x + 1, q).  TensorFlow has no derivative in x."""
    x, q = op.inputs
    slope = ops.mul_op(ops.neg_op(x), ops.zeta_op(ops.add_v2_op(x, 1), q))
    return unbroadcast(op, None, ops.mul_op(grad, slope))
