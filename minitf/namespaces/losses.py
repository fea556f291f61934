"""`tf.losses`: numbers to be made small."""

from minitf import lazy

_NAMES = {
    "minitf.api.losses": (
        "Reduction add_loss compute_weighted_loss get_losses get_regularization_loss "
        "get_regularization_losses get_total_loss"
    ),
    "minitf.api.losses_errors": (
        "absolute_difference cosine_distance huber_loss log_loss mean_pairwise_squared_error "
        "mean_squared_error"
    ),
    "minitf.api.losses_scores": (
        "hinge_loss sigmoid_cross_entropy softmax_cross_entropy sparse_softmax_cross_entropy"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
