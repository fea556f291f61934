"""`tf.contrib.predictor`: a SavedModel as a Python function."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.predictor.saved_model_predictor": "from_saved_model",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
