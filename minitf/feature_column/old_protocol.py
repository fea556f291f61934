"""What columns were asked by the names of TensorFlow 1.4 to 1.13, with an underscore in front.

Source: TensorFlow 1.15's `tensorflow.python.feature_column.feature_column`.
"""

from __future__ import annotations

from typing import Any


class OldProtocol:
    """The old names of what a column is asked; a column has those that its kind answers."""

    @property
    def _parse_example_spec(self: Any) -> dict[str, Any]:
        return self.parse_example_spec

    @property
    def _var_scope_name(self: Any) -> str:
        return self.variable_scope_name

    def _transform_feature(self: Any, inputs: Any) -> Any:
        return self.transform_feature(inputs)

    @property
    def _variable_shape(self: Any) -> Any:
        return self.variable_shape

    def _get_dense_tensor(
        self: Any, inputs: Any, weight_collections: Any = None, trainable: bool | None = None
    ) -> Any:
        return self.get_dense_tensor(inputs, weight_collections, trainable)

    @property
    def _num_buckets(self: Any) -> int:
        return self.num_buckets

    def _get_sparse_tensors(
        self: Any, inputs: Any, weight_collections: Any = None, trainable: bool | None = None
    ) -> Any:
        return self.get_sparse_tensors(inputs)

    def _get_sequence_dense_tensor(
        self: Any, inputs: Any, weight_collections: Any = None, trainable: bool | None = None
    ) -> Any:
        return self.get_sequence_dense_tensor(inputs, weight_collections, trainable)
