"""`tf.strings`: the string ops under the names of TensorFlow 1.12 and later."""

from minitf import lazy

_NAMES = {
    "minitf.api.strings": (
        "as_string join=string_join length=string_length lower=string_lower split=string_split_v2 "
        "strip=string_strip substr to_number=string_to_number upper=string_upper"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
