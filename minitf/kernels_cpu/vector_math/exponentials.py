"""Exponentials, and the hyperbolic functions and the logistic function made of them.

    x = n log 2 + r,  |r| <= log(2) / 2;   e^x = 2^n (1 + p),  p = e^r - 1

log 2 is taken in two parts, the first with so many zeros at its end that n times it is exact, and
what r loses by rounding is kept.  e^r - 1 = r + r^2 q(r) with a polynomial q.

The polynomials of this room are minimax fits of relative error; each is followed by its error.

Source: W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980); P. T. P. Tang,
Table-Driven Implementation of the Exponential Function (1989), for keeping r's rounding.
"""

from __future__ import annotations

from typing import Any

from minitf.kernels_cpu.vector_math.bits import ROUND, power_of_two, scale
from minitf.kernels_cpu.vector_math.function import Function
from minitf.kernels_cpu.vector_math.lanes import (
    FLOAT32,
    Lanes,
    PerType,
    Polynomial,
    between,
    mul_add,
    select,
    with_sign,
)

LOG2E = 1.4426950408889634
LN2_HIGH = PerType(0.693359375, 0.6931471806019545)
LN2_LOW = PerType(-2.1219444e-4, -4.2009150726810846e-11)
LARGE = PerType(89.0, 710.0)  # e^x is infinite
SMALL = PerType(-104.0, -746.0)  # e^x is 0
LARGE_FOR_HALF = PerType(89.5, 710.5)  # e^x / 2 is infinite
TINY = PerType(2.0**-25, 2.0**-54)  # an odd function with slope 1 is x, to the last bit

EXPM1 = Polynomial(  # (e^r - 1 - r) / r^2 for |r| <= log(2) / 2: 2^-28 r, 2^-61 r
    (0.5, 0.16666667, 0.04166635, 0.008333272, 0.0013941312, 0.00019914588),
    (
        *(0.5, 0.16666666666666677, 0.0416666666666667, 0.008333333333321341),
        *(0.0013888888888866444, 0.00019841269886944698, 2.4801587361372713e-05),
        *(2.7557243307787643e-06, 2.755724203256438e-07, 2.510937575536156e-08),
        2.092467578123667e-09,
    ),
)


def exp_parts(x: Lanes, low: Any = 0.0) -> tuple[Lanes, Lanes]:
    """Return t and p with e^(x + low) = 2^n (1 + p), t = ROUND + n."""
    t = mul_add(x, LOG2E, ROUND)
    n = t - ROUND
    high = mul_add(n, -LN2_HIGH, x)  # exact
    low = n * LN2_LOW - low
    r = high - low
    return t, r + mul_add(r * r, EXPM1(r), (high - r) - low)


@Function
def exp(x: Lanes) -> Lanes:
    """e^x."""
    t, p = exp_parts(between(SMALL, x, LARGE))
    return scale(1.0 + p, t)


@Function
def expm1(x: Lanes) -> Lanes:
    """e^x - 1 = 2 (2^(n-1) p + (2^(n-1) - 1/2))."""
    t, p = exp_parts(between(-40.0, x, LARGE))
    half = power_of_two(t - 1.0)
    y = 2.0 * mul_add(half, p, half - 0.5)
    return select(abs(x) < TINY, x, y)


def hyperbolic_parts(x: Lanes) -> tuple[Lanes, Lanes, Lanes, Lanes]:
    """Return a, b, c, d: 2 sinh|x| / 4 = (a - b) + (c + d) and 2 cosh x / 4 = (a + b) + (c - d).

    a = 2^(n-2), b = 2^(-n-2), c = a p, d = b q, where 1 - q = 1 / (1 + p).
    """
    t, p = exp_parts(select(abs(x) > LARGE_FOR_HALF, LARGE_FOR_HALF, abs(x)))
    n = t - ROUND
    a = power_of_two(t - 2.0)
    b = power_of_two((-2.0 - select(n > 100.0, 100.0, n)) + ROUND)
    return a, b, a * p, b * (p / (1.0 + p))


@Function
def sinh(x: Lanes) -> Lanes:
    """(e^x - e^-x) / 2, without cancellation for small x."""
    a, b, c, d = hyperbolic_parts(x)
    return select(abs(x) < TINY, x, with_sign(2.0 * ((a - b) + (c + d)), x))


@Function
def cosh(x: Lanes) -> Lanes:
    """(e^x + e^-x) / 2."""
    a, b, c, d = hyperbolic_parts(x)
    return 2.0 * ((a + b) + (c - d))


@Function
def sigmoid(x: Lanes) -> Lanes:
    """1 / (1 + e^-x), by e^-|x|, which cannot overflow."""
    power = exp(-abs(x))
    share = 1.0 / (1.0 + power)
    return select(x < 0.0, power * share, share)


# --- Tanh --------------------------------------------------------------------------------------

# (1 + TANH_TOP) / TANH_BOTTOM is tanh(x) / x as a function of x^2: 2^-27
TANH_TOP = Polynomial(
    (0.0, 0.13654014, 0.003836011, 2.736628e-05, 2.90986e-08, -1.11610955e-11), nested=True
)
TANH_BOTTOM = Polynomial((1.0, 0.4698734, 0.027127197, 0.00038820098, 1.2432629e-06), nested=True)


def tanh_by_quotient(x: Lanes) -> Lanes:
    """Divide one polynomial by another: half the work of an exponential, for float32."""
    x = between(-9.02, x, 9.02)  # where it rounds to 1
    square = x * x
    return between(-1.0, mul_add(x, TANH_TOP(square), x) / TANH_BOTTOM(square), 1.0)


def tanh_by_expm1(x: Lanes) -> Lanes:
    """Return m / (m + 2), m = e^(2 |x|) - 1."""
    m = expm1(2.0 * select(abs(x) > 20.0, 20.0, abs(x)))  # where it rounds to 1
    return with_sign(m / (m + 2.0), x)


@Function
def tanh(x: Lanes) -> Lanes:
    """The hyperbolic tangent."""
    return tanh_by_quotient(x) if x.kind == FLOAT32 else tanh_by_expm1(x)
