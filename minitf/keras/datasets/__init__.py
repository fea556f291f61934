"""`tf.keras.datasets`: data sets of the web, fetched when they are first asked for."""

from minitf import lazy

_SUBMODULES = "boston_housing fashion_mnist mnist"

__getattr__, __dir__, __all__ = lazy.attach(__name__, {}, _SUBMODULES)
