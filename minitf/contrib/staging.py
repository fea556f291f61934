"""`tf.contrib.staging`: places where values wait for the next step."""

from minitf import lazy

_NAMES = {"minitf.api.staging": "MapStagingArea StagingArea"}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
