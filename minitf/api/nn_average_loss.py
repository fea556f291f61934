"""Losses averaged over a batch of examples.

In TensorFlow a strategy may deal a batch out to several replicas; here there is always one.

Source: TensorFlow 1.15's functions of the same names in tf.nn.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.math import multiply
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape
from minitf.api.weights import fitted_weights
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32
from minitf.tensor import Tensor


def compute_average_loss(
    per_example_loss: Any, sample_weight: Any = None, global_batch_size: Any = None
) -> Tensor:
    """Return the sum of the examples' losses, divided by the size of the batch.

    Args:
        per_example_loss: float[N, ...].
        sample_weight: of each example; 1 by default.
        global_batch_size: the size of the batch; N by default.

    Raises:
        ValueError: if the loss is a scalar.
    """
    losses = convert_to_tensor(per_example_loss)
    dtype = losses.dtype
    if losses.shape.ndims == 0:
        raise ValueError(
            "Invalid value passed for `per_example_loss`. Expected a tensor with at least rank 1."
        )
    if sample_weight is not None:
        losses = cast(losses, float32)
        weights = cast(sample_weight, float32)
        losses = cast(multiply(losses, fitted_weights(weights, losses)), dtype)
    count = cast(shape(losses)[0], dtype) if global_batch_size is None else global_batch_size
    return reduce_sum(losses) / count


def scale_regularization_loss(regularization_loss: Any) -> Tensor:
    """Return the sum of regularization losses, divided by the number of replicas: one."""
    return reduce_sum(regularization_loss)
