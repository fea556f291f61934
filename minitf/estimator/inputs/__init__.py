"""`tf.estimator.inputs`: input functions of arrays and data frames."""

from minitf import lazy

_NAMES = {
    "minitf.estimator.inputs.arrays": "numpy_input_fn",
    "minitf.estimator.inputs.frames": "pandas_input_fn",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
