"""`tf.contrib.learn`: its data sets and preprocessing, and names of `tf.estimator`."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.learn.modes": "ModeKeys",
    "minitf.estimator.run_config": "RunConfig",
}
_SUBMODULES = "datasets preprocessing"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
