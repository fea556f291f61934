"""The integral of the normal distribution's density, its logarithm and its inverse.

    ndtr(z) = (1 + erf(z / sqrt 2)) / 2

Where erf is close to -1 the sum would cancel, so erfc is taken; where even that underflows, the
logarithm follows from the asymptotic series.  A branch that is not taken gets a harmless argument,
so that its gradient is no NaN.

Source: Abramowitz and Stegun 7.1.2, 26.2.12; Moshier's Cephes library for the inverse.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from minitf import ops
from minitf.api.constants import constant, fill, zeros_like
from minitf.api.elementary import erf, erfc, log, sqrt, square
from minitf.api.framework import name_scope
from minitf.api.math import maximum, minimum
from minitf.api.sizes import shape
from minitf.dtypes import float64
from minitf.tensor import Tensor

# Cephes' rational functions P / Q of the inverse, the highest power first.
_MIDDLE = (
    (-59.96335010141079, 98.00107541859997, -56.67628574690703, 13.931260938727968,
     -1.2391658386738125),
    (1.0, 1.9544885833814176, 4.676279128988815, 86.36024213908905, -225.46268785411937,
     200.26021238006066, -82.03722561683334, 15.90562251262117, -1.1833162112133),
)  # fmt: skip
_TAIL = (
    (4.0554489230596245, 31.525109459989388, 57.16281922464213, 44.08050738932008,
     14.684956192885803, 2.1866330685079025, -0.1402560791713545, -0.03504246268278482,
     -0.0008574567851546854),
    (1.0, 15.779988325646675, 45.39076351288792, 41.3172038254672, 15.04253856929075,
     2.504649462083094, -0.14218292285478779, -0.03808064076915783, -0.0009332594808954574),
)  # fmt: skip
_FAR_TAIL = (
    (3.2377489177694603, 6.915228890689842, 3.9388102529247444, 1.3330346081580755,
     0.20148538954917908, 0.012371663481782003, 0.00030158155350823543, 2.6580697468673755e-06,
     6.239745391849833e-09),
    (1.0, 6.02427039364742, 3.6798356385616087, 1.3770209948908132, 0.21623699359449663,
     0.013420400608854318, 0.00032801446468212774, 2.8924786474538068e-06,
     6.790194080099813e-09),
)  # fmt: skip
_TAIL_BELOW = math.exp(-2)
_FAR_FROM = 8.0  # of sqrt(-2 log p)
_TERMS = 3  # of the asymptotic series


def ndtr(x: Tensor) -> Tensor:
    """Return P[Z <= x] of a standard normal Z."""
    with name_scope("ndtr", values=[x]):
        return _ndtr(x)


def _ndtr(x: Tensor) -> Tensor:
    half_sqrt_2 = constant(math.sqrt(0.5), dtype=x.dtype, name="half_sqrt_2")
    w = x * half_sqrt_2
    size = ops.abs_op(w)
    tails = _choose(w > 0.0, 2.0 - erfc(size), erfc(size))
    return 0.5 * _choose(size < half_sqrt_2, 1.0 + erf(w), tails)


def log_ndtr(x: Tensor) -> Tensor:
    """Return log P[Z <= x] of a standard normal Z, without underflow."""
    with name_scope("log_ndtr", values=[x]):
        low, high = (-20.0, 8.0) if x.dtype.base_dtype is float64 else (-10.0, 5.0)
        middle = log(_ndtr(maximum(x, low)))
        below = _choose(x > low, middle, _asymptotic(minimum(x, low)))
        return _choose(x > high, -_ndtr(-x), below)


def _asymptotic(x: Tensor) -> Tensor:
    """Return -x^2 / 2 - log(-x sqrt(2 pi)) + log(1 - 1/x^2 + 3/x^4 - ...): log ndtr far below 0."""
    term, series = 1.0, zeros_like(x) + 1.0
    power = ops.ones_like_op(x)
    for n in range(1, _TERMS + 1):
        power = power / square(x)
        term *= -(2 * n - 1)
        series = series + term * power
    return -0.5 * square(x) - log(-x) - 0.5 * math.log(2 * math.pi) + log(series)


def ndtri(p: Tensor) -> Tensor:
    """Return the x with ndtr(x) = p; infinities at 0 and 1."""
    with name_scope("ndtri", values=[p]):
        lower = _choose(p > 1.0 - _TAIL_BELOW, 1.0 - p, p)  # x is odd around p = 1/2
        safe = _choose(lower <= 0.0, fill(shape(p), constant(0.5, p.dtype)), lower)
        w = safe - 0.5
        middle = -math.sqrt(2 * math.pi) * (w + w * square(w) * _rational(_MIDDLE, square(w)))
        z = sqrt(-2.0 * log(safe))
        inverse = 1.0 / z
        first = z - log(z) * inverse
        tail = first - _rational(_TAIL, inverse) * inverse
        far = first - _rational(_FAR_TAIL, inverse) * inverse
        x = _choose(safe > _TAIL_BELOW, middle, _choose(z >= _FAR_FROM, far, tail))
        x = _choose(p > 1.0 - _TAIL_BELOW, x, -x)
        infinity = fill(shape(p), constant(np.inf, p.dtype))
        return _choose(p <= 0.0, -infinity, _choose(p >= 1.0, infinity, x))


def _rational(coefficients: tuple[Sequence[float], Sequence[float]], x: Tensor) -> Tensor:
    """Return P(x) / Q(x) by Horner's rule."""
    above, below = (_polynomial(each, x) for each in coefficients)
    return above / below


def _polynomial(coefficients: Sequence[float], x: Tensor) -> Tensor:
    made = zeros_like(x)
    for each in coefficients:
        made = made * x + each
    return made


def _choose(condition: Tensor, x: Tensor, y: Tensor) -> Tensor:
    made: Tensor = ops.select_v2_op(condition, x, y)
    return made
