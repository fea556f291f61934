"""Initial values, with TensorFlow 2's arguments: the type is told by the call, not kept.

An initializer with a seed makes the same values each time it is called: it draws with the stateless
ops.  One without draws others at each call.

Source: TensorFlow 1.15's classes of the same names in tensorflow.python.ops.init_ops_v2.
"""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np

from minitf.api import random, random_stateless
from minitf.api.array import matrix_transpose, reshape
from minitf.api.constants import ones, zeros
from minitf.api.diagonals import diag_part
from minitf.api.linalg import qr
from minitf.api.math import sign
from minitf.api.sequences import eye
from minitf.dtypes import DType, as_dtype, float32
from minitf.tensor import Tensor
from minitf.v2.framework import constant
from minitf.variables.initializers import fans

_STDDEV_OF_TRUNCATED = 0.8796256610342398  # of a standard normal cut off at two deviations


class Initializer:
    """What all initializers share: a configuration that rebuilds them."""

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Return the initial value of a variable of that shape and type."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor, in a form that JSON can hold."""
        return dict(vars(self))

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the initializer that `get_config` describes; a type in it has no effect."""
        config.pop("dtype", None)
        return cls(**config)


# --- what is not drawn ---------------------------------------------------------------------------


class Zeros(Initializer):
    """All zeros."""

    def __call__(self, shape: Any, dtype: Any = float32) -> Tensor:
        """Return zeros."""
        return zeros(shape, as_dtype(dtype))


class Ones(Initializer):
    """All ones."""

    def __call__(self, shape: Any, dtype: Any = float32) -> Tensor:
        """Return ones.

        Raises:
            ValueError: if the type is neither numeric nor bool.
        """
        dtype = as_dtype(dtype)
        if not (dtype.is_floating or dtype.is_integer or dtype.is_complex or dtype.is_bool):
            raise ValueError(f"Expected numeric or boolean dtype, got {dtype}.")
        return ones(shape, dtype)


class Constant(Initializer):
    """A given number, or given numbers in order.

    Args:
        value: a number, a list or tuple of them, or an array.

    Raises:
        TypeError: if it is something else.
    """

    def __init__(self, value: Any = 0) -> None:
        if not (np.isscalar(value) or isinstance(value, (list, tuple, np.ndarray))):
            raise TypeError(
                f"Invalid type for initial value: {type(value)} (expected Python scalar, list or "
                "tuple of values, or numpy.ndarray)."
            )
        self.value = value

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Return the value.

        Raises:
            TypeError: if there are not as many numbers as the shape has places.
        """
        return constant(self.value, dtype, shape)


class Identity(Initializer):
    """A number times the identity matrix."""

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: Any, dtype: Any = float32) -> Tensor:
        """Return the matrix.

        Raises:
            ValueError: if the shape is not that of a matrix, or the type not floating-point.
        """
        dtype = _floating(dtype)
        if len(shape) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        rows, columns = shape
        return self.gain * eye(rows, columns, dtype=dtype)


# --- what is drawn -------------------------------------------------------------------------------


class RandomUniform(Initializer):
    """Numbers from [minval, maxval), all equally likely."""

    def __init__(self, minval: Any = -0.05, maxval: Any = 0.05, seed: int | None = None) -> None:
        self.minval, self.maxval, self.seed = minval, maxval, seed

    def __call__(self, shape: Any, dtype: Any = float32) -> Tensor:
        """Draw the numbers.

        Raises:
            ValueError: if the type is neither floating-point nor whole.
        """
        dtype = as_dtype(dtype)
        if not dtype.is_floating and not dtype.is_integer:
            raise ValueError(f"Expected float or integer dtype, got {dtype}.")
        return _uniform(self.seed, shape, self.minval, self.maxval, dtype)


class RandomNormal(Initializer):
    """Numbers of a normal distribution."""

    def __init__(self, mean: Any = 0.0, stddev: Any = 0.05, seed: int | None = None) -> None:
        self.mean, self.stddev, self.seed = mean, stddev, seed

    def __call__(self, shape: Any, dtype: Any = float32) -> Tensor:
        """Draw the numbers.

        Raises:
            ValueError: if the type is not floating-point.
        """
        return _normal(self.seed, shape, self.mean, self.stddev, _floating(dtype))


class TruncatedNormal(RandomNormal):
    """Numbers of a normal distribution that lie within two deviations."""

    def __call__(self, shape: Any, dtype: Any = float32) -> Tensor:
        """Draw the numbers.

        Raises:
            ValueError: if the type is not floating-point.
        """
        return _truncated(self.seed, shape, self.mean, self.stddev, _floating(dtype))


class VarianceScaling(Initializer):
    """Numbers whose variance is `scale` over how many go into or come out of a layer.

    Args:
        scale: a positive number.
        mode: what it is divided by: "fan_in", "fan_out" or the mean of both, "fan_avg".
        distribution: "truncated_normal" (or "normal"), "untruncated_normal" or "uniform".
        seed: of the random numbers.

    Raises:
        ValueError: if an argument is none of these.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
    ) -> None:
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError("Invalid `mode` argument:", mode)
        distribution = distribution.lower()
        if distribution == "normal":
            distribution = "truncated_normal"
        if distribution not in ("uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError("Invalid `distribution` argument:", distribution)
        self.scale, self.mode, self.distribution, self.seed = scale, mode, distribution, seed

    def __call__(self, shape: Any, dtype: Any = float32) -> Tensor:
        """Draw the numbers.

        Raises:
            ValueError: if the type is not floating-point.
        """
        dtype = _floating(dtype)
        fan_in, fan_out = fans(shape)
        count = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        variance = self.scale / max(1.0, count[self.mode])
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return _uniform(self.seed, shape, -limit, limit, dtype)
        if self.distribution == "untruncated_normal":
            return _normal(self.seed, shape, 0.0, math.sqrt(variance), dtype)
        stddev = math.sqrt(variance) / _STDDEV_OF_TRUNCATED
        return _truncated(self.seed, shape, 0.0, stddev, dtype)


class GlorotUniform(VarianceScaling):
    """Uniform numbers of variance 2 / (fan_in + fan_out)."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed)

    def get_config(self) -> dict[str, Any]:
        """Return the seed."""
        return {"seed": self.seed}


class GlorotNormal(VarianceScaling):
    """Truncated normal numbers of variance 2 / (fan_in + fan_out)."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)

    def get_config(self) -> dict[str, Any]:
        """Return the seed."""
        return {"seed": self.seed}


class Orthogonal(Initializer):
    """A number times a matrix of orthonormal rows or columns, drawn from all of them evenly."""

    def __init__(self, gain: float = 1.0, seed: int | None = None) -> None:
        self.gain, self.seed = gain, seed

    def __call__(self, shape: Any, dtype: Any = float32) -> Tensor:
        """Draw the matrix, in the shape asked for: its last axis are the columns.

        Raises:
            ValueError: if there are not at least two axes, or the type is not floating-point.
        """
        dtype = _floating(dtype)
        if len(shape) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        sizes = max(columns, rows), min(columns, rows)
        q, r = qr(_normal(self.seed, sizes, 0.0, 1.0, dtype), full_matrices=False)
        q *= sign(diag_part(r))  # makes the decomposition unique, so q is drawn evenly
        if rows < columns:
            q = matrix_transpose(q)
        return self.gain * reshape(q, shape)


def lecun_normal(seed: int | None = None) -> VarianceScaling:
    """Return truncated normal numbers of variance 1 / fan_in."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed: int | None = None) -> VarianceScaling:
    """Return uniform numbers of variance 1 / fan_in."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


def he_normal(seed: int | None = None) -> VarianceScaling:
    """Return truncated normal numbers of variance 2 / fan_in."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed: int | None = None) -> VarianceScaling:
    """Return uniform numbers of variance 2 / fan_in."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


def _floating(dtype: Any) -> DType:
    dtype = as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"Expected floating point type, got {dtype}.")
    return dtype


def _uniform(seed: int | None, shape: Any, low: Any, high: Any, dtype: DType) -> Tensor:
    if seed is None:
        return random.random_uniform(shape, low, high, dtype)
    return random_stateless.stateless_random_uniform(shape, [seed, 0], low, high, dtype)


def _normal(seed: int | None, shape: Any, mean: Any, stddev: Any, dtype: DType) -> Tensor:
    if seed is None:
        return random.random_normal(shape, mean, stddev, dtype)
    return random_stateless.stateless_random_normal(shape, [seed, 0], mean, stddev, dtype)


def _truncated(seed: int | None, shape: Any, mean: Any, stddev: Any, dtype: DType) -> Tensor:
    if seed is None:
        return random.truncated_normal(shape, mean, stddev, dtype)
    return random_stateless.stateless_truncated_normal(shape, [seed, 0], mean, stddev, dtype)
