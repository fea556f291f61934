"""`tf.contrib.learn`: its data sets."""

from minitf import lazy

_NAMES: dict[str, str] = {}
_SUBMODULES = "datasets"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
