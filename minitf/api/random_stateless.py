"""Random numbers that are functions of a pair of seeds: the same in every run and session.

Source: TensorFlow 1.15's `tf.random.stateless_uniform` and its kin.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api.framework import name_scope
from minitf.api.random import scaled, shape_tensor
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype
from minitf.tensor import Tensor


def stateless_random_uniform(
    shape: Any,
    seed: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Draw numbers from [minval, maxval), all equally likely.

    Args:
        shape: the output's shape: a list or an integer vector.
        seed: int[2].
        minval: the least number; any shape that broadcasts for floats, a scalar for integers.
        maxval: the bound above; 1 by default for floats, required for integers.
        dtype: float16, bfloat16, float32, float64, int32 or int64.
        name: name of the result.

    Raises:
        ValueError: if the type is not one of these, or `maxval` is missing.
    """
    dtype = as_dtype(dtype)
    if dtype not in dtypes.FLOATS | dtypes.INDICES:
        raise ValueError(f"Invalid dtype {dtype!r}")
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    with name_scope(name, "stateless_random_uniform", [shape, seed, minval, maxval]) as scope:
        shape = shape_tensor(shape)
        low = convert_to_tensor(minval, dtype, "min")
        high = convert_to_tensor(maxval, dtype, "max")
        if dtype.is_integer:
            return ops.stateless_random_uniform_int_op(shape, seed, low, high, name=scope)
        drawn = ops.stateless_random_uniform_op(shape, seed, dtype=dtype)
        return ops.add_op(drawn * (high - low), low, name=scope)


def stateless_random_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Draw numbers from normal distributions.

    Args:
        shape: the output's shape: a list or an integer vector.
        seed: int[2].
        mean: of the distribution; any shape that broadcasts.
        stddev: its standard deviation; any shape that broadcasts.
        dtype: float16, bfloat16, float32 or float64.
        name: name of the result.
    """

    def draw(sizes: Tensor) -> Tensor:
        return ops.stateless_random_normal_op(sizes, seed, dtype=dtype)

    return scaled(draw, "stateless_random_normal", shape, (mean, stddev), dtype, name)


def stateless_truncated_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Draw numbers from normal distributions, again where one is two deviations or more off.

    Arguments as of `stateless_random_normal`.
    """

    def draw(sizes: Tensor) -> Tensor:
        return ops.stateless_truncated_normal_op(sizes, seed, dtype=dtype)

    return scaled(draw, "stateless_truncated_normal", shape, (mean, stddev), dtype, name)


def stateless_multinomial(
    logits: Any,
    num_samples: Any,
    seed: Any,
    output_dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """Choose classes with the probabilities that logits give; the older `stateless_categorical`.

    Args:
        logits: real[B, K], logarithms of the probabilities, up to a constant per row.
        num_samples: how many to choose per row.
        seed: int[2].
        output_dtype: int32 or int64.
        name: name scope of the operation.

    Returns:
        output_dtype[B, num_samples].
    """
    with name_scope(name, "stateless_multinomial", [logits, seed]):
        return _chosen(logits, num_samples, seed, output_dtype)


def stateless_categorical(
    logits: Any,
    num_samples: Any,
    seed: Any,
    dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """Choose classes with the probabilities that logits give.

    Arguments and results as of `stateless_multinomial`.
    """
    with name_scope(name, "stateless_categorical", [logits, seed]):
        return _chosen(logits, num_samples, seed, dtype)


def _chosen(logits: Any, num_samples: Any, seed: Any, dtype: Any) -> Tensor:
    logits = convert_to_tensor(logits, name="logits")
    wanted = as_dtype(dtypes.int64 if dtype is None else dtype)
    return ops.stateless_multinomial_op(logits, num_samples, seed, output_dtype=wanted)
