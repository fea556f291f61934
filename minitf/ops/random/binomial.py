"""How often a coin falls heads: binomial numbers drawn until one is accepted.

The likelier side of the coin is counted as what the other leaves over, so p <= 1/2.  With n p < 10
the tosses between two heads, which are geometric, are added up until they exceed n; else a
candidate of a wide distribution is accepted with the right probability (BTRS).

Source: Kachitvichyanukul and Schmeiser (1988); Hormann, "The generation of binomial random
variates" (1993); where TensorFlow deviates from them, this does as TensorFlow.
"""

import math
from typing import Any

import numpy as np

from minitf.dtypes import INDICES, DType, float64, types
from minitf.dtypes import int64 as default_type
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.random.conversion import uniform_doubles
from minitf.ops.random.distributions import INDEPENDENT, sizes_of
from minitf.ops.random.philox import RESERVED_PER_OUTPUT, Draws, Stream
from minitf.ops.random.stateful import THREEFRY, drawn, numbers_shape
from minitf.symbols import Resource, S, T, dtype, int64, n

Array = np.ndarray[Any, Any]

_FEW = 10  # n p from which on candidates are cheaper than tosses
_RESERVED_FOR_FEW = 42  # positions that TensorFlow sets aside for a number below that
_STIRLING_TAIL = np.array(
    [
        *(0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509),
        *(0.0166446911898211, 0.0138761288230707, 0.0118967099458917, 0.0104112652619720),
        *(0.00925546218271273, 0.00833056343336287),
    ]
)
"""log k! minus Stirling's approximation, for k from 0 to 9."""


def binomial(stream: Stream, counts: Array, probs: Array, samples: int) -> Array:
    """Draw `samples` numbers of heads for each pair of a count of tosses and a probability.

    Args:
        stream: the random words.
        counts: float64[n]; of none or fewer, no toss is heads.
        probs: float64[n]; 0 below 0 and 1 above 1.
        samples: how many to draw of each.

    Returns:
        float64[samples, n]; NaN where a count is not finite or a probability NaN.
    """
    n, p = (np.repeat(each, samples) for each in (counts, probs))
    rare = np.where(p <= 0.5, p, 1 - p)
    heads = np.zeros(n.shape)
    is_drawn = np.isfinite(n) & (n > 0) & (rare > 0)
    is_few = n * rare < _FEW
    draws = Draws(stream, n.size, np.where(is_few, _RESERVED_FOR_FEW, RESERVED_PER_OUTPUT))
    with np.errstate(all="ignore"):
        _toss(draws, np.flatnonzero(is_drawn & is_few), n, rare, heads)
        _accept(draws, np.flatnonzero(is_drawn & ~is_few), n, rare, heads)
        heads = np.where(p > 0.5, n - heads, heads)
    heads[n <= 0] = 0
    heads[~np.isfinite(n) | np.isnan(p)] = np.nan
    return heads.reshape(counts.size, samples).T


def _toss(draws: Draws, which: Array, n: Array, p: Array, heads: Array) -> None:
    """Add up the tosses to the next head, until there are more than n."""
    tosses = np.zeros(n.shape)
    while which.size:
        u = draws.take(uniform_doubles, which)
        tosses[which] += np.ceil(np.log(u) / np.log1p(-p[which]))
        which = which[tosses[which] <= n[which]]
        heads[which] += 1


def _accept(draws: Draws, which: Array, n: Array, p: Array, heads: Array) -> None:
    """Draw candidates until one is accepted."""
    while which.size:
        u = draws.take(uniform_doubles, which) - 0.5
        v = draws.take(uniform_doubles, which)
        found, is_accepted = _candidate(u, v, n[which], p[which])
        heads[which[is_accepted]] = found[is_accepted]
        which = which[~is_accepted]


def _candidate(u: Array, v: Array, n: Array, p: Array) -> tuple[Array, Array]:
    """Return a candidate of each pair of uniform numbers, and whether it is accepted."""
    deviation = np.sqrt(n * p * (1 - p))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * p
    from_edge = 0.5 - np.abs(u)
    k = np.floor((2 * a / from_edge + b) * u + n * p + 0.5)
    is_inside = (from_edge >= 0.07) & (v <= 0.92 - 4.2 / b)
    odds, mode = p / (1 - p), np.floor((n + 1) * p)
    scaled = np.log(v * (2.83 + 5.1 / b) * deviation / (a / (from_edge * from_edge) + b))
    bound = (
        (mode + 0.5) * np.log((mode + 1) / (odds * (n - mode + 1)))
        + (n + 1) * np.log((n - mode + 1) / (n - k + 1))
        + (k + 0.5) * np.log(odds * (n - k + 1) / (k + 1))
        + (_tail(mode) + _tail(n - mode) - _tail(k) - _tail(n - k))
    )
    return k, is_inside | (k >= 0) & (k <= n) & (scaled <= bound)


def _tail(k: Array) -> Array:
    """Return log k! minus Stirling's approximation of it."""
    square = (k + 1) * (k + 1)
    series = (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1)
    return np.where(k <= 9, _STIRLING_TAIL[np.clip(np.nan_to_num(k), 0, 9).astype(np.intp)], series)


# --- StatefulRandomBinomial ----------------------------------------------------------------------

_NUMBERS = types("float16", "float32", "float64", "int32", "int64")


@op("StatefulRandomBinomial", "stateful", S=INDICES, T=_NUMBERS.default(float64), dtype=_NUMBERS)
def stateful_random_binomial_op(
    resource: Resource,
    algorithm: int64[()],
    shape: S[n],
    counts: T,
    probs: T,
    *,
    dtype: DType = default_type,
) -> dtype:
    """Draw how many of some tosses of a coin are heads.

    Args:
        resource: handle of the variable that keeps the state.
        algorithm: 1, which is Philox.
        shape: the output's shape, which ends with that of the pairs of the next two.
        counts: how often a coin is tossed, broadcasts with `probs`.
        probs: how likely heads is at a toss.
        dtype: the output's type.

    Returns:
        dtype[shape].

    Raises:
        InvalidArgumentError: if the shapes do not fit, or the variable is no state of Philox.

    Source: TensorFlow's op of the same name.
    """
    sizes = sizes_of(shape)
    try:
        pairs = np.broadcast_arrays(counts.astype(np.float64), probs.astype(np.float64))
    except ValueError:
        raise invalid(
            "counts and probs must have compatible batch dimensions: "
            f"{list(counts.shape)} vs. {list(probs.shape)}"
        ) from None
    of_pairs = pairs[0].shape
    if of_pairs != sizes[len(sizes) - len(of_pairs) :]:
        raise invalid("Shape passed in must end with broadcasted shape.")
    if algorithm == THREEFRY:
        raise invalid(f"Unsupported algorithm id: {algorithm}")
    count = pairs[0].size
    samples = math.prod(sizes[: len(sizes) - len(of_pairs)])
    stream = drawn(resource, algorithm, count * 200 * (samples + 3) // 4)
    heads = binomial(stream, pairs[0].ravel(), pairs[1].ravel(), samples)
    with np.errstate(invalid="ignore"):  # NaN has no whole number
        return heads.reshape(sizes).astype(dtype.numpy)


stateful_random_binomial_op.shape(values_of=("shape",))(numbers_shape)
stateful_random_binomial_op.no_gradient(INDEPENDENT)
