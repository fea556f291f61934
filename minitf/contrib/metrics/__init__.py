"""`tf.contrib.metrics`: metrics that take predictions before labels."""

from minitf import lazy

_NAMES = {
    "minitf.api.sets": "set_difference set_intersection set_size set_union",
    "minitf.api.counting": "confusion_matrix",
    "minitf.contrib.metrics.classification": "accuracy",
    "minitf.contrib.metrics.covariances": ("streaming_covariance streaming_pearson_correlation"),
    "minitf.contrib.metrics.curves": (
        "f1_score precision_at_recall precision_recall_at_equal_thresholds "
        "recall_at_precision streaming_curve_points"
    ),
    "minitf.contrib.metrics.mapping": "aggregate_metric_map aggregate_metrics",
    "minitf.contrib.metrics.rates": (
        "streaming_false_negative_rate streaming_false_negative_rate_at_thresholds "
        "streaming_false_positive_rate streaming_false_positive_rate_at_thresholds"
    ),
    "minitf.contrib.metrics.streaming_at_k": (
        "sparse_recall_at_top_k streaming_sparse_average_precision_at_k "
        "streaming_sparse_average_precision_at_top_k streaming_sparse_precision_at_k "
        "streaming_sparse_precision_at_top_k streaming_sparse_recall_at_k"
    ),
    "minitf.contrib.metrics.streaming_counts": (
        "streaming_auc streaming_false_negatives streaming_false_negatives_at_thresholds "
        "streaming_false_positives streaming_false_positives_at_thresholds "
        "streaming_precision streaming_precision_at_thresholds streaming_recall "
        "streaming_recall_at_thresholds streaming_sensitivity_at_specificity "
        "streaming_specificity_at_sensitivity streaming_true_negatives "
        "streaming_true_negatives_at_thresholds streaming_true_positives "
        "streaming_true_positives_at_thresholds"
    ),
    "minitf.contrib.metrics.streaming_means": (
        "streaming_accuracy streaming_mean streaming_mean_absolute_error "
        "streaming_mean_cosine_distance streaming_mean_iou streaming_mean_relative_error "
        "streaming_mean_squared_error streaming_mean_tensor streaming_percentage_less "
        "streaming_recall_at_k streaming_root_mean_squared_error"
    ),
    "minitf.contrib.metrics.totals": ("cohen_kappa count streaming_concat"),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
