# `tf.contrib.metrics`: metrics that take predictions before labels.

from minitf.contrib.metrics.classification import accuracy as accuracy
from minitf.contrib.metrics.mapping import aggregate_metric_map as aggregate_metric_map
from minitf.contrib.metrics.mapping import aggregate_metrics as aggregate_metrics
from minitf.contrib.metrics.streaming import streaming_accuracy as streaming_accuracy
from minitf.contrib.metrics.streaming import streaming_mean as streaming_mean
from minitf.contrib.metrics.streaming import streaming_precision as streaming_precision
from minitf.contrib.metrics.streaming import streaming_recall as streaming_recall
__all__ = ['accuracy', 'aggregate_metric_map', 'aggregate_metrics', 'streaming_accuracy', 'streaming_mean', 'streaming_precision', 'streaming_recall']
