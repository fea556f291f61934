"""What import paths of `tensorflow.python.feature_column` have besides the public names.

A part of the table in `minitf.compat.inner_names`.

Source: no paper; what the unit tests of TensorFlow 1.15 import.
"""

from __future__ import annotations

_CLASSES = {
    "minitf.feature_column.categorical": (
        "HashedCategoricalColumn IdentityCategoricalColumn WeightedCategoricalColumn"
    ),
    "minitf.feature_column.crosses": "CrossedColumn",
    "minitf.feature_column.embeddings": "EmbeddingColumn",
    "minitf.feature_column.indicators": "IndicatorColumn",
    "minitf.feature_column.numeric": "BucketizedColumn NumericColumn",
    "minitf.feature_column.sequence_lengths": "SequenceCategoricalColumn",
    "minitf.feature_column.shared": "SharedEmbeddingColumn",
    "minitf.feature_column.vocabularies": (
        "VocabularyFileCategoricalColumn VocabularyListCategoricalColumn"
    ),
}
_FUNCTIONS = (
    "bucketized_column categorical_column_with_hash_bucket categorical_column_with_identity "
    "categorical_column_with_vocabulary_file categorical_column_with_vocabulary_list "
    "crossed_column embedding_column indicator_column numeric_column weighted_categorical_column"
)


def _underscored(names: str) -> str:
    return " ".join(f"_{name}={name}" for name in names.split())


OF_COLUMNS: dict[str, dict[str, str]] = {
    "feature_column.feature_column": {
        **{module: _underscored(names) for module, names in _CLASSES.items()},
        "minitf.feature_column": _underscored(_FUNCTIONS),
        "minitf.feature_column.columns": (
            "_CategoricalColumn=CategoricalColumn _DenseColumn=DenseColumn "
            "_FeatureColumn=FeatureColumn _LazyBuilder=Features "
            "_SequenceDenseColumn=SequenceDenseColumn _to_sparse_input_and_drop_ignore_values="
            "sparse_of _transform_features=transform_features"
        ),
    },
    "feature_column.feature_column_v2": {
        **_CLASSES,
        "minitf.feature_column.columns": (
            "CategoricalColumn DenseColumn FeatureColumn FeatureTransformationCache=Features "
            "SequenceDenseColumn _transform_features=transform_features "
            "_transform_features_v2=transform_features"
        ),
    },
}
"""Import path below `tensorflow.python` -> module -> names, as in `minitf.lazy`."""
