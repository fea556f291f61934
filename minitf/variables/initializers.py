"""Initial values: functions of a shape that make Tensors.

An initializer is an object with `__call__(shape, dtype=None, partition_info=None)`, and with
`get_config` / `from_config` to store it.  Where a variable is kept in parts, `partition_info` says
where the part stands, so that the whole does not depend on the cut.

Source: OSDI §4.1; Glorot and Bengio 2010 (glorot), He et al. 2015 (he), LeCun et al. 1998 (lecun),
Saxe et al. 2014 (orthogonal); TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from minitf.api import random
from minitf.api.array import slice as slice_of
from minitf.api.constants import constant, ones, zeros
from minitf.api.sequences import eye
from minitf.dtypes import DType, as_dtype, float32
from minitf.tensor import Tensor


class Initializer:
    """What all initializers share: a type, and a configuration that rebuilds them."""

    dtype: DType

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return the initial value of a variable of that shape (or of a part of it)."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor, in a form that JSON can hold."""
        return {
            name: value.name if isinstance(value, DType) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the initializer that `get_config` describes."""
        return cls(**config)


class Zeros(Initializer):
    """All zeros.

    Args:
        dtype: the type where none is asked for.
    """

    def __init__(self, dtype: Any = float32) -> None:
        self.dtype = as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return zeros."""
        return zeros(shape, self.dtype if dtype is None else dtype)


class Ones(Initializer):
    """All ones.

    Args:
        dtype: the type where none is asked for.
    """

    def __init__(self, dtype: Any = float32) -> None:
        self.dtype = as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return ones."""
        return ones(shape, self.dtype if dtype is None else dtype)


class Constant(Initializer):
    """A given value, or the elements of one in order, the last repeated.

    Args:
        value: a scalar, list or array.
        dtype: the type where none is asked for.
        verify_shape: whether the value must have the shape asked for.

    Raises:
        TypeError: if it is no value of that kind.
    """

    def __init__(self, value: Any = 0, dtype: Any = float32, verify_shape: bool = False) -> None:
        if not (np.isscalar(value) or isinstance(value, (list, tuple, np.ndarray))):
            raise TypeError(
                f"Invalid type for initial value: {type(value)} (expected Python scalar, list or "
                "tuple of values, or numpy.ndarray)."
            )
        self.value = value
        self.dtype = as_dtype(dtype)
        self._verify_shape = verify_shape

    def __call__(
        self,
        shape: Any,
        dtype: Any = None,
        partition_info: Any = None,
        verify_shape: bool | None = None,
    ) -> Tensor:
        """Return the value in that shape."""
        verify_shape = self._verify_shape if verify_shape is None else verify_shape
        dtype = self.dtype if dtype is None else dtype
        return constant(self.value, dtype=dtype, shape=shape, verify_shape=verify_shape)

    def get_config(self) -> dict[str, Any]:
        """Return value and type."""
        return {"value": self.value, "dtype": self.dtype.name}


class RandomUniform(Initializer):
    """Uniformly distributed numbers in [minval, maxval).

    Args:
        minval: the least.
        maxval: where they end; 1 by default for floats, required for whole numbers.
        seed: of the operation.
        dtype: the type where none is asked for.
    """

    def __init__(
        self, minval: Any = 0, maxval: Any = None, seed: int | None = None, dtype: Any = float32
    ) -> None:
        self.minval = minval
        self.maxval = maxval
        self.seed = seed
        self.dtype = as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return random numbers."""
        dtype = self.dtype if dtype is None else dtype
        return random.random_uniform(shape, self.minval, self.maxval, dtype, seed=self.seed)


class RandomNormal(Initializer):
    """Normally distributed numbers.

    Args:
        mean: their mean.
        stddev: their standard deviation.
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.

    Raises:
        ValueError: if it is another type.
    """

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 1.0, seed: int | None = None, dtype: Any = float32
    ) -> None:
        self.mean = mean
        self.stddev = stddev
        self.seed = seed
        self.dtype = _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return random numbers."""
        dtype = self.dtype if dtype is None else dtype
        return random.random_normal(shape, self.mean, self.stddev, dtype, seed=self.seed)


class TruncatedNormal(RandomNormal):
    """Normally distributed numbers, redrawn while they are over two deviations from the mean.

    Args:
        mean: of the distribution that is cut off.
        stddev: its deviation.
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.
    """

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return random numbers."""
        dtype = self.dtype if dtype is None else dtype
        return random.truncated_normal(shape, self.mean, self.stddev, dtype, seed=self.seed)


class UniformUnitScaling(Initializer):
    """Uniformly distributed numbers that keep the variance of what a layer lets through.

    They lie in (-b, b), b = factor * sqrt(3 / inputs), inputs = the product of all sizes but the
    last.

    Args:
        factor: of the bound.
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.

    Raises:
        ValueError: if it is another type.
    """

    def __init__(self, factor: float = 1.0, seed: int | None = None, dtype: Any = float32) -> None:
        self.factor = factor
        self.seed = seed
        self.dtype = _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return random numbers."""
        dtype = self.dtype if dtype is None else dtype
        inputs = math.prod(_whole_shape(shape, partition_info)[:-1])
        bound = math.sqrt(3 / max(inputs, 1)) * self.factor
        return random.random_uniform(shape, -bound, bound, dtype, seed=self.seed)


class VarianceScaling(Initializer):
    """Random numbers of variance scale / n, where n counts what flows into or out of a unit.

    Args:
        scale: of the variance.
        mode: n is "fan_in" (inputs of a unit), "fan_out" (outputs) or "fan_avg" (their mean).
        distribution: "truncated_normal" (or "normal"), "untruncated_normal" or "uniform".
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.

    Raises:
        ValueError: if an argument is none of these.

    Source: He et al. 2015.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        dtype: Any = float32,
    ) -> None:
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"Invalid `mode` argument: {mode}")
        distribution = distribution.lower()
        if distribution not in ("normal", "uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError(f"Invalid `distribution` argument: {distribution}")
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.seed = seed
        self.dtype = _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return random numbers."""
        dtype = self.dtype if dtype is None else dtype
        fan_in, fan_out = fans(_whole_shape(shape, partition_info))
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, n)
        if self.distribution == "uniform":
            bound = math.sqrt(3 * variance)
            return random.random_uniform(shape, -bound, bound, dtype, seed=self.seed)
        deviation = math.sqrt(variance)
        if self.distribution == "untruncated_normal":
            return random.random_normal(shape, 0.0, deviation, dtype, seed=self.seed)
        deviation /= _DEVIATION_AFTER_TRUNCATION
        return random.truncated_normal(shape, 0.0, deviation, dtype, seed=self.seed)


class GlorotUniform(VarianceScaling):
    """Uniformly distributed numbers of variance 2 / (inputs + outputs); get_variable's default.

    Args:
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.

    Source: Glorot and Bengio 2010.
    """

    def __init__(self, seed: int | None = None, dtype: Any = float32) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed, dtype)

    def get_config(self) -> dict[str, Any]:
        """Return seed and type."""
        return {"seed": self.seed, "dtype": self.dtype.name}


class GlorotNormal(VarianceScaling):
    """Truncated normal numbers of variance 2 / (inputs + outputs).

    Args:
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.

    Source: Glorot and Bengio 2010.
    """

    def __init__(self, seed: int | None = None, dtype: Any = float32) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed, dtype)

    def get_config(self) -> dict[str, Any]:
        """Return seed and type."""
        return {"seed": self.seed, "dtype": self.dtype.name}


class Identity(Initializer):
    """The identity matrix, for square layers that begin by letting everything through.

    Args:
        gain: factor of the diagonal.
        dtype: the type where none is asked for; a floating-point type.

    Raises:
        ValueError: if it is another type.
    """

    def __init__(self, gain: float = 1.0, dtype: Any = float32) -> None:
        self.gain = gain
        self.dtype = _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return ones on the diagonal, times the gain."""
        whole = _whole_shape(shape, partition_info)
        if len(whole) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        matrix = eye(whole[0], whole[1], dtype=self.dtype if dtype is None else dtype)
        if partition_info is not None:
            matrix = slice_of(matrix, partition_info.var_offset, shape)
        return self.gain * matrix


def he_normal(seed: int | None = None) -> VarianceScaling:
    """Return an initializer of truncated normal numbers of variance 2 / inputs."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed: int | None = None) -> VarianceScaling:
    """Return an initializer of uniformly distributed numbers of variance 2 / inputs."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


def lecun_normal(seed: int | None = None) -> VarianceScaling:
    """Return an initializer of truncated normal numbers of variance 1 / inputs."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed: int | None = None) -> VarianceScaling:
    """Return an initializer of uniformly distributed numbers of variance 1 / inputs."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


# Standard deviation of the standard normal distribution cut off at -2 and 2.
_DEVIATION_AFTER_TRUNCATION = 0.87962566103423978


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Return how many values flow into and out of a unit of a layer with weights of that shape.

    Weights are [..., inputs, outputs]; the leading sizes are the extent of a convolution.
    """
    if not shape:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    extent = math.prod(shape[:-2])
    return shape[-2] * extent, shape[-1] * extent


def _whole_shape(shape: Any, partition_info: Any) -> list[int]:
    """Return the shape of the whole variable, of which `shape` may be a part's."""
    whole = shape if partition_info is None else partition_info.full_shape
    return [int(size) for size in whole]


def _floating(dtype: Any) -> DType:
    found = as_dtype(dtype)
    if not found.is_floating:
        raise ValueError(f"Expected floating point type, got {found}.")
    return found
