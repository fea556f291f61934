"""CPU kernels of Softmax and LogSoftmax: three passes over rows that stay in cache between them.

The second pass takes the exponentials, several at once (`vector_math`), and adds them up.

Source: 2015 Table 1.
"""

from __future__ import annotations

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import inlined, loops
from minitf.kernels_cpu.vector_math.exponentials import exp
from minitf.kernels_cpu.vector_math.logarithms import log
from minitf.ops.nn.softmax import log_softmax_op, softmax_op, softmax_shape
from minitf.shapes import Shape

TYPES = (float32, float64)
EXP = 8  # simple operations that an exponential costs about as much as


@softmax_op.kernel("CPU", T=TYPES)
def softmax(logits):
    """Turn each row of scores into probabilities."""
    return by_rows(softmax_loops, logits)


@log_softmax_op.kernel("CPU", T=TYPES)
def log_softmax(logits):
    """Give the logarithm of each row's softmax."""
    return by_rows(log_softmax_loops, logits)


def by_rows(work, logits):
    """Return `work(first, last, rows, out)` on parts of an array's rows."""
    softmax_shape(Shape(logits.shape))
    out = np.empty(logits.shape, logits.dtype)
    if out.size:
        classes = logits.shape[-1]
        rows = np.ascontiguousarray(logits).reshape(-1, classes)
        threads.split(work, len(rows), rows, out.reshape(-1, classes), cost=EXP * classes)
    return out


# The loops below add up in any order ("reassoc").  What must not be reordered stands in functions
# of its own, to which their flag does not reach.


@inlined
def less(x, y):
    """Return x - y."""
    return x - y


@inlined
def power(x):
    """Return e^x."""
    return exp(x)


@inlined
def logarithm(x):
    """Return log x."""
    return log(x)


@loops(fastmath={"reassoc"})
def softmax_loops(first, last, logits, out):
    """Fill rows first..last."""
    logits, out = logits[first:last], out[first:last]
    N, C = logits.shape
    for n in range(N):
        row, powers = logits[n], out[n]
        greatest = row[0]
        for c in range(C):
            greatest = max(greatest, row[c])
        total = row.dtype.type(0)
        for c in range(C):
            powers[c] = power(less(row[c], greatest))
            total += powers[c]
        for c in range(C):
            powers[c] /= total


@loops(fastmath={"reassoc"})
def log_softmax_loops(first, last, logits, out):
    """Fill rows first..last."""
    logits, out = logits[first:last], out[first:last]
    N, C = logits.shape
    for n in range(N):
        row, shifted = logits[n], out[n]
        greatest = row[0]
        for c in range(C):
            greatest = max(greatest, row[c])
        total = row.dtype.type(0)
        for c in range(C):
            shifted[c] = less(row[c], greatest)
            total += power(shifted[c])
        log_total = logarithm(total)
        for c in range(C):
            shifted[c] -= log_total
