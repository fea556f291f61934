"""RealNVP: vectors one part of which scales and shifts the other.

    y = x_a, exp(log_scale) x_b + shift      with shift, log_scale = f(x_a)

Source: Dinh et al. 2017, "Density Estimation using Real NVP"; TensorFlow 1.15's class of the same
name in tf.contrib.distributions.bijectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.array import concat, reshape, split
from minitf.api.constants import zeros
from minitf.api.elementary import exp
from minitf.api.nn_activations import relu
from minitf.api.reductions import reduce_sum
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.layers.core import dense
from minitf.tensor import Tensor
from minitf.variables.template import make_template

ShiftAndLogScale = Callable[..., tuple[Any, Any]]


class RealNVP(Bijector):
    """An affine function of a vector's last numbers, which depends on the first ones.

    Args:
        num_masked: how many numbers come first and stay as they are.
        shift_and_log_scale_fn: (first numbers, how many others there are) -> (shift, log_scale),
            either of which may be None for 0.
        is_constant_jacobian: whether log_scale does not depend on the numbers.
        validate_args: accepted: sizes are always checked.
        name: name scope of all operations.

    Raises:
        ValueError: if `num_masked` is less than 1.
    """

    def __init__(
        self,
        num_masked: int,
        shift_and_log_scale_fn: ShiftAndLogScale,
        is_constant_jacobian: bool = False,
        validate_args: bool = False,
        name: str | None = None,
    ) -> None:
        if num_masked <= 0:
            raise ValueError("num_masked must be a positive integer.")
        self._num_masked = num_masked
        self._function = shift_and_log_scale_fn
        super().__init__(
            is_constant_jacobian=is_constant_jacobian,
            validate_args=validate_args,
            forward_min_event_ndims=1,
            name=name or "real_nvp",
        )

    def _parts(self, x: Tensor) -> tuple[Tensor, Tensor, Any, Any]:
        """Return the first numbers, the others, and what shifts and scales these.

        Raises:
            NotImplementedError: if the size of x is not known while the graph is built.
            ValueError: if there are no others.
        """
        size = x.shape.with_rank_at_least(1)[-1].value
        if size is None:
            raise NotImplementedError("Rightmost dimension must be known prior to graph execution.")
        if self._num_masked >= size:
            raise ValueError("Number of masked units must be smaller than the event size.")
        first, others = x[..., : self._num_masked], x[..., self._num_masked :]
        return first, others, *self._function(first, size - self._num_masked)

    def _forward(self, x: Tensor) -> Tensor:
        first, others, shift, log_scale = self._parts(x)
        if log_scale is not None:
            others = others * exp(log_scale)
        return concat([first, others if shift is None else others + shift], -1)

    def _inverse(self, y: Tensor) -> Tensor:
        first, others, shift, log_scale = self._parts(y)
        if shift is not None:
            others = others - shift
        return concat([first, others if log_scale is None else others * exp(-log_scale)], -1)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        log_scale = self._parts(x)[3]
        if log_scale is None:
            return zeros([], x.dtype.base_dtype)
        return reduce_sum(log_scale, -1)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return -self._forward_log_det_jacobian(y)  # which needs the first numbers only


def real_nvp_default_template(
    hidden_layers: Sequence[int],
    shift_only: bool = False,
    activation: Any = relu,
    name: str | None = None,
    *args: Any,
    **kwargs: Any,
) -> ShiftAndLogScale:
    """Return a function for RealNVP that is a perceptron, whose variables are made once.

    Args:
        hidden_layers: how many units each hidden layer has.
        shift_only: whether log_scale is None.
        activation: of the hidden layers; none if None.
        name: name scope of the variables.
        *args: passed on to `tf.layers.dense`.
        **kwargs: passed on likewise.
    """
    shown = name or "real_nvp_default_template"

    def shift_and_log_scale(x: Tensor, output_units: int) -> tuple[Tensor, Tensor | None]:
        one = x.shape.rank == 1
        made: Any = x[None] if one else x
        for units in hidden_layers:
            made = dense(made, units, activation, *args, **kwargs)
        outputs = output_units if shift_only else 2 * output_units
        made = dense(made, outputs, None, *args, **kwargs)
        made = reshape(made, [outputs]) if one else made
        if shift_only:
            return made, None
        shift, log_scale = split(made, 2, axis=-1)
        return shift, log_scale

    return make_template(shown, shift_and_log_scale)
