"""Arguments of layers by name: `activation="relu"` is `activation=tf.nn.relu`.

A configuration, as `get_config` gives it, will do too: Keras understands it.

Source: TensorFlow 1.15's layers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf.api import elementary, nn_activations, nn_losses
from minitf.api.clipping import clip_by_value
from minitf.tensor import Tensor
from minitf.variables import initializers
from minitf.variables.orthogonal import Orthogonal

Activation = Callable[[Any], Any]


def activation_of(identifier: Any) -> Activation | None:
    """Return an activation by itself or by its name; None for "linear" and for None.

    Raises:
        ValueError: if there is none of that name.
        TypeError: if it can not be called.
    """
    if identifier is None or identifier == "linear":
        return None
    if isinstance(identifier, Mapping):
        from minitf.keras import activations

        identifier = activations.get(identifier)
    if isinstance(identifier, str):
        if identifier not in _ACTIVATIONS:
            raise ValueError(f"Unknown activation function:{identifier}")
        return _ACTIVATIONS[identifier]
    if not callable(identifier):
        raise TypeError(f"Could not interpret activation function identifier: {identifier!r}")
    found: Activation = identifier
    return found


def initializer_of(identifier: Any) -> Any:
    """Return an initializer by itself or by its name.

    Raises:
        ValueError: if there is none of that name.
    """
    if isinstance(identifier, Mapping):
        from minitf.keras import initializers as of_keras

        return of_keras.get(identifier)
    if not isinstance(identifier, str):
        return identifier
    if identifier not in _INITIALIZERS:
        raise ValueError(f"Unknown initializer: {identifier}")
    return _INITIALIZERS[identifier]()


def regularizer_of(identifier: Any) -> Any:
    """Return a regularizer by itself, its name or its configuration.

    Raises:
        ValueError: if there is none of that name.
    """
    if not isinstance(identifier, (str, Mapping)):
        return identifier
    from minitf.keras import regularizers

    return regularizers.get(identifier)


def constraint_of(identifier: Any) -> Any:
    """Return a constraint by itself, its name or its configuration.

    Raises:
        ValueError: if there is none of that name.
    """
    if not isinstance(identifier, (str, Mapping)):
        return identifier
    from minitf.keras import constraints

    return constraints.get(identifier)


def _hard_sigmoid(x: Any) -> Tensor:
    """Return x / 5 + 1 / 2 within [0, 1]."""
    return clip_by_value(x * 0.2 + 0.5, 0.0, 1.0)


_ACTIVATIONS: dict[str, Activation] = {
    "elu": nn_activations.elu,
    "exponential": elementary.exp,
    "hard_sigmoid": _hard_sigmoid,
    "relu": nn_activations.relu,
    "selu": nn_activations.selu,
    "sigmoid": elementary.sigmoid,
    "softmax": nn_losses.softmax,
    "softplus": nn_activations.softplus,
    "softsign": nn_activations.softsign,
    "tanh": elementary.tanh,
}


_INITIALIZERS: dict[str, Callable[[], Any]] = {
    "constant": initializers.Constant,
    "glorot_normal": initializers.GlorotNormal,
    "glorot_uniform": initializers.GlorotUniform,
    "he_normal": initializers.he_normal,
    "he_uniform": initializers.he_uniform,
    "identity": initializers.Identity,
    "lecun_normal": initializers.lecun_normal,
    "lecun_uniform": initializers.lecun_uniform,
    "normal": initializers.RandomNormal,
    "one": initializers.Ones,
    "ones": initializers.Ones,
    "orthogonal": Orthogonal,
    "random_normal": initializers.RandomNormal,
    "random_uniform": initializers.RandomUniform,
    "truncated_normal": initializers.TruncatedNormal,
    "uniform": initializers.RandomUniform,
    "variance_scaling": initializers.VarianceScaling,
    "zero": initializers.Zeros,
    "zeros": initializers.Zeros,
}
