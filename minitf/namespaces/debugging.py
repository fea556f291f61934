"""`tf.debugging`: checks in the graph."""

from minitf import lazy

_NAMES = {
    "minitf.api.checks": "Assert check_numerics",
    "minitf.api.comparison": "is_finite is_inf is_nan",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
