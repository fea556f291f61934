"""The modules of TensorFlow's tutorials."""

from minitf import lazy

_NAMES: dict[str, str] = {}
_SUBMODULES = "mnist"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
