"""`tf.contrib.tensorboard`: what TensorBoard's plugins are told."""

from minitf import lazy

_NAMES: dict[str, str] = {}
_SUBMODULES = "plugins"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
