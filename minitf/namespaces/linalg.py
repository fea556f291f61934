"""`tf.linalg`: matrices."""

from minitf import lazy

_NAMES = {
    "minitf.api.array": "matrix_transpose transpose=matrix_transpose",
    "minitf.api.clipping": "global_norm",
    "minitf.api.diagonals": (
        "band_part=matrix_band_part diag=matrix_diag diag_part=matrix_diag_part "
        "set_diag=matrix_set_diag tensor_diag=diag tensor_diag_part=diag_part"
    ),
    "minitf.api.einsum": "einsum",
    "minitf.api.linalg": (
        "adjoint cholesky cholesky_solve det=matrix_determinant eigh=self_adjoint_eig "
        "eigvalsh=self_adjoint_eigvals expm=matrix_exponential inv=matrix_inverse logdet "
        "logm=matrix_logarithm lstsq=matrix_solve_ls lu qr slogdet solve=matrix_solve "
        "sqrtm=matrix_square_root svd triangular_solve=matrix_triangular_solve"
    ),
    "minitf.api.matmul": "matmul matvec tensordot",
    "minitf.api.nn_normalisation": "l2_normalize",
    "minitf.api.norms": "cross matrix_rank norm normalize pinv trace",
    "minitf.api.sequences": "eye",
    "minitf.api.tridiagonal": "tridiagonal_matmul tridiagonal_solve",
    "minitf.linear_operators": (
        "LinearOperator LinearOperatorAdjoint LinearOperatorBlockDiag LinearOperatorCirculant "
        "LinearOperatorCirculant2D LinearOperatorCirculant3D LinearOperatorComposition "
        "LinearOperatorDiag LinearOperatorFullMatrix LinearOperatorHouseholder "
        "LinearOperatorIdentity LinearOperatorInversion LinearOperatorKronecker "
        "LinearOperatorLowRankUpdate LinearOperatorLowerTriangular LinearOperatorScaledIdentity "
        "LinearOperatorToeplitz LinearOperatorZeros"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
