"""`tf.feature_column`: how the features of an example become numbers that a model takes."""

from minitf import lazy

_NAMES = {
    "minitf.feature_column.categorical": (
        "categorical_column_with_hash_bucket categorical_column_with_identity "
        "weighted_categorical_column"
    ),
    "minitf.feature_column.crosses": "crossed_column",
    "minitf.feature_column.embeddings": "embedding_column",
    "minitf.feature_column.indicators": "indicator_column",
    "minitf.feature_column.input_layers": "input_layer",
    "minitf.feature_column.linear": "linear_model",
    "minitf.feature_column.numeric": "bucketized_column numeric_column",
    "minitf.feature_column.parsing": "make_parse_example_spec",
    "minitf.feature_column.sequences": (
        "sequence_categorical_column_with_hash_bucket sequence_categorical_column_with_identity "
        "sequence_categorical_column_with_vocabulary_file "
        "sequence_categorical_column_with_vocabulary_list sequence_numeric_column"
    ),
    "minitf.feature_column.shared": "shared_embedding_columns",
    "minitf.feature_column.vocabularies": (
        "categorical_column_with_vocabulary_file categorical_column_with_vocabulary_list"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
