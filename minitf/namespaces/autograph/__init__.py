"""`tf.autograph`: Python's control flow is not rewritten; what rewrites it says so."""

from minitf import lazy

_NAMES = {
    "minitf.compat.autograph": "set_verbosity to_code to_graph trace",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "experimental")
