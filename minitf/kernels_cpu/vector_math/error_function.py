"""The error function and its complement.

    erfc(a) = e^(-a^2) g(q) / (1 + 2 a),  q = (a - k) / (a + k),  a >= 0

g is between 1 and 1.3 for all a, and smooth in q: one polynomial serves from 0 to where erfc is 0.
a^2 is taken in two parts, since its rounding would be multiplied by up to 745.  erf is x + x P(x^2)
where |x| is small, 1 - erfc(|x|) elsewhere.

Source: M. M. Shepherd and J. G. Laframboise, Chebyshev Approximation of (1 + 2x) exp(x^2) erfc x
(1981).
"""

from __future__ import annotations

from minitf.kernels_cpu.vector_math.bits import scale
from minitf.kernels_cpu.vector_math.exponentials import exp_parts
from minitf.kernels_cpu.vector_math.function import Function
from minitf.kernels_cpu.vector_math.lanes import (
    FLOAT32,
    Lanes,
    PerType,
    Polynomial,
    between,
    low_product,
    mul_add,
    select,
    with_sign,
)

CENTRE = PerType(2.0, 4.0)  # k
NOTHING = PerType(11.0, 28.0)  # erfc is 0

# g = SCALED_ERFC_MIDDLE + q SCALED_ERFC(q), for a >= 0.45: 2^-25, 2^-54
SCALED_ERFC_MIDDLE = PerType(1.2769784, 1.2329951186255526)
SCALED_ERFC = Polynomial(
    (
        *(-0.092763774, -0.16603099, 0.16404918, -0.05420873, -0.008011131),
        *(0.00864686, 0.0011700728, -0.0012472069, -0.0002583552),
    ),
    (
        *(-0.13962111684056167, 0.015379652102608556, 0.06809705425458591),
        *(-0.10103906603561566, 0.09373283500228113, -0.06633036582859443, 0.03716751547063854),
        *(-0.016197733860413566, 0.005031970607165822, -0.0007577746559817941),
        *(-0.00019926028181547852, 0.00015062746804465443, -2.4386282496963112e-05),
        *(-1.123737636319525e-05, 5.679960395391013e-06, 3.1894427983058905e-07),
        *(-7.826728935005605e-07, 5.059649348469529e-08, 7.451133735493958e-08),
        -6.31567845011355e-09,
    ),
)
ERF = Polynomial(  # erf(x) / x - 1 as a function of x^2, |x| <= 0.5, |x| <= 0.85: 2^-27, 2^-56
    (0.12837917, -0.37612608, 0.11282838, -0.026758157, 0.0047199284),
    (
        *(0.1283791670955126, -0.3761263890318375, 0.11283791670954693, -0.026866170645018953),
        *(0.005223977623935488, -0.0008548326904091766, 0.00012055326980511915),
        *(-1.4925451342370181e-05, 1.645769726145904e-06, -1.6300709966848204e-07),
        *(1.4190830323833846e-08, -8.840340896446909e-10),
    ),
)


def erfc_of_size(x: Lanes) -> Lanes:
    """erfc(|x|)."""
    a = select(abs(x) > NOTHING, NOTHING, abs(x))
    square = a * a
    t, p = exp_parts(-square, -low_product(a, a, square))
    q = (a - CENTRE) / (a + CENTRE)
    g = mul_add(q, SCALED_ERFC(q), SCALED_ERFC_MIDDLE)
    return scale(mul_add(g, p, g) / mul_add(a, 2.0, 1.0), t)


@Function
def erfc(x: Lanes) -> Lanes:
    """1 - erf(x)."""
    y = erfc_of_size(x)
    y = select(x < 0.0, 2.0 - y, y)
    return select(abs(x) < 0.5, 1.0 - mul_add(x, ERF(x * x), x), y)


def erf_by_erfc(x: Lanes) -> Lanes:
    """Return x + x P(x^2) or 1 - erfc(|x|), for float64."""
    y = with_sign(1.0 - erfc_of_size(x), x)
    return select(abs(x) < 0.85, mul_add(x, ERF(x * x), x), y)


# (1 + ERF_TOP) / ERF_BOTTOM is erf(x) / x as a function of x^2: 2^-27
ERF_TOP = Polynomial(
    (
        *(0.12837917, 0.18555434, 0.054275957, 0.0038522815, 0.0003760603, 4.583535e-06),
        -1.2710065e-08,
    )
)
ERF_BOTTOM = Polynomial((1.0, 0.49777663, 0.11402604, 0.015455485, 0.0013032879, 6.214528e-05))


def erf_by_quotient(x: Lanes) -> Lanes:
    """Divide one polynomial by another: a third of the work of erfc, for float32."""
    x = between(-3.93, x, 3.93)  # where it rounds to 1
    square = x * x
    return between(-1.0, mul_add(x, ERF_TOP(square), x) / ERF_BOTTOM(square), 1.0)


@Function
def erf(x: Lanes) -> Lanes:
    """The error function: 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x."""
    return erf_by_quotient(x) if x.kind == FLOAT32 else erf_by_erfc(x)
