"""`tf.linalg` of TensorFlow 2."""

from minitf import lazy

_NAMES = {
    "minitf.v2.math": "norm",
    "minitf.v2.nn": "l2_normalize",
    **lazy.present(
        "minitf.namespaces.linalg",
        (
            "LinearOperator LinearOperatorAdjoint LinearOperatorBlockDiag LinearOperatorCirculant "
            "LinearOperatorCirculant2D LinearOperatorCirculant3D LinearOperatorComposition "
            "LinearOperatorDiag LinearOperatorFullMatrix LinearOperatorHouseholder "
            "LinearOperatorIdentity LinearOperatorInversion LinearOperatorKronecker "
            "LinearOperatorLowRankUpdate LinearOperatorLowerTriangular "
            "LinearOperatorScaledIdentity LinearOperatorToeplitz LinearOperatorZeros adjoint "
            "band_part cholesky cholesky_solve cross det diag diag_part eigh eigvalsh einsum expm "
            "eye global_norm inv logdet logm lstsq lu matmul matrix_rank matrix_transpose matvec "
            "normalize pinv qr set_diag slogdet solve sqrtm svd tensor_diag tensor_diag_part "
            "tensordot trace triangular_solve tridiagonal_matmul tridiagonal_solve"
        ),
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
