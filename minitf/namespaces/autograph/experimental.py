"""`tf.autograph.experimental`."""

from minitf import lazy

_NAMES = {
    "minitf.compat.autograph": "Feature do_not_convert set_loop_options",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
