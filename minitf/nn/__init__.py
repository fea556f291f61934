"""`tf.nn`: building blocks of neural networks."""

from minitf import lazy

_NAMES = {
    "minitf.api.elementary": "sigmoid tanh",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
