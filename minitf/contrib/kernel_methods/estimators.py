"""KernelLinearClassifier: a linear model of features that kernels map.

    mapper = RandomFourierFeatureMapper(784, 2000, stddev=5.0)
    model = KernelLinearClassifier(kernel_mappers={column: [mapper]}, n_classes=10)

Source: TensorFlow 1.15's tf.contrib.kernel_methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.contrib.kernel_methods.mappers import DenseKernelMapper
from minitf.contrib.layers.feature_columns import ALONE
from minitf.contrib.learn.canned import LinearClassifier
from minitf.feature_column.numeric import NumericColumn, numeric_column


class KernelLinearClassifier(LinearClassifier):
    """A linear model that tells classes, of features some of which are mapped first.

    Args:
        feature_columns: columns that are used as they are; none if None.
        model_dir: where checkpoints are kept.
        n_classes: how many classes there are, at least 2.
        weight_column_name: the key of a feature that weights examples.
        optimizer: an optimizer; Ftrl if None.
        kernel_mappers: lists of maps by the column of numbers that they map; none if None.
        config: a RunConfig.

    Raises:
        ValueError: if there is neither a column nor a map, maps are of another kind, or there are
            fewer than 2 classes.
    """

    def __init__(
        self,
        feature_columns: Any = None,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column_name: str | None = None,
        optimizer: Any = None,
        kernel_mappers: dict[Any, Sequence[DenseKernelMapper]] | None = None,
        config: Any = None,
    ) -> None:
        if not feature_columns and not kernel_mappers:
            raise ValueError("You should set at least one of feature_columns, kernel_mappers.")
        self._mappers = kernel_mappers or {}
        columns = list(feature_columns or ())
        for column, mappers in self._mappers.items():
            if not mappers or not all(isinstance(each, DenseKernelMapper) for each in mappers):
                raise ValueError("Invalid kernel mappers.")
            if not isinstance(column, NumericColumn):
                raise ValueError(
                    "Updates are currently supported on RealValuedColumns only. Metadata for "
                    f"FeatureColumn {column} will not be updated."
                )
            columns += [
                numeric_column(_mapped(column, each), (each.output_dim,)) for each in mappers
            ]
        super().__init__(columns, model_dir, n_classes, weight_column_name, optimizer, config)

    def _call_model_fn(self, features: Any, labels: Any, mode: str, config: Any) -> Any:
        """Build the model of the features and their maps."""
        every = dict(features) if isinstance(features, dict) else {ALONE: features}
        for column, mappers in self._mappers.items():
            for mapper in mappers:
                every[_mapped(column, mapper)] = mapper.map(every[column.key])
        return super()._call_model_fn(every, labels, mode, config)


def _mapped(column: NumericColumn, mapper: DenseKernelMapper) -> str:
    """Return the key of a mapped feature."""
    return f"{column.key}_MAPPED_{mapper.name}"
