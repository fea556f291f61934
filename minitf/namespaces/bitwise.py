"""`tf.bitwise`: operations on bits."""

from minitf import lazy

_NAMES = {
    "minitf.api.bitwise": "bitwise_and bitwise_or bitwise_xor invert left_shift right_shift",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
