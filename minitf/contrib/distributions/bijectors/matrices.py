"""Bijectors of matrices: triangles of vectors, their diagonals, squares and inverses.

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.bijectors.
"""

from __future__ import annotations

import math
from typing import Any

from minitf import ops
from minitf.api.array import concat
from minitf.api.casting import cast
from minitf.api.constants import zeros
from minitf.api.diagonals import matrix_band_part, matrix_diag_part
from minitf.api.elementary import log
from minitf.api.linalg import cholesky, matrix_triangular_solve
from minitf.api.math import abs as abs_
from minitf.api.matmul import matmul
from minitf.api.reductions import reduce_all, reduce_sum
from minitf.api.sequences import eye
from minitf.api.sizes import shape
from minitf.contrib.distributions import triangles
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.bijectors.composed import Chain
from minitf.contrib.distributions.bijectors.elementwise import AffineScalar, Softplus
from minitf.distributions.statistics import given
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class FillTriangular(Bijector):
    """From vectors to triangles, as `tf.contrib.distributions.fill_triangular`.

    Args:
        upper: whether the numbers fill the upper triangle, and not the lower one.
        validate_args: accepted: sizes are always checked.
        name: name scope of all operations.
    """

    def __init__(
        self, upper: bool = False, validate_args: bool = False, name: str = "fill_triangular"
    ) -> None:
        self._upper = upper
        super().__init__(
            is_constant_jacobian=True,
            validate_args=validate_args,
            forward_min_event_ndims=1,
            inverse_min_event_ndims=2,
            name=name,
        )

    def _forward(self, x: Tensor) -> Tensor:
        return triangles.fill_triangular(x, self._upper)

    def _inverse(self, y: Tensor) -> Tensor:
        return triangles.fill_triangular_inverse(y, self._upper)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return zeros([], x.dtype.base_dtype)

    def _forward_event_shape(self, input_shape: TensorShape) -> TensorShape:
        return triangles.square_shape(input_shape.with_rank_at_least(1))

    def _inverse_event_shape(self, output_shape: TensorShape) -> TensorShape:
        sizes = output_shape.with_rank_at_least(2)
        rows, columns = sizes[-2].value, sizes[-1].value
        if None not in (rows, columns) and rows != columns:
            raise ValueError(f"Matrix must be square. (saw [{rows}, {columns}])")
        n = columns if rows is None else rows
        return sizes[:-2].concatenate([None if n is None else n * (n + 1) // 2])

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        n = triangles.triangle_size_tensor(input_shape[-1:])
        return concat([input_shape[:-1], n, n], 0)

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        n = output_shape[-1:]
        return concat([output_shape[:-2], n * (n + 1) // 2], 0)


class TransformDiagonal(Bijector):
    """Another bijector, on the diagonals of matrices.

    Args:
        diag_bijector: the bijector.
        validate_args: accepted: the bijector checks.
        name: name scope of all operations.
    """

    def __init__(
        self,
        diag_bijector: Bijector,
        validate_args: bool = False,
        name: str = "transform_diagonal",
    ) -> None:
        self._diag_bijector = diag_bijector
        super().__init__(
            graph_parents=diag_bijector.graph_parents,
            is_constant_jacobian=diag_bijector.is_constant_jacobian,
            validate_args=validate_args,
            forward_min_event_ndims=2,
            name=name,
        )

    def _forward(self, x: Tensor) -> Tensor:
        return triangles.matrix_diag_transform(x, self._diag_bijector.forward)

    def _inverse(self, y: Tensor) -> Tensor:
        return triangles.matrix_diag_transform(y, self._diag_bijector.inverse)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return self._diag_bijector.forward_log_det_jacobian(matrix_diag_part(x), 1)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return self._diag_bijector.inverse_log_det_jacobian(matrix_diag_part(y), 1)


class ScaleTriL(Chain):
    """From vectors to lower triangles with a positive diagonal.

    Args:
        diag_bijector: what makes numbers of the diagonal positive; Softplus if None.
        diag_shift: what is added to them; nothing if None.
        validate_args: check values while the graph runs.
        name: name scope of all operations.
    """

    def __init__(
        self,
        diag_bijector: Bijector | None = None,
        diag_shift: Any = 1e-5,
        validate_args: bool = False,
        name: str = "scale_tril",
    ) -> None:
        diagonal = diag_bijector or Softplus(validate_args=validate_args)
        if diag_shift is not None:
            diagonal = Chain([AffineScalar(shift=diag_shift), diagonal])
        parts = [TransformDiagonal(diagonal, validate_args), FillTriangular(False, validate_args)]
        super().__init__(parts, validate_args, name)


class CholeskyOuterProduct(Bijector):
    """y = x x^T, of lower triangles x with a positive diagonal; what is above it does not count.

    Args:
        validate_args: check that y is a symmetric positive definite matrix while the graph runs.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "cholesky_outer_product") -> None:
        super().__init__(validate_args=validate_args, forward_min_event_ndims=2, name=name)

    def _forward(self, x: Tensor) -> Tensor:
        if self.validate_args:
            x.shape.with_rank_at_least(2)
            positive = matrix_diag_part(x) > 0
            x = given(x, positive, "Input must be positive definite.")
        lower = matrix_band_part(x, -1, 0)
        return matmul(lower, lower, adjoint_b=True)

    def _inverse(self, y: Tensor) -> Tensor:
        return cholesky(y)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        """Return n log 2 + the sum over i of (n - i) log x_ii: y_ij depends on x_ij by x_jj."""
        diagonal = matrix_diag_part(x)
        if self.validate_args:
            diagonal = given(diagonal, diagonal > 0, "Input must be positive definite.")
        n = shape(x)[-1]
        powers = cast(ops.range_op(n, 0, -1), x.dtype)
        return reduce_sum(powers * log(diagonal), -1) + cast(n, x.dtype) * math.log(2)


class MatrixInverseTriL(Bijector):
    """y = x^-1, of lower triangles.

    Args:
        validate_args: check that x is such, without 0 on its diagonal, while the graph runs.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "matrix_inverse_tril") -> None:
        super().__init__(validate_args=validate_args, forward_min_event_ndims=2, name=name)

    def _forward(self, x: Tensor) -> Tensor:
        x = self._triangle(x)
        unit = eye(shape(x)[-1], batch_shape=shape(x)[:-2], dtype=x.dtype)
        return matrix_triangular_solve(x, unit)

    def _inverse(self, y: Tensor) -> Tensor:
        return self._forward(y)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        """Return -(n + 1) times the sum of log |x_ii|."""
        x = self._triangle(x)
        power = cast(shape(x)[-1] + 1, x.dtype)
        return -power * reduce_sum(log(abs_(matrix_diag_part(x))), -1)

    def _triangle(self, x: Tensor) -> Tensor:
        if not self.validate_args:
            return x
        x.shape.with_rank_at_least(2)
        above = ops.equal_op(x, matrix_band_part(x, -1, 0))
        x = given(x, reduce_all(above), "Input must be lower triangular.")
        some = ops.not_equal_op(matrix_diag_part(x), zeros([], x.dtype))
        return given(x, some, "Input must have all diagonal entries nonzero.")
