"""`tf.contrib.slim.nets.inception`: the Inception networks of three versions."""

from minitf import lazy

_NAMES = {
    f"minitf.contrib.slim.nets.inception_v{i}": (
        f"inception_v{i} inception_v{i}_arg_scope inception_v{i}_base"
    )
    for i in (1, 2, 3)
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
