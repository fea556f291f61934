"""Distributions of single numbers: what follows from the shapes of their parameters.

Source: TensorFlow 1.15's classes in tf.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat
from minitf.api.sizes import broadcast_dynamic_shape, broadcast_static_shape, shape
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.dtypes import int32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class ScalarDistribution(Distribution):
    """A distribution of single numbers, whose batch is shaped as its parameters together."""

    def _batch_shape_tensor(self) -> Tensor:
        first, *others = self._graph_parents
        made = shape(first)
        for each in others:
            made = broadcast_dynamic_shape(made, shape(each))
        return made

    def _batch_shape(self) -> TensorShape:
        first, *others = self._graph_parents
        made = first.shape
        for each in others:
            made = broadcast_static_shape(made, each.shape)
        return made

    def _event_shape_tensor(self) -> Tensor:
        return convert_to_tensor([], int32)

    def _event_shape(self) -> TensorShape:
        return TensorShape([])

    def _drawn_shape(self, count: Any) -> Tensor:
        """Return the shape of `count` samples."""
        return concat([[count], self.batch_shape_tensor()], 0)
