"""DenseFeatures: what feature columns make of features, as a layer.

Source: TensorFlow 1.15's `tf.keras.layers.DenseFeatures`, `tf.keras.experimental.SequenceFeatures`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf.feature_column import input_layers
from minitf.feature_column.columns import DenseColumn, SequenceDenseColumn, as_columns
from minitf.keras.backend.sessions import track_variable
from minitf.keras.engine.layer import Layer
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope


class _OfColumns(Layer):
    """A layer of feature columns; their variables are its own.

    Args:
        feature_columns: the columns.
        trainable: whether optimizers change the variables.
        name: see `Layer`.
        **kwargs: see `Layer`.

    Raises:
        ValueError: if one is of another kind.
    """

    kind: type[Any]

    def __init__(
        self,
        feature_columns: Any,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable=trainable, name=name, **kwargs)
        self._columns = as_columns(feature_columns)
        self._made = False
        for each in self._columns:
            if not isinstance(each, self.kind):
                raise ValueError(
                    f"Items of feature_columns must be a {self.kind.__name__}. You can wrap a "
                    "categorical column with an embedding_column or indicator_column. "
                    f"Given: {each}"
                )

    def _side_by_side(self, layer: Callable[..., Any], features: Any, **others: Any) -> Any:
        """Return what a function of columns gives; its variables are made once."""
        if not isinstance(features, Mapping):
            raise ValueError("We expected a dictionary here. Instead we got: ", features)
        scope = variable_scope(
            self.name,
            custom_getter=self._remembering,
            auxiliary_name_scope=False,
            reuse=self._made,
            use_resource=True,
        )
        with scope:
            made = layer(features, self._columns, trainable=self.trainable, **others)
        self._made = True
        return made

    def _remembering(self, getter: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        found = getter(*args, **kwargs)
        if not self._made:
            track_variable(found)
            self._remember(found, found.trainable)
        return found


class DenseFeatures(_OfColumns):
    """What dense columns give, side by side: features by name -> float32[N, n]."""

    kind = DenseColumn

    def call(self, features: Any, cols_to_output_tensors: Any = None) -> Tensor:
        """Return the values of the columns, in the order of their names.

        Args:
            features: feature by key.
            cols_to_output_tensors: filled with what each column gives.

        Raises:
            ValueError: if the features have no names.
        """
        return self._side_by_side(
            input_layers.columns_side_by_side,
            features,
            cols_to_output_tensors=cols_to_output_tensors,
        )


class SequenceFeatures(_OfColumns):
    """What columns of sequences give, side by side: features -> float32[N, T, n], int64[N]."""

    kind = SequenceDenseColumn

    def call(self, features: Any) -> tuple[Tensor, Tensor]:
        """Return the values of the columns, and the steps of each sequence.

        Raises:
            ValueError: if the features have no names.
        """
        return self._side_by_side(input_layers.sequences_side_by_side, features)
