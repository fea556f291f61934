"""`tf.contrib.bayesflow`: expectations by samples."""

from minitf import lazy

__getattr__, __dir__, __all__ = lazy.attach(__name__, {}, "monte_carlo")
