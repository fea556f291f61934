"""`tensorflow.python.framework.tensor_util`: tensors as messages, and what is known of them."""

from minitf import lazy

_NAMES = {
    "minitf.api.framework": "constant_value=get_static_value is_tensor",
    "minitf.api.tensor_util": (
        "MakeNdarray=make_ndarray make_ndarray make_tensor_proto"  # as TensorFlow spells it within
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
