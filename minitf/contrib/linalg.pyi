# `tf.contrib.linalg`: linear operators, where programs before TensorFlow 1.14 find them.

from minitf.linear_operators import LinearOperator as LinearOperator
from minitf.linear_operators import LinearOperatorBlockDiag as LinearOperatorBlockDiag
from minitf.linear_operators import LinearOperatorCirculant as LinearOperatorCirculant
from minitf.linear_operators import LinearOperatorCirculant2D as LinearOperatorCirculant2D
from minitf.linear_operators import LinearOperatorCirculant3D as LinearOperatorCirculant3D
from minitf.linear_operators import LinearOperatorComposition as LinearOperatorComposition
from minitf.linear_operators import LinearOperatorDiag as LinearOperatorDiag
from minitf.linear_operators import LinearOperatorFullMatrix as LinearOperatorFullMatrix
from minitf.linear_operators import LinearOperatorHouseholder as LinearOperatorHouseholder
from minitf.linear_operators import LinearOperatorIdentity as LinearOperatorIdentity
from minitf.linear_operators import LinearOperatorKronecker as LinearOperatorKronecker
from minitf.linear_operators import LinearOperatorLowRankUpdate as LinearOperatorLowRankUpdate
from minitf.linear_operators import LinearOperatorLowerTriangular as LinearOperatorLowerTriangular
from minitf.linear_operators import LinearOperatorScaledIdentity as LinearOperatorScaledIdentity
from minitf.linear_operators import LinearOperatorToeplitz as LinearOperatorToeplitz
from minitf.linear_operators import LinearOperatorZeros as LinearOperatorZeros
from minitf.linear_operators.addition import add_operators as add_operators
__all__ = ['LinearOperator', 'LinearOperatorBlockDiag', 'LinearOperatorCirculant', 'LinearOperatorCirculant2D', 'LinearOperatorCirculant3D', 'LinearOperatorComposition', 'LinearOperatorDiag', 'LinearOperatorFullMatrix', 'LinearOperatorHouseholder', 'LinearOperatorIdentity', 'LinearOperatorKronecker', 'LinearOperatorLowRankUpdate', 'LinearOperatorLowerTriangular', 'LinearOperatorScaledIdentity', 'LinearOperatorToeplitz', 'LinearOperatorZeros', 'add_operators']
