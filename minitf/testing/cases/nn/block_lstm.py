"""Cases of the ops of `minitf.ops.nn.block_lstm`."""

from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import as_dtype, types
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names

INPUTS, CELLS = 3, 2


@st.composite
def weights(draw, dtype, batch):
    """Draw the memory and the outputs before, weights, peepholes and biases."""
    state, wide = (batch, CELLS), 4 * CELLS
    sizes = [state, state, (INPUTS + CELLS, wide), (CELLS,), (CELLS,), (CELLS,), (wide,)]
    return [draw(numbers(size, dtype, -2, 2)) for size in sizes]


@st.composite
def steps(draw, *, back=False):
    dtype = as_dtype(draw(dtype_names(types("float16", "float32"))))
    batch = draw(st.integers(1, 2))
    inputs = [draw(numbers((batch, INPUTS), dtype, -2, 2)), *draw(weights(dtype, batch))]
    attrs = {"use_peephole": draw(st.booleans())}
    forward = attrs | {"forget_bias": 1.0, "cell_clip": draw(st.sampled_from([3.0, 0.0]))}
    if not back:
        return Case(tuple(inputs), forward, ulps=64, scale=4)
    made = ops.lstm_block_cell_op.body(*inputs, **forward)[:6]
    grads = [draw(numbers((batch, CELLS), dtype, -2, 2)) for _ in range(2)]
    return Case((*inputs, *made, *grads), attrs, ulps=256, scale=16)


CASES = {"LSTMBlockCell": steps(), "LSTMBlockCellGrad": steps(back=True)}
