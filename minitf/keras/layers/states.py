"""What is known of the states of a cell: how they begin, how wide its output is.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.api.constants import zeros
from minitf.api.sizes import shape
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


def initial_state(cell: Any, inputs: Any, batch_size: Any = None, dtype: Any = None) -> Any:
    """Return zeros for the states of a batch.

    Args:
        cell: the cell.
        inputs: rows of the batch, whose number and type are taken.
        batch_size: the number of rows instead.
        dtype: the type instead.
    """
    if inputs is not None:
        batch_size = shape(inputs)[0]
        dtype = inputs.dtype.base_dtype

    def of_size(size: Any) -> Tensor:
        sizes = TensorShape(size if isinstance(size, (list, tuple, TensorShape)) else [size])
        made = zeros([batch_size, *sizes.as_list()], dtype)
        made.set_shape([None, *sizes.as_list()] if inputs is not None else made.shape)
        return made

    size = cell.state_size
    return [of_size(each) for each in size] if isinstance(size, (list, tuple)) else of_size(size)


def output_size(cell: Any) -> Any:
    """Return the width of a cell's output: that of its first state, if it does not say."""
    own = getattr(cell, "output_size", None)
    return nest.flatten(cell.state_size)[0] if own is None else own
