"""`tf.contrib.nn`: variants of functions of `tf.nn`."""

from minitf import lazy

_NAMES = {
    "minitf.api.nn_conv1d": "conv1d_transpose",
    "minitf.contrib.nn.variants": (
        "alpha_dropout deprecated_flipped_sigmoid_cross_entropy_with_logits "
        "deprecated_flipped_softmax_cross_entropy_with_logits "
        "deprecated_flipped_sparse_softmax_cross_entropy_with_logits nth_element "
        "sampled_sparse_softmax_loss scaled_softplus"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
