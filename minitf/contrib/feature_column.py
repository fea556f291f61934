"""`tf.contrib.feature_column`: columns of sequences."""

from minitf import lazy

_NAMES = {
    "minitf.feature_column.input_layers": "sequence_input_layer",
    "minitf.feature_column.sequences": (
        "sequence_categorical_column_with_hash_bucket sequence_categorical_column_with_identity "
        "sequence_categorical_column_with_vocabulary_file "
        "sequence_categorical_column_with_vocabulary_list sequence_numeric_column"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
