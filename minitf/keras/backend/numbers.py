"""Arithmetic of the backend: functions of elements, reductions, products.

Source: TensorFlow 1.15's `tf.keras.backend`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api import array, comparison, elementary, math, reductions
from minitf.api.casting import cast
from minitf.api.clipping import clip_by_value
from minitf.api.framework import convert_to_tensor
from minitf.api.matmul import matmul
from minitf.api.matmul import tensordot as _tensordot
from minitf.api.sizes import shape
from minitf.api.sparse_math import sparse_tensor_dense_matmul
from minitf.composite import SparseTensor
from minitf.keras.backend.config import floatx
from minitf.layers.moving_statistics import moved_towards
from minitf.tensor import Tensor

# --- of elements ---------------------------------------------------------------------------------


def _of_element(function: Callable[..., Any]) -> Callable[[Any], Tensor]:
    def of_element(x: Any) -> Tensor:
        return function(x)

    of_element.__name__ = of_element.__qualname__ = function.__name__
    of_element.__doc__ = f"Return `tf.{function.__name__}` of each element."
    return of_element


square = _of_element(elementary.square)
abs = _of_element(math.abs)
exp = _of_element(elementary.exp)
log = _of_element(elementary.log)
round = _of_element(elementary.round)
sign = _of_element(math.sign)
sin = _of_element(elementary.sin)
cos = _of_element(elementary.cos)


def sqrt(x: Any) -> Tensor:
    """Return the square root of each element, and 0 for one below 0."""
    x = convert_to_tensor(x)
    return elementary.sqrt(clip_by_value(x, cast(0.0, x.dtype), cast(float("inf"), x.dtype)))


def pow(x: Any, a: Any) -> Tensor:
    """Return powers."""
    return math.pow(x, a)


def clip(x: Any, min_value: Any, max_value: Any) -> Tensor:
    """Return each element, or the limit that it exceeds.

    Args:
        min_value: the least; a `max_value` below it counts as it.
        max_value: the greatest, None for no limit.
    """
    if max_value is None:
        max_value = float("inf")
    elif not isinstance(max_value, Tensor) and max_value < min_value:
        max_value = min_value
    return clip_by_value(x, min_value, max_value)


def _of_two(function: Callable[..., Any]) -> Callable[[Any, Any], Tensor]:
    def of_two(x: Any, y: Any) -> Tensor:
        return function(x, y)

    of_two.__name__ = of_two.__qualname__ = function.__name__
    of_two.__doc__ = f"Return `tf.{function.__name__}` of each two elements."
    return of_two


equal = _of_two(comparison.equal)
not_equal = _of_two(comparison.not_equal)
greater = _of_two(comparison.greater)
greater_equal = _of_two(comparison.greater_equal)
less = _of_two(comparison.less)
less_equal = _of_two(comparison.less_equal)
maximum = _of_two(math.maximum)
minimum = _of_two(math.minimum)

# --- reductions ----------------------------------------------------------------------------------


def _reduction(function: Callable[..., Any], name: str, what: str) -> Callable[..., Tensor]:
    def reduced(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
        return function(x, axis, keepdims)

    reduced.__name__ = reduced.__qualname__ = name
    reduced.__doc__ = f"Return the {what} along axes, or of all elements."
    return reduced


def _of_floats(x: Any) -> Any:
    x = convert_to_tensor(x)
    return cast(x, floatx()) if x.dtype.base_dtype.name == "bool" else x


max = _reduction(reductions.reduce_max, "max", "greatest element")
min = _reduction(reductions.reduce_min, "min", "least element")
sum = _reduction(reductions.reduce_sum, "sum", "sum")
prod = _reduction(reductions.reduce_prod, "prod", "product")
logsumexp = _reduction(reductions.reduce_logsumexp, "logsumexp", "logarithm of the sum of exp")


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Return the mean along axes, or of all elements."""
    return reductions.reduce_mean(_of_floats(x), axis, keepdims)


def var(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Return the mean square distance from the mean along axes, or of all elements."""
    x = _of_floats(x)
    distance = x - reductions.reduce_mean(x, axis, keepdims=True)
    return reductions.reduce_mean(elementary.square(distance), axis, keepdims)


def std(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Return the root of the variance along axes, or of all elements."""
    return elementary.sqrt(var(x, axis, keepdims))


def any(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Tell whether an element is not 0, along axes or of all."""
    return reductions.reduce_any(cast(x, "bool"), axis, keepdims)


def all(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Tell whether all elements are not 0, along axes or of all."""
    return reductions.reduce_all(cast(x, "bool"), axis, keepdims)


def argmax(x: Any, axis: int = -1) -> Tensor:
    """Return where the greatest element is along an axis."""
    return reductions.argmax(x, axis)


def argmin(x: Any, axis: int = -1) -> Tensor:
    """Return where the least element is along an axis."""
    return reductions.argmin(x, axis)


def cumsum(x: Any, axis: int = 0) -> Tensor:
    """Return the sums of all elements up to each along an axis."""
    return reductions.cumsum(x, axis)


def cumprod(x: Any, axis: int = 0) -> Tensor:
    """Return the products of all elements up to each along an axis."""
    return reductions.cumprod(x, axis)


# --- products ------------------------------------------------------------------------------------


def dot(x: Any, y: Any) -> Tensor:
    """Return the product along the last axis of `x` and the last but one of `y` (or its only one).

    Args:
        x: a Tensor, or a matrix as a SparseTensor.
        y: a Tensor.
    """
    if isinstance(x, SparseTensor):
        return sparse_tensor_dense_matmul(x, y)
    ranks = x.shape.ndims, y.shape.ndims
    if ranks[0] is None or (ranks[0] <= 2 and ranks[1] == 2):
        return matmul(x, y)
    return _tensordot(x, y, [[ranks[0] - 1], [ranks[1] - 2 if ranks[1] > 1 else 0]])


def batch_dot(x: Any, y: Any, axes: Any = None) -> Tensor:
    """Return products of each two rows, along one axis of each.

    Args:
        x: float[N, ...].
        y: float[N, ...].
        axes: the axes, or the one that both have; by default the last of `x`, and the last but
            one of `y` (its last where it has two).

    Raises:
        ValueError: if the axes have different sizes.
    """
    ranks = x.shape.ndims, y.shape.ndims
    if axes is None:
        axes = (ranks[0] - 1, ranks[1] - 1 if ranks[1] == 2 else ranks[1] - 2)
    a, b = (axes, axes) if isinstance(axes, int) else axes
    a, b = a % ranks[0], b % ranks[1]
    sizes = x.shape.as_list()[a], y.shape.as_list()[b]
    if None not in sizes and sizes[0] != sizes[1]:
        raise ValueError(
            f"Can not do batch_dot on inputs with shapes {x.shape} and {y.shape} with "
            f"axes={axes}: sizes {sizes[0]} and {sizes[1]} differ."
        )
    left, kept_left = _as_matrices(x, a, last=True)
    right, kept_right = _as_matrices(y, b, last=False)
    product = matmul(left, right)
    batch = x.shape.as_list()[:1]
    known = batch + kept_left[1] + kept_right[1]
    computed = array.concat([shape(x)[:1], kept_left[0], kept_right[0]], 0)
    made = array.reshape(product, computed)
    made.set_shape(known)
    return array.expand_dims(made, 1) if len(known) == 1 else made


def _as_matrices(x: Any, axis: int, *, last: bool) -> tuple[Tensor, tuple[Any, list[Any]]]:
    """Return [N, rest, axis] or [N, axis, rest], and the sizes of the rest (computed and known)."""
    others = [each for each in range(1, x.shape.ndims) if each != axis]
    turned = array.transpose(x, [0, *others, axis] if last else [0, axis, *others])
    computed = shape(turned)
    rest = computed[1:-1] if last else computed[2:]
    common = computed[-1:] if last else computed[1:2]
    flat = [reductions.reduce_prod(rest, keepdims=True), common]
    sized = array.concat([computed[:1], *(flat if last else flat[::-1])], 0)
    known = [x.shape.as_list()[each] for each in others]
    return array.reshape(turned, sized), (rest, known)


def moving_average_update(x: Any, value: Any, momentum: Any) -> Any:
    """Move an average towards a value: x -= (x - value) (1 - momentum)."""
    return moved_towards(x, value, momentum)
