"""`tf.user_ops`: where TensorFlow shows how a user adds an op."""

from minitf import lazy

_NAMES = {
    "minitf.api.script": "my_fact",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
