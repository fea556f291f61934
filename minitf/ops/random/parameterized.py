"""Normal numbers between bounds, with parameters of their own for each row of an output.

A number z with density exp(-z^2 / 2) on [low, high] (bounds in standard deviations from the mean,
turned round so that the nearer bound is `low`) is drawn in one of three ways, always by rejection:

    normal        z normal, kept if it lies between the bounds      where they are wide apart
    uniform       z uniform, kept with probability exp(-z^2 / 2)    where they are close
    exponential   z exponential from `low` on, corrected            where `low` is far out

**Departure from TensorFlow**: all rows draw from one stream in order.  TensorFlow's threads start
at places of their own, so its numbers for large outputs depend on the thread count; ours are those
of one thread.

Source: Robert, "Simulation of truncated normal variables" (1995); TensorFlow's op.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.dtypes import FLOATS, INDICES, as_dtype
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.random.conversion import normal, uniform
from minitf.ops.random.distributions import INDEPENDENT, sizes_of
from minitf.ops.random.philox import Stream, reserve
from minitf.resources import Context
from minitf.shapes import Shape, shape_of_value
from minitf.symbols import T, dtype, n

Array = np.ndarray[Any, Any]
# numbers in the order of drawing, [draws, numbers of one], and whether each is kept
Candidates = tuple[Array, Array]

MOST_TRIES = 1000  # for which TensorFlow sets positions aside
WIDE = 1.3  # standard deviations between mean and bound from which normal numbers are drawn
ROWS = 100  # numbers per row where all have the same parameters

# --- ParameterizedTruncatedNormal --------------------------------------------------------------


@op("ParameterizedTruncatedNormal", "stateful", dtype=FLOATS, T=INDICES)
def parameterized_truncated_normal_op(
    shape: T[n],
    means: dtype,
    stdevs: dtype,
    minvals: dtype,
    maxvals: dtype,
    *,
    seed: int = 0,
    seed2: int = 0,
    context: Context,
) -> dtype:
    """Draw normal numbers that lie between two bounds.

    Args:
        shape: the output's shape, of at least one dimension.
        means: a scalar, or one number for each row of the output; so are the others.
        stdevs: standard deviations before truncation, > 0.
        minvals: lower bounds.
        maxvals: upper bounds, greater; one of both must be finite.
        seed: first seed.
        seed2: second seed.

    Returns:
        dtype[shape].

    Raises:
        InvalidArgumentError: if parameters are neither scalars nor as many as rows, or are wrong.

    Source: Robert (1995).
    """
    sizes = sizes_of(shape)
    if not sizes:
        raise invalid("Shape tensor must not be empty, got 0")
    rows, columns = sizes[0], math.prod(sizes[1:])
    size = rows * columns
    given = {"means": means, "stdevs": stdevs, "minvals": minvals, "maxvals": maxvals}
    for name, each in given.items():
        _check_parameters(name, each, rows)
    if all(each.size == 1 for each in given.values()):
        rows, columns = -(-size // ROWS), ROWS
    stream = reserve(context, seed, seed2, rows * 2 * MOST_TRIES * (columns + 3) // 4)
    made = np.empty(size, means.dtype)
    for row in range(rows):
        own = made[row * columns : (row + 1) * columns]
        mean, stdev, low, high = (
            each.reshape(-1)[row if each.size > 1 else 0] for each in given.values()
        )
        stream = _fill(own, stream, mean, stdev, low, high)
    return made.reshape(sizes)


def _check_parameters(name: str, values: Array, rows: int) -> None:
    if values.ndim > 1:
        raise invalid(f"Input {name} should be a scalar or vector, got shape: {list(values.shape)}")
    if values.size not in (1, rows):
        raise invalid(
            f"Input {name} should have length 1 or shape[0], got shape: {list(values.shape)}"
        )


def _fill(out: Array, stream: Stream, mean: Any, stdev: Any, low: Any, high: Any) -> Stream:
    """Fill a row, and return the stream behind the blocks that it took."""
    if not (stdev > 0 and low < high and (np.isfinite(low) or np.isfinite(high))):
        raise invalid("Invalid parameters")
    if (np.isinf(low) and low < 0) or high < mean:
        low, high, stdev = high, low, -stdev
    propose = _proposal((low - mean) / stdev, (high - mean) / stdev)
    have, blocks = 0, 0
    count = 4 * (-(-out.size // 4) + 1)
    while have < out.size:
        numbers, kept = propose(Stream(stream.key, stream.position + blocks).blocks(count))
        places = np.flatnonzero(kept)[: out.size - have]
        out[have : have + len(places)] = numbers.reshape(-1)[places] * stdev + mean
        have += len(places)
        draws, width = numbers.shape
        # a draw is taken whole: its numbers behind the last one kept are lost
        taken = int(places[-1]) // width + 1 if have == out.size else draws
        blocks += taken * (count // draws)
    return Stream(stream.key, stream.position + blocks)


def _proposal(low: Any, high: Any) -> Callable[[Array], Candidates]:
    """Return the way to draw between bounds in standard deviations from the mean."""
    kind = low.dtype.type
    if (low < -WIDE and high >= 0) or (high > WIDE and low <= 0):
        return lambda blocks: _by_normal(blocks, low, high)
    root = np.sqrt(low * low + kind(4))
    cutoff = kind(2) * np.exp(kind(0.5) + low * (low - root) / kind(4)) / (low + root)
    if high - low < cutoff:
        return lambda blocks: _by_uniform(blocks, low, high)
    return lambda blocks: _by_exponential(blocks, low, high, (low + root) / kind(2))


def _by_normal(blocks: Array, low: Any, high: Any) -> Candidates:
    dtype = as_dtype(low.dtype)
    numbers = normal(dtype)(blocks).astype(dtype.numpy, copy=False)
    return numbers, (numbers >= low) & (numbers <= high)


def _by_uniform(blocks: Array, low: Any, high: Any) -> Candidates:
    """One block gives numbers, the next one tells which of them are kept."""
    kind = low.dtype.type
    numbers = uniform(as_dtype(low.dtype))(blocks)
    z = numbers[::2] * (high - low) + low
    most = kind(0) if low < 0 else low * low
    return z, numbers[1::2] <= _exp((most - z * z) / kind(2))


def _by_exponential(blocks: Array, low: Any, high: Any, alpha: Any) -> Candidates:
    """Of each pair one number gives z, the other tells whether it is kept."""
    kind = low.dtype.type
    numbers = uniform(as_dtype(low.dtype))(blocks)
    firsts, seconds = numbers[:, ::2], numbers[:, 1::2]
    with np.errstate(divide="ignore"):  # log 0: not kept, as infinity exceeds every bound
        z = -np.log(firsts.astype(np.float64)).astype(kind) / alpha + low
    x = alpha - z if low < alpha else np.full_like(z, low - alpha)
    return z, (seconds <= _exp(-x * x / kind(2))) & (z < high)


def _exp(x: Array) -> Array:
    """Return e^x rounded once, so that what is kept does not depend on the machine's library."""
    return np.exp(x.astype(np.float64)).astype(x.dtype)


@parameterized_truncated_normal_op.shape(values_of=("shape",))
def parameterized_truncated_normal_shape(shape: Any, *others: Shape, **attrs: Any) -> Shape:
    return shape_of_value(shape)


parameterized_truncated_normal_op.no_gradient(INDEPENDENT)
