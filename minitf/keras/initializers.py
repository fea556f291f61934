"""`tf.keras.initializers`: initial values by class, by name, or by configuration.

Source: TensorFlow 1.15's `tf.keras.initializers`, whose random numbers are smaller by default than
those of `tf.initializers`.
"""

from __future__ import annotations

from typing import Any

from minitf.dtypes import float32
from minitf.keras.utils.objects import Registry
from minitf.variables import initializers as _initializers
from minitf.variables.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    Identity,
    Initializer,
    Ones,
    VarianceScaling,
    Zeros,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
)
from minitf.variables.orthogonal import Orthogonal


class RandomNormal(_initializers.RandomNormal):
    """Normally distributed numbers.

    Args:
        mean: their mean.
        stddev: their standard deviation.
        seed: of the operation.
        dtype: the type where none is asked for.
    """

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 0.05, seed: int | None = None, dtype: Any = float32
    ) -> None:
        super().__init__(mean, stddev, seed, dtype)


class RandomUniform(_initializers.RandomUniform):
    """Uniformly distributed numbers in [minval, maxval).

    Args:
        minval: the least.
        maxval: where they end.
        seed: of the operation.
        dtype: the type where none is asked for.
    """

    def __init__(
        self, minval: Any = -0.05, maxval: Any = 0.05, seed: int | None = None, dtype: Any = float32
    ) -> None:
        super().__init__(minval, maxval, seed, dtype)


class TruncatedNormal(_initializers.TruncatedNormal):
    """Normally distributed numbers, those beyond two deviations drawn again.

    Args:
        mean: their mean.
        stddev: their standard deviation before.
        seed: of the operation.
        dtype: the type where none is asked for.
    """

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 0.05, seed: int | None = None, dtype: Any = float32
    ) -> None:
        super().__init__(mean, stddev, seed, dtype)


glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
constant = Constant
identity = Identity
ones = Ones
orthogonal = Orthogonal
normal = random_normal = RandomNormal
uniform = random_uniform = RandomUniform
truncated_normal = TruncatedNormal
zeros = Zeros

_REGISTRY = Registry(
    "initializer",
    {
        each.__name__: each
        for each in (
            Constant,
            GlorotNormal,
            GlorotUniform,
            Identity,
            Ones,
            Orthogonal,
            RandomNormal,
            RandomUniform,
            TruncatedNormal,
            VarianceScaling,
            Zeros,
            he_normal,
            he_uniform,
            lecun_normal,
            lecun_uniform,
        )
    }
    | {
        "constant": Constant,
        "glorot_normal": GlorotNormal,
        "glorot_uniform": GlorotUniform,
        "identity": Identity,
        "normal": RandomNormal,
        "one": Ones,
        "ones": Ones,
        "orthogonal": Orthogonal,
        "random_normal": RandomNormal,
        "random_uniform": RandomUniform,
        "truncated_normal": TruncatedNormal,
        "uniform": RandomUniform,
        "zero": Zeros,
        "zeros": Zeros,
    },
)
serialize = _REGISTRY.serialize
deserialize = _REGISTRY.deserialize


def get(identifier: Any) -> Any:
    """Return an initializer by itself, its name or its configuration; None for None.

    Raises:
        ValueError: if there is none of that name, or it is something else.
    """
    found = _REGISTRY.get(identifier)
    return found() if isinstance(found, type) or found in _FUNCTIONS else found


_FUNCTIONS = (he_normal, he_uniform, lecun_normal, lecun_uniform)
__all__ = [
    "Constant",
    "Identity",
    "Initializer",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "truncated_normal",
    "uniform",
    "zeros",
]
