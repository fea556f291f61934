"""Determinants and inverses of square matrices.

Source: 2015 Table 1, row "Matrix operations": MatrixInverse, MatrixDeterminant.
"""

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, types
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.linalg.matrices import (
    Array,
    Gradients,
    check_square,
    on_matrices,
    product,
    same_square_shape,
    solved,
    square_parts,
)
from minitf.ops.math.matmul import turned
from minitf.shapes import Shape
from minitf.symbols import T
from minitf.tensor import Tensor

_MATRICES = types("float16", "float32", "float64") | COMPLEX

# --- MatrixDeterminant ---------------------------------------------------------------------------


@op("MatrixDeterminant", T=_MATRICES)
def matrix_determinant_op(input: T) -> T:
    """Give the determinants of square matrices, 1 for an empty matrix.

    Args:
        input: number[..., M, M].

    Returns:
        number[...].

    Raises:
        InvalidArgumentError: if a matrix is not square.

    Source: 2015 Table 1.
    """
    made: Array = np.linalg.det(check_square(input)).astype(input.dtype)
    return made


@matrix_determinant_op.shape
def matrix_determinant_shape(input: Shape) -> Shape:
    return square_parts(input)[0]


@matrix_determinant_op.gradient
def matrix_determinant_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Multiply the cofactors, det(A) A^-H."""
    inverse = ops.matrix_inverse_op(op.inputs[0], adjoint=True)
    return [on_matrices(grad * conjugate(op.outputs[0])) * inverse]


# --- LogMatrixDeterminant ------------------------------------------------------------------------


@op("LogMatrixDeterminant", T=_MATRICES, outputs=("sign", "log_abs_determinant"))
def log_matrix_determinant_op(input: T) -> tuple[T, T]:
    """Give sign and logarithm of |determinant|: det = sign * e^log, without overflow.

    Args:
        input: number[..., M, M].

    Returns:
        number[...] of absolute value 1 (0 for a singular matrix), and number[...], real numbers
        (-infinity for a singular matrix).

    Raises:
        InvalidArgumentError: if a matrix is not square.

    Source: TensorFlow's op of the same name.
    """
    sign, logarithm = np.linalg.slogdet(check_square(input))
    return np.asarray(sign, input.dtype), np.asarray(logarithm, input.dtype)


@log_matrix_determinant_op.shape
def log_matrix_determinant_shape(input: Shape) -> tuple[Shape, Shape]:
    batch = square_parts(input)[0]
    return batch, batch


@log_matrix_determinant_op.gradient
def log_matrix_determinant_gradient(
    op: Operation, of_sign: Tensor | None, of_log: Tensor | None
) -> Gradients:
    """Multiply A^-H; with z = tr(A^-1 dA), d log|det| = Re z and d sign = i sign Im z."""
    inverse = ops.matrix_inverse_op(op.inputs[0], adjoint=True)
    if not inverse.dtype.is_complex:
        return [None if of_log is None else on_matrices(of_log) * inverse]
    parts = {"Tout": inverse.dtype.real_dtype}
    zeros = ops.zeros_like_op(op.outputs[0])
    turn = zeros if of_sign is None else of_sign * conjugate(op.outputs[0])
    growth = zeros if of_log is None else of_log
    factor = ops.complex_op(
        ops.real_op(growth, **parts), ops.imag_op(turn, **parts), Tout=inverse.dtype
    )
    return [on_matrices(factor) * inverse]


# --- MatrixInverse -------------------------------------------------------------------------------


@op("MatrixInverse", T=_MATRICES)
def matrix_inverse_op(input: T, *, adjoint: bool = False) -> T:
    """Invert square matrices: out @ input = I.

    Args:
        input: number[..., M, M].
        adjoint: invert their conjugate transposes instead.

    Returns:
        number[..., M, M].

    Raises:
        InvalidArgumentError: if a matrix is not square, or singular.

    Source: 2015 Table 1.
    """
    matrices = check_square(input)
    made = solved(turned(matrices) if adjoint else matrices, np.eye(input.shape[-1]), "Input")
    return made.astype(input.dtype, copy=False)


@matrix_inverse_op.shape
def matrix_inverse_shape(input: Shape, *, adjoint: bool) -> Shape:
    return same_square_shape(input)


@matrix_inverse_op.gradient
def matrix_inverse_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Give -Y^H grad Y^H for Y = A^-1, as dY = -Y dA Y; -Y grad^H Y for Y = A^-H."""
    y, turned = op.outputs[0], op.attrs["adjoint"]
    inner = product(grad, y, adj_x=turned, adj_y=not turned)
    return [-product(y, inner, adj_x=not turned)]
