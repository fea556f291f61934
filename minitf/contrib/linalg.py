"""`tf.contrib.linalg`: linear operators, where programs before TensorFlow 1.14 find them."""

from minitf import lazy

_NAMES = {
    "minitf.linear_operators": (
        "LinearOperator LinearOperatorBlockDiag LinearOperatorCirculant LinearOperatorCirculant2D "
        "LinearOperatorCirculant3D LinearOperatorComposition LinearOperatorDiag "
        "LinearOperatorFullMatrix LinearOperatorHouseholder LinearOperatorIdentity "
        "LinearOperatorKronecker LinearOperatorLowRankUpdate LinearOperatorLowerTriangular "
        "LinearOperatorScaledIdentity LinearOperatorToeplitz LinearOperatorZeros"
    ),
    "minitf.linear_operators.addition": "add_operators",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
