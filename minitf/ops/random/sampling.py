"""Draws that depend on inputs: shuffling, choosing classes by their weights, Poisson numbers.

**Departure from TensorFlow**: Multinomial draws all rows from one stream in order.  TensorFlow's
shards start at overlapping places of it, so its numbers change with the thread count once a batch
is large enough to be sharded; ours are those of one thread.

Source: 2015 Table 1 (Shuffle, Random).
"""

import math
from typing import Any

import numpy as np

from minitf.dtypes import ANY, INDICES, REAL_NUMBERS, DType, as_dtype, float64, int64, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.random.conversion import uniform_doubles
from minitf.ops.random.distributions import INDEPENDENT, sizes_of
from minitf.ops.random.philox import RESERVED_PER_OUTPUT, Draws, Stream, reserve
from minitf.resources import Context
from minitf.shapes import UNKNOWN, Shape, shape_of_value
from minitf.symbols import B, K, R, S, T, dtype, int32, n, output_dtype

Array = np.ndarray[Any, Any]

# --- RandomShuffle -----------------------------------------------------------------------------


@op("RandomShuffle", "stateful", T=ANY)
def random_shuffle_op(value: T, *, seed: int = 0, seed2: int = 0, context: Context) -> T:
    """Put the rows of an array in a random order, all orders equally likely.

    Place i is exchanged with one of i, i+1, ... (Fisher and Yates), chosen by word i mod their
    number.

    Args:
        value: T[N, ...].
        seed: first seed.
        seed2: second seed.

    Returns:
        T[N, ...].

    Source: 2015 Table 1.
    """
    if value.size <= 1 or len(value) <= 1:
        return value
    last = len(value) - 1
    places = -(-last // 4)
    words = reserve(context, seed, seed2, places).blocks(places).reshape(-1)[:last]
    steps = words % np.arange(len(value), 1, -1)
    order = list(range(len(value)))
    for i, step in enumerate(steps.tolist()):
        order[i], order[i + step] = order[i + step], order[i]
    return value[order]


@random_shuffle_op.shape
def random_shuffle_shape(value: Shape, *, seed: int, seed2: int) -> Shape:
    return value


random_shuffle_op.no_gradient("the order that it draws is not told to its gradient")

# --- Multinomial -------------------------------------------------------------------------------


@op("Multinomial", "stateful", T=REAL_NUMBERS, output_dtype=INDICES)
def multinomial_op(
    logits: T[B, K],
    num_samples: int32[()],
    *,
    seed: int = 0,
    seed2: int = 0,
    output_dtype: DType = int64,
    context: Context,
) -> output_dtype:
    """Choose classes, with replacement, each with probability exp(logit) / sum of exp(logits).

    Args:
        logits: real[B, K]; a class whose logit is not finite is never chosen.
        num_samples: how many to choose per row.
        seed: first seed.
        seed2: second seed.
        output_dtype: int32 or int64.

    Returns:
        int[B, num_samples].

    Raises:
        InvalidArgumentError: if there is no class or num_samples is negative.

    Source: 2015 Table 1.
    """
    rows, count = len(logits), int(num_samples)
    places = rows * -(-max(count, 0) // 4) * 4 * 2 * RESERVED_PER_OUTPUT
    return chosen_classes(reserve(context, seed, seed2, places), logits, count, output_dtype)


def chosen_classes(stream: Stream, logits: Array, count: int, dtype: DType) -> Array:
    """Return `count` classes per row, by the numbers of a stream.

    Raises:
        InvalidArgumentError: if there is no class or the count is negative.
    """
    rows, classes = logits.shape
    if count < 0:
        raise invalid(f"num_samples should be non-negative, got {count}")
    if classes == 0:
        raise invalid(f"num_classes should be positive, got {classes}")
    chosen = np.empty((rows, count), dtype.numpy)
    uniform = uniform_doubles(stream.blocks(-(-rows * count // 2))).reshape(-1)
    scores = logits.astype(np.float64)
    finite = np.isfinite(scores)
    lowest = np.finfo(np.float64).min
    greatest = np.max(scores, axis=1, where=finite, initial=lowest, keepdims=True)
    weights = np.exp(scores - greatest, where=finite, out=np.zeros_like(scores))
    for row, sums in enumerate(np.cumsum(weights, axis=1)):
        targets = uniform[row * count : (row + 1) * count] * sums[-1]
        chosen[row] = np.searchsorted(sums, targets, side="right")
    return chosen


@multinomial_op.shape(values_of=("num_samples",))
def multinomial_shape(logits: Shape, num_samples: int | None, **attrs: Any) -> Shape:
    return chosen_shape(logits, num_samples)


def chosen_shape(logits: Shape, count: int | None) -> Shape:
    """Return the shape of the classes chosen per row."""
    return Shape([logits[0], UNKNOWN if count is None else count])


multinomial_op.no_gradient(INDEPENDENT)

# --- RandomPoissonV2 ---------------------------------------------------------------------------

_NUMBERS = types("float16", "float32", "float64", "int32", "int64")


@op("RandomPoissonV2", "stateful", S=INDICES, R=_NUMBERS.default(float64), dtype=_NUMBERS)
def random_poisson_v2_op(
    shape: S[n],
    rate: R,
    *,
    seed: int = 0,
    seed2: int = 0,
    dtype: DType = int64,
    context: Context,
) -> dtype:
    """Draw whole numbers k with probability rate^k exp(-rate) / k!.

    Below a rate of 10 by multiplying uniform numbers until exp(-rate) is reached (Knuth), above
    it by transformed rejection (Hoermann, 1993).  All in double precision.

    Args:
        shape: how many to draw for each rate.
        rate: real[...].
        seed: first seed.
        seed2: second seed.
        dtype: the output's type.

    Returns:
        dtype[*shape, ...].

    Source: 2015 Table 1 (Random).
    """
    return _poisson(shape, rate, dtype, context, seed, seed2)


def _poisson(
    shape: Array, rate: Array, dtype: DType, context: Context, seed: int, seed2: int
) -> Array:
    sizes = sizes_of(shape)
    count = math.prod(sizes)
    size = count * rate.size
    draws = Draws(reserve(context, seed, seed2, size * RESERVED_PER_OUTPUT), size)
    rates = np.repeat(rate.reshape(-1), count).astype(np.float64)
    made = np.empty_like(rates)
    small = rates < 10
    made[small] = _by_products(rates, np.flatnonzero(small), draws)
    made[~small] = _by_rejection(rates, np.flatnonzero(~small), draws)
    of_each = made.reshape(rate.size, count).T
    return of_each.reshape((*sizes, *rate.shape)).astype(dtype.numpy)


def _by_products(rates: Array, elements: Array, draws: Draws) -> Array:
    """Count how many uniform numbers multiply to more than exp(-rate)."""
    limits = np.exp(-rates)
    products, counts = np.ones_like(rates), np.zeros_like(rates)
    pending = elements
    while pending.size:
        products[pending] *= draws.take(uniform_doubles, pending)
        pending = pending[products[pending] > limits[pending]]
        counts[pending] += 1
    return counts[elements]


def _by_rejection(rates: Array, elements: Array, draws: Draws) -> Array:
    """Draw from a curve above the distribution until a number lies beneath it.

    The constants fit that curve, (2 a / (1/2 - |u|) + b) u + rate + 0.43, closely to the inverse of
    the distribution function; numbers well inside are accepted without computing it.
    """
    made = np.empty_like(rates)
    pending = elements
    while pending.size:
        rate = rates[pending]
        b = 0.931 + 2.53 * np.sqrt(rate)
        a = -0.059 + 0.02483 * b
        u = draws.take(uniform_doubles, pending) - 0.5
        v = draws.take(uniform_doubles, pending)
        margin = 0.5 - np.abs(u)
        k = np.floor((2 * a / margin + b) * u + rate + 0.43)
        inside = (margin >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2))
        outside = (k < 0) | ((margin < 0.013) & (v > margin))
        curve = v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (margin * margin) + b)
        with np.errstate(divide="ignore"):  # v = 0 lies beneath every curve
            beneath = np.log(curve) <= k * np.log(rate) - rate - _log_factorial(k)
        accepted = inside | (~outside & beneath)
        made[pending[accepted]] = k[accepted]
        pending = pending[~accepted]
    return made[elements]


def _log_factorial(k: Array) -> Array:
    return np.array([math.lgamma(max(each, 0) + 1) for each in k.tolist()])


@random_poisson_v2_op.shape(values_of=("shape",))
def random_poisson_v2_shape(shape: Any, rate: Shape, **attrs: Any) -> Shape:
    return samples_of_each(shape, rate)


random_poisson_v2_op.no_gradient("whole numbers have no derivative")

# --- RandomPoisson -----------------------------------------------------------------------------


@op(
    "RandomPoisson",
    "stateful",
    S=INDICES,
    dtype=types("float16", "float32", "float64"),
    deprecated=(25, "Replaced by RandomPoissonV2"),
)
def random_poisson_op(
    shape: S[n], rate: dtype, *, seed: int = 0, seed2: int = 0, context: Context
) -> dtype:
    """Draw whole numbers as RandomPoissonV2 does, in the type of the rates.

    Args:
        shape: how many to draw for each rate.
        rate: float[...].
        seed: first seed.
        seed2: second seed.

    Returns:
        float[*shape, ...].

    Source: 2015 Table 1 (Random).
    """
    return _poisson(shape, rate, as_dtype(rate.dtype), context, seed, seed2)


@random_poisson_op.shape(values_of=("shape",))
def random_poisson_shape(shape: Any, rate: Shape, **attrs: Any) -> Shape:
    return samples_of_each(shape, rate)


random_poisson_op.no_gradient("whole numbers have no derivative")


def samples_of_each(shape: Any, parameters: Shape) -> Shape:
    """Return the shape of an array that holds `shape` samples for each parameter."""
    samples = shape_of_value(shape)
    if samples.dims is None or parameters.dims is None:
        return Shape.unknown()
    return Shape([*samples, *parameters])
