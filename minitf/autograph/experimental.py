"""`tf.autograph.experimental`."""

from minitf import lazy

_NAMES = {
    "minitf.autograph.convert": "do_not_convert",
    "minitf.autograph.features": "Feature",
    "minitf.autograph.loops": "set_loop_options",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
