"""x^y = e^(y log x), with log x to nearly twice the precision of the type.

The error of y log x, a number of up to 745, becomes the relative error of the result: so log x and
its product with y are sums of two numbers, `high` and `low`.  With s = f / (2 + f) as in
`logarithms.py`,

    log(1 + f) = 2 s + s^3 (2/3 + s^2 (2/5 + ...))

is added up in pairs but for the last bracket.

Source: IEEE 754-2019 §9.2.1 for the special values; Dekker (1971) for arithmetic with pairs.
"""

from __future__ import annotations

from math import inf, nan

from minitf.kernels_cpu.vector_math.bits import scale
from minitf.kernels_cpu.vector_math.exponentials import LN2_HIGH, LN2_LOW, exp_parts
from minitf.kernels_cpu.vector_math.function import Function
from minitf.kernels_cpu.vector_math.lanes import (
    Lanes,
    PerType,
    Polynomial,
    between,
    fill,
    low_product,
    mul_add,
    nearest,
    select,
    with_sign,
)
from minitf.kernels_cpu.vector_math.logarithms import exponent_and_fraction

LIMIT = PerType(160.0, 1100.0)  # e^LIMIT is infinite, e^-LIMIT 0
TWO_THIRDS = PerType(0.6666667, 0.6666666666666666)
TWO_THIRDS_LOW = PerType(-1.9868216e-08, 3.700743415417188e-17)

LOG_REST = Polynomial(  # ((log(1 + f) - 2 s) / s^3 - 2/3) / s^2 as a function of s^2
    (0.40000153, 0.2854713, 0.23418698),  # 2^-36, 2^-66 of log(1 + f)
    (
        *(0.40000000000002256, 0.28571428570099566, 0.22222222519923643, 0.18181784367132398),
        *(0.1538675732892574, 0.1325681780915372, 0.13196328309833175),
    ),
)


def log_pair(x: Lanes) -> tuple[Lanes, Lanes]:
    """Return log x of a positive finite number as a sum of two."""
    e, f = exponent_and_fraction(x)
    bottom = 2.0 + f
    bottom_low = f - (bottom - 2.0)
    inverse = 1.0 / bottom
    s = f * inverse
    s_low = (-low_product(s, bottom, f) - s * bottom_low) * inverse

    square = s * s
    square_low = mul_add(2.0 * s, s_low, low_product(s, s, square))
    rest = square * LOG_REST(square)
    factor = TWO_THIRDS + rest
    factor_low = ((TWO_THIRDS - factor) + rest) + TWO_THIRDS_LOW
    product = square * factor
    product_low = mul_add(square, factor_low, low_product(square, factor, product))
    product_low = mul_add(square_low, factor, product_low)
    cube = s * product
    cube_low = mul_add(s, product_low, low_product(s, product, cube))
    cube_low = mul_add(s_low, product, cube_low)

    whole = e * LN2_HIGH  # exact
    double = 2.0 * s
    first = whole + double
    first_low = (whole - first) + double
    high = first + cube
    high_low = (first - high) + cube
    return high, high_low + (first_low + mul_add(e, LN2_LOW, mul_add(s_low, 2.0, cube_low)))


def power_of_positive(x: Lanes, y: Lanes) -> Lanes:
    """x^y for x >= 0 or NaN."""
    high, low = log_pair(x)
    special = select(x == 0.0, fill(-inf, x), x)  # log x where x is 0, infinite or NaN
    usual = (x > 0.0) & (x < inf)
    high = select(usual, high, special)
    product = y * high
    product_low = mul_add(y, low, low_product(y, high, product))
    product_low = select(usual & (abs(product) < LIMIT), product_low, 0.0)
    t, p = exp_parts(between(-LIMIT, product, LIMIT), product_low)
    return scale(1.0 + p, t)


@Function
def power(x: Lanes, y: Lanes) -> Lanes:
    """x^y; a negative x has real powers only for whole y, with its sign if y is odd."""
    size = power_of_positive(abs(x), y)
    size = select((abs(x) == 1.0) & (y == y), 1.0, size)  # noqa: PLR0124 y is no NaN
    is_odd = (nearest(y) == y) & (nearest(0.5 * y) != 0.5 * y)
    signed = select(is_odd, with_sign(size, x), size)
    has_none = (x < 0.0) & (x > -inf) & (nearest(y) != y)
    return select((x == 1.0) | (y == 0.0), 1.0, select(has_none, nan, signed))
