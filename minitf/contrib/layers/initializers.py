"""Initializers that keep the variance of activations, or of gradients, from layer to layer.

Source: Glorot and Bengio 2010; He et al. 2015; TensorFlow 1.15's functions of the same names in
tf.contrib.layers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf.api.random import random_uniform, truncated_normal
from minitf.dtypes import as_dtype, float32
from minitf.tensor import Tensor

_MODES = ("FAN_IN", "FAN_OUT", "FAN_AVG")
_BEFORE_TRUNCATION = 1.3  # about how much variance a normal number loses when it is truncated


def xavier_initializer(
    uniform: bool = True, seed: int | None = None, dtype: Any = float32
) -> Callable[..., Tensor]:
    """Return an initializer of variance 2 / (fan in + fan out).

    Args:
        uniform: whether numbers are uniform; else they are normal, truncated.
        seed: of the numbers; see `tf.set_random_seed`.
        dtype: a floating-point type.

    Raises:
        TypeError: if the type is another.
    """
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


xavier_initializer_conv2d = xavier_initializer


def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: Any = float32,
) -> Callable[..., Tensor]:
    """Return an initializer of variance factor / n.

    Args:
        factor: of the variance.
        mode: n is "FAN_IN" (inputs of a unit), "FAN_OUT" (outputs) or "FAN_AVG" (their mean).
        uniform: whether numbers are uniform; else they are normal, truncated.
        seed: of the numbers; see `tf.set_random_seed`.
        dtype: a floating-point type.

    Raises:
        TypeError: if the type or the mode is another.
    """
    own = _floating(dtype)
    if mode not in _MODES:
        raise TypeError(f"Unknown mode {mode} [FAN_IN, FAN_OUT, FAN_AVG]")

    def initializer(shape: Any, dtype: Any = own, partition_info: Any = None) -> Tensor:
        kind = _floating(dtype)
        sizes = [int(size) for size in shape] or [1]
        field = math.prod(sizes[:-2])
        fan_in, fan_out = sizes[-2:][0] * field, sizes[-1] * field
        n = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2}[mode]
        if uniform:
            bound = math.sqrt(3.0 * factor / n)
            return random_uniform(shape, -bound, bound, kind, seed=seed)
        deviation = math.sqrt(_BEFORE_TRUNCATION * factor / n)
        return truncated_normal(shape, 0.0, deviation, kind, seed=seed)

    return initializer


def _floating(dtype: Any) -> Any:
    kind = as_dtype(dtype)
    if not kind.is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
    return kind
