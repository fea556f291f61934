"""Samplers of candidate classes for losses over many classes, and hits that they make by accident.

A loss over a million classes compares each example's true classes with a few sampled ones only; the
expected counts say how much the sampling favoured each class, so that the loss can make up for it.

Source: OSDI §4.2, §6.4 (sampled softmax); Jean et al. (2015); TensorFlow's ops of the same names.
"""

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
from minitf.ops.random.conversion import uniform_doubles
from minitf.resources import Context
from minitf.shapes import UNKNOWN, Shape, known
from minitf.symbols import N, S, float32, int32, int64

Array = np.ndarray[Any, Any]
OUTPUTS = ("sampled_candidates", "true_expected_count", "sampled_expected_count")
INTEGERS_AND_COUNTS = "what it gives are numbers of classes, and how often they are expected"

# --- UniformCandidateSampler -------------------------------------------------------------------


@op(
    "UniformCandidateSampler",
    "stateful",
    num_true=at_least(1),
    num_sampled=at_least(1),
    range_max=at_least(1),
    outputs=OUTPUTS,
)
def uniform_candidate_sampler_op(
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
    """Draw classes, all equally likely.

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
        InvalidArgumentError: if more distinct classes are wanted than there are.

    Source: TensorFlow's op of the same name.
    """

    def classes(blocks: Array) -> Array:
        return unbiased(blocks.reshape(-1).view(np.uint64), range_max).astype(np.int64)

    def probability(of: Array) -> Array:
        return np.full(of.shape, 1 / range_max, np.float32)

    stream = candidate_stream(context, seed, seed2, num_sampled)
    true_classes = checked_classes(true_classes, num_true)
    sampler = Sampler(classes, probability, range_max)
    return pick(sampler, stream, true_classes, num_sampled, unique=unique)


uniform_candidate_sampler_op.shape(candidate_shape)
uniform_candidate_sampler_op.no_gradient(INTEGERS_AND_COUNTS)

# --- LogUniformCandidateSampler ----------------------------------------------------------------


@op(
    "LogUniformCandidateSampler",
    "stateful",
    num_true=at_least(1),
    num_sampled=at_least(1),
    range_max=at_least(1),
    outputs=OUTPUTS,
)
def log_uniform_candidate_sampler_op(
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
    """Draw classes by Zipf's law: class k with probability log((k + 2) / (k + 1)) / log(range + 1).

    Right where classes are numbered by falling frequency, as words are.

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
        InvalidArgumentError: if more distinct classes are wanted than there are.

    Source: TensorFlow's op of the same name.
    """
    log_range = np.log1p(np.float64(range_max))

    def classes(blocks: Array) -> Array:
        drawn = np.exp(uniform_doubles(blocks).reshape(-1) * log_range)
        return (drawn.astype(np.int64) - 1) % range_max  # rounding may reach range_max

    def probability(of: Array) -> Array:
        return (np.log((of + 2.0) / (of + 1.0)) / log_range).astype(np.float32)

    stream = candidate_stream(context, seed, seed2, num_sampled)
    true_classes = checked_classes(true_classes, num_true)
    sampler = Sampler(classes, probability, range_max)
    return pick(sampler, stream, true_classes, num_sampled, unique=unique)


log_uniform_candidate_sampler_op.shape(candidate_shape)
log_uniform_candidate_sampler_op.no_gradient(INTEGERS_AND_COUNTS)

# --- AllCandidateSampler -----------------------------------------------------------------------


@op(
    "AllCandidateSampler",
    "stateful",
    num_true=at_least(1),
    num_sampled=at_least(1),
    outputs=OUTPUTS,
)
def all_candidate_sampler_op(
    true_classes: int64[N, S],
    *,
    num_true: int,
    num_sampled: int,
    unique: bool,
    seed: int = 0,
    seed2: int = 0,
) -> tuple[int64, float32, float32]:
    """Give all classes: for tests of what samplers are used for.

    Args:
        true_classes: int64[batch, num_true], the classes of each example.
        num_true: how many each has.
        num_sampled: how many classes there are.
        unique: without effect.
        seed: without effect.
        seed2: without effect.

    Returns:
        sampled_candidates: int64[num_sampled], from 0 on.
        true_expected_count: float32[batch, num_true], 1 each.
        sampled_expected_count: float32[num_sampled], 1 each.

    Source: TensorFlow's op of the same name.
    """
    true_classes = checked_classes(true_classes, num_true)
    ones = np.ones(true_classes.shape, np.float32)
    return np.arange(num_sampled), ones, np.ones(num_sampled, np.float32)


all_candidate_sampler_op.shape(candidate_shape)
all_candidate_sampler_op.no_gradient(INTEGERS_AND_COUNTS)

# --- ComputeAccidentalHits ---------------------------------------------------------------------


@op("ComputeAccidentalHits", outputs=("indices", "ids", "weights"))
def compute_accidental_hits_op(
    true_classes: int64[N, S],
    sampled_candidates: int64[S],
    *,
    num_true: int,
    seed: int = 0,
    seed2: int = 0,
) -> tuple[int32, int64, float32]:
    """Find sampled classes that are true classes of an example.

    Args:
        true_classes: int64[batch, num_true], the classes of each example.
        sampled_candidates: int64[num_sampled]; of equal ones the last counts.
        num_true: how many classes each example has.
        seed: without effect.
        seed2: without effect.

    Returns:
        indices: int32[hits], the example.
        ids: int64[hits], the position among the sampled classes.
        weights: float32[hits], the least float each, which a softmax makes a probability of 0.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    if true_classes.ndim != 2 or true_classes.shape[1] != num_true:
        raise invalid("true_candidates must be a batch_size * num_true matrix")
    if sampled_candidates.ndim != 1:
        raise invalid(
            "sampled_candidates must be a vector, which is typically the output from "
            "CandidateSampler"
        )
    places = {value: place for place, value in enumerate(sampled_candidates.tolist())}
    hits = [
        (example, places[value])
        for example, values in enumerate(true_classes.tolist())
        for value in values
        if value in places
    ]
    examples, found = np.array(hits, np.int64).reshape(-1, 2).T
    least = np.finfo(np.float32).min
    return examples.astype(np.int32), found, np.full(len(hits), least, np.float32)


@compute_accidental_hits_op.shape
def compute_accidental_hits_shape(
    true_classes: Shape, sampled_candidates: Shape, *, num_true: int, seed: int, seed2: int
) -> tuple[Shape, Shape, Shape]:
    if known(true_classes[1]) and true_classes[1] != num_true:
        raise invalid(f"Dimension must be {num_true} but is {true_classes[1]}")
    hits = Shape([UNKNOWN])
    return hits, hits, hits


compute_accidental_hits_op.no_gradient("which classes are hit does not move with anything")
