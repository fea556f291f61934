"""Cases of the ops of `minitf.ops.nn.block_lstm_sequence`."""

import numpy as np
from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import as_dtype, types
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.cases.nn.block_lstm import CELLS, INPUTS, weights
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names


@st.composite
def sequences(draw, name, *, back=False):
    dtype = as_dtype(draw(dtype_names(types("float16", "float32"))))
    length, batch = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    count = np.int64(draw(st.integers(0, length)))
    oracle = "" if count == length else skips.LEAVES_GARBAGE
    x = draw(numbers((length, batch, INPUTS), dtype, -2, 2))
    inputs = [count, x, *draw(weights(dtype, batch))]
    attrs = {"use_peephole": draw(st.booleans())}
    forward = attrs | {"cell_clip": draw(st.sampled_from([3.0, 0.0]))}
    if not name.endswith("V2"):
        forward["forget_bias"] = 1.0
    if not back:
        return Case(tuple(inputs), forward, ulps=256, scale=4, oracle=oracle)
    made = ops.find_op(name.replace("Grad", "")).body(*inputs, **forward)
    grads = [draw(numbers((length, batch, CELLS), dtype, -2, 2)) for _ in range(2)]
    return Case((*inputs, *made, *grads), attrs, ulps=2048, scale=64, oracle=oracle)


CASES = {
    "BlockLSTM": sequences("BlockLSTM"),
    "BlockLSTMV2": sequences("BlockLSTMV2"),
    "BlockLSTMGrad": sequences("BlockLSTMGrad", back=True),
    "BlockLSTMGradV2": sequences("BlockLSTMGradV2", back=True),
}
