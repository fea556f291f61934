"""Cases of the ops of `minitf.ops.math.sums`."""

from hypothesis import strategies as st

from minitf.dtypes import NUMBERS, QUANTIZED, as_dtype
from minitf.shapes import Shape
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes


@st.composite
def several(draw, stated=False):
    dtype, shape = as_dtype(draw(dtype_names(NUMBERS - QUANTIZED))), draw(shapes(0, 3))
    inputs = [draw(numbers(shape, dtype, -4, 4)) for _ in range(draw(st.integers(1, 4)))]
    attrs = {"shape": Shape(shape)} if stated else {}
    return Case((inputs,), attrs, terms=len(inputs), smooth=dtype.name == "float64")


CASES = {"AddN": several(), "AccumulateNV2": several(stated=True)}
