"""`tf.contrib.metrics`: metrics that take predictions before labels."""

from minitf import lazy

_NAMES = {
    "minitf.api.sets": "set_difference set_intersection set_size set_union",
    "minitf.api.counting": "confusion_matrix",
    "minitf.contrib.metrics.classification": "accuracy",
    "minitf.contrib.metrics.mapping": "aggregate_metric_map aggregate_metrics",
    "minitf.contrib.metrics.streaming": (
        "streaming_accuracy streaming_mean streaming_precision streaming_recall"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
