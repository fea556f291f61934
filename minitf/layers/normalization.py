"""Batch normalisation: each channel with mean 0 and variance 1 over the batch, scaled and moved.

    y = gamma (x - mean) / sqrt(variance + epsilon) + beta

In training, mean and variance are those of the batch, and updates in the collection UPDATE_OPS move
averages of them towards them; else they are the averages.

    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(update_ops):
        train_op = optimizer.minimize(loss)

Source: Ioffe and Szegedy 2015; Ioffe 2017 (`renorm`); TensorFlow 1.15's function and class of the
same names in tf.layers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api import array, nn_normalisation
from minitf.api.casting import cast
from minitf.api.constants import constant, ones_like, zeros_like
from minitf.api.control import stop_gradient
from minitf.api.framework import convert_to_tensor
from minitf.api.reductions import reduce_mean
from minitf.api.sizes import shape
from minitf.dtypes import float32
from minitf.layers.arguments import applied, passed_on
from minitf.layers.moving_statistics import moved_towards, moved_variance, renormalized
from minitf.layers.normalization_weights import HALF, NormalizationWeights
from minitf.layers.phase import decided
from minitf.layers.utils import constant_value, smart_cond
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.initializers import Ones, Zeros

_ZEROS, _ONES = Zeros(), Ones()


class BatchNormalization(NormalizationWeights):
    """gamma (inputs - mean) / sqrt(variance + epsilon) + beta.

    Args:
        axis: that of the channels, or several.
        momentum: how much of the moving averages stays at an update.
        epsilon: keeps the root from being 0.
        center: whether there is a beta.
        scale: whether there is a gamma.
        beta_initializer: of beta, and so on.
        gamma_initializer: of gamma.
        moving_mean_initializer: of the average of means.
        moving_variance_initializer: of the average of variances.
        beta_regularizer: a function of beta whose result is a loss.
        gamma_regularizer: likewise of gamma.
        beta_constraint: what optimizers apply to beta after each update.
        gamma_constraint: likewise to gamma.
        renorm: whether training corrects the batch's statistics by moving averages (Ioffe 2017).
        renorm_clipping: the limits "rmax", "rmin" and "dmax" of the corrections.
        renorm_momentum: how much of those averages stays at an update.
        fused: whether one operation may compute it all: for images, by default.
        trainable: whether optimizers change gamma and beta.
        virtual_batch_size: size of the groups that are normalised each by itself.
        adjustment: a function of the inputs' shape that returns a scale and an offset, applied
            in training before gamma and beta.
        name: name of the layer and of its variable scope.
        **kwargs: `dtype`.

    Raises:
        TypeError: if `axis` is no number nor list.
        ValueError: if `renorm_clipping` has other keys.
    """

    def __init__(
        self,
        axis: Any = -1,
        momentum: Any = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = _ZEROS,
        gamma_initializer: Any = _ONES,
        moving_mean_initializer: Any = _ZEROS,
        moving_variance_initializer: Any = _ONES,
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
        super().__init__(**passed_on(locals()))

    def call(self, inputs: Any, training: Any = False) -> Tensor:
        """Return the outputs.

        Args:
            inputs: a tensor of the rank that the first inputs had.
            training: whether the batch's own statistics are used: a bool or a Tensor; None for
                the learning phase.
        """
        training = decided(training)
        if self.virtual_batch_size is None:
            how = self._fused if self.fused else self._normalized
            return how(inputs, training)
        sizes = shape(inputs)
        whole = array.concat([constant([-1]), sizes[1:]], 0)
        groups = array.concat([constant([self.virtual_batch_size, -1]), whole[1:]], 0)
        return array.reshape(self._normalized(array.reshape(inputs, groups), training), whole)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs: that of the inputs."""
        return TensorShape(input_shape)

    # --- by one operation ------------------------------------------------------------------------

    def _fused(self, inputs: Any, training: Any) -> Tensor:
        weights = (
            self.gamma if self.scale else self._neutral["gamma"],
            self.beta if self.center else self._neutral["beta"],
        )
        layout = "NCHW" if self.axis == [1] else "NHWC"

        def of_the_batch() -> Any:
            return nn_normalisation.fused_batch_norm(
                inputs, *weights, epsilon=self.epsilon, data_format=layout
            )

        def of_the_averages() -> Any:
            return nn_normalisation.fused_batch_norm(
                inputs,
                *weights,
                self.moving_mean,
                self.moving_variance,
                epsilon=self.epsilon,
                data_format=layout,
                is_training=False,
            )

        outputs, mean, variance = smart_cond(training, of_the_batch, of_the_averages)
        known = constant_value(training)
        if known is None:
            momentum = smart_cond(training, lambda: self.momentum, lambda: 1.0)
        else:
            momentum = convert_to_tensor(self.momentum)
        if known is not False:
            self.add_update(lambda: moved_towards(self.moving_mean, mean, momentum))
            self.add_update(lambda: moved_towards(self.moving_variance, variance, momentum))
        return outputs

    # --- by many ---------------------------------------------------------------------------------

    def _normalized(self, inputs: Any, training: Any) -> Tensor:
        x = cast(inputs, float32) if inputs.dtype.base_dtype in HALF else inputs
        spread = self._broadcast_to(x.shape)
        scale, offset = spread(self.gamma), spread(self.beta)
        if constant_value(training) is False:
            mean, variance = self.moving_mean, self.moving_variance
        else:
            if self.adjustment is not None:
                scale, offset = self._adjusted(x, training, scale, offset)
            mean, variance = self._statistics(x, training)
            new_mean, new_variance = mean, variance
            if self.virtual_batch_size is not None:
                new_mean = reduce_mean(mean, axis=1, keepdims=True)
                new_variance = reduce_mean(variance, axis=1, keepdims=True)
            if self.renorm:
                r, d, new_mean, new_variance = renormalized(self, new_mean, new_variance, training)
                r = spread(stop_gradient(r, name="renorm_r"))
                d = spread(stop_gradient(d, name="renorm_d"))
                scale, offset = _composed(r, d, scale, offset)
            self._add_updates(new_mean, new_variance, training)
        mean, variance, offset, scale = (
            None if each is None else cast(each, x.dtype)
            for each in (mean, variance, offset, scale)
        )
        outputs = nn_normalisation.batch_normalization(
            x, spread(mean), spread(variance), offset, scale, self.epsilon
        )
        outputs = cast(outputs, inputs.dtype)
        outputs.set_shape(x.shape)
        return outputs

    def _reduced_axes(self, rank: int) -> list[int]:
        """Return the axes of which there are means: all but the channels' and the groups'."""
        axes = [axis for axis in range(rank) if axis not in self.axis]
        if self.virtual_batch_size is not None:
            del axes[1]
        return axes

    def _broadcast_to(self, shape: TensorShape) -> Callable[[Any], Any]:
        """Return a function that reshapes numbers of channels, where they are not last."""
        rank = shape.ndims or 0
        sizes = [1] * rank
        sizes[self.axis[0]] = shape[self.axis[0]].value
        is_last = self._reduced_axes(rank) == list(range(rank - 1))

        def spread(value: Any) -> Any:
            if value is None or value.shape.ndims == rank or is_last:
                return value
            return array.reshape(value, sizes)

        return spread

    def _statistics(self, x: Tensor, training: Any) -> tuple[Any, Any]:
        """Return mean and variance: those of the batch in training."""
        mean, variance = nn_normalisation.moments(
            cast(x, self._weight_dtype),
            self._reduced_axes(x.shape.ndims or 0),
            keep_dims=self.virtual_batch_size is not None or len(self.axis) > 1,
        )
        return (
            smart_cond(training, lambda: mean, lambda: convert_to_tensor(self.moving_mean)),
            smart_cond(training, lambda: variance, lambda: convert_to_tensor(self.moving_variance)),
        )

    def _adjusted(self, x: Tensor, training: Any, scale: Any, offset: Any) -> tuple[Any, Any]:
        factor, term = self.adjustment(shape(x))
        factor = smart_cond(training, lambda: factor, lambda: ones_like(factor))
        term = smart_cond(training, lambda: term, lambda: zeros_like(term))
        return _composed(factor, term, scale, offset)

    def _add_updates(self, mean: Any, variance: Any, training: Any) -> None:
        def move_mean() -> Any:
            return moved_towards(self.moving_mean, mean, self.momentum)

        def move_variance() -> Any:
            if self.renorm:
                return moved_variance(self, variance)
            return moved_towards(self.moving_variance, variance, self.momentum)

        self.add_update(lambda: smart_cond(training, move_mean, lambda: self.moving_mean))
        self.add_update(lambda: smart_cond(training, move_variance, lambda: self.moving_variance))


def _composed(scale: Any, offset: Any, then_scale: Any, then_offset: Any) -> tuple[Any, Any]:
    """Return scale and offset of two steps in one, the later ones possibly None."""
    if then_scale is not None:
        scale, offset = scale * then_scale, offset * then_scale
    return scale, offset if then_offset is None else offset + then_offset


def batch_normalization(
    inputs: Any,
    axis: Any = -1,
    momentum: Any = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = _ZEROS,
    gamma_initializer: Any = _ONES,
    moving_mean_initializer: Any = _ZEROS,
    moving_variance_initializer: Any = _ONES,
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    training: Any = False,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_momentum: Any = 0.99,
    fused: bool | None = None,
    virtual_batch_size: int | None = None,
    adjustment: Any = None,
) -> Tensor:
    """Return gamma (inputs - mean) / sqrt(variance + epsilon) + beta; see `BatchNormalization`.

    Args:
        inputs: a tensor, or several axes of channels.
        training: whether the batch's own statistics are used, and moving averages updated: a bool
            or a Tensor.
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(BatchNormalization, locals(), "training")
