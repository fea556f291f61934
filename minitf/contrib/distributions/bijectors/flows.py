"""Autoregressive flows: each number of y is scaled and shifted by the ones before it.

    y_i = exp(log_scale_i) x_i + shift_i     with shift_i, log_scale_i = f(y_0, ..., y_(i - 1))

The way from y to x is one call of f; the way back calls it once per number.  A network is such an
f if its weights are masked: a unit sees only units of earlier blocks.

Source: Germain et al. 2015, "MADE"; Papamakarios et al. 2017, "Masked Autoregressive Flow";
TensorFlow 1.15's tf.contrib.distributions.bijectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat, reshape, unstack
from minitf.api.clipping import clip_by_value
from minitf.api.constants import zeros, zeros_like
from minitf.api.control import stop_gradient
from minitf.api.elementary import exp
from minitf.api.framework import name_scope
from minitf.api.nn_activations import relu
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.control_flow.while_loop import while_loop
from minitf.convert import convert_to_tensor
from minitf.layers.core import Dense
from minitf.tensor import Tensor
from minitf.variables.initializers import GlorotNormal
from minitf.variables.template import make_template


class MaskedAutoregressiveFlow(Bijector):
    """An affine function of each number of a vector, which depends on the ones before it.

    Args:
        shift_and_log_scale_fn: y -> (shift, log_scale), whose i-th numbers depend on those of y
            before the i-th only; either may be None for 0.
        is_constant_jacobian: whether log_scale does not depend on y.
        validate_args: accepted.
        unroll_loop: whether `forward` is as many copies of the function as there are numbers, which
            must be known while the graph is built; else a loop.
        name: name scope of all operations.
    """

    def __init__(
        self,
        shift_and_log_scale_fn: Callable[[Tensor], tuple[Any, Any]],
        is_constant_jacobian: bool = False,
        validate_args: bool = False,
        unroll_loop: bool = False,
        name: str | None = None,
    ) -> None:
        self._function = shift_and_log_scale_fn
        self._unroll_loop = unroll_loop
        super().__init__(
            is_constant_jacobian=is_constant_jacobian,
            validate_args=validate_args,
            forward_min_event_ndims=1,
            name=name or "masked_autoregressive_flow",
        )

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        """Return y with one number more that is right."""
        shift, log_scale = self._function(y)
        made = x if log_scale is None else x * exp(log_scale)
        return made if shift is None else made + shift

    def _forward(self, x: Tensor) -> Tensor:
        y = zeros_like(x, name="y0")
        if self._unroll_loop:
            size = x.shape.with_rank_at_least(1)[-1].value
            if size is None:
                raise ValueError(
                    "The final dimension of `x` must be known at graph construction time if "
                    f"`unroll_loop=True`. `x.shape: {x.shape}`"
                )
            for _ in range(size):
                y = self._step(x, y)
            return y
        size = shape(x)[-1]
        _, y = while_loop(
            lambda i, _: i < size,
            lambda i, y: (i + 1, self._step(x, y)),
            (convert_to_tensor(0), y),
        )
        return y

    def _inverse(self, y: Tensor) -> Tensor:
        shift, log_scale = self._function(y)
        x = y if shift is None else y - shift
        return x if log_scale is None else x * exp(-log_scale)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        log_scale = self._function(y)[1]
        if log_scale is None:
            return zeros([], y.dtype.base_dtype)
        return -reduce_sum(log_scale, -1)


def _mask(num_blocks: int, n_in: int, n_out: int, *, exclusive: bool) -> Any:
    """Return float32[n_in, n_out]: 1 where an output may see an input.

    Both are cut in as many blocks.  Outputs of a block see inputs of earlier ones, and of their own
    unless that is excluded.
    """
    mask = np.zeros([n_in, n_out], np.float32)
    wide, high = n_in // num_blocks, n_out // num_blocks
    for block in range(num_blocks):
        inputs = slice(block * wide, (block + 1) * wide)
        mask[inputs, (block + exclusive) * high :] = 1
    return mask


def masked_dense(
    inputs: Any,
    units: int,
    num_blocks: int | None = None,
    exclusive: bool = False,
    kernel_initializer: Any = None,
    reuse: bool | None = None,
    name: str | None = None,
    *args: Any,
    **kwargs: Any,
) -> Tensor:
    """Return a dense layer whose units see only inputs of earlier blocks.

    Args:
        inputs: [..., size], the size known while the graph is built.
        units: how many units the layer has.
        num_blocks: into how many blocks inputs and units are cut.
        exclusive: whether a block does not see its own inputs.
        kernel_initializer: of the weights; `tf.glorot_normal_initializer()` if None.
        reuse: whether variables of an earlier call are used.
        name: of the layer.
        *args: passed on to `tf.layers.Dense`.
        **kwargs: passed on likewise.

    Raises:
        NotImplementedError: if the size is not known.
    """
    inputs = convert_to_tensor(inputs)
    size = inputs.shape.with_rank_at_least(1)[-1].value
    if size is None:
        raise NotImplementedError("Rightmost dimension must be known prior to graph execution.")
    mask = _mask(num_blocks or 1, size, units, exclusive=exclusive)
    initializer = kernel_initializer or GlorotNormal()

    def masked(shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
        del partition_info
        made = initializer(shape, dtype=dtype)
        return made * ops.cast_op(mask, DstT=made.dtype.base_dtype)

    with name_scope(name, "masked_dense", [inputs]):
        options: dict[str, Any] = {
            "kernel_initializer": masked,
            "kernel_constraint": lambda weights: weights * mask,
            "name": name,
            "dtype": inputs.dtype.base_dtype,
            "_scope": name,
            "_reuse": reuse,
        }
        layer = Dense(units, *args, **options, **kwargs)  # type: ignore[misc]  # of the caller
        return layer.apply(inputs)


def masked_autoregressive_default_template(
    hidden_layers: Sequence[int],
    shift_only: bool = False,
    activation: Any = relu,
    log_scale_min_clip: float = -5.0,
    log_scale_max_clip: float = 3.0,
    log_scale_clip_gradient: bool = False,
    name: str | None = None,
    *args: Any,
    **kwargs: Any,
) -> Callable[[Tensor], tuple[Tensor, Tensor | None]]:
    """Return a function for MaskedAutoregressiveFlow: masked layers, whose variables are made once.

    Args:
        hidden_layers: how many units each hidden layer has.
        shift_only: whether log_scale is None.
        activation: of the hidden layers; none if None.
        log_scale_min_clip: the least log_scale.
        log_scale_max_clip: the greatest one.
        log_scale_clip_gradient: whether no gradient flows where it is clipped.
        name: name scope of the variables.
        *args: passed on to `masked_dense`.
        **kwargs: passed on likewise.
    """
    shown = name or "masked_autoregressive_default_template"

    def shift_and_log_scale(x: Tensor) -> tuple[Tensor, Tensor | None]:
        size = x.shape.with_rank_at_least(1)[-1].value
        if size is None:
            raise NotImplementedError("Rightmost dimension must be known prior to graph execution.")
        made: Any = x[None] if x.shape.rank == 1 else x
        exclusive = True  # a number must not see itself, wherever it comes in
        for units in hidden_layers:
            made = masked_dense(
                made, units, size, exclusive, *args, activation=activation, **kwargs
            )
            exclusive = False
        outputs = (1 if shift_only else 2) * size
        made = masked_dense(made, outputs, size, exclusive, *args, **kwargs)
        if shift_only:
            return reshape(made, shape(x)), None
        shift, log_scale = unstack(reshape(made, concat([shape(x), [2]], 0)), num=2, axis=-1)
        shift.set_shape(x.shape)
        log_scale.set_shape(x.shape)
        clipped = clip_by_value(log_scale, log_scale_min_clip, log_scale_max_clip)
        if not log_scale_clip_gradient:
            clipped = log_scale + stop_gradient(clipped - log_scale)
        return shift, clipped

    return make_template(shown, shift_and_log_scale)
