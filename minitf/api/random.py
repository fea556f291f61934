"""Random numbers: `tf.random_uniform`, `tf.random_normal`, ... and the seeds that fix them.

An operation draws by two seeds, one of the graph and one of its own (`get_seed`).  Where only the
graph has one, the operation's is the number of operations made before it, so the same program
draws the same numbers, and a program with one constant more may draw others (TensorFlow's rule).
`tf.debug.set_stable_seed` takes it from the name scope instead.

Source: 2015 Table 1 (Random, Shuffle); TensorFlow 1.15, `random_ops`, `random_seed`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.checks import Assert
from minitf.api.control import after
from minitf.api.framework import name_scope
from minitf.api.reductions import reduce_all
from minitf.api.sizes import broadcast_dynamic_shape, broadcast_to
from minitf.api.sizes import shape as shape_of
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.dtypes import DType, as_dtype
from minitf.graph import Graph
from minitf.tensor import Tensor
from minitf.tensor_shape import Dimension

DEFAULT_GRAPH_SEED = 87654321
_SEEDS = 2**31 - 1  # seeds are taken modulo this

# --- seeds -------------------------------------------------------------------------------------


def set_random_seed(seed: int | None) -> None:
    """Fix the random numbers of all operations that the default graph gets from here on."""
    graph = default_graph()
    graph.seed, graph.seeds_drawn = seed, None


def get_seed(op_seed: int | None) -> tuple[int | None, int | None]:
    """Return the two seeds of an operation that is about to be made.

    Args:
        op_seed: the seed that the user gave the operation, or None.

    Returns:
        (graph's seed, operation's seed); both None if the user gave neither: then every session
        draws other numbers.
    """
    graph = default_graph()
    if graph.seed is None:
        if op_seed is None:
            return None, None
        seeds = DEFAULT_GRAPH_SEED, op_seed % _SEEDS
    else:
        seeds = graph.seed % _SEEDS, (_next_seed(graph) if op_seed is None else op_seed) % _SEEDS
    return (0, _SEEDS) if seeds == (0, 0) else seeds  # an op takes (0, 0) for "no seed"


def _next_seed(graph: Graph) -> int:
    """Return the seed of an operation without one: by its place in the graph, or by its name."""
    drawn = graph.seeds_drawn
    if drawn is None:
        return graph.version
    scope = graph.get_name_scope()
    drawn[scope] += 1
    return zlib.crc32(f"{scope}:{drawn[scope]}".encode())


def seeds_of(op_seed: int | None) -> dict[str, int]:
    """Return the two seeds of an operation as its attributes, 0 for None; see `get_seed`."""
    seed, seed2 = get_seed(op_seed)
    return {"seed": seed or 0, "seed2": seed2 or 0}


# --- arrays of independent numbers -------------------------------------------------------------


def random_uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw numbers from [minval, maxval), all equally likely.

    Args:
        shape: the output's shape: a list or an integer vector.
        minval: the least number; any shape that broadcasts for floats, a scalar for integers.
        maxval: the bound above; 1 by default for floats, required for integers.
        dtype: float16, bfloat16, float32, float64, int32 or int64.
        seed: of this operation; see `set_random_seed`.
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
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as scope:
        shape = shape_tensor(shape)
        low = convert_to_tensor(minval, dtype, "min")
        high = convert_to_tensor(maxval, dtype, "max")
        seeds = seeds_of(seed)
        if dtype.is_integer:
            drawn: Tensor = ops.random_uniform_int_op(shape, low, high, **seeds, name=scope)
            return drawn
        drawn = ops.random_uniform_op(shape, dtype=dtype, **seeds)
        return ops.add_op(drawn * (high - low), low, name=scope)


def random_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw numbers from normal distributions.

    Args:
        shape: the output's shape: a list or an integer vector.
        mean: of the distribution; any shape that broadcasts.
        stddev: its standard deviation; any shape that broadcasts.
        dtype: float16, bfloat16, float32 or float64.
        seed: of this operation; see `set_random_seed`.
        name: name of the result.
    """

    def draw(sizes: Tensor) -> Tensor:
        return ops.random_standard_normal_op(sizes, dtype=dtype, **seeds_of(seed))

    return scaled(draw, "random_normal", shape, (mean, stddev), dtype, name)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw numbers from normal distributions, again where one is two deviations or more off.

    Args:
        shape: the output's shape: a list or an integer vector.
        mean: of the distribution; any shape that broadcasts.
        stddev: its standard deviation before truncation; any shape that broadcasts.
        dtype: float16, bfloat16, float32 or float64.
        seed: of this operation; see `set_random_seed`.
        name: name of the result.
    """

    def draw(sizes: Tensor) -> Tensor:
        return ops.truncated_normal_op(sizes, dtype=dtype, **seeds_of(seed))

    return scaled(draw, "truncated_normal", shape, (mean, stddev), dtype, name)


def parameterized_truncated_normal(
    shape: Any,
    means: Any = 0.0,
    stddevs: Any = 1.0,
    minvals: Any = -2.0,
    maxvals: Any = 2.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw numbers from normal distributions that are truncated to intervals.

    Args:
        shape: the output's shape, of at least one dimension.
        means: of the distributions: a scalar, or one number for each row; so are the others.
        stddevs: standard deviations before truncation.
        minvals: lower bounds.
        maxvals: upper bounds.
        dtype: float16, bfloat16, float32 or float64.
        seed: of this operation; see `set_random_seed`.
        name: name of the result.
    """
    given = {"means": means, "stddevs": stddevs, "minvals": minvals, "maxvals": maxvals}
    with name_scope(name, "parameterized_truncated_normal", [shape, *given.values()]):
        sizes = shape_tensor(shape)
        parameters = [convert_to_tensor(value, dtype, what) for what, value in given.items()]
        return ops.parameterized_truncated_normal_op(sizes, *parameters, **seeds_of(seed))


def scaled(
    draw: Callable[[Tensor], Tensor],
    default_name: str,
    shape: Any,
    mean_and_stddev: tuple[Any, Any],
    dtype: Any,
    name: str | None,
) -> Tensor:
    """Draw standard numbers of a shape, multiply by the deviation and add the mean."""
    with name_scope(name, default_name, [shape, *mean_and_stddev]) as scope:
        sizes = shape_tensor(shape)
        mean, stddev = (
            convert_to_tensor(value, dtype, what)
            for value, what in zip(mean_and_stddev, ("mean", "stddev"), strict=True)
        )
        return ops.add_op(draw(sizes) * stddev, mean, name=scope)


def shape_tensor(shape: Any) -> Tensor:
    """Return a shape, which may hold Dimensions, as an integer vector."""
    if isinstance(shape, (list, tuple)):
        shape = [size.value if isinstance(size, Dimension) else size for size in shape]
        return convert_to_tensor(shape, None if shape else dtypes.int32, "shape")
    return convert_to_tensor(shape, name="shape")


# --- draws that depend on inputs -----------------------------------------------------------------


def random_shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """Put the rows of an array in a random order.

    Args:
        value: T[N, ...].
        seed: of this operation; see `set_random_seed`.
        name: name of the operation.
    """
    seeds = seeds_of(seed)
    return ops.random_shuffle_op(value, **seeds, name=name)


def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """Cut out a block of a given size at a random place.

    Args:
        value: T[...].
        size: sizes of the block, one per dimension.
        seed: of this operation; see `set_random_seed`.
        name: name of the result.
    """
    with name_scope(name, "random_crop", [value, size]) as scope:
        value = convert_to_tensor(value, name="value")
        size = convert_to_tensor(size, dtypes.int32, "size")
        whole = shape_of(value)
        message = ["Need value.shape >= size, got ", whole, size]
        fits = Assert(reduce_all(whole >= size), message, summarize=1000)
        whole = after([fits], whole)
        places = whole - size + 1
        drawn = random_uniform(shape_of(whole), 0, size.dtype.max, size.dtype, seed)
        return ops.slice_op(value, drawn % places, size, name=scope)


def multinomial(
    logits: Any,
    num_samples: Any,
    seed: int | None = None,
    name: str | None = None,
    output_dtype: Any = None,
) -> Tensor:
    """Choose classes with the probabilities that logits give; the older name of `categorical`.

    Args:
        logits: real[B, K], logarithms of the probabilities, up to a constant per row.
        num_samples: how many to choose per row.
        seed: of this operation; see `set_random_seed`.
        name: name scope of the operation.
        output_dtype: int32 or int64, the default.

    Returns:
        output_dtype[B, num_samples].
    """
    with name_scope(name, "multinomial", [logits]):
        return _chosen(logits, num_samples, output_dtype, seed)


def categorical(
    logits: Any,
    num_samples: Any,
    dtype: Any = None,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Choose classes with the probabilities that logits give.

    Args:
        logits: real[B, K], logarithms of the probabilities, up to a constant per row.
        num_samples: how many to choose per row.
        dtype: int32 or int64, the default.
        seed: of this operation; see `set_random_seed`.
        name: name scope of the operation.

    Returns:
        dtype[B, num_samples].
    """
    with name_scope(name, "categorical", [logits]):
        return _chosen(logits, num_samples, dtype, seed)


def _chosen(logits: Any, num_samples: Any, dtype: Any, seed: int | None) -> Tensor:
    logits = convert_to_tensor(logits, name="logits")
    wanted: DType = dtypes.int64 if dtype is None else as_dtype(dtype)
    made: Tensor = ops.multinomial_op(logits, num_samples, **seeds_of(seed), output_dtype=wanted)
    return made


def random_gamma(
    shape: Any,
    alpha: Any,
    beta: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw numbers from gamma distributions, differentiable in alpha and beta.

    Args:
        shape: how many to draw for each pair of parameters.
        alpha: the distributions' shape parameters.
        beta: their rates, 1 by default; broadcasts with `alpha`.
        dtype: float16, float32 or float64.
        seed: of this operation; see `set_random_seed`.
        name: name scope of the operations.

    Returns:
        dtype[*shape, ...]; never 0, but the least normal number instead.
    """
    with name_scope(name, "random_gamma", [shape, alpha, beta]):
        shape = convert_to_tensor(shape, dtypes.int32, "shape")
        alpha = convert_to_tensor(alpha, dtype, "alpha")
        beta = convert_to_tensor(1 if beta is None else beta, dtype, "beta")
        common = broadcast_dynamic_shape(shape_of(alpha), shape_of(beta))
        alpha = broadcast_to(alpha, common)
        drawn = ops.random_gamma_op(shape, alpha, **seeds_of(seed))
        least = np.finfo(alpha.dtype.as_numpy_dtype).tiny
        return ops.maximum_op(least, drawn / beta)


def random_poisson(
    lam: Any,
    shape: Any,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw whole numbers from Poisson distributions.

    Args:
        lam: real[...], the distributions' means.
        shape: how many to draw for each.
        dtype: float16, float32, float64, int32 or int64.
        seed: of this operation; see `set_random_seed`.
        name: name scope of the operation.

    Returns:
        dtype[*shape, ...].
    """
    with name_scope(name, "random_poisson", [lam, shape]):
        shape = convert_to_tensor(shape, dtypes.int32, "shape")
        made: Tensor = ops.random_poisson_v2_op(shape, lam, **seeds_of(seed), dtype=dtype)
        return made
