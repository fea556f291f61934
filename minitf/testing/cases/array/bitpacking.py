"""Cases of the op of `minitf.ops.array.bitpacking`."""

from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import as_dtype
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes


@st.composite
def packed(draw):
    dtype = as_dtype(draw(dtype_names(ops.compare_and_bitpack_op.attrs["T"].allowed)))
    size = (*draw(shapes(max_dims=2)), 8 * draw(st.integers(0, 2)))
    inputs = draw(numbers(size, dtype, -4, 4)), draw(numbers((), dtype, -4, 4))
    return Case(inputs, oracle=skips.NO_OP)


CASES = {"CompareAndBitpack": packed()}
