"""`tf.contrib.layers`: layers from before `tf.layers`, columns, initial values, training."""

from minitf import lazy

_NAMES = {
    "minitf.api.nn_embedding_sparse": "safe_embedding_lookup_sparse",
    "minitf.contrib.layers.adaptive_clipping": "adaptive_clipping_fn",
    "minitf.contrib.layers.batch_normalization": "batch_norm",
    "minitf.contrib.layers.combining": "repeat scale_gradient stack",
    "minitf.contrib.layers.convolutions": (
        "conv1d=convolution1d conv2d=convolution2d conv2d_transpose=convolution2d_transpose "
        "conv3d=convolution3d conv3d_transpose=convolution3d_transpose convolution convolution1d "
        "convolution2d convolution2d_transpose convolution3d convolution3d_transpose"
    ),
    "minitf.contrib.layers.dense": "elu fully_connected linear relu relu6",
    "minitf.contrib.layers.divisive": "GDN gdn",
    "minitf.contrib.layers.encoders": "bow_encoder embed_sequence embedding_lookup_unique",
    "minitf.contrib.layers.feature_columns": (
        "create_feature_spec_for_parsing crossed_column one_hot_column real_valued_column "
        "sparse_column_with_hash_bucket sparse_column_with_integerized_feature "
        "sparse_column_with_keys sparse_column_with_vocabulary_file weighted_sparse_column"
    ),
    "minitf.contrib.layers.initializers": (
        "variance_scaling_initializer xavier_initializer xavier_initializer_conv2d"
    ),
    "minitf.contrib.layers.legacy": "legacy_fully_connected legacy_linear legacy_relu",
    "minitf.contrib.layers.normalization": "group_norm instance_norm layer_norm",
    "minitf.contrib.layers.optimizers": "OPTIMIZER_CLS_NAMES OPTIMIZER_SUMMARIES optimize_loss",
    "minitf.contrib.layers.planes": (
        "conv2d_in_plane=convolution2d_in_plane convolution2d_in_plane "
        "separable_conv2d=separable_convolution2d separable_convolution2d"
    ),
    "minitf.contrib.layers.pools": "avg_pool2d avg_pool3d max_pool2d max_pool3d pool",
    "minitf.contrib.layers.regularizers": "apply_regularization",
    "minitf.contrib.layers.sequences": ("dense_to_sparse images_to_sequence sequence_to_images"),
    "minitf.contrib.layers.shaping": (
        "bias_add dropout flatten maxout one_hot_encoding poincare_normalize unit_norm"
    ),
    "minitf.contrib.layers.softmaxes": "softmax spatial_softmax",
    "minitf.contrib.layers.summary_functions": (
        "summarize_activation summarize_activations summarize_biases summarize_collection "
        "summarize_tensor summarize_tensors summarize_variables summarize_weights"
    ),
    "minitf.feature_column.embeddings": "embedding_column",
    "minitf.feature_column.numeric": "bucketized_column",
    "minitf.variables.regularizers": (
        "l1_l2_regularizer l1_regularizer l2_regularizer sum_regularizer"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "utils")
