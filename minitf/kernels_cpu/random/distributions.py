"""CPU kernels of the random arrays: compiled words, then the bodies' own conversions, part by part.

Logarithms and sines stay NumPy's, as in the bodies, so that both give the same bits.

Source: 2015 Table 1 (Random); docs/kernels.md has the figures.
"""

from __future__ import annotations

import math

import numpy as np

from minitf.kernels_cpu import threads
from minitf.kernels_cpu.random.philox import CompiledStream, double_loops, float_loops
from minitf.ops.random.conversion import normal, uniform
from minitf.ops.random.distributions import (
    integers,
    per_block,
    random_standard_normal_op,
    random_uniform_int_op,
    random_uniform_op,
    reserved,
    truncated,
    truncated_normal_op,
)

COST = 64  # simple operations per block: parts of 4,096 blocks, which stay in the cache
MOST_AT_ONCE = 4096  # numbers that one call of compiled loops makes: some ten microseconds
UNIFORM_LOOPS = {"float32": float_loops, "float64": double_loops}


@random_uniform_op.kernel("CPU")
def random_uniform(shape, *, dtype, seed=0, seed2=0, context):
    """Draw from [0, 1)."""
    stream, sizes = reserved(context, seed, seed2, shape)
    loops = UNIFORM_LOOPS.get(dtype.name)
    if loops is None or math.prod(sizes) > MOST_AT_ONCE:
        return filled(stream, sizes, uniform(dtype), per_block(dtype), dtype.numpy)
    out = np.empty(sizes, dtype.numpy)
    CompiledStream(*stream).fill(loops, out.reshape(-1))
    return out


@random_uniform_int_op.kernel("CPU")
def random_uniform_int(shape, minval, maxval, *, seed=0, seed2=0, context):
    """Draw whole numbers from [minval, maxval)."""
    convert, count = integers(minval, maxval)
    stream, sizes = reserved(context, seed, seed2, shape)
    return filled(stream, sizes, convert, count, minval.dtype)


@random_standard_normal_op.kernel("CPU")
def random_standard_normal(shape, *, dtype, seed=0, seed2=0, context):
    """Draw from the normal distribution."""
    stream, sizes = reserved(context, seed, seed2, shape)
    return filled(stream, sizes, normal(dtype), per_block(dtype), dtype.numpy)


@truncated_normal_op.kernel("CPU")
def truncated_normal(shape, *, dtype, seed=0, seed2=0, context):
    """Draw from the normal distribution, again and again until the numbers lie in (-2, 2)."""
    stream, sizes = reserved(context, seed, seed2, shape)
    return truncated(CompiledStream(*stream), sizes, dtype)


def filled(stream, sizes, convert, count, dtype):
    """Return an array of the numbers that `convert` makes of blocks, `count` of each."""
    stream, size = CompiledStream(*stream), math.prod(sizes)
    out = np.empty((-(-size // count), count), dtype)

    def fill(first, last):
        out[first:last] = convert(stream.blocks_at(np.arange(first, last)))

    threads.split(fill, len(out), cost=COST)
    return out.reshape(-1)[:size].reshape(sizes)
