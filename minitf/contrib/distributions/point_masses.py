"""Distributions of a single value.

    prob(x) = 1 if |x - loc| <= atol + rtol |loc|, else 0

Source: TensorFlow 1.15's Deterministic and VectorDeterministic in tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat
from minitf.api.casting import cast
from minitf.api.constants import zeros
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.reductions import reduce_all
from minitf.api.sizes import broadcast_to, shape
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.statistics import given
from minitf.dtypes import int32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class _PointMass(Distribution):
    """A distribution of a single value.

    Args:
        loc: the value.
        atol: how far from it a number counts as it; 0 if None.
        rtol: the same, as a share of it; 0 if None.
        validate_args: check that tolerances are not negative while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        parameters: the arguments of the subclass's constructor.
        name: name scope of all operations.
    """

    def __init__(
        self,
        loc: Any,
        atol: Any,
        rtol: Any,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any],
        name: str,
    ) -> None:
        with name_scope(name, values=[loc, atol, rtol]) as scope:
            self._loc = convert_to_tensor(loc, name="loc")
            self._atol, self._rtol = (
                self._tolerance(each, key, validate_args=validate_args)
                for each, key in ((atol, "atol"), (rtol, "rtol"))
            )
            self._slack = self._atol + self._rtol * abs_(self._loc)
        super().__init__(
            dtype=self._loc.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._loc, self._atol, self._rtol],
            name=scope,
        )

    def _tolerance(self, value: Any, name: str, *, validate_args: bool) -> Tensor:
        made = convert_to_tensor(0 if value is None else value, self._loc.dtype, name=name)
        return given(
            made, made >= 0 if validate_args else None, "Argument 'tol' must be non-negative"
        )

    @property
    def loc(self) -> Tensor:
        """The value."""
        return self._loc

    @property
    def atol(self) -> Tensor:
        """How far from it a number counts as it."""
        return self._atol

    @property
    def rtol(self) -> Tensor:
        """The same, as a share of it."""
        return self._rtol

    def _near(self, x: Tensor) -> Tensor:
        return abs_(x - self._loc) <= self._slack

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        del seed
        return broadcast_to(self._loc, concat([[n], shape(self._loc)], 0))

    def _entropy(self) -> Tensor:
        return zeros(self.batch_shape_tensor(), self.dtype)

    def _mean(self) -> Tensor:
        return ops.identity_op(self._loc)

    _mode = _mean

    def _variance(self) -> Tensor:
        return ops.zeros_like_op(self._loc)


class Deterministic(_PointMass):
    """The distribution of a number that is always the same.

    Args:
        loc: the number.
        atol: how far from it a number counts as it; 0 if None.
        rtol: the same, as a share of it; 0 if None.
        validate_args: check that tolerances are not negative while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.
    """

    def __init__(
        self,
        loc: Any,
        atol: Any = None,
        rtol: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Deterministic",
    ) -> None:
        super().__init__(loc, atol, rtol, validate_args, allow_nan_stats, dict(locals()), name)

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._loc)

    def _batch_shape(self) -> TensorShape:
        return self._loc.shape

    def _event_shape_tensor(self) -> Tensor:
        return convert_to_tensor([], int32)

    def _event_shape(self) -> TensorShape:
        return TensorShape([])

    def _prob(self, x: Tensor) -> Tensor:
        return cast(self._near(x), self.dtype)

    def _cdf(self, x: Tensor) -> Tensor:
        return cast(x >= self._loc - self._slack, self.dtype)


class VectorDeterministic(_PointMass):
    """The distribution of a vector that is always the same.

    Args:
        loc: [..., size], the vector.
        atol: how far from it each number may be; 0 if None.
        rtol: the same, as a share of it; 0 if None.
        validate_args: check tolerances, and the sizes of values, while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if `loc` is one number.
    """

    def __init__(
        self,
        loc: Any,
        atol: Any = None,
        rtol: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "VectorDeterministic",
    ) -> None:
        parameters = dict(locals())
        loc = convert_to_tensor(loc, name="loc")
        if loc.shape.rank == 0:
            raise ValueError("Argument loc must be at least rank 1.")
        super().__init__(loc, atol, rtol, validate_args, allow_nan_stats, parameters, name)

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._loc)[:-1]

    def _batch_shape(self) -> TensorShape:
        return self._loc.shape[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return shape(self._loc)[-1:]

    def _event_shape(self) -> TensorShape:
        return self._loc.shape[-1:]

    def _prob(self, x: Tensor) -> Tensor:
        same = None
        if self.validate_args:
            same = ops.equal_op(shape(x)[-1:], shape(self._loc)[-1:])
        x = given(x, same, "Argument 'x' not defined in the same space R^k as this distribution")
        return cast(reduce_all(self._near(x), -1), self.dtype)
