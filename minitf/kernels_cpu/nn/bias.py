"""CPU kernels of BiasAdd and BiasAddGrad for channels in the last place.

NumPy calls its inner loop once for each position where there are few channels; here one loop nest
runs over all.  Other layouts and types are left to the ops' bodies.

Source: 2015 Table 1, Figure 1; docs/kernels.md has the figures.
"""

from __future__ import annotations

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.ops.nn.bias import bias_add_grad_op, bias_add_op, check_bias

TYPES = (float32, float64)
ROWS = 256  # rows summed in the array's own type before they join the float64 total


@bias_add_op.kernel("CPU", T=TYPES)
def bias_add(value, bias, *, data_format="NHWC"):
    """Add bias[c] to every element of channel c."""
    if data_format == "NCHW":
        return bias_add_op.body(value, bias, data_format=data_format)
    check_bias(value, bias, data_format)
    out = np.empty(value.shape, value.dtype)
    if out.size:
        C = len(bias)
        rows = np.ascontiguousarray(value).reshape(-1, C)
        bias = np.ascontiguousarray(bias)
        threads.split(bias_add_loops, len(rows), rows, bias, out.reshape(-1, C), cost=C)
    return out


@bias_add_grad_op.kernel("CPU", T=TYPES)
def bias_add_grad(out_backprop, *, data_format="NHWC"):
    """Sum over everything but the channels."""
    if data_format == "NCHW" or out_backprop.ndim < 2 or not out_backprop.size:
        return bias_add_grad_op.body(out_backprop, data_format=data_format)
    C = out_backprop.shape[-1]
    rows = np.ascontiguousarray(out_backprop).reshape(-1, C)
    blocks = -(-len(rows) // ROWS)
    sums = np.empty((blocks, C), rows.dtype)
    threads.split(sum_blocks_loops, blocks, rows, sums, cost=ROWS * C)
    return sums.sum(0, dtype=np.float64).astype(rows.dtype)


@loops
def bias_add_loops(first, last, value, bias, out):
    """Fill rows first..last."""
    value, out = value[first:last], out[first:last]
    N, C = out.shape
    for n in range(N):
        for c in range(C):
            out[n, c] = value[n, c] + bias[c]


@loops
def sum_blocks_loops(first, last, rows, out):
    """Fill block sums first..last, each of ROWS rows."""
    C = rows.shape[1]
    for block in range(first, last):
        total = out[block]
        for c in range(C):
            total[c] = 0
        part = rows[block * ROWS : block * ROWS + ROWS]
        for n in range(part.shape[0]):
            for c in range(C):
                total[c] += part[n, c]
