"""Vectors of independent normal numbers.

Source: TensorFlow 1.15's tf.contrib.distributions.MultivariateNormalDiag.
"""

from __future__ import annotations

import math
from typing import Any

from minitf.api.array import concat, expand_dims
from minitf.api.constants import ones, zeros_like
from minitf.api.diagonals import matrix_diag
from minitf.api.elementary import log, square
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.random import random_normal
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import must_be_floats
from minitf.distributions.distribution import Distribution
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.statistics import given
from minitf.dtypes import float32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_LOG_SQRT_2_PI = 0.5 * math.log(2 * math.pi)


class MultivariateNormalDiag(Distribution):
    """The distribution of vectors of independent normal numbers.

    Args:
        loc: [..., size], means; zeros if None.
        scale_diag: [..., size], factors of standard normal numbers; ones if it and the next are
            None.
        scale_identity_multiplier: [...], what is added to each factor.
        validate_args: check that no factor is 0 while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the size of a vector is not known from an argument, or types differ.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_diag: Any = None,
        scale_identity_multiplier: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalDiag",
    ) -> None:
        parameters = dict(locals())
        values = [loc, scale_diag, scale_identity_multiplier]
        with name_scope(name, values=values) as scope:
            if loc is None and scale_diag is None:
                raise ValueError("Must specify loc or scale_diag, which have the size of a vector.")
            self._factors = _factors(loc, scale_diag, scale_identity_multiplier)
            same = convert_to_tensor(self._factors)
            self._loc = zeros_like(same) if loc is None else convert_to_tensor(loc, name="loc")
            must_be_floats(self._loc, same)
            fits = abs_(same) > 0 if validate_args else None
            self._factors = given(same, fits, "diagonal elements must be non-zero")
            self._means = self._loc + zeros_like(self._factors)
        super().__init__(
            dtype=self._means.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._loc, self._factors],
            name=scope,
        )

    @property
    def loc(self) -> Tensor:
        """The means."""
        return self._loc

    @property
    def scale_diag(self) -> Tensor:
        """The factors of standard normal numbers."""
        return self._factors

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._means)[:-1]

    def _batch_shape(self) -> TensorShape:
        return self._means.shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return shape(self._means)[-1:]

    def _event_shape(self) -> TensorShape:
        return self._means.shape.with_rank_at_least(1)[-1:]

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        sizes = concat([[n], shape(self._means)], 0)
        return random_normal(sizes, 0.0, 1.0, self.dtype, seed) * self._factors + self._loc

    def _log_prob(self, x: Tensor) -> Tensor:
        z = (x - self._loc) / self._factors
        each = -0.5 * square(z) - _LOG_SQRT_2_PI - log(abs_(self._factors))
        return reduce_sum(each, -1)

    def _entropy(self) -> Tensor:
        each = _LOG_SQRT_2_PI + 0.5 + log(self._stddev())
        return reduce_sum(each, -1)

    def _mean(self) -> Tensor:
        return self._means

    _mode = _mean

    def _stddev(self) -> Tensor:
        return abs_(self._factors) + zeros_like(self._means)

    def _variance(self) -> Tensor:
        return square(self._stddev())

    def _covariance(self) -> Tensor:
        return matrix_diag(self._variance())


def _factors(loc: Any, diagonal: Any, multiplier: Any) -> Tensor:
    """Return the factors of standard normal numbers."""
    if diagonal is not None:
        made = convert_to_tensor(diagonal, name="scale_diag")
        return made if multiplier is None else made + expand_dims(multiplier, -1)
    size = shape(convert_to_tensor(loc, preferred_dtype=float32))[-1:]
    kind = convert_to_tensor(loc, preferred_dtype=float32).dtype
    one = ones(size, kind)
    one.set_shape(convert_to_tensor(loc).shape[-1:])
    return one if multiplier is None else one * expand_dims(multiplier, -1)


@RegisterKL(MultivariateNormalDiag, MultivariateNormalDiag)
def _kl_vectors(
    a: MultivariateNormalDiag, b: MultivariateNormalDiag, name: str | None = None
) -> Tensor:
    """Return the sum of the divergences of the numbers."""
    with name_scope(name, "kl_mvn", [a.loc, b.loc]):
        theirs = square(b.scale_diag)
        ratio = square(a.scale_diag) / theirs
        distance = square(a.loc - b.loc) / theirs
        return 0.5 * reduce_sum(distance + ratio - 1.0 - log(ratio), -1)
