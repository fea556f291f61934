"""Normalisation of each example by itself: over all of it, over channels, or groups of them.

    y = gamma (x - mean) / sqrt(variance + epsilon) + beta

    layer_norm       mean and variance over all axes but the first
    instance_norm    for each channel, over the axes of space
    group_norm       for each group of channels, over the group and the axes of space

Source: Ba, Kiros and Hinton 2016; Ulyanov, Vedaldi and Lempitsky 2016; Wu and He 2018; TensorFlow
1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minitf.api.array import reshape
from minitf.api.elementary import rsqrt
from minitf.api.framework import convert_to_tensor
from minitf.api.nn_normalisation import (
    batch_normalization,
    moments,
    normalize_moments,
    sufficient_statistics,
)
from minitf.api.sizes import shape as shape_of
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.utils import collect_named_outputs, get_variable_collections
from minitf.dtypes import float16
from minitf.tensor import Tensor
from minitf.variables.initializers import Ones, Zeros
from minitf.variables.sharing import variable_scope

_INITIALIZERS = {"beta": Zeros(), "gamma": Ones()}


def _weight(
    name: str, shape: Any, inputs: Tensor, initializers: Any, collections: Any, trainable: bool
) -> Any:
    return model_variable(
        name,
        shape=shape,
        dtype=inputs.dtype.base_dtype,
        initializer=(initializers or {}).get(name, _INITIALIZERS[name]),
        collections=get_variable_collections(collections, name),
        trainable=trainable,
    )


@add_arg_scope
def layer_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    activation_fn: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    begin_norm_axis: int = 1,
    begin_params_axis: int = -1,
    scope: Any = None,
) -> Tensor:
    """Return activation_fn(gamma (inputs - mean) / sqrt(variance) + beta).

    Args:
        inputs: a tensor, [N, ...].
        center: whether there is a beta.
        scale: whether there is a gamma.
        activation_fn: a function; None for none.
        reuse: whether to find variables that exist; needs `scope`.
        variables_collections: names of collections that the variables join, or a dictionary of
            such for "beta" and "gamma".
        outputs_collections: names of collections that the outputs join.
        trainable: whether optimizers change the variables.
        begin_norm_axis: the first axis of those over which mean and variance are taken.
        begin_params_axis: the first axis of those for each of whose elements there is a beta and a
            gamma.
        scope: name of the variable scope.

    Raises:
        ValueError: if the rank, or a size that variables have, is not known, or an axis does not
            exist.
    """
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as entered:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        first = begin_norm_axis + rank if begin_norm_axis < 0 else begin_norm_axis
        if begin_params_axis >= rank or first >= rank:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis ({first}) must be < "
                f"rank(inputs) ({rank})"
            )
        shape = inputs.shape[begin_params_axis:]
        if not shape.is_fully_defined():
            raise ValueError(
                f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] is not fully defined: "
                f"{inputs.shape}"
            )
        given = (inputs, None, variables_collections, trainable)
        beta = _weight("beta", shape, *given) if center else None
        gamma = _weight("gamma", shape, *given) if scale else None
        mean, variance = moments(inputs, list(range(first, rank)), keep_dims=True)
        epsilon = 1e-3 if inputs.dtype.base_dtype is float16 else 1e-12  # of 16 bits, few are small
        outputs = batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(inputs.shape)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


@add_arg_scope
def instance_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-06,
    activation_fn: Any = None,
    param_initializers: Mapping[str, Any] | None = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Tensor:
    """Return activation_fn(gamma (inputs - mean) / sqrt(variance + epsilon) + beta), by channel.

    Args:
        inputs: a tensor, [N, ..., C], or [N, C, ...] for "NCHW".
        center: see `layer_norm`, and so are the following ones.
        epsilon: keeps the root from being 0.
        param_initializers: of "beta" and "gamma".
        data_format: "NHWC" or "NCHW".

    Raises:
        ValueError: if `data_format` is another, or the rank or the number of channels is not known.
    """
    inputs = convert_to_tensor(inputs)
    rank = inputs.shape.ndims
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    if data_format not in ("NCHW", "NHWC"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    with variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse) as entered:
        axis = 1 if data_format == "NCHW" else rank - 1
        shape = inputs.shape[axis : axis + 1]
        if not shape.is_fully_defined():
            raise ValueError(f"Inputs {inputs.name} has undefined channels dimension {shape}.")

        def weight(name: str) -> Any:
            made = _weight(
                name, shape, inputs, param_initializers, variables_collections, trainable
            )
            if data_format == "NHWC":
                return made
            return reshape(made, [1, shape[0].value, *[1] * (rank - 2)])

        beta = weight("beta") if center else None
        gamma = weight("gamma") if scale else None
        axes = [each for each in range(1, rank) if each != axis]
        mean, variance = moments(inputs, axes, keep_dims=True)
        outputs = batch_normalization(
            inputs, mean, variance, beta, gamma, epsilon, name="instancenorm"
        )
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


@add_arg_scope
def group_norm(
    inputs: Any,
    groups: int = 32,
    channels_axis: int = -1,
    reduction_axes: Sequence[int] = (-3, -2),
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-06,
    activation_fn: Any = None,
    param_initializers: Mapping[str, Any] | None = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
    mean_close_to_zero: bool = False,
) -> Tensor:
    """Return activation_fn(gamma (inputs - mean) / sqrt(variance + epsilon) + beta), by group.

    Args:
        inputs: a tensor.
        groups: how many groups of channels there are, side by side.
        channels_axis: the axis of the channels.
        reduction_axes: the other axes over which mean and variance are taken.
        center: see `layer_norm`, and so are the following ones.
        epsilon: keeps the root from being 0.
        param_initializers: of "beta" and "gamma".
        mean_close_to_zero: whether the variance may be the mean of squares less the square of the
            mean, which is fast, but far from 0 it loses digits.

    Raises:
        ValueError: if the rank or a size that is used is not known, an axis does not exist, or the
            channels do not make so many groups.
    """
    inputs = convert_to_tensor(inputs)
    axis, others = _checked_axes(inputs, channels_axis, reduction_axes)
    rank, channels = inputs.shape.ndims or 0, inputs.shape[axis].value or 0
    if groups > channels:
        raise ValueError(f"Invalid groups {groups} for {channels} channels.")
    if channels % groups:
        raise ValueError(f"{channels} channels is not commensurate with {groups} groups.")

    known, sizes = inputs.shape.as_list(), shape_of(inputs)
    whole = [sizes[i] if size is None else size for i, size in enumerate(known)]
    of_group = [groups, channels // groups]
    grouped = reshape(inputs, [*whole[:axis], *of_group, *whole[axis + 1 :]])
    axes = [axis + 1, *(each + 1 if each > axis else each for each in others)]
    with variable_scope(scope, "GroupNorm", [grouped], reuse=reuse) as entered:

        def weight(name: str) -> Any:
            made = _weight(
                name, [channels], inputs, param_initializers, variables_collections, trainable
            )
            return reshape(made, [*[1] * axis, *of_group, *[1] * (rank - axis - 1)])

        beta = weight("beta") if center else None
        gamma = weight("gamma") if scale else None
        if mean_close_to_zero:
            counts, sums, squares, _ = sufficient_statistics(grouped, axes, keep_dims=True)
            mean, variance = normalize_moments(counts, sums, squares, shift=None)
        else:
            mean, variance = moments(grouped, axes, keep_dims=True)
        gain = rsqrt(variance + epsilon)
        offset = -mean * gain
        if gamma is not None:
            gain *= gamma
            offset *= gamma
        if beta is not None:
            offset += beta
        outputs = reshape(grouped * gain + offset, whole)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


def _checked_axes(
    inputs: Tensor, channels_axis: int, reduction_axes: Sequence[int]
) -> tuple[int, list[int]]:
    """Return the axis of the channels and the others, counted from 0.

    Raises:
        ValueError: if one does not exist, its size is not known, or one is both.
    """
    rank = inputs.shape.ndims
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    if max(channels_axis, *reduction_axes) > rank - 1:
        raise ValueError("Axis is out of bounds.")
    axis, *others = (each % rank for each in (channels_axis, *reduction_axes))
    if inputs.shape[axis].value is None:
        raise ValueError(f"Inputs {inputs.name} has undefined channel dimension: {axis}.")
    for each in others:
        if inputs.shape[each].value is None:
            raise ValueError(f"Inputs {inputs.name} has undefined dimensions {each}.")
    if axis in others:
        raise ValueError("reduction_axis must be mutually exclusive with channels_axis")
    return axis, others
