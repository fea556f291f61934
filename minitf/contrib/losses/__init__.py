"""`tf.contrib.losses`: losses that take predictions before labels."""

from minitf import lazy

_NAMES = {
    "minitf.api.losses": ("add_loss get_losses get_regularization_losses"),
    "minitf.contrib.losses.errors": (
        "absolute_difference compute_weighted_loss cosine_distance get_total_loss hinge_loss "
        "log_loss mean_pairwise_squared_error mean_squared_error sigmoid_cross_entropy "
        "softmax_cross_entropy sparse_softmax_cross_entropy"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "metric_learning")
