"""What the candidate samplers share: drawing classes, all distinct or not, and expected counts.

A sampler says which classes a run of random words gives, and how likely each class is.  Where
classes must be distinct it draws until it has enough; a class that is drawn again counts as a
*try*, so that the expected counts say how often a class would be among those drawn.

Source: Jean et al., "On using very large target vocabulary for neural machine translation" (2015);
the order of the words is TensorFlow's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from minitf.errors import invalid
from minitf.ops.random.philox import Stream, reserve
from minitf.resources import Context
from minitf.shapes import Shape, must_equal

Array = np.ndarray[Any, Any]
RESERVED_PER_CANDIDATE = 512  # positions that TensorFlow sets aside for each of them


class Sampler(NamedTuple):
    """A distribution over classes.

    Attributes:
        classes: uint32[n, 4], blocks of words -> int64[...], the classes that they give in order.
        probability: int64[...] -> float32[...], of each class.
        range_max: how many classes there are.
    """

    classes: Callable[[Array], Array]
    probability: Callable[[Array], Array]
    range_max: int


def pick(
    sampler: Sampler, stream: Stream, true_classes: Array, num_sampled: int, *, unique: bool
) -> tuple[Array, Array, Array]:
    """Draw classes, and say how often each of them, and each true class, is expected.

    Args:
        sampler: what to draw by.
        stream: of random words.
        true_classes: int64[batch, num_true].
        num_sampled: how many to draw.
        unique: whether all must differ.

    Returns:
        sampled_candidates: int64[num_sampled].
        true_expected_count: float32[batch, num_true].
        sampled_expected_count: float32[num_sampled].
    """
    if unique and num_sampled > sampler.range_max:
        raise invalid("Sampler's range is too small.")
    drawn, tries = _drawn(sampler, stream, num_sampled, unique=unique)
    counts = [
        _expected(sampler.probability(classes), num_sampled, tries)
        for classes in (true_classes, drawn)
    ]
    return drawn, counts[0], counts[1]


def _drawn(sampler: Sampler, stream: Stream, count: int, *, unique: bool) -> tuple[Array, int]:
    """Return the classes, and how many tries they took."""
    blocks = count
    while True:
        tried = sampler.classes(stream.blocks(blocks))
        if not unique and len(tried) >= count:
            return tried[:count], count
        firsts = np.sort(np.unique(tried, return_index=True)[1]) if unique else tried[:0]
        if len(firsts) >= count:
            return tried[firsts[:count]], int(firsts[count - 1]) + 1
        blocks *= 2


def _expected(probability: Array, count: int, tries: int) -> Array:
    """Return how often classes of these probabilities are among those drawn.

    1 - (1 - p)^tries where all differ, p * count where none was drawn again.
    """
    if tries == count:
        return probability * np.float32(count)
    return -np.expm1(np.float32(tries) * np.log1p(-probability))


def candidate_stream(context: Context, seed: int, seed2: int, num_sampled: int) -> Stream:
    """Return the random words of one run."""
    return reserve(context, seed, seed2, num_sampled * RESERVED_PER_CANDIDATE)


def checked_classes(true_classes: Array, num_true: int) -> Array:
    """Return true classes that are int64[batch, num_true]."""
    if true_classes.ndim != 2:
        raise invalid("true_classes must be a matrix")
    if true_classes.shape[1] != num_true:
        raise invalid(
            f"true_classes must have num_true columns, expected: {true_classes.shape[1]} was: "
            f"{num_true}"
        )
    return true_classes


def unbiased(words: Array, count: int) -> Array:
    """Return words modulo `count`, leaving out words that would favour some remainders."""
    greatest = np.iinfo(words.dtype).max
    if count & (count - 1):
        words = words[words >= words.dtype.type(greatest % count + 1)]
    return words % words.dtype.type(count)


def candidate_shape(
    true_classes: Shape, *, num_true: int, num_sampled: int, **attrs: Any
) -> tuple[Shape, Shape, Shape]:
    """Return the shapes of what a sampler gives: the shape rule of all."""
    columns = must_equal(true_classes[1], num_true)
    drawn = Shape([num_sampled])
    return drawn, Shape([true_classes[0], columns]), drawn
