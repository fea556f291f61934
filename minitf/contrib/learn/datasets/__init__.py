"""`tf.contrib.learn.datasets`: small data sets by name."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.learn.datasets.base": "load_boston load_iris",
    "minitf.contrib.learn.datasets.named": "DATASETS load_dataset",
}
_SUBMODULES = "base mnist"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
