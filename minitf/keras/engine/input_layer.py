"""Input: where a model begins.

Source: TensorFlow 1.15's `tf.keras.Input` and `tf.keras.layers.InputLayer`.
"""

from __future__ import annotations

from typing import Any

from minitf.dtypes import as_dtype
from minitf.keras.backend.config import floatx
from minitf.keras.backend.sessions import get_uid, note_inputs
from minitf.keras.backend.tensors import placeholder
from minitf.keras.engine.layer import Layer
from minitf.keras.engine.nodes import Node, give_history
from minitf.tensor import Tensor


class InputLayer(Layer):
    """Holds a placeholder, or a tensor that takes its place.

    Args:
        input_shape: shape of a row, None in it for an unknown size.
        batch_size: how many rows there are, if that is known.
        dtype: type of the placeholder; by default the default type.
        input_tensor: a tensor to begin with instead.
        sparse: whether the placeholder is sparse.
        name: name of the layer and of the placeholder.
        ragged: False: layers take no ragged tensors.
        **kwargs: `batch_input_shape`, the shape with the batch.

    Raises:
        ValueError: if a shape is given twice, or none.
    """

    def __init__(
        self,
        input_shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        input_tensor: Any = None,
        sparse: bool = False,
        name: str | None = None,
        ragged: bool = False,
        **kwargs: Any,
    ) -> None:
        if ragged:
            raise ValueError("Layers take no ragged tensors: `ragged` must be False.")
        batch_shape = kwargs.pop("batch_input_shape", None)
        if batch_shape is not None and input_shape is not None:
            raise ValueError(
                "Only provide the input_shape OR batch_input_shape argument to InputLayer, not "
                "both at the same time."
            )
        if kwargs:
            raise ValueError(f"Unrecognized keyword arguments: {list(kwargs)}")
        if batch_shape is None and input_shape is not None:
            batch_shape = (batch_size, *tuple(input_shape))
        if input_tensor is not None:
            dtype = dtype or input_tensor.dtype.base_dtype
            batch_shape = tuple(input_tensor.shape.as_list())
        elif batch_shape is None:
            raise ValueError(
                "An Input layer should be passed either a `batch_input_shape` or an `input_shape`."
            )
        super().__init__(
            name=name or f"input_{get_uid('input')}",
            dtype=as_dtype(dtype or floatx()),
            batch_input_shape=tuple(batch_shape),
        )
        self.built = True
        self.sparse = sparse
        self.supports_masking = True
        self.is_placeholder = input_tensor is None
        note_inputs()
        if input_tensor is None:
            input_tensor = placeholder(batch_shape, dtype=dtype, sparse=sparse, name=self.name)
        node = Node(self, [], input_tensor, {})
        node.input_tensors = input_tensor
        give_history(node)
        self._calls.append((input_tensor, input_tensor))

    def get_config(self) -> dict[str, Any]:
        """Return shape, type and name."""
        return {
            "batch_input_shape": self._batch_input_shape,
            "dtype": self.dtype.name,
            "sparse": self.sparse,
            "ragged": False,
            "name": self.name,
        }


def Input(  # noqa: N802 - TensorFlow's name
    shape: Any = None,
    batch_size: int | None = None,
    name: str | None = None,
    dtype: Any = None,
    sparse: bool = False,
    tensor: Any = None,
    **kwargs: Any,
) -> Tensor:
    """Return a tensor that a model may begin with.

    Args:
        shape: shape of a row, None in it for an unknown size.
        batch_size: how many rows there are, if that is known.
        name: of the layer and of the placeholder.
        dtype: type of the placeholder; by default the default type.
        sparse: whether the placeholder is sparse.
        tensor: a tensor to begin with instead.
        **kwargs: `batch_shape`, the shape with the batch.

    Raises:
        ValueError: if a shape is given twice, or none, or there is another keyword.
    """
    batch_shape = kwargs.pop("batch_shape", None)
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments: {list(kwargs)}")
    if shape is not None and batch_shape is not None:
        raise ValueError("Only provide the `shape` OR `batch_shape` argument to Input, not both.")
    if shape is None and batch_shape is None and tensor is None:
        raise ValueError(
            "Please provide to Input either a `shape` or a `tensor` argument. Note that `shape` "
            "does not include the batch dimension."
        )
    whole = {} if batch_shape is None else {"batch_input_shape": batch_shape}
    layer = InputLayer(shape, batch_size, dtype, tensor, sparse, name, **whole)
    made: Tensor = layer.output
    return made
