"""`tf.distribute`: the tasks of a cluster; strategies are not there."""

from minitf import lazy

_NAMES = {"minitf.distributed.server": "Server"}
_SUBMODULES = "cluster_resolver"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
