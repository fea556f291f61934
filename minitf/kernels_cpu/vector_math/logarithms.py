"""Logarithms, and the inverse hyperbolic functions made of them.

    x = 2^e m,  sqrt(1/2) <= m < sqrt(2),  m = 1 + f;   log x = e log 2 + log(1 + f)
    s = f / (2 + f);   log(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + s^2 R(s^2)))

The sum is taken so that e log 2 + f loses nothing.  The functions of 1 + x keep what 1 + x loses by
rounding, as an addend divided by 1 + x: log(u + v) = log u + v / u for v that small.

Source: the series of artanh(s); FDLIBM (Sun Microsystems, 1993) for the form of log(1 + f).
"""

from __future__ import annotations

from math import inf, nan

from minitf.kernels_cpu.vector_math.bits import exponent_and_mantissa
from minitf.kernels_cpu.vector_math.exponentials import LN2_HIGH, LN2_LOW, exp
from minitf.kernels_cpu.vector_math.function import Function
from minitf.kernels_cpu.vector_math.lanes import (
    Lanes,
    PerType,
    Polynomial,
    fill,
    mul_add,
    root,
    select,
    with_sign,
)

LN2 = 0.6931471805599453
LEAST_NORMAL = PerType(2.0**-126, 2.0**-1022)
TO_NORMAL = PerType(2.0**23, 2.0**52)  # times a subnormal number
TO_NORMAL_EXPONENT = PerType(23.0, 52.0)
BIG = PerType(2.0**13, 2.0**28)  # 1 / x^2 is lost beside log x

LOG = Polynomial(  # (log(1 + f) - 2 s) / s^3 as a function of s^2: 2^-30, 2^-58 of log(1 + f)
    (0.66666776, 0.39977536, 0.2987186),
    (
        *(0.6666666666666734, 0.3999999999941431, 0.28571428742478805, 0.22222198563031148),
        *(0.181835648912889, 0.15314035186415714, 0.147961121465437),
    ),
)


def log_of_parts(e: Lanes, f: Lanes, low: Lanes | float = 0.0) -> Lanes:
    """Return e log 2 + log(1 + f) + low, low of a rounding's size."""
    s = f / (2.0 + f)
    square = s * s
    half = 0.5 * f * f
    high = e * LN2_HIGH  # exact
    total = high + f
    lost = (high - total) + f  # exact: high is 0 or greater than f
    rest = s * mul_add(square, LOG(square), half) + mul_add(e, LN2_LOW, low)
    return total + (lost - (half - rest))


def exponent_and_fraction(x: Lanes) -> tuple[Lanes, Lanes]:
    """Return e and f of a positive number, which may be subnormal."""
    is_subnormal = x < LEAST_NORMAL
    e, m = exponent_and_mantissa(select(is_subnormal, x * TO_NORMAL, x))
    return select(is_subnormal, e - TO_NORMAL_EXPONENT, e), m - 1.0


def where_defined(x: Lanes, y: Lanes) -> Lanes:
    """Return y, the logarithm of x if x is positive and finite, or what else it is."""
    return select(x > 0.0, select(x == inf, x, y), select(x == 0.0, fill(-inf, x), nan))


@Function
def log(x: Lanes) -> Lanes:
    """The natural logarithm."""
    e, f = exponent_and_fraction(x)
    return where_defined(x, log_of_parts(e, f))


@Function
def log1p(x: Lanes) -> Lanes:
    """log(1 + x)."""
    u = 1.0 + x
    back = u - 1.0
    low = (1.0 - (u - back)) + (x - back)  # u + low = 1 + x, exactly
    e, m = exponent_and_mantissa(u)
    y = log_of_parts(e, m - 1.0, low / u)
    return where_defined(u, with_sign(y, x))


@Function
def softplus(x: Lanes) -> Lanes:
    """log(1 + e^x) = max(x, 0) + log(1 + e^-|x|)."""
    return select(x < 0.0, 0.0, x) + log1p(exp(-abs(x)))


@Function
def arcsinh(x: Lanes) -> Lanes:
    """sign(x) log(|x| + sqrt(x^2 + 1)), as log1p of a number that is exact for small x."""
    a = abs(x)
    big = a > BIG
    b = select(big, 1.0, a)
    inner = b + b * b / (1.0 + root(mul_add(b, b, 1.0)))
    y = log1p(select(big, a - 1.0, inner)) + select(big, fill(LN2, x), 0.0)
    return with_sign(y, x)


@Function
def arccosh(x: Lanes) -> Lanes:
    """log(x + sqrt(x^2 - 1))."""
    big = x > BIG
    less = x - 1.0
    inner = less + root(less * (less + 2.0))
    y = log1p(select(big, less, inner)) + select(big, fill(LN2, x), 0.0)
    return select(x >= 1.0, y, nan)


@Function
def arctanh(x: Lanes) -> Lanes:
    """log((1 + x) / (1 - x)) / 2."""
    a = abs(x)
    return with_sign(0.5 * log1p(2.0 * a / (1.0 - a)), x)
