"""Floating-point numbers rounded to what few bits can hold, so that a network learns with the loss.

    out = round((clamp(x, low, high) - low) / step) * step + low, step = (high - low) / (2^bits - 1)

where [low, high] is the range asked for, *nudged* so that 0 is held exactly.  The gradient passes
straight through inside the range; what is outside goes to the range's ends, if they are variables.

Source: Jacob et al. 2017, "Quantization and Training of Neural Networks"; TensorFlow's ops.
"""

from typing import Any, NamedTuple

import numpy as np

from minitf import ops
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import Shape, merge, must_equal
from minitf.symbols import d, float32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
HALF = np.float32(0.5)

# --- the range -----------------------------------------------------------------------------------


class Range(NamedTuple):
    """A range nudged so that 0 is one of its steps; arrays of one range per channel."""

    low: Array
    high: Array
    step: Array
    scale: Array  # steps to the unit


def nudged(low: Any, high: Any, num_bits: int, *, narrow: bool) -> Range:
    """Return the nearest range that holds 0 exactly, with 2^num_bits - 1 steps, one less if narrow.

    Raises:
        InvalidArgumentError: if `num_bits` is not from 2 to 16.
    """
    if not 2 <= num_bits <= 16:
        raise invalid(f"num_bits must be between 2 and 16, inclusive, got {num_bits}")
    least, most = np.float32(narrow), np.float32(2**num_bits - 1)
    step, scale = (high - low) / (most - least), (most - least) / (high - low)
    zero = least - low / step
    zero = np.where(zero < least, least, np.where(zero > most, most, _rounded(zero)))
    return Range((least - zero) * step, (most - zero) * step, step, scale)


def _rounded(x: Array) -> Array:
    """Round to whole numbers, halves away from 0."""
    return np.copysign(np.floor(np.abs(x) + HALF), x)


def rounded_to(inputs: Array, to: Range, *, divides: bool = False) -> Array:
    """Return the nearest steps of a range.

    Args:
        inputs: the numbers.
        to: the range.
        divides: count steps by division, as TensorFlow's kernel of one learned range does; the
            others multiply by `scale`.  A number half-way between steps may fall differently.
    """
    shifted = np.minimum(np.maximum(inputs, to.low), to.high) - to.low
    if divides:
        counts, zero = shifted / to.step, np.floor(-to.low / to.step + HALF)
    else:
        counts, zero = shifted * to.scale, np.floor(-to.low * to.scale + HALF)
    return (np.floor(counts - zero + HALF) * to.step).astype(np.float32, copy=False)


# --- FakeQuantWithMinMaxArgs ---------------------------------------------------------------------


def _fixed(low: float, high: float, num_bits: int, *, narrow: bool) -> Range:
    if not low < high:
        raise invalid(f"min has to be smaller than max, was: {low} >= {high}")
    return nudged(np.float32(low), np.float32(high), num_bits, narrow=narrow)


@op("FakeQuantWithMinMaxArgs", outputs=("outputs",))
def fake_quant_with_min_max_args_op(
    inputs: float32,
    *,
    min: float = -6.0,
    max: float = 6.0,
    num_bits: int = 8,
    narrow_range: bool = False,
) -> float32:
    """Round to the nearest of the steps of a fixed range.

    The formula stands at the head of this file.

    Args:
        inputs: float32[...].
        min: the range's lower end.
        max: its upper end.
        num_bits: 2 to 16; there are 2^num_bits - 1 steps,
        narrow_range: or one less.

    Returns:
        float32[...] of the same shape.

    Raises:
        InvalidArgumentError: if the range is empty or `num_bits` out of range.

    Source: TensorFlow's op.
    """
    return rounded_to(inputs, _fixed(min, max, num_bits, narrow=narrow_range))


@op("FakeQuantWithMinMaxArgsGradient", outputs=("backprops",))
def fake_quant_with_min_max_args_gradient_op(
    gradients: float32,
    inputs: float32,
    *,
    min: float = -6.0,
    max: float = 6.0,
    num_bits: int = 8,
    narrow_range: bool = False,
) -> float32:
    """Let the gradient through where the input is inside the nudged range.

    Args:
        gradients: float32[...].
        inputs: float32[...], the op's.
        min: as the op's, and so are the other attributes.

    Returns:
        float32[...] of the same shape.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op.
    """
    return gradients * _inside(inputs, gradients, _fixed(min, max, num_bits, narrow=narrow_range))


def _inside(inputs: Array, gradients: Array, to: Range) -> Array:
    if inputs.shape != gradients.shape:
        raise invalid("gradients and inputs must be the same size", inputs=list(inputs.shape))
    return (inputs >= to.low) & (inputs <= to.high)


@fake_quant_with_min_max_args_op.gradient
def fake_quant_with_min_max_args_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.fake_quant_with_min_max_args_gradient_op(grad, op.inputs[0], **op.attrs)]


@fake_quant_with_min_max_args_op.shape
def fake_quant_with_min_max_args_shape(inputs: Shape, **attrs: Any) -> Shape:
    return inputs


@fake_quant_with_min_max_args_gradient_op.shape
def fake_quant_with_min_max_args_gradient_shape(
    gradients: Shape, inputs: Shape, **attrs: Any
) -> Shape:
    return merge(gradients, inputs)


# --- FakeQuantWithMinMaxVars ---------------------------------------------------------------------


@op("FakeQuantWithMinMaxVars", outputs=("outputs",))
def fake_quant_with_min_max_vars_op(
    inputs: float32,
    min: float32[()],
    max: float32[()],
    *,
    num_bits: int = 8,
    narrow_range: bool = False,
) -> float32:
    """Round to the nearest of the steps of a range that is learned.

    Args:
        inputs: float32[...].
        min: the range's lower end.
        max: its upper end; if both are 0, the results are 0.
        num_bits: 2 to 16; there are 2^num_bits - 1 steps,
        narrow_range: or one less.

    Returns:
        float32[...] of the same shape.

    Raises:
        InvalidArgumentError: if `num_bits` is out of range.

    Source: TensorFlow's op.
    """
    return _rounded_by(inputs, min, max, num_bits, narrow=narrow_range)


def _rounded_by(x: Array, low: Array, high: Array, num_bits: int, *, narrow: bool) -> Array:
    made = rounded_to(x, nudged(low, high, num_bits, narrow=narrow), divides=not low.ndim)
    return np.where((low == 0) & (high == 0), np.float32(0), made)


@op(
    "FakeQuantWithMinMaxVarsGradient",
    outputs=("backprops_wrt_input", "backprop_wrt_min", "backprop_wrt_max"),
)
def fake_quant_with_min_max_vars_gradient_op(
    gradients: float32,
    inputs: float32,
    min: float32[()],
    max: float32[()],
    *,
    num_bits: int = 8,
    narrow_range: bool = False,
) -> tuple[float32, float32, float32]:
    """Share the gradient between the input and the end of the range by which it was clamped.

    Args:
        gradients: float32[...].
        inputs: float32[...], the op's.
        min: float32 scalar, the op's.
        max: float32 scalar, the op's.
        num_bits: as the op's.
        narrow_range: as the op's.

    Returns:
        Of the inputs, float32[...]; of `min` and of `max`, float32 scalars.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op.
    """
    axes = tuple(range(inputs.ndim))
    return _shared(gradients, inputs, min, max, num_bits, axes, narrow=narrow_range)


def _shared(
    gradients: Array,
    inputs: Array,
    low: Array,
    high: Array,
    num_bits: int,
    axes: tuple[int, ...],
    *,
    narrow: bool,
) -> tuple[Array, Array, Array]:
    to = nudged(low, high, num_bits, narrow=narrow)
    unset = (low == 0) & (high == 0)  # everything passes
    inside = _inside(inputs, gradients, to) | unset
    below, above = (inputs < to.low) & ~unset, (inputs > to.high) & ~unset
    return (
        gradients * inside,
        np.asarray(np.sum(gradients * below, axis=axes)),
        np.asarray(np.sum(gradients * above, axis=axes)),
    )


@fake_quant_with_min_max_vars_op.gradient
def fake_quant_with_min_max_vars_gradient(op: Operation, grad: Tensor) -> Gradients:
    return list(ops.fake_quant_with_min_max_vars_gradient_op(grad, *op.inputs, **op.attrs))


@fake_quant_with_min_max_vars_op.shape
def fake_quant_with_min_max_vars_shape(
    inputs: Shape, min: Shape, max: Shape, **attrs: Any
) -> Shape:
    return inputs


@fake_quant_with_min_max_vars_gradient_op.shape
def fake_quant_with_min_max_vars_gradient_shape(
    gradients: Shape, inputs: Shape, min: Shape, max: Shape, **attrs: Any
) -> list[Shape]:
    return [merge(gradients, inputs), min, max]


# --- FakeQuantWithMinMaxVarsPerChannel -----------------------------------------------------------


@op("FakeQuantWithMinMaxVarsPerChannel", outputs=("outputs",))
def fake_quant_with_min_max_vars_per_channel_op(
    inputs: float32,
    min: float32[d],
    max: float32[d],
    *,
    num_bits: int = 8,
    narrow_range: bool = False,
) -> float32:
    """Round each channel to the nearest of the steps of its range.

    Args:
        inputs: float32[..., d].
        min: float32[d], the ranges' lower ends.
        max: float32[d], their upper ends; where both are 0, the results are 0.
        num_bits: 2 to 16; there are 2^num_bits - 1 steps,
        narrow_range: or one less.

    Returns:
        float32[..., d].

    Raises:
        InvalidArgumentError: if there is not a range for each channel.

    Source: TensorFlow's op.
    """
    _check_channels(inputs, min, max)
    return _rounded_by(inputs, min, max, num_bits, narrow=narrow_range)


def _check_channels(inputs: Array, low: Array, high: Array) -> None:
    for name, each in (("min", low), ("max", high)):
        if inputs.shape[-1:] != each.shape:
            raise invalid(
                f"{name} has incorrect size, expected {inputs.shape[-1]} was {each.shape[0]}"
            )


@op(
    "FakeQuantWithMinMaxVarsPerChannelGradient",
    outputs=("backprops_wrt_input", "backprop_wrt_min", "backprop_wrt_max"),
)
def fake_quant_with_min_max_vars_per_channel_gradient_op(
    gradients: float32,
    inputs: float32,
    min: float32[d],
    max: float32[d],
    *,
    num_bits: int = 8,
    narrow_range: bool = False,
) -> tuple[float32, float32, float32]:
    """Share the gradient between the input and the end of its channel's range.

    Args:
        gradients: float32[..., d].
        inputs: float32[..., d], the op's.
        min: float32[d], the op's.
        max: float32[d], the op's.
        num_bits: as the op's.
        narrow_range: as the op's.

    Returns:
        Of the inputs, float32[..., d]; of `min` and of `max`, float32[d].

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op.
    """
    _check_channels(inputs, min, max)
    axes = tuple(range(inputs.ndim - 1))
    return _shared(gradients, inputs, min, max, num_bits, axes, narrow=narrow_range)


@fake_quant_with_min_max_vars_per_channel_op.gradient
def fake_quant_with_min_max_vars_per_channel_gradient(op: Operation, grad: Tensor) -> Gradients:
    made = ops.fake_quant_with_min_max_vars_per_channel_gradient_op(grad, *op.inputs, **op.attrs)
    return list(made)


@fake_quant_with_min_max_vars_per_channel_op.shape
def fake_quant_with_min_max_vars_per_channel_shape(
    inputs: Shape, min: Shape, max: Shape, **attrs: Any
) -> Shape:
    channels = must_equal(min[0], max[0])
    if inputs.at_least(1).dims is None:
        return inputs
    return inputs.replaced(-1, must_equal(inputs[-1], channels))


@fake_quant_with_min_max_vars_per_channel_gradient_op.shape
def fake_quant_with_min_max_vars_per_channel_gradient_shape(
    gradients: Shape, inputs: Shape, min: Shape, max: Shape, **attrs: Any
) -> list[Shape]:
    moved = fake_quant_with_min_max_vars_per_channel_shape(merge(gradients, inputs), min, max)
    of_ends = merge(min, max)
    return [moved, of_ends, of_ends]


for each in (
    fake_quant_with_min_max_args_gradient_op,
    fake_quant_with_min_max_vars_gradient_op,
    fake_quant_with_min_max_vars_per_channel_gradient_op,
):
    each.no_gradient("TensorFlow has none: the gradient passes straight through")
