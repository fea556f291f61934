"""`tf.metrics`: values that add up over batches, such as the accuracy on a whole test set."""

from minitf import lazy

_NAMES = {
    "minitf.metrics.areas": "auc",
    "minitf.metrics.at_k": (
        "precision_at_k precision_at_top_k recall_at_k recall_at_top_k sparse_precision_at_k"
    ),
    "minitf.metrics.average_precision": "average_precision_at_k sparse_average_precision_at_k",
    "minitf.metrics.counts": (
        "false_negatives false_positives precision recall true_negatives true_positives"
    ),
    "minitf.metrics.means": (
        "accuracy mean mean_absolute_error mean_cosine_distance mean_iou mean_per_class_accuracy "
        "mean_relative_error mean_squared_error mean_tensor percentage_below "
        "root_mean_squared_error"
    ),
    "minitf.metrics.thresholds": (
        "false_negatives_at_thresholds false_positives_at_thresholds precision_at_thresholds "
        "recall_at_thresholds sensitivity_at_specificity specificity_at_sensitivity "
        "true_negatives_at_thresholds true_positives_at_thresholds"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
