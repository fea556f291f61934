"""`tf.keras.activations`: functions of a layer's results, by themselves or by name.

Source: TensorFlow 1.15's `tf.keras.activations`.
"""

from __future__ import annotations

from typing import Any

from minitf.api import elementary, nn_activations, nn_losses
from minitf.api.reductions import reduce_max, reduce_sum
from minitf.keras.backend import nn
from minitf.keras.utils.objects import Registry
from minitf.tensor import Tensor

elu = nn.elu
hard_sigmoid = nn.hard_sigmoid
relu = nn.relu
sigmoid = nn.sigmoid
softplus = nn.softplus
softsign = nn.softsign
tanh = nn.tanh


def exponential(x: Any) -> Tensor:
    """Return exp(x)."""
    return elementary.exp(x)


def linear(x: Any) -> Any:
    """Return x."""
    return x


def selu(x: Any) -> Tensor:
    """Return `tf.nn.selu` of x."""
    return nn_activations.selu(x)


def softmax(x: Any, axis: int = -1) -> Tensor:
    """Return exp(x) / sum(exp(x)) along an axis.

    Raises:
        ValueError: if x is a vector.
    """
    rank = x.shape.ndims
    if rank == 2:
        return nn_losses.softmax(x)
    if rank is None or rank < 2:
        raise ValueError(f"Cannot apply softmax to a tensor that is 1D. Received input: {x}")
    powers = elementary.exp(x - reduce_max(x, axis, keepdims=True))
    return powers / reduce_sum(powers, axis, keepdims=True)


_REGISTRY = Registry(
    "activation function",
    {
        each.__name__: each
        for each in (
            elu,
            exponential,
            hard_sigmoid,
            linear,
            relu,
            selu,
            sigmoid,
            softmax,
            softplus,
            softsign,
            tanh,
        )
    },
)
serialize = _REGISTRY.serialize
deserialize = _REGISTRY.deserialize


def get(identifier: Any) -> Any:
    """Return an activation by itself, its name or its configuration; `linear` for None.

    Raises:
        ValueError: if there is none of that name.
        TypeError: if it can not be called.
    """
    if identifier is None:
        return linear
    if isinstance(identifier, (str, dict)) or callable(identifier):
        return _REGISTRY.get(identifier)
    raise TypeError(f"Could not interpret activation function identifier: {identifier!r}")


__all__ = [
    "deserialize",
    "elu",
    "exponential",
    "get",
    "hard_sigmoid",
    "linear",
    "relu",
    "selu",
    "serialize",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
]
