"""`tf.contrib.autograph`: the older place of `tf.autograph`."""

from minitf import lazy

_NAMES = {
    "minitf.autograph.features": "Feature",
    "minitf.autograph.loops": "set_loop_options",
    "minitf.autograph.public": "to_code to_graph",
    "minitf.autograph.verbosity": "set_verbosity trace",
    "minitf.compat.internal.autograph_api": "convert converted_call do_not_convert",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
