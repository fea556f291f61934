"""`tf.estimator.export`: what a model says of the outputs that it serves."""

from minitf import lazy

_NAMES = {
    "minitf.estimator.outputs": "ClassificationOutput ExportOutput PredictOutput RegressionOutput",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
