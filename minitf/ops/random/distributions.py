"""Arrays of independent random numbers: uniform, normal, truncated normal.

Element i of an output comes from block i // 4 of the run that the operation reserved (i // 2 for
64-bit numbers), whatever the shape; truncated normals have a region of blocks for each four (two)
of them, as they are drawn until they fit.

Source: 2015 Table 1 (Random); the layout is TensorFlow's CPU kernels', bit for bit for uniform
numbers, within 4 ulp for normal ones.
"""

import math
from typing import Any

import numpy as np

from minitf.dtypes import FLOATS, INDICES, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.random.conversion import Conversion, normal, uniform
from minitf.ops.random.philox import RESERVED_PER_OUTPUT, Stream, reserve
from minitf.resources import Context
from minitf.shapes import Shape, shape_of_value
from minitf.symbols import T, Tout, dtype, n

Array = np.ndarray[Any, Any]

INDEPENDENT = "what it draws does not depend on its inputs"

# --- what all share ----------------------------------------------------------------------------


def named_shape(shape: Any, *others: Shape, **attrs: Any) -> Shape:
    """Return the Shape that the first input's value names: the shape rule of all."""
    return shape_of_value(shape)


def sizes_of(shape: Array) -> tuple[int, ...]:
    """Return the sizes that a shape vector holds, if they are sizes."""
    sizes = tuple(shape.tolist())
    if sizes and min(sizes) < 0:
        raise invalid(f"Dimension {min(sizes)} must be >= 0")
    return sizes


def reserved(
    context: Context, seed: int, seed2: int, shape: Array
) -> tuple[Stream, tuple[int, ...]]:
    """Return the stream for an output of that shape, and its sizes."""
    sizes = sizes_of(shape)
    return reserve(context, seed, seed2, math.prod(sizes) * RESERVED_PER_OUTPUT), sizes


def filled(stream: Stream, shape: tuple[int, ...], convert: Conversion, per_block: int) -> Array:
    """Return an array of the numbers that `convert` makes of blocks, `per_block` of each."""
    size = math.prod(shape)
    return convert(stream.blocks(-(-size // per_block))).reshape(-1)[:size].reshape(shape)


def per_block(dtype: DType) -> int:
    """Return how many numbers of a type a block gives; the small types waste half of theirs."""
    return 2 if dtype.size == 8 else 4


# --- RandomUniform -----------------------------------------------------------------------------


@op("RandomUniform", "stateful", dtype=FLOATS, T=INDICES)
def random_uniform_op(
    shape: T[n], *, dtype: DType, seed: int = 0, seed2: int = 0, context: Context
) -> dtype:
    """Draw numbers from [0, 1), all equally likely.

    They are multiples of 2^-23 (float32), 2^-52 (float64), 2^-10 (float16) or 2^-7 (bfloat16).

    Args:
        shape: the output's shape.
        dtype: the output's type.
        seed: first seed.
        seed2: second seed; both 0 ask for a sequence that differs from session to session.

    Returns:
        dtype[shape].

    Source: 2015 Table 1.
    """
    stream, sizes = reserved(context, seed, seed2, shape)
    return filled(stream, sizes, uniform(dtype), per_block(dtype))


random_uniform_op.shape(values_of=("shape",))(named_shape)
random_uniform_op.no_gradient(INDEPENDENT)

# --- RandomUniformInt --------------------------------------------------------------------------


@op("RandomUniformInt", "stateful", Tout=INDICES, T=INDICES)
def random_uniform_int_op(
    shape: T[n],
    minval: Tout[()],
    maxval: Tout[()],
    *,
    seed: int = 0,
    seed2: int = 0,
    context: Context,
) -> Tout:
    """Draw whole numbers from [minval, maxval).

    minval + word mod (maxval - minval): small numbers are a little likelier unless the range is a
    power of two.

    Args:
        shape: the output's shape.
        minval: the least number.
        maxval: one more than the greatest.
        seed: first seed.
        seed2: second seed.

    Returns:
        int[shape].

    Raises:
        InvalidArgumentError: if minval >= maxval.

    Source: 2015 Table 1.
    """
    convert, count = integers(minval, maxval)
    stream, sizes = reserved(context, seed, seed2, shape)
    return filled(stream, sizes, convert, count)


def integers(minval: Array, maxval: Array) -> tuple[Conversion, int]:
    """Return the conversion of blocks to whole numbers of a range, and how many a block gives."""
    low, high = int(minval), int(maxval)
    if low >= high:
        raise invalid(f"Need minval < maxval, got {low} >= {high}")
    is_wide = minval.dtype.itemsize == 8
    unsigned = np.uint64 if is_wide else np.uint32

    def convert(blocks: Array) -> Array:
        words = blocks.view(np.uint64) if is_wide else blocks
        numbers: Array = words % unsigned(high - low) + minval.view(unsigned)
        return numbers.view(minval.dtype)

    return convert, 2 if is_wide else 4


random_uniform_int_op.shape(values_of=("shape",))(named_shape)
random_uniform_int_op.no_gradient(INDEPENDENT)

# --- RandomStandardNormal ----------------------------------------------------------------------


@op("RandomStandardNormal", "stateful", dtype=FLOATS, T=INDICES)
def random_standard_normal_op(
    shape: T[n], *, dtype: DType, seed: int = 0, seed2: int = 0, context: Context
) -> dtype:
    """Draw numbers with density exp(-x^2 / 2) / sqrt(2 pi).

    By the method of Box and Muller: two numbers of two uniform ones.

    Args:
        shape: the output's shape.
        dtype: the output's type.
        seed: first seed.
        seed2: second seed.

    Returns:
        dtype[shape].

    Source: 2015 Table 1.
    """
    stream, sizes = reserved(context, seed, seed2, shape)
    return filled(stream, sizes, normal(dtype), per_block(dtype)).astype(dtype.numpy, copy=False)


random_standard_normal_op.shape(values_of=("shape",))(named_shape)
random_standard_normal_op.no_gradient(INDEPENDENT)

# --- TruncatedNormal ---------------------------------------------------------------------------


@op("TruncatedNormal", "stateful", dtype=FLOATS, T=INDICES)
def truncated_normal_op(
    shape: T[n], *, dtype: DType, seed: int = 0, seed2: int = 0, context: Context
) -> dtype:
    """Draw numbers from a normal distribution, again and again until they lie in (-2, 2).

    Args:
        shape: the output's shape.
        dtype: the output's type.
        seed: first seed.
        seed2: second seed.

    Returns:
        dtype[shape].

    Source: 2015 Table 1.
    """
    stream, sizes = reserved(context, seed, seed2, shape)
    return truncated(stream, sizes, dtype)


def truncated(stream: Stream, sizes: tuple[int, ...], dtype: DType) -> Array:
    """Return accepted numbers; each row, of as many as a block gives, has a region to draw from."""
    size, width, convert = math.prod(sizes), per_block(dtype), normal(dtype)
    rows = -(-size // width)
    region = width * RESERVED_PER_OUTPUT // 4
    starts = np.arange(rows, dtype=np.uint64) * np.uint64(region)
    made = np.empty((rows, width), dtype.numpy)
    have = np.zeros(rows, np.intp)  # how many numbers each row has accepted
    pending, drawn = np.arange(rows), 0
    while pending.size:
        candidates = convert(stream.blocks_at(starts[pending] + np.uint64(drawn)))
        for column in candidates.T:
            accepted = (np.abs(column) < 2) & (have[pending] < width)
            rows_of = pending[accepted]
            made[rows_of, have[rows_of]] = column[accepted]
            have[rows_of] += 1
        pending, drawn = pending[have[pending] < width], drawn + 1
    return made.reshape(-1)[:size].reshape(sizes)


truncated_normal_op.shape(values_of=("shape",))(named_shape)
truncated_normal_op.no_gradient(INDEPENDENT)
