"""What `tf.parse_example` needs to know to read a canned model's features and label.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf import dtypes
from minitf.api.features import FixedLenFeature
from minitf.feature_column.numeric import NumericColumn, numeric_column
from minitf.feature_column.parsing import make_parse_example_spec


def classifier_parse_example_spec(
    feature_columns: Iterable[Any],
    label_key: str,
    label_dtype: Any = dtypes.int64,
    label_default: Any = None,
    weight_column: Any = None,
) -> dict[str, Any]:
    """Return what reads the features of columns and the label of a classifier.

    Args:
        feature_columns: the columns.
        label_key: the label's key.
        label_dtype: its type.
        label_default: what stands for a missing label.
        weight_column: the key of weights, or a numeric column.

    Raises:
        ValueError: if a feature is the label or the weight.
        TypeError: if the weight is no numeric column.
    """
    label = FixedLenFeature((1,), label_dtype, label_default)
    return _with_label(feature_columns, label_key, label, weight_column)


def regressor_parse_example_spec(
    feature_columns: Iterable[Any],
    label_key: str,
    label_dtype: Any = dtypes.float32,
    label_default: Any = None,
    label_dimension: int = 1,
    weight_column: Any = None,
) -> dict[str, Any]:
    """Return what reads the features of columns and the labels of a regressor.

    Args:
        feature_columns: the columns.
        label_key: the labels' key.
        label_dtype: their type.
        label_default: what stands for missing labels.
        label_dimension: how many labels an example has.
        weight_column: the key of weights, or a numeric column.

    Raises:
        ValueError: if a feature is the label or the weight.
        TypeError: if the weight is no numeric column.
    """
    label = FixedLenFeature((label_dimension,), label_dtype, label_default)
    return _with_label(feature_columns, label_key, label, weight_column)


def _with_label(columns: Iterable[Any], key: str, label: Any, weight: Any) -> dict[str, Any]:
    spec = make_parse_example_spec(columns)
    if key in spec:
        raise ValueError(
            f"label should not be used as feature. label_key: {key}, features: {list(spec)}"
        )
    spec[key] = label
    if weight is None:
        return spec
    if isinstance(weight, str):
        weight = numeric_column(weight)
    if not isinstance(weight, NumericColumn):
        raise TypeError(
            f"weight_column should be an instance of tf.feature_column.numeric_column. "
            f"Given type: {type(weight)} value: {weight}"
        )
    if weight.key in spec:
        raise ValueError(
            "weight_column should not be used as feature. "
            f"weight_column: {weight.key}, features: {list(spec)}"
        )
    return {**spec, **weight.parse_example_spec}
