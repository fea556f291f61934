"""Distributions of numbers that are moved by `loc` and stretched by `scale`: z = (x - loc) / scale.

Source: TensorFlow 1.15's classes in tf.distributions and tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf.api.constants import ones_like
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must_be_floats, must_be_positive
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.dtypes import int32
from minitf.tensor import Tensor


class LocationScale(ScalarDistribution):
    """A distribution of loc + scale z.

    Args:
        loc: what is added.
        scale: greater than 0; they broadcast with each other.
        validate_args: check that `scale` is positive while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else it is refused.
        parameters: the arguments of the subclass's constructor.
        name: name scope of all operations.

    Raises:
        ValueError: if the parameters are not of one floating-point type.
    """

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any],
        name: str,
    ) -> None:
        with name_scope(name, values=[loc, scale]) as scope:
            checks = [must_be_positive(scale)] if validate_args else []
            self._loc, self._scale = checked(loc, "loc", checks), checked(scale, "scale", checks)
            must_be_floats(self._loc, self._scale)
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._loc, self._scale],
            name=scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return dict.fromkeys(("loc", "scale"), convert_to_tensor(sample_shape, int32))

    @property
    def loc(self) -> Tensor:
        """What is added."""
        return self._loc

    @property
    def scale(self) -> Tensor:
        """What is multiplied by."""
        return self._scale

    def _mean(self) -> Tensor:
        return self.loc * ones_like(self.scale)

    def _mode(self) -> Tensor:
        return self.loc * ones_like(self.scale)

    def _z(self, x: Tensor) -> Tensor:
        with name_scope("standardize", values=[x]):
            return (x - self.loc) / self.scale
