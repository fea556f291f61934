"""Embedding: a row of a table for each number.

Source: TensorFlow 1.15's `tf.keras.layers.Embedding`.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.comparison import not_equal
from minitf.api.nn_embedding import embedding_lookup
from minitf.keras import constraints, initializers, regularizers
from minitf.keras.backend.config import floatx
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import described
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Embedding(Layer):
    """Rows of a table [input_dim, output_dim], by their numbers.

    Args:
        input_dim: how many rows there are.
        output_dim: how many columns there are.
        embeddings_initializer: of the table; see `tf.keras.initializers`.
        embeddings_regularizer: see `tf.keras.regularizers`.
        activity_regularizer: likewise of the outputs.
        embeddings_constraint: see `tf.keras.constraints`.
        mask_zero: whether number 0 stands for no step in time, and is masked.
        input_length: how many numbers a row has, if that is known.
        **kwargs: see `Layer`.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        activity_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        input_length: Any = None,
        **kwargs: Any,
    ) -> None:
        if "input_shape" not in kwargs and "batch_input_shape" not in kwargs:
            kwargs["input_shape"] = (input_length,) if input_length else (None,)
        dtype = kwargs.pop("dtype", floatx())
        super().__init__(dtype=dtype, activity_regularizer=activity_regularizer, **kwargs)
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        self.input_length = input_length

    def build(self, input_shape: Any) -> None:
        """Make the table."""
        self.embeddings = self.add_weight(
            "embeddings",
            [self.input_dim, self.output_dim],
            initializer=self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )
        self.built = True

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return where numbers are not 0, if that is wanted."""
        return not_equal(inputs, 0) if self.mask_zero else None

    def call(self, inputs: Any) -> Tensor:
        """Return the rows."""
        if inputs.dtype.base_dtype.name not in {"int32", "int64"}:
            inputs = cast(inputs, "int32")
        return embedding_lookup(self.embeddings, inputs)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        return TensorShape(input_shape).concatenate(self.output_dim)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        names = (
            "input_dim output_dim embeddings_initializer embeddings_regularizer "
            "activity_regularizer embeddings_constraint mask_zero input_length"
        )
        return {**super().get_config(), **described(self, names)}
