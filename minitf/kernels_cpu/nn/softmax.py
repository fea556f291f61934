"""CPU kernels of Softmax and LogSoftmax: three passes over rows that stay in cache between them.

The exponentials of a part are one call of NumPy, whose float32 exp is vectorised; Numba's is a call
of libm for each element, three times as slow (docs/kernels.md).

Source: 2015 Table 1.
"""

from __future__ import annotations

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.ops.nn.softmax import log_softmax_op, softmax_op, softmax_shape
from minitf.shapes import Shape

TYPES = (float32, float64)
EXP = 16  # simple operations that an exponential costs about as much as


@softmax_op.kernel("CPU", T=TYPES)
def softmax(logits):
    """Turn each row of scores into probabilities."""
    return by_rows(softmax_rows, logits)


@log_softmax_op.kernel("CPU", T=TYPES)
def log_softmax(logits):
    """Give the logarithm of each row's softmax."""
    return by_rows(log_softmax_rows, logits)


def by_rows(work, logits):
    """Return `work(first, last, rows, out)` on parts of an array's rows."""
    softmax_shape(Shape(logits.shape))
    out = np.empty(logits.shape, logits.dtype)
    if out.size:
        classes = logits.shape[-1]
        rows = np.ascontiguousarray(logits).reshape(-1, classes)
        threads.split(work, len(rows), rows, out.reshape(-1, classes), cost=EXP * classes)
    return out


def softmax_rows(first, last, logits, out):
    """Fill rows first..last."""
    part = out[first:last]
    shift_loops(logits[first:last], part)
    np.exp(part, out=part)
    divide_by_sum_loops(part)


def log_softmax_rows(first, last, logits, out):
    """Fill rows first..last."""
    part = out[first:last]
    shift_loops(logits[first:last], part)
    subtract_log_sum_loops(np.exp(part), part)


@loops
def shift_loops(logits, out):
    """Take each row's maximum away from it."""
    N, C = logits.shape
    for n in range(N):
        row, shifted = logits[n], out[n]
        greatest = row[0]
        for c in range(C):
            greatest = max(greatest, row[c])
        for c in range(C):
            shifted[c] = row[c] - greatest


@loops(fastmath={"reassoc"})
def divide_by_sum_loops(out):
    """Divide each row by its sum."""
    N, C = out.shape
    for n in range(N):
        row = out[n]
        total = row.dtype.type(0)
        for c in range(C):
            total += row[c]
        for c in range(C):
            row[c] /= total


@loops(fastmath={"reassoc"})
def subtract_log_sum_loops(powers, out):
    """Take the logarithm of each row's sum of powers away from it."""
    N, C = powers.shape
    for n in range(N):
        row, shifted = powers[n], out[n]
        total = row.dtype.type(0)
        for c in range(C):
            total += row[c]
        log_total = np.log(total)
        for c in range(C):
            shifted[c] -= log_total
