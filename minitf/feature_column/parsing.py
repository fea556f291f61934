"""What `tf.parse_example` needs to know to read the features of columns.

Source: TensorFlow 1.15's `make_parse_example_spec`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.feature_column.columns import FeatureColumn


def make_parse_example_spec(feature_columns: Iterable[Any]) -> dict[str, Any]:
    """Return for each feature what `tf.parse_example` needs to know to read it.

    Args:
        feature_columns: the columns.

    Raises:
        ValueError: if one is no feature column, or two read one feature in different ways.
    """
    spec: dict[str, Any] = {}
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(
                f"All feature_columns must be _FeatureColumn instances. Given: {column}"
            )
        for key, reads in column.parse_example_spec.items():
            if spec.setdefault(key, reads) != reads:
                raise ValueError(
                    f"feature_columns contain different parse_spec for key {key}. "
                    f"Given {reads} and {spec[key]}"
                )
    return spec
