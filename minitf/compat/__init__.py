"""`tf.compat`, and the modules that TensorFlow 1.x programs expect beside the graph.

`app`, `flags`, `gfile` and `logging` are public as `tf.app`, `tf.flags`, ...; `run` runs a script
that says `import tensorflow`; `v1` is MiniTF itself, `v2` has TensorFlow 2's names.
"""

from minitf import lazy

_NAMES = {
    "minitf.compat.internal.forward_compatibility": (
        "forward_compatibility_horizon forward_compatible"
    ),
    "minitf.compat.text": (
        "as_bytes as_str as_str_any as_text bytes_or_text_types complex_types integral_types "
        "path_to_str real_types"
    ),
    "minitf.tensor_shape": "dimension_at_index dimension_value",
}
_SUBMODULES = "v1 v2"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
