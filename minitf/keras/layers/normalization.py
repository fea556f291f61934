"""Normalisation: of channels over the batch, of a row over its features.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array, nn_normalisation
from minitf.keras import constraints, initializers, regularizers
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import described, understood
from minitf.layers import normalization
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class BatchNormalization(normalization.BatchNormalization, Layer):
    """gamma (inputs - mean) / sqrt(variance + epsilon) + beta.

    Statistics are the batch's in training, else moving averages of them, which the layer's
    `updates` move.

    Args:
        axis: that of the channels, or several.
        momentum: how much of the moving averages stays at an update.
        epsilon: keeps the root from being 0.
        center: whether there is a beta.
        scale: whether there is a gamma.
        beta_initializer: of beta, and so on; see `tf.keras.initializers`.
        gamma_initializer: of gamma.
        moving_mean_initializer: of the average of means.
        moving_variance_initializer: of the average of variances.
        beta_regularizer: see `tf.keras.regularizers`.
        gamma_regularizer: likewise of gamma.
        beta_constraint: see `tf.keras.constraints`.
        gamma_constraint: likewise of gamma.
        renorm: whether training corrects the batch's statistics by moving averages (Ioffe 2017).
        renorm_clipping: the limits "rmax", "rmin" and "dmax" of the corrections.
        renorm_momentum: how much of those averages stays at an update.
        fused: whether one operation may compute it all: for images, by default.
        trainable: whether optimizers change gamma and beta.
        virtual_batch_size: size of the groups that are normalised each by itself.
        adjustment: see `tf.layers.BatchNormalization`.
        name: name of the layer.
        **kwargs: see `Layer`.
    """

    supports_masking = True

    def __init__(
        self,
        axis: Any = -1,
        momentum: Any = 0.99,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: Any = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Any = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**understood(locals()))

    _keeps_precision = True

    def call(self, inputs: Any, training: Any = None) -> Tensor:
        """Return the outputs; the learning phase says whether it is training if nothing does."""
        return super().call(inputs, training)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor.

        Raises:
            NotImplementedError: if there is an adjustment: a function is no data.
        """
        if self.adjustment is not None:
            raise NotImplementedError("A BatchNormalization with an `adjustment` can not be saved.")
        names = (
            "momentum epsilon center scale beta_initializer gamma_initializer "
            "moving_mean_initializer moving_variance_initializer beta_regularizer "
            "gamma_regularizer beta_constraint gamma_constraint"
        )
        config = {**super().get_config(), "axis": self.axis, **described(self, names)}
        if self.renorm:
            config |= described(self, "renorm renorm_clipping renorm_momentum")
        if self.virtual_batch_size is not None:
            config["virtual_batch_size"] = self.virtual_batch_size
        return config


class LayerNormalization(Layer):
    """gamma (inputs - mean) / sqrt(variance + epsilon) + beta, of each row over its features.

    Args:
        axis: of the features, or several.
        epsilon: keeps the root from being 0.
        center: whether there is a beta.
        scale: whether there is a gamma.
        beta_initializer: of beta; see `tf.keras.initializers`.
        gamma_initializer: of gamma.
        beta_regularizer: see `tf.keras.regularizers`.
        gamma_regularizer: likewise of gamma.
        beta_constraint: see `tf.keras.constraints`.
        gamma_constraint: likewise of gamma.
        trainable: whether optimizers change gamma and beta.
        name: name of the layer.
        **kwargs: see `Layer`.

    Source: Ba, Kiros and Hinton 2016.
    """

    supports_masking = True

    _keeps_precision = True

    def __init__(
        self,
        axis: Any = -1,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, **kwargs)
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError(f"Expected an int or a list/tuple of ints for the axis, got {axis}")
        self.axis: Any = axis if isinstance(axis, int) else list(axis)
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)

    def _axes(self, rank: int) -> list[int]:
        axes = [self.axis] if isinstance(self.axis, int) else self.axis
        return [each % rank for each in axes]

    def build(self, input_shape: Any) -> None:
        """Make gamma and beta."""
        sizes = TensorShape(input_shape).as_list()
        shape = [sizes[each] for each in self._axes(len(sizes))]
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self.add_weight(
                "gamma",
                shape,
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
            )
        if self.center:
            self.beta = self.add_weight(
                "beta",
                shape,
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
            )
        self.built = True

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        sizes = inputs.shape.as_list()
        axes = self._axes(len(sizes))
        mean, variance = nn_normalisation.moments(inputs, axes, keep_dims=True)
        spread = [sizes[i] if i in axes else 1 for i in range(len(sizes))]
        gamma, beta = (
            None if each is None else array.reshape(each, spread)
            for each in (self.gamma, self.beta)
        )
        made = nn_normalisation.batch_normalization(
            inputs, mean, variance, beta, gamma, self.epsilon
        )
        made.set_shape(sizes)
        return made

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs: that of the inputs."""
        return TensorShape(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        names = (
            "axis epsilon center scale beta_initializer gamma_initializer beta_regularizer "
            "gamma_regularizer beta_constraint gamma_constraint"
        )
        return {**super().get_config(), **described(self, names)}
