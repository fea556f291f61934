"""`tf.contrib.util`: tensors as messages and arrays, and what is known of them."""

from minitf import lazy

_NAMES = {
    "minitf.api.framework": "constant_value=get_static_value",
    "minitf.api.tensor_util": "make_ndarray make_tensor_proto",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
