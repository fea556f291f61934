"""Activations with numbers of their own, and noise.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf.api.casting import cast
from minitf.api.control import identity
from minitf.api.nn_activations import relu as positive
from minitf.api.sizes import shape
from minitf.keras import activations, constraints, initializers, regularizers
from minitf.keras.backend import nn
from minitf.keras.backend.sessions import in_train_phase
from minitf.keras.backend.tensors import random_normal, random_uniform
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import described
from minitf.layers.input_spec import InputSpec
from minitf.tensor_shape import TensorShape


class _SameShape(Layer):
    """A function of each element."""

    supports_masking = True

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs: that of the inputs."""
        return TensorShape(input_shape)


class LeakyReLU(_SameShape):
    """x above 0, alpha x below.

    Args:
        alpha: the slope below 0.
        **kwargs: see `Layer`.
    """

    def __init__(self, alpha: float = 0.3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = float(alpha)

    def call(self, inputs: Any) -> Any:
        """Return the outputs."""
        return nn.relu(inputs, alpha=self.alpha)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "alpha": self.alpha}


class PReLU(_SameShape):
    """x above 0, alpha x below, where alpha is learned.

    Args:
        alpha_initializer: of alpha; see `tf.keras.initializers`.
        alpha_regularizer: see `tf.keras.regularizers`.
        alpha_constraint: see `tf.keras.constraints`.
        shared_axes: axes along which all cells have the same alpha.
        **kwargs: see `Layer`.
    """

    def __init__(
        self,
        alpha_initializer: Any = "zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        self.shared_axes = [shared_axes] if isinstance(shared_axes, int) else shared_axes

    def build(self, input_shape: Any) -> None:
        """Make alpha."""
        sizes = TensorShape(input_shape).as_list()
        shared = self.shared_axes or ()
        self.alpha = self.add_weight(
            "alpha",
            [1 if i + 1 in shared else size for i, size in enumerate(sizes[1:])],
            initializer=self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
        )
        of_axes = {i: s for i, s in enumerate(sizes) if i > 0 and i not in shared}
        self.input_spec = InputSpec(ndim=len(sizes), axes=of_axes)
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Return the outputs."""
        return positive(inputs) - self.alpha * positive(-inputs)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        names = "alpha_initializer alpha_regularizer alpha_constraint shared_axes"
        return {**super().get_config(), **described(self, names)}


class ELU(_SameShape):
    """x above 0, alpha (exp(x) - 1) below.

    Args:
        alpha: minus the limit below.
        **kwargs: see `Layer`.
    """

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = float(alpha)

    def call(self, inputs: Any) -> Any:
        """Return the outputs."""
        return nn.elu(inputs, self.alpha)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "alpha": self.alpha}


class ThresholdedReLU(_SameShape):
    """x above theta, else 0.

    Args:
        theta: the threshold.
        **kwargs: see `Layer`.
    """

    def __init__(self, theta: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.theta = float(theta)

    def call(self, inputs: Any) -> Any:
        """Return the outputs."""
        return inputs * cast(inputs > self.theta, inputs.dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "theta": self.theta}


class Softmax(_SameShape):
    """exp(x) / sum(exp(x)) along an axis.

    Args:
        axis: the axis.
        **kwargs: see `Layer`.
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any) -> Any:
        """Return the outputs."""
        return activations.softmax(inputs, axis=self.axis)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "axis": self.axis}


class ReLU(_SameShape):
    """x above a threshold, at most `max_value`; negative_slope (x - threshold) below it.

    Args:
        max_value: the greatest output; None for no limit.
        negative_slope: the slope below the threshold.
        threshold: the threshold.
        **kwargs: see `Layer`.

    Raises:
        ValueError: if limit or slope is negative.
    """

    def __init__(
        self, max_value: Any = None, negative_slope: Any = 0, threshold: Any = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if max_value is not None and max_value < 0.0:
            raise ValueError(f"max_value of Relu layer cannot be negative value: {max_value}")
        if negative_slope < 0.0:
            raise ValueError(
                f"negative_slope of Relu layer cannot be negative value: {negative_slope}"
            )
        self.max_value = None if max_value is None else float(max_value)
        self.negative_slope = float(negative_slope)
        self.threshold = float(threshold)

    def call(self, inputs: Any) -> Any:
        """Return the outputs."""
        return nn.relu(inputs, self.negative_slope, self.max_value, self.threshold)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, "max_value negative_slope threshold")}


# --- noise ---------------------------------------------------------------------------------------


def _noisy(inputs: Any, make: Callable[[], Any], training: Any) -> Any:
    return in_train_phase(make, lambda: identity(inputs), training)


class GaussianNoise(_SameShape):
    """Adds normally distributed numbers in training.

    Args:
        stddev: their standard deviation.
        **kwargs: see `Layer`.
    """

    def __init__(self, stddev: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stddev = stddev

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Return the outputs."""

        def noised() -> Any:
            return inputs + random_normal(shape(inputs), 0.0, self.stddev, inputs.dtype)

        return _noisy(inputs, noised, training)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "stddev": self.stddev}


class GaussianDropout(_SameShape):
    """Multiplies by normally distributed numbers of mean 1 in training.

    Args:
        rate: as of `Dropout`: their variance is rate / (1 - rate).
        **kwargs: see `Layer`.

    Source: Srivastava et al. 2014.
    """

    def __init__(self, rate: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = rate

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Return the outputs."""
        if not 0 < self.rate < 1:
            return inputs
        stddev = math.sqrt(self.rate / (1.0 - self.rate))

        def noised() -> Any:
            return inputs * random_normal(shape(inputs), 1.0, stddev, inputs.dtype)

        return _noisy(inputs, noised, training)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "rate": self.rate}


# The limit of `selu` far below 0, which dropped elements take.
_SELU_LIMIT = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946


class AlphaDropout(_SameShape):
    """Drops elements in training so that mean and variance of `selu`'s outputs stay.

    Args:
        rate: the share that is dropped.
        noise_shape: shape of the random choices; that of the inputs by default.
        seed: of the random choices.
        **kwargs: see `Layer`.

    Source: Klambauer et al. 2017.
    """

    def __init__(
        self, rate: float, noise_shape: Any = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Return the outputs."""
        if not 0.0 < self.rate < 1.0:
            return inputs
        rate, limit = self.rate, _SELU_LIMIT
        a = ((1 - rate) * (1 + rate * limit**2)) ** -0.5
        b = -a * limit * rate
        sizes = shape(inputs) if self.noise_shape is None else self.noise_shape

        def dropped() -> Any:
            kept = cast(random_uniform(sizes, seed=self.seed) >= rate, inputs.dtype)
            return a * (inputs * kept + limit * (1 - kept)) + b

        return _noisy(inputs, dropped, training)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, "rate noise_shape seed")}
