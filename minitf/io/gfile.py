"""`tf.io.gfile`: files of this machine, by functions with names in small letters."""

from minitf import lazy

_NAMES = {
    "minitf.compat.gfile": "GFile",
    "minitf.compat.path_functions": (
        "copy exists glob isdir listdir makedirs mkdir remove rename rmtree stat walk"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
