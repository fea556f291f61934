"""The example modules of TensorFlow 1.x that programs import."""

from minitf import lazy

_NAMES: dict[str, str] = {}
_SUBMODULES = "tutorials"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
