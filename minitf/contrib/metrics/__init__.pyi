# `tf.contrib.metrics`: metrics that take predictions before labels.

from minitf.api.counting import confusion_matrix as confusion_matrix
from minitf.api.sets import set_difference as set_difference
from minitf.api.sets import set_intersection as set_intersection
from minitf.api.sets import set_size as set_size
from minitf.api.sets import set_union as set_union
from minitf.contrib.metrics.classification import accuracy as accuracy
from minitf.contrib.metrics.mapping import aggregate_metric_map as aggregate_metric_map
from minitf.contrib.metrics.mapping import aggregate_metrics as aggregate_metrics
from minitf.contrib.metrics.streaming import streaming_accuracy as streaming_accuracy
from minitf.contrib.metrics.streaming import streaming_mean as streaming_mean
from minitf.contrib.metrics.streaming import streaming_precision as streaming_precision
from minitf.contrib.metrics.streaming import streaming_recall as streaming_recall
__all__ = ['accuracy', 'aggregate_metric_map', 'aggregate_metrics', 'confusion_matrix', 'set_difference', 'set_intersection', 'set_size', 'set_union', 'streaming_accuracy', 'streaming_mean', 'streaming_precision', 'streaming_recall']
