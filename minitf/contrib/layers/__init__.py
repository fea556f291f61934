"""`tf.contrib.layers`: layers from before `tf.layers`, columns, initial values, training."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.layers.feature_columns": (
        "create_feature_spec_for_parsing crossed_column one_hot_column real_valued_column "
        "sparse_column_with_hash_bucket sparse_column_with_integerized_feature "
        "sparse_column_with_keys sparse_column_with_vocabulary_file weighted_sparse_column"
    ),
    "minitf.contrib.layers.initializers": (
        "variance_scaling_initializer xavier_initializer xavier_initializer_conv2d"
    ),
    "minitf.contrib.layers.layers": (
        "conv2d=convolution2d convolution2d dropout flatten fully_connected relu linear"
    ),
    "minitf.contrib.layers.normalization": "layer_norm",
    "minitf.contrib.layers.optimizers": "OPTIMIZER_CLS_NAMES OPTIMIZER_SUMMARIES optimize_loss",
    "minitf.contrib.layers.regularizers": "apply_regularization",
    "minitf.feature_column.embeddings": "embedding_column",
    "minitf.feature_column.numeric": "bucketized_column",
    "minitf.variables.regularizers": (
        "l1_l2_regularizer l1_regularizer l2_regularizer sum_regularizer"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
