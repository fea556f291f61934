"""`tf.contrib.solvers`: linear equations and least squares by products with a matrix alone."""

from minitf import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__, {}, "lanczos least_squares linear_equations util"
)
