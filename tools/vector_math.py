"""Write docs/vector_math.md: the error of each function of `minitf/kernels_cpu/vector_math/`.

    python tools/vector_math.py              writes the page
    python tools/vector_math.py exp tanh     measures these on all float32 numbers, a minute each

The sample is the same on every machine: 80,000 numbers, random bits and usual sizes.  The reference
has at least 64 bits of mantissa where the machine has such numbers.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from minitf.kernels_cpu import jit  # noqa: E402 the checkout's own package
from minitf.kernels_cpu.elementwise.loops import same_loops, unary_loops  # noqa: E402
from minitf.kernels_cpu.vector_math.accuracy import ULPS  # noqa: E402
from minitf.kernels_cpu.vector_math.bits import bits_of, number_of  # noqa: E402
from minitf.kernels_cpu.vector_math.function import Function  # noqa: E402
from minitf.kernels_cpu.vector_math.lanes import Lanes, between, select  # noqa: E402
from minitf.kernels_cpu.vector_math.table import FUNCTIONS  # noqa: E402

Array = np.ndarray[Any, Any]
PAGE = ROOT / "docs" / "vector_math.md"
LONG = np.longdouble
PI = LONG("3.14159265358979323846264338327950288")
SIZE = 1 << 16


# --- the reference -----------------------------------------------------------------------------


def _sigmoid(x: Array) -> Array:
    power = np.exp(-np.abs(x))
    return np.where(x < 0, power, 1) / (1 + power)


def _softplus(x: Array) -> Array:
    return np.where(x < 0, 0, x) + np.log1p(np.exp(-np.abs(x)))


def _erf_near(a: Array) -> Array:
    """Return erf(a) for 0 <= a <= 2, by 2 / sqrt(pi) e^(-a^2) (a + a^3 2/3 + a^5 4/15 + ...)."""
    term = total = a.copy()
    for k in range(1, 60):
        term = term * (2 * a * a / (2 * k + 1))
        total = total + term
    return total * np.exp(-a * a) * 2 / np.sqrt(PI)


def _erfc_far(a: Array) -> Array:
    """Return erfc(a) for a > 2, by the continued fraction e^(-a^2) / sqrt(pi) / (a + 1/2 / ...)."""
    a = np.minimum(a, 200)
    below = a.copy()
    for k in range(120, 0, -1):
        below = a + LONG(k) / 2 / below
    short = a.astype(np.float32).astype(LONG)  # its square is exact
    power = np.exp(-short * short) * np.exp((short - a) * (short + a))
    return power / np.sqrt(PI) / below


def _erf(x: Array) -> Array:
    a = np.abs(x)
    far = a > 2
    y = np.where(far, 1 - _erfc_far(np.where(far, a, 3)), _erf_near(np.where(far, 0, a)))
    return np.copysign(np.where(np.isnan(x), x, y), x)


def _erfc(x: Array) -> Array:
    far = x > 2
    return np.where(far, _erfc_far(np.where(far, x, 3)), 1 - _erf(np.where(far, 0, x)))


OWN = {"sigmoid": _sigmoid, "softplus": _softplus, "erf": _erf, "erfc": _erfc}


def reference(name: str, *inputs: Array) -> Array:
    """Compute a function with NumPy's widest numbers."""
    function = OWN.get(name) or getattr(np, name)
    with np.errstate(all="ignore"):
        return function(*(each.astype(LONG) for each in inputs))


# --- the sample --------------------------------------------------------------------------------


def _bits(seed: int) -> Array:
    """Return random 64-bit numbers (SplitMix64), the same with any version of NumPy."""
    x = (np.arange(SIZE, dtype=np.uint64) + np.uint64(seed * SIZE)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _uniform(low: float, high: float, seed: int) -> Array:
    return low + (high - low) * 2.0**-53 * (_bits(seed) >> np.uint64(11))


def _sized(low: int, high: int, seed: int) -> Array:
    """Return numbers whose exponents are spread evenly over [low, high)."""
    return np.ldexp(_uniform(1, 2, seed), np.floor(_uniform(low, high, seed + 1)).astype(int))


def sample(name: str, dtype: Any) -> list[Array]:
    """Return inputs of a function: the same at each call."""
    dtype = np.dtype(dtype)
    if name == "power":
        return _bases_and_exponents(dtype)
    numbers = _numbers(dtype)
    return [numbers, numbers[::-1].copy()] if name == "arctan2" else [numbers]


def _numbers(dtype: np.dtype[Any]) -> Array:
    signs = np.where(_bits(1) & np.uint64(1), -1.0, 1.0)
    parts = [
        _sized(-30, 10, 2),
        _uniform(0, 20, 4),
        1 + signs * _sized(-53, 0, 5),
        np.floor(_uniform(0, 1 << 20, 7)) * (np.pi / 2),
    ]
    usual = np.concatenate([part[: SIZE // 4] for part in parts]) * signs[::-1]
    of_any_size = _bits(8).view(dtype)[: SIZE // 4]
    return np.concatenate([of_any_size, usual.astype(dtype)])


def _bases_and_exponents(dtype: np.dtype[Any]) -> list[Array]:
    """Return x and y with x^y of all sizes; log2 x is nearly the exponent and mantissa - 1."""
    limits = np.finfo(dtype)
    low, high = limits.minexp - limits.nmant, limits.maxexp
    near_one = 1 + np.where(_bits(1) & np.uint64(1), -0.5, 1) * _sized(-limits.nmant, 0, 2)
    x = np.where(_bits(4) & np.uint64(1), _sized(low, high, 5), near_one)
    mantissa, exponent = np.frexp(x)
    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        y = _uniform(low, high, 7) / (exponent - 1 + (2 * mantissa - 1))
        return [x.astype(dtype), y.astype(dtype)]


# --- the error ---------------------------------------------------------------------------------


@cache
def loops_of(name: str) -> jit.Loops:
    """Return the loop that computes a function of this project."""
    template = same_loops if name in ("power", "arctan2") else unary_loops
    return template.bound(scalar=FUNCTIONS[name])


def compute(name: str, *inputs: Array) -> Array:
    """Compute a function of this project in a compiled loop."""
    out = np.empty_like(inputs[0])
    loops_of(name)(0, out.size, *inputs, out)
    return out


def errors(got: Array, want: Array) -> Array:
    """Return |got - want| in units in the last place of the exact result, `want`.

    Infinity counts as the first power of two that has no number.  A NaN that should not be there,
    or that should be and is not, is an infinite error.
    """
    limits = np.finfo(got.dtype)
    bound = LONG(2) ** limits.maxexp
    clipped, wide = np.clip(want, -bound, bound), np.clip(got.astype(LONG), -bound, bound)
    exponent = np.clip(np.frexp(clipped)[1] - 1, limits.minexp, limits.maxexp - 1)
    found = np.abs(wide - clipped) / np.ldexp(LONG(1), exponent - limits.nmant)
    both = np.isnan(got) & np.isnan(want)
    return np.where(both, 0, np.where(np.isnan(found), np.inf, found)).astype(np.float64)


def worst(name: str, dtype: Any) -> float:
    """Return the greatest error on the sample."""
    inputs = sample(name, dtype)
    return float(errors(compute(name, *inputs), reference(name, *inputs)).max())


@Function
def error_in_float32(got: Lanes, want: Lanes) -> Lanes:
    """Return the same for a float32 result, given as float64; NaN where only one of them is."""
    bits, form = bits_of(want)
    power = number_of(bits & 2 * form.bias + 1 << form.mantissa)
    unit = between(2.0**-126, power, 2.0**127) * 2.0**-23
    got, want = (between(-(2.0**128), each, 2.0**128) for each in (got, want))
    both = (got != got) & (want != want)  # noqa: PLR0124 they are NaN
    return select(both, 0.0, abs(got - want) / unit)


def scalar(x: Array) -> Array:
    """Stand for the function whose errors are found."""
    raise NotImplementedError


@jit.loops
def error_loops(x: Array, out: Array) -> None:
    """Find the errors of float32 results, taking the float64 ones for exact."""
    for i in range(out.size):
        out[i] = error_in_float32(np.float64(scalar(x[i])), scalar(np.float64(x[i])))


def worst_of_all(name: str, part: int = 0, parts: int = 1) -> float:
    """Return the greatest error on all float32 numbers, or on one of several parts of them.

    The reference is this project's function of float64 numbers.
    """
    loops = error_loops.bound(scalar=FUNCTIONS[name])
    found, size = 0.0, 1 << 14
    step, errors = np.arange(size, dtype=np.uint32), np.empty(size)
    for first in range((part << 32) // parts, (part + 1 << 32) // parts, size):
        loops((step + np.uint32(first)).view(np.float32), errors)
        found = max(found, float(np.nan_to_num(errors.max(), nan=np.inf)))
    return found


# --- the page ----------------------------------------------------------------------------------

HEADER = """\
# Accuracy of the vector functions

Generated by `python tools/vector_math.py`; do not edit.  Errors of the functions of
`minitf/kernels_cpu/vector_math/`, which kernels and fused loops call, in units in the last place of
the exact result: 0.5 is the best possible.  *At most* holds in float32 for all 2^32 numbers, in
float64 and for pairs on millions at random, with fused multiply-adds.  The other columns are the
greatest on the sample of `tools/vector_math.py`.  NumPy's tests hold its own functions to 4 units.

| | float32: at most | on the sample | float64: at most | on the sample |
|---|---|---|---|---|
"""


def page() -> str:
    """Measure, and render the table."""
    rows = []
    for name in FUNCTIONS:
        cells = zip(
            ULPS[name], (worst(name, each) for each in (np.float32, np.float64)), strict=True
        )
        rows.append(f"| {name} |" + "".join(f" {a:.1f} | {b:.2f} |" for a, b in cells) + "\n")
    return HEADER + "".join(rows)


if __name__ == "__main__":
    for each in sys.argv[1:]:
        print(f"{each}: {worst_of_all(each):.3f}", flush=True)
    if not sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
