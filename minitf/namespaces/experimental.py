"""`tf.experimental`: how functions run."""

from minitf import lazy

_NAMES = {"minitf.contexts.toggles": "function_executor_type output_all_intermediates"}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
