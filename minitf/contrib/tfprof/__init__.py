"""`tf.contrib.tfprof`: what a graph costs, under the names from before `tf.profiler`."""

from minitf import lazy

_NAMES: dict[str, str] = {}
_SUBMODULES = "model_analyzer tfprof_logger"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
