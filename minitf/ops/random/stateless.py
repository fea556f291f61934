"""Random arrays that are functions of their seeds: the same in every run, on every device.

Two 64-bit seeds are scrambled into a key and a first position, so that neighbouring seeds give
unrelated numbers; then all is as in `minitf.ops.random.distributions`.

Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011); TensorFlow's ops of the
same names, bit for bit for uniform numbers, within 4 ulp for normal ones.
"""

from typing import Any

import numpy as np

from minitf.dtypes import FLOATS, INDICES, REAL_NUMBERS, DType, float32, int64
from minitf.dtypes import int32 as default_size_type
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.random.conversion import normal, uniform
from minitf.ops.random.distributions import (
    INDEPENDENT,
    filled,
    integers,
    named_shape,
    per_block,
    sizes_of,
    truncated,
)
from minitf.ops.random.philox import Stream
from minitf.ops.random.sampling import chosen_classes, chosen_shape
from minitf.shapes import Shape, known
from minitf.symbols import B, K, T, Tseed, dtype, int32, n, output_dtype, two

Array = np.ndarray[Any, Any]
SCRAMBLER = 0x02461E29_3EC8F720  # the key under which seeds are scrambled
_SEEDS = INDICES.default(int64)
_SIZES = INDICES.default(default_size_type)


def scrambled(seed: Array) -> Stream:
    """Return the stream that two seeds give."""
    if seed.shape != (2,):
        raise invalid(f"seed must have shape [2], not {list(seed.shape)}")
    first, second = (int(each) % 2**64 for each in seed)
    words = Stream(SCRAMBLER, first | second << 64).blocks(1)[0].tolist()
    return Stream(words[0] | words[1] << 32, (words[2] | words[3] << 32) << 64)


def seeded_shape(shape: Any, seed: Shape, *bounds: Shape, dtype: DType) -> Shape:
    """Return the Shape that the first input's value names: the shape rule of all."""
    _check_pair(seed)
    return named_shape(shape)


def _check_pair(seed: Shape) -> None:
    if known(seed[0]) and seed[0] != 2:
        raise invalid(f"Dimension must be 2 but is {seed[0]}")


# --- StatelessRandomUniform --------------------------------------------------------------------


@op("StatelessRandomUniform", dtype=FLOATS, T=_SIZES, Tseed=_SEEDS)
def stateless_random_uniform_op(shape: T[n], seed: Tseed[two], *, dtype: DType = float32) -> dtype:
    """Draw numbers from [0, 1), all equally likely.

    Args:
        shape: the output's shape.
        seed: int[2].
        dtype: the output's type.

    Returns:
        dtype[shape].

    Source: TensorFlow's op of the same name.
    """
    return filled(scrambled(seed), sizes_of(shape), uniform(dtype), per_block(dtype))


stateless_random_uniform_op.shape(values_of=("shape",))(seeded_shape)
stateless_random_uniform_op.no_gradient(INDEPENDENT)

# --- StatelessRandomUniformInt -----------------------------------------------------------------


@op("StatelessRandomUniformInt", dtype=INDICES, T=INDICES, Tseed=_SEEDS)
def stateless_random_uniform_int_op(
    shape: T[n], seed: Tseed[two], minval: dtype[()], maxval: dtype[()]
) -> dtype:
    """Draw whole numbers from [minval, maxval), as RandomUniformInt does.

    Args:
        shape: the output's shape.
        seed: int[2].
        minval: the least number.
        maxval: one more than the greatest.

    Returns:
        int[shape].

    Raises:
        InvalidArgumentError: if minval >= maxval.

    Source: TensorFlow's op of the same name.
    """
    convert, count = integers(minval, maxval)
    return filled(scrambled(seed), sizes_of(shape), convert, count)


stateless_random_uniform_int_op.shape(values_of=("shape",))(seeded_shape)
stateless_random_uniform_int_op.no_gradient(INDEPENDENT)

# --- StatelessRandomNormal ---------------------------------------------------------------------


@op("StatelessRandomNormal", dtype=FLOATS, T=_SIZES, Tseed=_SEEDS)
def stateless_random_normal_op(shape: T[n], seed: Tseed[two], *, dtype: DType = float32) -> dtype:
    """Draw numbers with density exp(-x^2 / 2) / sqrt(2 pi).

    Args:
        shape: the output's shape.
        seed: int[2].
        dtype: the output's type.

    Returns:
        dtype[shape].

    Source: TensorFlow's op of the same name.
    """
    made = filled(scrambled(seed), sizes_of(shape), normal(dtype), per_block(dtype))
    return made.astype(dtype.numpy, copy=False)


stateless_random_normal_op.shape(values_of=("shape",))(seeded_shape)
stateless_random_normal_op.no_gradient(INDEPENDENT)

# --- StatelessTruncatedNormal ------------------------------------------------------------------


@op("StatelessTruncatedNormal", dtype=FLOATS, T=_SIZES, Tseed=_SEEDS)
def stateless_truncated_normal_op(
    shape: T[n], seed: Tseed[two], *, dtype: DType = float32
) -> dtype:
    """Draw numbers from a normal distribution, again and again until they lie in (-2, 2).

    Args:
        shape: the output's shape.
        seed: int[2].
        dtype: the output's type.

    Returns:
        dtype[shape].

    Source: TensorFlow's op of the same name.
    """
    return truncated(scrambled(seed), sizes_of(shape), dtype)


stateless_truncated_normal_op.shape(values_of=("shape",))(seeded_shape)
stateless_truncated_normal_op.no_gradient(INDEPENDENT)

# --- StatelessMultinomial ----------------------------------------------------------------------


@op("StatelessMultinomial", T=REAL_NUMBERS, Tseed=_SEEDS, output_dtype=INDICES)
def stateless_multinomial_op(
    logits: T[B, K], num_samples: int32[()], seed: Tseed[two], *, output_dtype: DType = int64
) -> output_dtype:
    """Choose classes, with replacement, each with probability exp(logit) / sum of exp(logits).

    Args:
        logits: real[B, K]; a class whose logit is not finite is never chosen.
        num_samples: how many to choose per row.
        seed: int[2].
        output_dtype: int32 or int64.

    Returns:
        int[B, num_samples].

    Raises:
        InvalidArgumentError: if there is no class or num_samples is negative.

    Source: TensorFlow's op of the same name.
    """
    return chosen_classes(scrambled(seed), logits, int(num_samples), output_dtype)


@stateless_multinomial_op.shape(values_of=("num_samples",))
def stateless_multinomial_shape(
    logits: Shape, num_samples: int | None, seed: Shape, *, output_dtype: DType
) -> Shape:
    _check_pair(seed)
    return chosen_shape(logits, num_samples)


stateless_multinomial_op.no_gradient(INDEPENDENT)
