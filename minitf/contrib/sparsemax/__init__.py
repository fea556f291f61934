"""`tf.contrib.sparsemax`: probabilities many of which are 0, and their loss."""

from minitf import lazy

_NAMES = {"minitf.contrib.sparsemax.functions": "sparsemax sparsemax_loss"}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
