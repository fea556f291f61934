"""`tf.nn` of TensorFlow 2."""

from minitf import lazy

_NAMES = {
    "minitf.api.nn_ctc": "ctc_beam_search_decoder=ctc_beam_search_decoder_v2",
    "minitf.api.nn_pool": "avg_pool=avg_pool_v2 avg_pool2d max_pool=max_pool_v2",
    "minitf.v2.array": "depth_to_space space_to_batch space_to_depth",
    "minitf.v2.ctc": "ctc_loss ctc_unique_labels",
    "minitf.v2.nn": (
        "batch_norm_with_global_normalization crelu dropout in_top_k l2_normalize log_softmax "
        "moments sigmoid_cross_entropy_with_logits softmax softmax_cross_entropy_with_logits "
        "sparse_softmax_cross_entropy_with_logits sufficient_statistics "
        "weighted_cross_entropy_with_logits weighted_moments"
    ),
    "minitf.v2.nn_conv": (
        "conv1d conv2d conv2d_transpose conv3d conv3d_transpose convolution depthwise_conv2d "
        "dilation2d erosion2d separable_conv2d"
    ),
    "minitf.v2.nn_embedding": (
        "embedding_lookup embedding_lookup_sparse nce_loss safe_embedding_lookup_sparse "
        "sampled_softmax_loss"
    ),
    "minitf.v2.nn_pool": "fractional_avg_pool fractional_max_pool max_pool_with_argmax pool",
    **lazy.present(
        "minitf.nn",
        (
            "all_candidate_sampler atrous_conv2d atrous_conv2d_transpose avg_pool1d avg_pool3d "
            "batch_normalization bias_add collapse_repeated compute_accidental_hits "
            "compute_average_loss conv1d_transpose conv_transpose ctc_greedy_decoder "
            "depthwise_conv2d_backprop_filter depthwise_conv2d_backprop_input elu "
            "fixed_unigram_candidate_sampler l2_loss leaky_relu learned_unigram_candidate_sampler "
            "local_response_normalization log_poisson_loss lrn max_pool1d max_pool2d max_pool3d "
            "normalize_moments relu relu6 scale_regularization_loss selu sigmoid softplus "
            "softsign swish tanh top_k with_space_to_batch zero_fraction"
        ),
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
