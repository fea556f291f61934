"""BatchNormalization: x = (y - mean) / stddev, by the statistics that a layer keeps.

Source: Ioffe and Szegedy 2015; Papamakarios et al. 2017, "Masked Autoregressive Flow" §3.1;
TensorFlow 1.15's tf.contrib.distributions.bijectors.BatchNormalization.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import reshape
from minitf.api.elementary import log, sqrt
from minitf.api.nn_activations import relu
from minitf.api.nn_normalisation import moments
from minitf.api.reductions import reduce_sum
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.layers.normalization import BatchNormalization as Layer
from minitf.tensor import Tensor


class BatchNormalization(Bijector):
    """The inverse normalises a batch; forward undoes it by the moving statistics.

    While it trains, the inverse takes the statistics of its batch and moves those that are kept
    (operations in `tf.GraphKeys.UPDATE_OPS`); the two are each other's inverse if it does not.

    Args:
        batchnorm_layer: a `tf.layers.BatchNormalization` that neither renormalises nor has virtual
            batches; if None one whose scale stays greater than 0.
        training: whether it trains.
        validate_args: accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the layer is of another kind.
    """

    def __init__(
        self,
        batchnorm_layer: Any = None,
        training: bool = True,
        validate_args: bool = False,
        name: str = "batch_normalization",
    ) -> None:
        layer = batchnorm_layer
        if layer is None:
            layer = Layer(gamma_constraint=lambda scale: relu(scale) + 1e-6)
        if not isinstance(layer, Layer):
            raise ValueError("batchnorm_layer must be an instance of BatchNormalization layer.")
        if layer.renorm:
            raise ValueError("BatchNorm Bijector does not support renormalization.")
        if layer.virtual_batch_size:
            raise ValueError("BatchNorm Bijector does not support virtual batch sizes.")
        self.batchnorm = layer
        self._training = training
        super().__init__(validate_args=validate_args, forward_min_event_ndims=1, name=name)

    def _axes(self, x: Tensor) -> list[int]:
        """Return the dimensions that have statistics of their own.

        Raises:
            ValueError: if the number of dimensions is not known while the graph is built.
        """
        if x.shape.rank is None:
            raise ValueError("Input must have shape known at graph construction.")
        axis = self.batchnorm.axis
        return [each % x.shape.rank for each in ([axis] if isinstance(axis, int) else axis)]

    def _along(self, numbers: Any, x: Tensor) -> Any:
        """Return a parameter of the layer, shaped to broadcast with x."""
        if numbers is None:
            return None
        axes = self._axes(x)
        sizes = [x.shape[i].value if i in axes else 1 for i in range(x.shape.rank or 0)]
        return reshape(numbers, sizes)

    def _forward(self, x: Tensor) -> Tensor:
        layer = self.batchnorm
        if not layer.built:
            layer.build(x.shape)
        gamma, beta = (self._along(each, x) for each in (layer.gamma, layer.beta))
        wide = sqrt(self._along(layer.moving_variance, x) + layer.epsilon)
        made = x if beta is None else x - beta
        made = made * (wide if gamma is None else wide / gamma)
        return made + self._along(layer.moving_mean, x)

    def _inverse(self, y: Tensor) -> Tensor:
        return self.batchnorm.apply(y, training=self._training)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return -self._stretch(x, of_batch=False)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return self._stretch(y, of_batch=self._training)

    def _stretch(self, y: Tensor, *, of_batch: bool) -> Tensor:
        """Return the sum of log(gamma / stddev): statistics of a batch count as constants."""
        layer = self.batchnorm
        if not layer.built:
            layer.build(y.shape)
        axes = self._axes(y)
        variance = layer.moving_variance
        if of_batch:
            others = [i for i in range(y.shape.rank or 0) if i not in axes]
            variance = moments(y, axes=others)[1]
        found = -0.5 * log(variance + layer.epsilon)
        return reduce_sum(found if layer.gamma is None else found + log(layer.gamma))
