"""Initial values that keep the variance of signals from layer to layer.

    n            what flows into a unit, out of it, or the mean of both
    uniform      from [-l, l), l = sqrt(3 factor / n): variance factor / n
    normal       of deviation sqrt(1.3 factor / n), truncated at two of them: about factor / n

Source: Glorot and Bengio 2010; He et al. 2015; TensorFlow 1.15's `tf.contrib.layers`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf.api.random import random_uniform, truncated_normal
from minitf.dtypes import as_dtype, float32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_BEFORE_TRUNCATION = (
    1.3  # TensorFlow's figure for 1 / 0.8796^2, what truncation takes of a variance
)
_MODES = ("FAN_IN", "FAN_OUT", "FAN_AVG")

MadeInitializer = Callable[..., Tensor]


def xavier_initializer(
    uniform: bool = True, seed: int | None = None, dtype: Any = float32
) -> MadeInitializer:
    """Return an initializer: random numbers of variance 2 / (inputs + outputs of a unit).

    Args:
        uniform: whether they are uniform, not normal.
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.

    Raises:
        TypeError: if the type is another one.

    Source: Glorot and Bengio 2010.
    """
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


def xavier_initializer_conv2d(
    uniform: bool = True, seed: int | None = None, dtype: Any = float32
) -> MadeInitializer:
    """Return `xavier_initializer`'s: filters [height, width, inputs, outputs] are counted whole."""
    return xavier_initializer(uniform, seed, dtype)


def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: Any = float32,
) -> MadeInitializer:
    """Return an initializer: random numbers of variance factor / n.

    Args:
        factor: of the variance.
        mode: n is "FAN_IN" (inputs of a unit), "FAN_OUT" (outputs) or "FAN_AVG" (their mean).
        uniform: whether they are uniform, not normal.
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.

    Raises:
        TypeError: if the type or the mode is another one.

    Source: He et al. 2015.
    """
    _check_floating(dtype)
    if mode not in _MODES:
        raise TypeError(f"Unknown mode {mode} [FAN_IN, FAN_OUT, FAN_AVG]")

    def initializer(shape: Any, dtype: Any = dtype, partition_info: Any = None) -> Tensor:
        _check_floating(dtype)
        sizes = TensorShape(shape).as_list()
        fan_in, fan_out = _fans(sizes)
        n = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2}[mode]
        if uniform:
            limit = math.sqrt(3.0 * factor / n)
            return random_uniform(sizes, -limit, limit, dtype, seed=seed)
        deviation = math.sqrt(_BEFORE_TRUNCATION * factor / n)
        return truncated_normal(sizes, 0.0, deviation, dtype, seed=seed)

    return initializer


def _fans(sizes: list[Any]) -> tuple[float, float]:
    """Return how much flows into a unit and out of it, each for every place of a filter."""
    if not sizes:
        return 1.0, 1.0
    places = math.prod(sizes[:-2])
    return float(places * sizes[-2 if len(sizes) > 1 else -1]), float(places * sizes[-1])


def _check_floating(dtype: Any) -> None:
    if not as_dtype(dtype).is_floating:
        raise TypeError(f"Cannot create initializer for non-floating point type: {dtype}.")
