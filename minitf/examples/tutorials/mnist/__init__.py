"""The modules of TensorFlow's MNIST tutorial."""

from minitf import lazy

_NAMES: dict[str, str] = {}
_SUBMODULES = "input_data mnist"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
