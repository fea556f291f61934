"""`tf.estimator.export`: what a served model receives, and what outputs it serves."""

from minitf import lazy

_NAMES = {
    "minitf.estimator.outputs": "ClassificationOutput ExportOutput PredictOutput RegressionOutput",
    "minitf.estimator.receivers": (
        "ServingInputReceiver TensorServingInputReceiver build_parsing_serving_input_receiver_fn "
        "build_raw_serving_input_receiver_fn"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
