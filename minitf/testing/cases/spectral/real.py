"""Cases of the ops of `minitf.ops.spectral.real`."""

import math

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import complex64, complex128, float32, float64
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import shapes


@st.composite
def sizes(draw, rank):
    """Draw the sizes of a transform, and of an input that may be larger."""
    made = [draw(st.integers(1, 6)) for _ in range(rank)]
    return made, [n + draw(st.sampled_from([0, 0, 1, 2])) for n in made]


@st.composite
def signals(draw, rank):
    real, spectrum = draw(st.sampled_from([(float64, complex128), (float32, complex64)]))
    made, taken = draw(sizes(rank))
    x = draw(numbers((*draw(shapes(0, 2)), *taken), real, -4, 4))
    return case_of(x, made, {"Tcomplex": spectrum}, real)


@st.composite
def spectra(draw, rank):
    real, spectrum = draw(st.sampled_from([(float64, complex128), (float32, complex64)]))
    made, taken = draw(sizes(rank))
    taken[-1] += made[-1] // 2 + 1 - made[-1]
    x = draw(numbers((*draw(shapes(0, 2)), *taken), spectrum, -4, 4))
    return case_of(x, made, {"Treal": real}, real)


def case_of(x, made, attrs, real):
    oracle = "" if x.size else skips.REFUSES_EMPTY
    return Case(
        (x, np.int32(made)),
        attrs,
        ulps=8,
        scale=6 * math.prod(made),
        smooth=real is float64,
        oracle=oracle,
    )


CASES = {
    "RFFT": signals(1),
    "RFFT2D": signals(2),
    "RFFT3D": signals(3),
    "IRFFT": spectra(1),
    "IRFFT2D": spectra(2),
    "IRFFT3D": spectra(3),
}
