"""Cases of the ops of `minitf.ops.nn.block_gru`."""

from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import float32
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers

INPUTS, CELLS = 3, 2


@st.composite
def steps(draw, *, back=False):
    batch, both = draw(st.integers(1, 2)), INPUTS + CELLS
    sizes = [(batch, INPUTS), (batch, CELLS), (both, 2 * CELLS), (both, CELLS), (2 * CELLS,)]
    inputs = [draw(numbers(size, float32, -2, 2)) for size in (*sizes, (CELLS,))]
    if not back:
        return Case(tuple(inputs), ulps=64, scale=4)
    r, u, c, _ = ops.gru_block_cell_op.body(*inputs)
    of_h = draw(numbers((batch, CELLS), float32, -2, 2))
    return Case((*inputs, r, u, c, of_h), ulps=256, scale=16)


CASES = {"GRUBlockCell": steps(), "GRUBlockCellGrad": steps(back=True)}
