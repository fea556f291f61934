"""`tf.contrib.tensorboard.plugins`: the projector, which shows embeddings."""

from minitf import lazy

_NAMES: dict[str, str] = {}
_SUBMODULES = "projector"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
