"""`tf.manip`: changes of shape and order under the names of TensorFlow 1.7 and later."""

from minitf import lazy

_NAMES = {
    "minitf.api.array": "reshape reverse roll tile",
    "minitf.api.gathering": "gather_nd scatter_nd",
    "minitf.api.space_batch": "batch_to_space_nd space_to_batch_nd",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
