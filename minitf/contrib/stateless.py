"""`tf.contrib.stateless`: random numbers that a seed determines, under their first names."""

from minitf import lazy

_NAMES = {
    "minitf.api.random_stateless": (
        "stateless_multinomial stateless_random_normal stateless_random_uniform "
        "stateless_truncated_normal"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
