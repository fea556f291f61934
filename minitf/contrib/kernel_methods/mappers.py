"""Maps of vectors whose dot products are nearly a kernel's values.

    map(x) = sqrt(2 / D) cos(x W + b) with W normal, b uniform
    map(x) . map(y) ~ exp(-|x - y|^2 / (2 stddev^2))

Source: Rahimi and Recht 2007, "Random Features for Large-Scale Kernel Machines"; TensorFlow 1.15's
tf.contrib.kernel_methods.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from minitf.api.elementary import cos
from minitf.api.framework import name_scope
from minitf.api.matmul import matmul
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor


class InvalidShapeError(Exception):
    """The input of a map has another shape than the map."""


class DenseKernelMapper(ABC):
    """A map from vectors to vectors."""

    @abstractmethod
    def map(self, input_tensor: Any) -> Tensor:
        """Return the map of each row."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The name of the map."""

    @property
    @abstractmethod
    def output_dim(self) -> int:
        """How many numbers a mapped row has."""


class RandomFourierFeatureMapper(DenseKernelMapper):
    """A map for the Gaussian kernel.

    Args:
        input_dim: how many numbers a row has.
        output_dim: how many a mapped row has; the more, the nearer to the kernel.
        stddev: the width s of the kernel.
        seed: of the weights: one seed, one map.
        name: its name; one of its own if None.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        stddev: float = 1.0,
        seed: int = 1,
        name: str | None = None,
    ) -> None:
        self._input_dim = input_dim
        self._output_dim = output_dim
        self._stddev = stddev
        self._seed = seed
        self._name = name

    @property
    def name(self) -> str:
        """The name of the map."""
        return self._name or str(id(self))

    @property
    def input_dim(self) -> int:
        """How many numbers a row has."""
        return self._input_dim

    @property
    def output_dim(self) -> int:
        """How many numbers a mapped row has."""
        return self._output_dim

    def map(self, input_tensor: Any) -> Tensor:
        """Return the map of each row.

        Args:
            input_tensor: float32[rows, input_dim].

        Returns:
            float32[rows, output_dim].

        Raises:
            InvalidShapeError: if it has another shape.
        """
        rows = convert_to_tensor(input_tensor, name="input_tensor")
        sizes = rows.shape.as_list()
        if len(sizes) != 2:
            raise InvalidShapeError(
                f"The shape of the tensor should be 2. Got {len(sizes)} instead."
            )
        if sizes[1] != self._input_dim:
            raise InvalidShapeError(
                f"Invalid dimension: expected {self._input_dim} input features, got {sizes[1]} "
                "instead."
            )
        draws = np.random.RandomState(self._seed)
        kind = rows.dtype.as_numpy_dtype
        weights = draws.normal(scale=1 / self._stddev, size=(self._input_dim, self._output_dim))
        shift = draws.uniform(0, 2 * math.pi, self._output_dim)
        with name_scope("random_fourier_features", values=[rows]):
            inner = matmul(rows, weights.astype(kind)) + shift.astype(kind)
            return math.sqrt(2 / self._output_dim) * cos(inner)
