"""Samplers of candidate classes by how often each occurs: given, or counted while training.

Source: TensorFlow's ops of the same names; Vose, "A linear algorithm for generating random numbers
with a given distribution" (1991), for the drawing.
"""

from pathlib import Path
from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.candidate.picking import (
    Sampler,
    candidate_shape,
    candidate_stream,
    checked_classes,
    pick,
    unbiased,
)
from minitf.ops.candidate.samplers import INTEGERS_AND_COUNTS, OUTPUTS
from minitf.ops.random.conversion import uniform_floats
from minitf.resources import Context
from minitf.symbols import N, S, float32, int64

Array = np.ndarray[Any, Any]
MOST_COUNTED = 2**31 - 1  # where the counts of a learned sampler stop to grow

# --- FixedUnigramCandidateSampler --------------------------------------------------------------


@op(
    "FixedUnigramCandidateSampler",
    "stateful",
    num_true=at_least(1),
    num_sampled=at_least(1),
    range_max=at_least(1),
    num_shards=at_least(1),
    shard=at_least(0),
    outputs=OUTPUTS,
)
def fixed_unigram_candidate_sampler_op(
    true_classes: int64[N, S],
    *,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    vocab_file: str = "",
    distortion: float = 1.0,
    num_reserved_ids: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    unigrams: tuple[float, ...] = (),
    seed: int = 0,
    seed2: int = 0,
    context: Context,
) -> tuple[int64, float32, float32]:
    """Draw classes with probabilities that are given, as a list or as the last column of a file.

    Args:
        true_classes: int64[batch, num_true], the classes of each example.
        num_true: how many each has.
        num_sampled: how many to draw.
        unique: whether all that are drawn must differ.
        range_max: how many classes there are.
        vocab_file: a file with a line per class, whose last field behind a comma is its weight.
        distortion: the power that weights are raised to.
        num_reserved_ids: classes before the given ones, with weight 0.
        num_shards: of how many parts of the classes this is one.
        shard: which: only the classes whose number modulo num_shards it is.
        unigrams: the weights, where there is no file.
        seed: first seed.
        seed2: second seed.

    Returns:
        sampled_candidates: int64[num_sampled].
        true_expected_count: float32[batch, num_true].
        sampled_expected_count: float32[num_sampled].

    Raises:
        InvalidArgumentError: if there are not range_max weights, or more distinct classes are
            wanted than there are.

    Source: TensorFlow's op of the same name.
    """
    given = _given_weights(vocab_file, unigrams)
    powers = np.array(given, np.float32) ** np.float32(distortion)
    weights = np.concatenate([np.zeros(num_reserved_ids, np.float32), powers])[shard::num_shards]
    if len(weights) != range_max:
        raise invalid(f"range_max is {range_max}, but there are {len(weights)} weights")
    total = weights.astype(np.float64).sum()
    chances, others = _alias_table(weights)

    def classes(blocks: Array) -> Array:
        shares, places = _shares_and_places(blocks.reshape(-1), range_max)
        return np.where(shares < chances[places], places, others[places])

    def probability(of: Array) -> Array:
        inside = (of >= 0) & (of < range_max)
        return (np.where(inside, weights[np.where(inside, of, 0)], 0) / total).astype(np.float32)

    stream = candidate_stream(context, seed, seed2, num_sampled)
    true_classes = checked_classes(true_classes, num_true)
    sampler = Sampler(classes, probability, range_max)
    return pick(sampler, stream, true_classes, num_sampled, unique=unique)


def _given_weights(vocab_file: str, unigrams: tuple[float, ...]) -> list[float]:
    if not vocab_file and not unigrams:
        raise invalid("Must provide either vocab_file or unigrams.")
    if vocab_file and unigrams:
        raise invalid("Must only provide one of vocab_file and unigrams.")
    if unigrams:
        return list(unigrams)
    found = []
    for line in Path(vocab_file).read_text(encoding="utf-8").splitlines():
        try:
            found.append(float(line.rpartition(",")[2]))
        except ValueError:
            raise invalid(f"Wrong vocabulary format at line: {line}") from None
    return found


def _alias_table(weights: Array) -> tuple[Array, Array]:
    """Return of each place how likely its own class is there, and the one other class.

    Places are equally likely.  A class with less than its place's share leaves the rest to one
    with more, the last of each kind first, until all are even.
    """
    shares = ((weights * np.float32(len(weights))) / weights.astype(np.float64).sum()).tolist()
    others = np.arange(len(weights))
    poor = [i for i, share in enumerate(shares) if share < 1]
    rich = [i for i, share in enumerate(shares) if share >= 1]
    while rich and poor:
        taker, giver = poor.pop(), rich.pop()
        others[taker] = giver
        shares[giver] -= 1 - shares[taker]
        (poor if shares[giver] < 1 else rich).append(giver)
    for left in (*poor, *rich):  # even, but for rounding
        shares[left] = 1.0
    return np.array(shares, np.float32), others


def _shares_and_places(words: Array, count: int) -> tuple[Array, Array]:
    """Return numbers in [0, 1) and places below `count`, of one word each in turn."""
    rejected = (2**32 - 1) % count + 1 if count & (count - 1) else 0
    while True:
        refused = np.flatnonzero(words[1::2] < rejected)
        if not refused.size:
            break
        words = np.delete(words, 2 * refused[0] + 1)  # the next word is tried in its place
    pairs = words[: len(words) // 2 * 2].reshape(-1, 2)
    places = (pairs[:, 1] % np.uint32(count)).astype(np.int64)
    return uniform_floats(pairs[:, 0]), places


fixed_unigram_candidate_sampler_op.shape(candidate_shape)
fixed_unigram_candidate_sampler_op.no_gradient(INTEGERS_AND_COUNTS)

# --- LearnedUnigramCandidateSampler ------------------------------------------------------------


@op(
    "LearnedUnigramCandidateSampler",
    "stateful",
    num_true=at_least(1),
    num_sampled=at_least(1),
    range_max=at_least(1),
    outputs=OUTPUTS,
)
def learned_unigram_candidate_sampler_op(
    true_classes: int64[N, S],
    *,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int = 0,
    seed2: int = 0,
    context: Context,
) -> tuple[int64, float32, float32]:
    """Draw classes by how often each was a true class in the runs before, plus one.

    Args:
        true_classes: int64[batch, num_true], the classes of each example.
        num_true: how many each has.
        num_sampled: how many to draw.
        unique: whether all that are drawn must differ.
        range_max: classes are numbered from 0 to range_max - 1.
        seed: first seed.
        seed2: second seed.

    Returns:
        sampled_candidates: int64[num_sampled].
        true_expected_count: float32[batch, num_true].
        sampled_expected_count: float32[num_sampled].

    Raises:
        InvalidArgumentError: if a true class is out of range, or more distinct classes are wanted
            than there are.

    Source: TensorFlow's op of the same name.
    """
    true_classes = checked_classes(true_classes, num_true)
    if true_classes.size and not (0 <= true_classes.min() <= true_classes.max() < range_max):
        raise invalid(f"true_classes must be in [0, {range_max})")
    stream = candidate_stream(context, seed, seed2, num_sampled)
    place = context.node_name, "unigram"
    with context.lock:
        counts = context.local.setdefault(place, np.ones(range_max, np.int64)).copy()
        new = true_classes.reshape(-1)[: MOST_COUNTED - int(counts.sum())]
        np.add.at(context.local[place], new, 1)
    sums = np.cumsum(counts)

    def classes(blocks: Array) -> Array:
        return np.searchsorted(sums, unbiased(blocks.reshape(-1), int(sums[-1])), side="right")

    def probability(of: Array) -> Array:
        return counts[of].astype(np.float32) / np.float32(sums[-1])

    sampler = Sampler(classes, probability, range_max)
    return pick(sampler, stream, true_classes, num_sampled, unique=unique)


learned_unigram_candidate_sampler_op.shape(candidate_shape)
learned_unigram_candidate_sampler_op.no_gradient(INTEGERS_AND_COUNTS)

# --- ThreadUnsafeUnigramCandidateSampler -------------------------------------------------------


@op(
    "ThreadUnsafeUnigramCandidateSampler",
    "stateful",
    num_true=at_least(1),
    num_sampled=at_least(1),
    range_max=at_least(1),
    outputs=OUTPUTS,
)
def thread_unsafe_unigram_candidate_sampler_op(
    true_classes: int64[N, S],
    *,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int = 0,
    seed2: int = 0,
    context: Context,
) -> tuple[int64, float32, float32]:
    """Draw classes as LearnedUnigramCandidateSampler does; in MiniTF threads may share it too.

    Args:
        true_classes: int64[batch, num_true], the classes of each example.
        num_true: how many each has.
        num_sampled: how many to draw.
        unique: whether all that are drawn must differ.
        range_max: classes are numbered from 0 to range_max - 1.
        seed: first seed.
        seed2: second seed.

    Returns:
        sampled_candidates: int64[num_sampled].
        true_expected_count: float32[batch, num_true].
        sampled_expected_count: float32[num_sampled].

    Source: TensorFlow's op of the same name.
    """
    return learned_unigram_candidate_sampler_op.body(
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        range_max=range_max,
        seed=seed,
        seed2=seed2,
        context=context,
    )


thread_unsafe_unigram_candidate_sampler_op.shape(candidate_shape)
thread_unsafe_unigram_candidate_sampler_op.no_gradient(INTEGERS_AND_COUNTS)
