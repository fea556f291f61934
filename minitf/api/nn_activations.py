"""Activation functions: what stands between two layers.

Source: TensorFlow 1.15's functions of the same names in tf.nn; 2015 Table 1 ("Sigmoid, ReLU").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat
from minitf.api.casting import cast
from minitf.api.custom_gradients import custom_gradient
from minitf.api.elementary import sigmoid
from minitf.api.framework import control_dependencies, name_scope
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32
from minitf.tensor import Tensor


def relu(features: Any, name: str | None = None) -> Tensor:
    """Return max(x, 0), element by element."""
    return ops.relu_op(features, name=name)


def relu6(features: Any, name: str | None = None) -> Tensor:
    """Return min(max(x, 0), 6), element by element."""
    with name_scope(name, "Relu6", [features]) as scope:
        features = convert_to_tensor(features, name="features")
        return ops.relu6_op(features, name=scope)


def crelu(features: Any, name: str | None = None, axis: int = -1) -> Tensor:
    """Return max(x, 0) and max(-x, 0) side by side: twice as many channels.

    Args:
        features: the tensor.
        name: name of the operation.
        axis: along which the two are joined.
    """
    with name_scope(name, "CRelu", [features]) as scope:
        features = convert_to_tensor(features, name="features")
        both = concat([features, -features], axis, name=scope)
        return ops.relu_op(both)


def leaky_relu(features: Any, alpha: float = 0.2, name: str | None = None) -> Tensor:
    """Return x where x > 0, else alpha * x, element by element."""
    with name_scope(name, "LeakyRelu", [features, alpha]) as scope:
        features = convert_to_tensor(features, name="features")
        if features.dtype.is_integer:
            features = cast(features, float32)
        if isinstance(alpha, np.ndarray):
            alpha = alpha.item()
        return ops.leaky_relu_op(features, alpha=alpha, name=scope)


def elu(features: Any, name: str | None = None) -> Tensor:
    """Return x where x > 0, else e^x - 1, element by element."""
    return ops.elu_op(features, name=name)


def selu(features: Any, name: str | None = None) -> Tensor:
    """Return the scaled elu that keeps mean 0 and variance 1 through layers."""
    return ops.selu_op(features, name=name)


def softplus(features: Any, name: str | None = None) -> Tensor:
    """Return log(1 + e^x), element by element."""
    return ops.softplus_op(features, name=name)


def softsign(features: Any, name: str | None = None) -> Tensor:
    """Return x / (1 + |x|), element by element."""
    return ops.softsign_op(features, name=name)


@custom_gradient
def swish(features: Any) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Return x * sigmoid(x), element by element; its gradient keeps no sigmoid in memory.

    Source: Ramachandran et al., "Searching for activation functions" (2017).
    """

    def grad(dy: Tensor) -> Tensor:
        with control_dependencies([dy]):  # the sigmoid is computed anew, when it is needed
            gate = sigmoid(features)
        return dy * (gate * (1.0 + features * (1.0 - gate)))

    return features * sigmoid(features), grad
