"""Linear operators: matrices known by what they do, and the algebra of their kinds.

    described    type, shape and promises                    hints, parameters, parts
    base         LinearOperator: all that can be asked       algebra, batches
    dense        FullMatrix, LowerTriangular
    diagonal     Diag
    identity     Identity, ScaledIdentity                    identity_algebra
    zeros        Zeros
    householder  Householder
    circulant    Circulant, Circulant2D, Circulant3D
    toeplitz     Toeplitz
    wrapped      Adjoint, Inversion
    composition, block_diagonal, kronecker                   compound
    low_rank     LowRankUpdate
    addition     sums
    overrides    tf.matmul(operator, x) and the like

All kinds are imported together: each registers the algebra that it knows.
"""

from minitf.linear_operators import identity_algebra as identity_algebra
from minitf.linear_operators import overrides as overrides
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.block_diagonal import LinearOperatorBlockDiag
from minitf.linear_operators.circulant import (
    LinearOperatorCirculant,
    LinearOperatorCirculant2D,
    LinearOperatorCirculant3D,
)
from minitf.linear_operators.composition import LinearOperatorComposition
from minitf.linear_operators.dense import LinearOperatorFullMatrix, LinearOperatorLowerTriangular
from minitf.linear_operators.diagonal import LinearOperatorDiag
from minitf.linear_operators.householder import LinearOperatorHouseholder
from minitf.linear_operators.identity import LinearOperatorIdentity, LinearOperatorScaledIdentity
from minitf.linear_operators.kronecker import LinearOperatorKronecker
from minitf.linear_operators.low_rank import LinearOperatorLowRankUpdate
from minitf.linear_operators.toeplitz import LinearOperatorToeplitz
from minitf.linear_operators.wrapped import LinearOperatorAdjoint, LinearOperatorInversion
from minitf.linear_operators.zeros import LinearOperatorZeros

__all__ = [
    "LinearOperator",
    "LinearOperatorAdjoint",
    "LinearOperatorBlockDiag",
    "LinearOperatorCirculant",
    "LinearOperatorCirculant2D",
    "LinearOperatorCirculant3D",
    "LinearOperatorComposition",
    "LinearOperatorDiag",
    "LinearOperatorFullMatrix",
    "LinearOperatorHouseholder",
    "LinearOperatorIdentity",
    "LinearOperatorInversion",
    "LinearOperatorKronecker",
    "LinearOperatorLowRankUpdate",
    "LinearOperatorLowerTriangular",
    "LinearOperatorScaledIdentity",
    "LinearOperatorToeplitz",
    "LinearOperatorZeros",
]
