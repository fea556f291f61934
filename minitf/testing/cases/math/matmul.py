"""Cases of the ops of `minitf.ops.math.matmul`."""

from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import broadcastable, dtype_names

SIZES = st.integers(0, 4)


@st.composite
def products(draw):
    dtype = as_dtype(draw(dtype_names(ops.mat_mul_op.attrs["T"].allowed)))
    m, k, n = (draw(SIZES) for _ in range(3))
    turns = {"transpose_a": draw(st.booleans()), "transpose_b": draw(st.booleans())}
    a = draw(numbers((k, m) if turns["transpose_a"] else (m, k), dtype, -4, 4))
    b = draw(numbers((n, k) if turns["transpose_b"] else (k, n), dtype, -4, 4))
    return Case((a, b), turns, terms=k, smooth=dtype.name == "float64")


@st.composite
def batches(draw, name, broadcasts):
    dtype = as_dtype(draw(dtype_names(ops.find_op(name).attrs["T"].allowed)))
    m, k, n = (draw(st.integers(1, 3)) for _ in range(3))
    of_x, of_y = draw(broadcastable())
    if not broadcasts:
        of_y = of_x
    turns = {"adj_x": draw(st.booleans()), "adj_y": draw(st.booleans())}
    x = draw(numbers((*of_x, *((k, m) if turns["adj_x"] else (m, k))), dtype, -4, 4))
    y = draw(numbers((*of_y, *((n, k) if turns["adj_y"] else (k, n))), dtype, -4, 4))
    return Case((x, y), turns, terms=k, smooth=dtype.name == "float64")


CASES = {
    "MatMul": products(),
    "BatchMatMul": batches("BatchMatMul", broadcasts=False),
    "BatchMatMulV2": batches("BatchMatMulV2", broadcasts=True),
}
