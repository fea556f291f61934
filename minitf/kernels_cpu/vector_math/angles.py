"""The inverse circular functions: all are the angle of a point.

The angle of (x, y) is reduced to one between 0 and pi / 8: |y| / |x| is turned over where it is
greater than 1, and where it is greater than tan(pi / 8), atan(a / b) = pi / 4 - atan((b - a) / (b +
a)).  So one division and one polynomial serve everywhere.

Source: the addition theorem of the tangent.
"""

from __future__ import annotations

from math import inf

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

TAN_PI_8 = 0.41421356237309503
QUARTER = PerType(0.7853982, 0.7853981633974483)  # pi / 4
QUARTER_LOW = PerType(-2.1855694e-08, 3.061616997868383e-17)
HUGE = PerType(2.0**120, 2.0**1000)

ATAN = Polynomial(  # (atan(t) / t - 1) / t^2 as a function of t^2, t <= tan(pi / 8): 2^-28, 2^-58
    (-0.33333316, 0.1999849, -0.14243837, 0.10595911, -0.06083215),
    (
        *(-0.333333333333332, 0.19999999999954052, -0.14285714280245046, 0.11111110785942921),
        *(-0.09090897830301937, 0.07692061519515432, -0.06663118967051612, 0.0584799810829376),
        *(-0.05039794875152542, 0.0380769915878876, -0.017920782183760177),
    ),
)


@Function
def arctan2(y: Lanes, x: Lanes) -> Lanes:
    """The angle of (x, y), with y's sign; that of (0, 0) is 0 or pi, by x's sign."""
    steep = abs(y) > abs(x)
    low, high = select(steep, abs(x), abs(y)), select(steep, abs(y), abs(x))
    diagonal = (low == inf) & (high == inf)
    low, high = select(diagonal, 1.0, low), select(diagonal, 1.0, high)
    shrink = select(high > HUGE, fill(0.25, x), 1.0)  # so that low + high is finite
    low, high = shrink * low, shrink * high

    middle = low > high * TAN_PI_8
    top = select(middle, low - high, low)
    bottom = select(middle, low + high, select(high == 0.0, 1.0, high))
    t = top / bottom
    square = t * t
    angle = mul_add(t * square, ATAN(square), t)

    # The angle is now counted from a multiple of pi / 4: upwards or downwards.
    back = with_sign(1.0, x)
    quarters = select(middle, fill(1.0, x), 0.0)
    angle, quarters = select(steep, -angle, angle), select(steep, 2.0 - quarters, quarters)
    angle, quarters = back * angle, select(back < 0.0, 4.0 - quarters, quarters)
    return with_sign(mul_add(quarters, QUARTER, mul_add(quarters, QUARTER_LOW, angle)), y)


@Function
def arctan(x: Lanes) -> Lanes:
    """The angle in [-pi/2, pi/2] whose tangent is x."""
    return arctan2(x, fill(1.0, x))


@Function
def arcsin(x: Lanes) -> Lanes:
    """The angle in [-pi/2, pi/2] whose sine is x."""
    return arctan2(x, root((1.0 - x) * (1.0 + x)))


@Function
def arccos(x: Lanes) -> Lanes:
    """The angle in [0, pi] whose cosine is x."""
    return arctan2(root((1.0 - x) * (1.0 + x)), x)
