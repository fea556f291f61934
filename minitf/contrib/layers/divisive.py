"""Generalized divisive normalization: each channel is divided by a norm of all channels.

    y_i = x_i / sqrt(beta_i + sum_j gamma_ji x_j^2)

beta and gamma stay positive since they are squares of what is trained, less a small offset.

Source: Balle, Laparra and Simoncelli, "Density modeling of images using a generalized normalization
transformation" (2016) and "End-to-end optimized image compression" (2017); TensorFlow 1.15's
tf.contrib.layers.gdn.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import transpose
from minitf.api.casting import cast
from minitf.api.comparison import greater_equal, less, logical_or
from minitf.api.constants import ones
from minitf.api.control import identity
from minitf.api.custom_gradients import custom_gradient
from minitf.api.elementary import sqrt, square
from minitf.api.math import maximum
from minitf.api.matmul import tensordot
from minitf.api.sequences import eye
from minitf.layers.arguments import applied
from minitf.layers.base import Layer
from minitf.layers.input_spec import InputSpec
from minitf.layers.utils import normalize_data_format
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class GDN(Layer):
    """Divides each channel by sqrt(beta_i + sum_j gamma_ji x_j^2), or multiplies it by that.

    Args:
        inverse: whether to multiply: one step of the iteration that inverts the layer.
        beta_min: least beta, so that no root of 0 is drawn.
        gamma_init: gamma begins as this many times the identity, beta as 1.
        reparam_offset: what keeps the gradient of the squares from vanishing.
        data_format: "channels_last" or "channels_first".
        activity_regularizer: a function of the outputs whose result is a loss.
        trainable: whether optimizers change beta and gamma.
        name: name of the layer and of its variable scope.
        **kwargs: `dtype`.
    """

    DESCRIBED = "inverse beta_min gamma_init reparam_offset data_format activity_regularizer"

    def __init__(
        self,
        inverse: bool = False,
        beta_min: float = 1e-6,
        gamma_init: float = 0.1,
        reparam_offset: float = 2**-18,
        data_format: str = "channels_last",
        activity_regularizer: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **kwargs)
        self.inverse = inverse
        self.beta_min = beta_min
        self.gamma_init = gamma_init
        self.reparam_offset = reparam_offset
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=2)

    @property
    def _axis(self) -> int:
        return -1 if self.data_format == "channels_last" else 1

    def build(self, input_shape: Any) -> None:
        """Make beta and gamma.

        Raises:
            ValueError: if the number of channels is not known.
        """
        channels = TensorShape(input_shape)[self._axis].value
        if channels is None:
            raise ValueError("The channel dimension of the inputs to `GDN` must be defined.")
        self.input_spec = InputSpec(min_ndim=2, axes={self._axis: channels})
        pedestal = self.reparam_offset**2

        def beta(shape: Any, dtype: Any = None, **_: Any) -> Tensor:
            return sqrt(ones(shape, dtype) + pedestal)

        def gamma(shape: Any, dtype: Any = None, **_: Any) -> Tensor:
            return sqrt(self.gamma_init * eye(shape[0], dtype=dtype) + pedestal)

        reparam_beta = self.add_weight("reparam_beta", [channels], initializer=beta)
        reparam_gamma = self.add_weight("reparam_gamma", [channels] * 2, initializer=gamma)
        least = (self.beta_min + pedestal) ** 0.5
        self.beta = square(_at_least(reparam_beta, least)) - pedestal
        self.gamma = square(_at_least(reparam_gamma, self.reparam_offset)) - pedestal
        self.built = True

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        rank = inputs.shape.ndims
        back = None
        x = inputs
        if self.data_format == "channels_first" and rank > 2:
            x = transpose(x, [0, *range(2, rank), 1])
            back = [0, rank - 1, *range(1, rank - 1)]
        squares = tensordot(square(x), self.gamma, [[rank - 1], [0]]) + self.beta
        outputs = x * (sqrt(squares) if self.inverse else ops.rsqrt_op(squares))
        outputs = outputs if back is None else transpose(outputs, back)
        outputs.set_shape(inputs.shape)
        return outputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the shape of the inputs."""
        return TensorShape(input_shape)


def _at_least(variable: Any, bound: float) -> Tensor:
    """Return max(variable, bound); below the bound only gradients that lead back up pass."""

    @custom_gradient
    def bounded(x: Tensor) -> Any:
        def grad(dy: Tensor) -> Tensor:
            return dy * cast(logical_or(greater_equal(x, bound), less(dy, 0.0)), dy.dtype)

        return maximum(x, bound), grad

    found: Tensor = bounded(identity(variable))
    return found


def gdn(
    inputs: Any,
    inverse: bool = False,
    beta_min: float = 1e-6,
    gamma_init: float = 0.1,
    reparam_offset: float = 2**-18,
    data_format: str = "channels_last",
    activity_regularizer: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: bool | None = None,
) -> Tensor:
    """Return the outputs of a layer of divisive normalization; see `GDN`.

    Args:
        inputs: floats of rank 2 or more.
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(GDN, locals())
