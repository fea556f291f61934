"""`tf.nn`: building blocks of neural networks."""

from minitf import lazy

_NAMES = {
    "minitf.api.candidate_sampling": (
        "all_candidate_sampler compute_accidental_hits fixed_unigram_candidate_sampler "
        "learned_unigram_candidate_sampler log_uniform_candidate_sampler nce_loss "
        "sampled_softmax_loss uniform_candidate_sampler"
    ),
    "minitf.api.elementary": "sigmoid tanh",
    "minitf.api.nn_activations": "crelu elu leaky_relu relu relu6 selu softplus softsign swish",
    "minitf.api.nn_average_loss": "compute_average_loss scale_regularization_loss",
    "minitf.api.nn_blocks": "with_space_to_batch",
    "minitf.api.nn_conv": "conv2d conv2d_backprop_filter conv2d_backprop_input conv2d_transpose",
    "minitf.api.nn_conv1d": "conv1d conv1d_transpose",
    "minitf.api.nn_conv3d": (
        "conv3d conv3d_backprop_filter conv3d_backprop_filter_v2 conv3d_transpose"
    ),
    "minitf.api.nn_convolution": (
        "atrous_conv2d atrous_conv2d_transpose conv_transpose convolution"
    ),
    "minitf.api.nn_ctc": (
        "collapse_repeated ctc_beam_search_decoder ctc_beam_search_decoder_v2 ctc_greedy_decoder "
        "ctc_loss"
    ),
    "minitf.api.nn_depthwise": (
        "depthwise_conv2d depthwise_conv2d_backprop_filter depthwise_conv2d_backprop_input "
        "depthwise_conv2d_native depthwise_conv2d_native_backprop_filter "
        "depthwise_conv2d_native_backprop_input separable_conv2d"
    ),
    "minitf.api.nn_dilation": "dilation2d erosion2d",
    "minitf.api.nn_embedding": "embedding_lookup",
    "minitf.api.nn_embedding_sparse": "embedding_lookup_sparse safe_embedding_lookup_sparse",
    "minitf.api.nn_layers": "bias_add dropout in_top_k relu_layer top_k xw_plus_b zero_fraction",
    "minitf.api.nn_losses": (
        "l2_loss log_poisson_loss log_softmax sigmoid_cross_entropy_with_logits softmax "
        "softmax_cross_entropy_with_logits softmax_cross_entropy_with_logits_v2 "
        "sparse_softmax_cross_entropy_with_logits weighted_cross_entropy_with_logits"
    ),
    "minitf.api.nn_normalisation": (
        "batch_norm_with_global_normalization batch_normalization fused_batch_norm l2_normalize "
        "local_response_normalization lrn moments normalize_moments sufficient_statistics "
        "weighted_moments"
    ),
    "minitf.api.nn_pool": (
        "avg_pool avg_pool1d avg_pool2d avg_pool3d avg_pool_v2 max_pool max_pool1d max_pool2d "
        "max_pool3d max_pool_v2 max_pool_with_argmax"
    ),
    "minitf.api.nn_pool_dilated": "pool",
    "minitf.api.nn_pool_regions": "fractional_avg_pool fractional_max_pool",
    "minitf.api.nn_quantized": (
        "quantized_avg_pool quantized_conv2d quantized_max_pool quantized_relu_x"
    ),
    "minitf.api.old_names": "deconv2d",  # of TensorFlow before 1.0
    "minitf.api.space_batch": "depth_to_space space_to_batch space_to_depth",
    "minitf.v2.ctc": "ctc_loss_v2=ctc_loss ctc_unique_labels",
    "minitf.rnn.bidirectional": (
        "bidirectional_dynamic_rnn static_bidirectional_rnn "
        "bidirectional_rnn=static_bidirectional_rnn"  # before TensorFlow 1.0
    ),
    "minitf.rnn.dynamic": "dynamic_rnn",
    "minitf.rnn.raw": "raw_rnn",
    "minitf.rnn.static": (
        "static_rnn static_state_saving_rnn "
        "rnn=static_rnn state_saving_rnn=static_state_saving_rnn"  # before TensorFlow 1.0
    ),
}

_SUBMODULES = "rnn_cell seq2seq"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
