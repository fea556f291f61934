"""`tf.contrib.learn.estimators`: models and how they run, by a longer path."""

from minitf import lazy
from minitf.contrib.learn.model_names import MODELS as _NAMES

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
