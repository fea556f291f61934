"""The Laplace distribution.

    prob(x) = exp(-|z|) / (2 scale) with z = (x - loc) / scale

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.constants import zeros_like
from minitf.api.elementary import exp, log, log1p
from minitf.api.framework import name_scope
from minitf.api.random import random_uniform
from minitf.distributions.location_scale import LocationScale
from minitf.tensor import Tensor


class Laplace(LocationScale):
    """The Laplace distribution around `loc`, whose density falls by 1/e each `scale`.

    Args:
        loc: means.
        scale: greater than 0; they broadcast with `loc`.
        validate_args: check that `scale` is positive while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the parameters are not of one floating-point type.
    """

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Laplace",
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, dict(locals()), name)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        kind = self.dtype.as_numpy_dtype
        least = np.nextafter(kind(-1), kind(0))  # log1p(-1) would be infinite
        drawn = random_uniform(self._drawn_shape(n), least, 1.0, self.dtype, seed)
        return self.loc - self.scale * ops.sign_op(drawn) * log1p(-ops.abs_op(drawn))

    def _log_prob(self, x: Tensor) -> Tensor:
        return -ops.abs_op(self._z(x)) - (math.log(2) + log(self.scale))

    def _cdf(self, x: Tensor) -> Tensor:
        z = self._z(x)
        return 0.5 + 0.5 * ops.sign_op(z) * (1.0 - exp(-ops.abs_op(z)))

    def _log_cdf(self, x: Tensor) -> Tensor:
        return _log_integral(self._z(x))

    def _log_survival_function(self, x: Tensor) -> Tensor:
        return _log_integral(-self._z(x))

    def _mean(self) -> Tensor:
        return self.loc + zeros_like(self.scale)

    _mode = _mean

    def _stddev(self) -> Tensor:
        return math.sqrt(2) * self.scale + zeros_like(self.loc)

    def _entropy(self) -> Tensor:
        return (math.log(2) + 1.0) + log(self.scale + zeros_like(self.loc))

    def _z(self, x: Tensor) -> Tensor:
        return (x - self.loc) / self.scale


def _log_integral(z: Tensor) -> Tensor:
    """Return log P[Z <= z] of the distribution with loc 0 and scale 1."""
    with name_scope("log_cdf_laplace", values=[z]):
        below = -math.log(2) + z
        above = log1p(-0.5 * exp(-ops.abs_op(z)))
        made: Tensor = ops.select_v2_op(z < 0.0, below, above)
        return made
