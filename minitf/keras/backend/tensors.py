"""Tensors and variables of the backend: making them, asking them, cutting and joining them.

Source: TensorFlow 1.15's `tf.keras.backend`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf.api import (
    array,
    casting,
    constants,
    control,
    gathering,
    printing,
    random,
    sequences,
    sizes,
)
from minitf.api.framework import control_dependencies
from minitf.api.sparse_dense import sparse_tensor_to_dense
from minitf.api.state import assign, assign_add, assign_sub
from minitf.composite import SparseTensor
from minitf.dtypes import as_dtype
from minitf.functional import folding, mapping
from minitf.keras.backend.config import floatx
from minitf.keras.backend.sessions import track_variable
from minitf.tensor import Tensor
from minitf.variables.base import Variable
from minitf.variables.initializers import RandomNormal, RandomUniform

# --- making them ---------------------------------------------------------------------------------


def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None) -> Any:
    """Return a variable that starts as a value."""
    if not (isinstance(value, Tensor) or callable(value)):
        value = np.asarray(value, as_dtype(dtype or floatx()).as_numpy_dtype)
    made = Variable(
        value,
        dtype=as_dtype(dtype or floatx()),
        name=name,
        constraint=constraint,
        use_resource=True,
    )
    track_variable(made)
    return made


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Tensor:
    """Return a constant, of the default type if none is given."""
    return constants.constant(value, dtype or floatx(), shape, name or "Const")


def placeholder(
    shape: Any = None,
    ndim: int | None = None,
    dtype: Any = None,
    sparse: bool = False,
    name: str | None = None,
) -> Any:
    """Return a placeholder.

    Args:
        shape: its shape, None in it for an unknown size.
        ndim: the rank, where no shape is given.
        dtype: its type, by default the default type.
        sparse: whether a SparseTensor is fed.
        name: of the operation.
    """
    if shape is None and ndim:
        shape = (None,) * ndim
    make = constants.sparse_placeholder if sparse else constants.placeholder
    return make(as_dtype(dtype or floatx()), shape=shape, name=name)


def _started_as(make: Callable[..., Any]) -> Callable[..., Any]:
    def made(shape: Any, dtype: Any = None, name: str | None = None) -> Any:
        value = make(shape, as_dtype(dtype or floatx()))
        return variable(value, dtype, name) if all(value.shape.as_list()) else value

    made.__doc__ = f"Return a variable that starts with {make.__name__}."
    made.__name__ = made.__qualname__ = make.__name__
    return made


zeros = _started_as(constants.zeros)
ones = _started_as(constants.ones)


def eye(size: int, dtype: Any = None, name: str | None = None) -> Any:
    """Return a variable that starts as an identity matrix."""
    return variable(sequences.eye(size, dtype=as_dtype(dtype or floatx())), dtype, name)


def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Return zeros in the shape of a Tensor."""
    return constants.zeros_like(x, dtype=dtype, name=name)


def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Return ones in the shape of a Tensor."""
    return constants.ones_like(x, dtype=dtype, name=name)


def random_uniform_variable(
    shape: Any,
    low: float,
    high: float,
    dtype: Any = None,
    name: str | None = None,
    seed: int | None = None,
) -> Any:
    """Return a variable that starts with numbers in [low, high)."""
    dtype = as_dtype(dtype or floatx())
    return variable(RandomUniform(low, high, seed, dtype)(shape), dtype, name)


def random_normal_variable(
    shape: Any,
    mean: float,
    scale: float,
    dtype: Any = None,
    name: str | None = None,
    seed: int | None = None,
) -> Any:
    """Return a variable that starts with normally distributed numbers."""
    dtype = as_dtype(dtype or floatx())
    return variable(RandomNormal(mean, scale, seed, dtype)(shape), dtype, name)


def _seed(seed: int | None) -> int:
    return int(np.random.default_rng().integers(10_000_000)) if seed is None else seed


def random_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Tensor:
    """Return normally distributed numbers."""
    return random.random_normal(shape, mean, stddev, as_dtype(dtype or floatx()), _seed(seed))


def random_uniform(
    shape: Any, minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, seed: int | None = None
) -> Tensor:
    """Return uniformly distributed numbers in [minval, maxval)."""
    return random.random_uniform(shape, minval, maxval, as_dtype(dtype or floatx()), _seed(seed))


def random_binomial(
    shape: Any, p: float = 0.0, dtype: Any = None, seed: int | None = None
) -> Tensor:
    """Return numbers that are 1 with a probability, else 0."""
    dtype = as_dtype(dtype or floatx())
    drawn = random.random_uniform(shape, dtype=dtype, seed=_seed(seed))
    return casting.cast(drawn <= p, dtype)


def truncated_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Tensor:
    """Return normally distributed numbers, those beyond two deviations drawn again."""
    return random.truncated_normal(shape, mean, stddev, as_dtype(dtype or floatx()), _seed(seed))


# --- asking them ---------------------------------------------------------------------------------


def shape(x: Any) -> Tensor:
    """Return the shape, as a Tensor."""
    return sizes.shape(x)


def int_shape(x: Any) -> tuple[int | None, ...] | None:
    """Return what is known of the shape, None in it for an unknown size; None without a rank."""
    known = x.shape
    return None if known.ndims is None else tuple(known.as_list())


def ndim(x: Any) -> int | None:
    """Return the rank; None if it is not known."""
    rank: int | None = x.shape.ndims
    return rank


def dtype(x: Any) -> str:
    """Return the name of the type."""
    name: str = x.dtype.base_dtype.name
    return name


def count_params(x: Any) -> int:
    """Return how many elements there are."""
    return math.prod(x.shape.as_list())


def is_sparse(tensor: Any) -> bool:
    """Tell whether a value is a SparseTensor."""
    return isinstance(tensor, SparseTensor)


def to_dense(tensor: Any) -> Any:
    """Return a Tensor for a SparseTensor, and others as they are."""
    return sparse_tensor_to_dense(tensor) if is_sparse(tensor) else tensor


def is_placeholder(x: Any) -> bool:
    """Tell whether a value is a placeholder."""
    return getattr(getattr(x, "op", None), "type", None) == "Placeholder"


# --- changing them -------------------------------------------------------------------------------


def cast(x: Any, dtype: Any) -> Tensor:
    """Return the elements in another type."""
    return casting.cast(x, dtype)


def cast_to_floatx(x: Any) -> Any:
    """Return an array, or a Tensor, in the default type."""
    if isinstance(x, (Tensor, Variable, SparseTensor)):
        return casting.cast(x, floatx())
    return np.asarray(x, dtype=floatx())


def update(x: Any, new_x: Any) -> Any:
    """Give a variable a value."""
    return assign(x, new_x)


def update_add(x: Any, increment: Any) -> Any:
    """Add to a variable."""
    return assign_add(x, increment)


def update_sub(x: Any, decrement: Any) -> Any:
    """Subtract from a variable."""
    return assign_sub(x, decrement)


def identity(x: Any, name: str | None = None) -> Tensor:
    """Return the same elements."""
    return control.identity(x, name=name)


def stop_gradient(variables: Any) -> Any:
    """Return the same elements, which are constants to gradients."""
    if isinstance(variables, (list, tuple)):
        return [control.stop_gradient(each) for each in variables]
    return control.stop_gradient(variables)


def print_tensor(x: Any, message: str = "") -> Tensor:
    """Return the same elements, which are printed on the standard output when they are computed."""
    with control_dependencies([printing.print_(message, x, output_stream=sys.stdout)]):
        return control.identity(x)


# --- cutting and joining -------------------------------------------------------------------------


def concatenate(tensors: Sequence[Any], axis: int = -1) -> Any:
    """Join tensors along an axis."""
    return array.concat([to_dense(each) for each in tensors], axis)


def reshape(x: Any, shape: Any) -> Tensor:
    """Return the elements in another shape."""
    return array.reshape(x, shape)


def permute_dimensions(x: Any, pattern: Sequence[int]) -> Tensor:
    """Return the axes in another order."""
    return array.transpose(x, perm=pattern)


def transpose(x: Any) -> Tensor:
    """Return the axes in the opposite order."""
    return array.transpose(x)


def gather(reference: Any, indices: Any) -> Tensor:
    """Return rows by their numbers."""
    return gathering.gather(reference, indices)


def repeat_elements(x: Any, rep: int, axis: int) -> Tensor:
    """Return each cell along an axis several times, one after the other."""
    known = x.shape.as_list()[axis]
    if known is not None:
        parts = array.split(x, known, axis)
        return array.concat([part for part in parts for _ in range(rep)], axis)
    axis %= x.shape.ndims
    tiled = array.tile(array.expand_dims(x, axis + 1), _only(axis + 1, rep, x.shape.ndims + 1))
    now = sizes.shape(x)
    sized = array.concat([now[:axis], now[axis : axis + 1] * rep, now[axis + 1 :]], 0)
    made = array.reshape(tiled, sized)
    made.set_shape(x.shape.as_list())
    return made


def _only(axis: int, count: int, rank: int) -> list[int]:
    return [count if each == axis else 1 for each in range(rank)]


def repeat(x: Any, n: int) -> Tensor:
    """Return [N, n, C] for [N, C], each row n times."""
    return array.tile(array.expand_dims(x, 1), [1, n, 1])


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Tensor:
    """Return whole numbers from `start` (0 if there is no `stop`) on."""
    if stop is None:
        start, stop = 0, (0 if isinstance(start, int) and start < 0 else start)
    made = sequences.range(start, limit=stop, delta=step, name="arange")
    return made if dtype == "int32" else casting.cast(made, dtype)


def tile(x: Any, n: Any) -> Tensor:
    """Repeat a Tensor along its axes."""
    return array.tile(x, [n] if isinstance(n, int) else n)


def flatten(x: Any) -> Tensor:
    """Return one axis of all elements."""
    return array.reshape(x, [-1])


def batch_flatten(x: Any) -> Tensor:
    """Return one axis of all but the batch."""
    depth = x.shape.as_list()[1:]
    known = -1 if None in depth else math.prod(depth)
    if known >= 0:
        return array.reshape(x, [-1, known])
    return array.reshape(x, array.stack([-1, _product(sizes.shape(x)[1:])]))


def _product(x: Any) -> Tensor:
    from minitf.api.reductions import reduce_prod

    return reduce_prod(x)


def expand_dims(x: Any, axis: int = -1) -> Tensor:
    """Add an axis of size 1."""
    return array.expand_dims(x, axis)


def squeeze(x: Any, axis: int) -> Tensor:
    """Remove an axis of size 1."""
    return array.squeeze(x, [axis])


def stack(x: Sequence[Any], axis: int = 0) -> Tensor:
    """Join tensors along an axis of its own."""
    return array.stack(x, axis=axis)


def one_hot(indices: Any, num_classes: int) -> Tensor:
    """Return [..., num_classes] for indices, 1 at each."""
    return sequences.one_hot(indices, depth=num_classes, axis=-1)


def reverse(x: Any, axes: Any) -> Tensor:
    """Return the cells along axes in the opposite order."""
    return array.reverse(x, [axes] if isinstance(axes, int) else axes)


# --- functions of elements -----------------------------------------------------------------------


def map_fn(fn: Callable[..., Any], elems: Any, name: str | None = None, dtype: Any = None) -> Any:
    """Return what a function gives for each row."""
    return mapping.map_fn(fn, elems, name=name, dtype=dtype)


def foldl(
    fn: Callable[..., Any], elems: Any, initializer: Any = None, name: str | None = None
) -> Any:
    """Combine rows from the first to the last."""
    return folding.foldl(fn, elems, initializer=initializer, name=name)


def foldr(
    fn: Callable[..., Any], elems: Any, initializer: Any = None, name: str | None = None
) -> Any:
    """Combine rows from the last to the first."""
    return folding.foldr(fn, elems, initializer=initializer, name=name)
