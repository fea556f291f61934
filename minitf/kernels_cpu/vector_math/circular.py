"""Sine, cosine and tangent, for arguments of any size.

    |x| = (n + h) pi / 2,  |h| <= 1/2;   n mod 4 says which of the sine and cosine of h pi / 2 it is

n and h are found by multiplying with 2 / pi, after Payne and Hanek but in floating point.  Of the
digits of 2 / pi those do not count that give multiples of 4: the first ones, how many depends on
the exponent of x.  So tables hold, for each 16 exponents, the digits that follow, cut into pieces
of 53 bits: four for a float64, which may be as near to a multiple of pi / 2 as 2^-61; two for a
float32.  Both types compute in float64.

Source: M. Payne and R. Hanek, Radian Reduction for Trigonometric Functions (1983).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import inf, nan

from minitf.kernels_cpu.vector_math.bits import ROUND, bits_of, is_odd, number_of
from minitf.kernels_cpu.vector_math.function import Function
from minitf.kernels_cpu.vector_math.lanes import (
    FLOAT32,
    FLOAT64,
    Kind,
    Lanes,
    Polynomial,
    low_product,
    mul_add,
    nearest,
    rounded,
    select,
    two_sum,
)

DIGITS = 1300  # of 2 / pi: the last row leaves out 955 and needs 212
ROW = 16  # exponents
MIDDLE_ROW = 1023 // ROW  # of numbers from 2^-15 to 2
SHORT_ROWS = range((1023 - 127) // ROW, (1023 + 129) // ROW)  # of a float32
OWN_SINE = 2.0**-26  # numbers below are their own sine and tangent, to the last bit
HALF_PI = 1.5707963267948966
HALF_PI_LOW = 6.123233995736766e-17


# --- Reduction ---------------------------------------------------------------------------------


def two_by_pi() -> int:
    """Return 2 / pi in units of 2^-DIGITS, by Machin's formula for pi."""
    unit = 1 << DIGITS + 64

    def arccot(n: int) -> int:
        power = total = unit // n
        for k in range(3, DIGITS, 2):
            power //= -n * n
            total += power // k
        return total

    return 2 * unit * unit // (16 * arccot(5) - 4 * arccot(239)) >> 64


@cache
def tables(count: int, mantissa: int, rows: range) -> list[tuple[float, ...]]:
    """Return tables of the digits of 2 / pi that count, one piece in each, one entry for each row.

    They are for numbers moved to the middle row; negative numbers have rows of their own.

    Args:
        count: how many pieces.
        mantissa: how many bits follow the first of the numbers to be reduced.
        rows: numbers by their biased exponent // ROW, as float64.
    """
    entries, digits = [], two_by_pi()
    for row in rows:
        unit = ROW * row - 1023 - mantissa  # every number of the row is a multiple of 2^unit
        left_out = max(0, unit - 2)
        rest = Fraction(digits % (1 << DIGITS - left_out), 1 << DIGITS)
        rest *= Fraction(2) ** (ROW * (row - MIDDLE_ROW))
        pieces = []
        for _ in range(count):
            pieces.append(float(rest))
            rest -= Fraction(pieces[-1])
        entries.append(pieces)
    return list(zip(*entries, *entries, strict=True))


def to_middle_row(x: Lanes) -> Lanes:
    """Return |x| 2^(-16 k), at least 2^-15 and less than 2, of a normal float64."""
    bits, _ = bits_of(x)
    return number_of(bits & (1 << 56) - 1 | MIDDLE_ROW << 56)


def pieces(x: Lanes, *tables: tuple[float, ...]) -> list[Lanes]:
    """Look up the pieces of 2 / pi for |x|."""
    bits, form = bits_of(x)
    row = bits >> form.mantissa + 4
    return [Lanes(x.machine, x.machine.lookup(table, row.value), FLOAT64) for table in tables]


def without_fours(x: Lanes) -> Lanes:
    """Return what x is beyond the nearest multiple of 4, exactly."""
    return mul_add(nearest(0.25 * x), -4.0, x)


def reduced(x: Lanes) -> tuple[Lanes, Lanes, Lanes]:
    """Return t = ROUND + n and h as a sum of two, for a float64's |x|."""
    near = to_middle_row(x)
    first, second, third, fourth = pieces(x, *tables(4, 52, range(2048 // ROW)))
    one, two, three = near * first, near * second, near * third
    one_low = without_fours(low_product(near, first, one))
    two_low = low_product(near, second, two)
    three_low = low_product(near, third, three)

    high, one_rest = two_sum(without_fours(one), one_low)
    high, two_rest = two_sum(high, without_fours(two))
    t = high + ROUND
    low, three_rest = two_sum(two_low, three)
    low, rest = two_sum(low, one_rest + two_rest)
    high, low = two_sum(high - (t - ROUND), low)
    return t, high, low + (rest + (three_rest + mul_add(near, fourth, three_low)))


def reduced_short(x: Lanes) -> tuple[Lanes, Lanes]:
    """Return t and h, as float64, for a float32's |x|."""
    near = to_middle_row(rounded(x, FLOAT64))
    first, second = pieces(x, *tables(2, 23, SHORT_ROWS))
    one = near * first
    t = one + ROUND
    return t, (one - (t - ROUND)) + mul_add(near, second, low_product(near, first, one))


# --- The sine and the cosine of h pi / 2 -------------------------------------------------------

# (sin(r) / r - 1) / r^2 and (cos(r) - 1 + r^2 / 2) / r^4 as functions of r^2, |r| <= pi / 4
SIN = Polynomial(  # 2^-37, 2^-57
    (-0.16666666641526864, 0.00833332937410457, -0.0001983933099003833, 2.718274404551151e-06),
    (
        *(-0.16666666666666632, 0.008333333333322372, -0.00019841269829771818),
        *(2.7557313678880193e-06, -2.505075599377332e-08, 1.589666832412031e-10),
    ),
)
COS = Polynomial(  # 2^-33, 2^-59
    (0.041666646806785175, -0.001388736446634946, 2.4438088881337422e-05),
    (
        *(0.0416666666666666, -0.0013888888888874066, 2.4801587289443834e-05),
        *(-2.75573143407426e-07, 2.087572163272068e-09, -1.1359559687483973e-11),
    ),
)
# A float32's are evaluated in float64.
SHORT_SIN, SHORT_COS = Polynomial(float64=SIN.float32), Polynomial(float64=COS.float32)


def parts(x: Lanes) -> tuple[Lanes, Lanes, Lanes]:
    """Return t and the sine and the cosine of h pi / 2, for |x|."""
    t, high, low = reduced(x)
    r = high * HALF_PI
    r_low = mul_add(high, HALF_PI_LOW, mul_add(low, HALF_PI, low_product(high, HALF_PI, r)))
    square = r * r
    sine = r + mul_add(r * square, SIN(square), r_low)
    half = 0.5 * square
    first = 1.0 - half
    rest = ((1.0 - first) - half) - r * r_low
    return t, sine, first + mul_add(square * square, COS(square), rest)


def short_parts(x: Lanes) -> tuple[Lanes, Lanes, Lanes]:
    """Return the same to a float32's precision."""
    t, h = reduced_short(x)
    r = h * HALF_PI
    square = r * r
    sine = mul_add(r * square, SHORT_SIN(square), r)
    return t, sine, mul_add(square * square, SHORT_COS(square), mul_add(square, -0.5, 1.0))


def wide_and_parts(x: Lanes) -> tuple[Lanes, Lanes, Lanes, Lanes]:
    """Return x in float64, and its parts."""
    return rounded(x, FLOAT64), *(short_parts if x.kind == FLOAT32 else parts)(x)


def turned(y: Lanes, t: Lanes) -> Lanes:
    """Return y, with the other sign if n mod 4 is 2 or 3."""
    bits, _ = bits_of(y)
    return number_of(bits ^ (bits_of(t)[0] << 62 & 1 << 63))


def signed(y: Lanes, x: Lanes) -> Lanes:
    """Return y, with the other sign if x is negative; x itself where it is its own sine."""
    bits, _ = bits_of(y)
    y = number_of(bits ^ (bits_of(x)[0] & 1 << 63))
    return select(abs(x) < OWN_SINE, x, y)


def finished(wide: Lanes, y: Lanes, kind: Kind) -> Lanes:
    """Return y as a number of x's type, NaN where x is infinite."""
    return rounded(select(abs(wide) < inf, y, nan), kind)


@Function
def sin(x: Lanes) -> Lanes:
    """The sine of x."""
    wide, t, sine, cosine = wide_and_parts(x)
    y = turned(select(is_odd(t), cosine, sine), t)
    return finished(wide, signed(y, wide), x.kind)


@Function
def cos(x: Lanes) -> Lanes:
    """The cosine of x: the sine a quarter of a turn further on."""
    wide, t, sine, cosine = wide_and_parts(x)
    y = turned(select(is_odd(t), sine, cosine), t + 1.0)
    return finished(wide, y, x.kind)


@Function
def tan(x: Lanes) -> Lanes:
    """The tangent of x: sine / cosine, or -cosine / sine."""
    wide, t, sine, cosine = wide_and_parts(x)
    y = select(is_odd(t), -cosine, sine) / select(is_odd(t), sine, cosine)
    return finished(wide, signed(y, wide), x.kind)
