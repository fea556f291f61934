"""Cases of the ops of `minitf.ops.elementwise.complex_numbers`."""

from hypothesis import strategies as st

from minitf import dtypes
from minitf.dtypes import COMPLEX, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers, of_one
from minitf.testing.strategies import broadcastable

PARTS = {"complex64": dtypes.float32, "complex128": dtypes.float64}


def part_of(dtype):
    return {"Tout": PARTS[dtype.name]}


@st.composite
def pairs(draw):
    whole = as_dtype(draw(st.sampled_from(sorted(PARTS))))
    parts = [draw(numbers(s, PARTS[whole.name], -4, 4)) for s in draw(broadcastable())]
    return Case(tuple(parts), {"Tout": whole}, ulps=0, smooth=whole.name == "complex128")


CASES = {
    "Complex": pairs(),
    "Real": of_one(COMPLEX, ulps=0, attrs=part_of),
    "Imag": of_one(COMPLEX, ulps=0, attrs=part_of),
    "ComplexAbs": of_one(COMPLEX, 0.25, 4, ulps=4, attrs=part_of),
    "Angle": of_one(COMPLEX, 0.25, 4, ulps=4, attrs=part_of),
    "Conj": of_one(COMPLEX, ulps=0),
}
