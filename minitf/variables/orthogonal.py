"""Initial values with orthonormal rows or columns.

Source: Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear
neural networks"; TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import math
from typing import Any

from minitf import ops
from minitf.api import random
from minitf.api.array import matrix_transpose, reshape
from minitf.api.diagonals import diag_part
from minitf.dtypes import as_dtype, float32
from minitf.tensor import Tensor
from minitf.variables.initializers import Initializer


class Orthogonal(Initializer):
    """A matrix, evenly drawn from those with orthonormal columns (or rows, if it is wide).

    A shape of more than two dimensions is taken for the matrix of all but the last, by the last.

    Args:
        gain: factor of the matrix.
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.

    Raises:
        ValueError: if it is another type.

    Source: Saxe et al. 2014.
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = float32) -> None:
        self.gain = gain
        self.seed = seed
        self.dtype = as_dtype(dtype)
        if not self.dtype.is_floating:
            raise ValueError(f"Expected floating point type, got {self.dtype}.")

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return Q of the QR decomposition of normal random numbers, its signs made even."""
        if len(shape) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        *leading, columns = (int(size) for size in shape)
        rows = math.prod(leading)
        drawn = random.random_normal(
            (max(rows, columns), min(rows, columns)),
            dtype=self.dtype if dtype is None else dtype,
            seed=self.seed,
        )
        q, r = ops.qr_op(drawn)
        q *= ops.sign_op(diag_part(r))
        if rows < columns:
            q = matrix_transpose(q)
        return self.gain * reshape(q, shape)
