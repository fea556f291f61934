"""Quantized numbers: made, read and simulated.

Source: TensorFlow 1.15's functions of the same names; tf.quantization.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype
from minitf.tensor import Tensor


def quantize_v2(
    input: Any,
    min_range: Any,
    max_range: Any,
    T: Any,
    mode: str = "MIN_COMBINED",
    name: str | None = None,
    round_mode: str = "HALF_AWAY_FROM_ZERO",
) -> Any:
    """Quantize real numbers; those outside the range become its ends.

    Args:
        input: float32[...].
        min_range: the least number to hold, scalar.
        max_range: the greatest.
        T: the quantized type.
        mode: MIN_COMBINED, MIN_FIRST or SCALED.
        name: name of the operation.
        round_mode: HALF_AWAY_FROM_ZERO, or for SCALED also HALF_TO_EVEN.

    Returns:
        output, T[...]; output_min and output_max, the range held.
    """
    return ops.quantize_v2_op(
        input,
        min_range,
        max_range,
        T=as_dtype(T),
        mode=mode,
        round_mode=round_mode,
        name=name,
    )


def quantize(
    input: Any,
    min_range: Any,
    max_range: Any,
    T: Any,
    mode: str = "MIN_COMBINED",
    round_mode: str = "HALF_AWAY_FROM_ZERO",
    name: str | None = None,
) -> Any:
    """Quantize real numbers; see `quantize_v2`, whose last two arguments change places."""
    return quantize_v2(input, min_range, max_range, T, mode, name, round_mode)


def dequantize(
    input: Any, min_range: Any, max_range: Any, mode: str = "MIN_COMBINED", name: str | None = None
) -> Tensor:
    """Return the real numbers that quantized ones stand for.

    Args:
        input: quantized[...].
        min_range: the lower end of the range held, scalar.
        max_range: the upper end.
        mode: MIN_COMBINED, MIN_FIRST or SCALED, as they were quantized.
        name: name of the operation.
    """
    return ops.dequantize_op(input, min_range, max_range, mode=mode, name=name)


def quantize_and_dequantize(
    input: Any,
    input_min: Any,
    input_max: Any,
    signed_input: bool = True,
    num_bits: int = 8,
    range_given: bool = False,
    round_mode: str = "HALF_TO_EVEN",
    name: str | None = None,
    narrow_range: bool = False,
) -> Tensor:
    """Round to the steps of an integer type, and leave the numbers real.

    Args:
        input: float[...].
        input_min: the range's lower end, scalar.
        input_max: its upper end.
        signed_input: whether the type has negative numbers.
        num_bits: its bits.
        range_given: whether the range is used; else it is that of the input.
        round_mode: HALF_TO_EVEN or HALF_UP.
        name: name of the operation.
        narrow_range: leave out the least negative number.
    """
    input = convert_to_tensor(input, name="input")
    return ops.quantize_and_dequantize_v2_op(
        input,
        input_min,
        input_max,
        signed_input=signed_input,
        num_bits=num_bits,
        range_given=range_given,
        round_mode=round_mode,
        narrow_range=narrow_range,
        name=name,
    )


# --- simulated -----------------------------------------------------------------------------------


def fake_quant_with_min_max_args(
    inputs: Any,
    min: float = -6,
    max: float = 6,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> Tensor:
    """Round to the nearest of the steps of a fixed range; gradients pass inside the range.

    Args:
        inputs: float32[...].
        min: the range's lower end.
        max: its upper end.
        num_bits: 2 to 16; there are 2^num_bits - 1 steps,
        narrow_range: or one less.
        name: name of the operation.
    """
    return ops.fake_quant_with_min_max_args_op(
        inputs, **_range(min, max), num_bits=num_bits, narrow_range=narrow_range, name=name
    )


def fake_quant_with_min_max_args_gradient(
    gradients: Any,
    inputs: Any,
    min: float = -6,
    max: float = 6,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return the gradient of `fake_quant_with_min_max_args`."""
    return ops.fake_quant_with_min_max_args_gradient_op(
        gradients,
        inputs,
        **_range(min, max),
        num_bits=num_bits,
        narrow_range=narrow_range,
        name=name,
    )


def _range(low: float, high: float) -> dict[str, float]:
    return {"min": float(low), "max": float(high)}


def fake_quant_with_min_max_vars(
    inputs: Any,
    min: Any,
    max: Any,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> Tensor:
    """Round to the nearest of the steps of a range that is learned.

    Args:
        inputs: float32[...].
        min: the range's lower end, scalar.
        max: its upper end.
        num_bits: 2 to 16; there are 2^num_bits - 1 steps,
        narrow_range: or one less.
        name: name of the operation.
    """
    return ops.fake_quant_with_min_max_vars_op(
        inputs, min, max, num_bits=num_bits, narrow_range=narrow_range, name=name
    )


def fake_quant_with_min_max_vars_gradient(
    gradients: Any,
    inputs: Any,
    min: Any,
    max: Any,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> Any:
    """Return the gradients of `fake_quant_with_min_max_vars`: of inputs, `min` and `max`."""
    return ops.fake_quant_with_min_max_vars_gradient_op(
        gradients, inputs, min, max, num_bits=num_bits, narrow_range=narrow_range, name=name
    )


def fake_quant_with_min_max_vars_per_channel(
    inputs: Any,
    min: Any,
    max: Any,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> Tensor:
    """Round each channel to the nearest of the steps of its range.

    Args:
        inputs: float32[..., d].
        min: float32[d], the ranges' lower ends.
        max: float32[d], their upper ends.
        num_bits: 2 to 16; there are 2^num_bits - 1 steps,
        narrow_range: or one less.
        name: name of the operation.
    """
    return ops.fake_quant_with_min_max_vars_per_channel_op(
        inputs, min, max, num_bits=num_bits, narrow_range=narrow_range, name=name
    )


def fake_quant_with_min_max_vars_per_channel_gradient(
    gradients: Any,
    inputs: Any,
    min: Any,
    max: Any,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> Any:
    """Return the gradients of `fake_quant_with_min_max_vars_per_channel`."""
    return ops.fake_quant_with_min_max_vars_per_channel_gradient_op(
        gradients, inputs, min, max, num_bits=num_bits, narrow_range=narrow_range, name=name
    )


def quantized_concat(
    concat_dim: Any, values: Any, input_mins: Any, input_maxes: Any, name: str | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Return quantized tensors joined along a dimension, and the range that they are in.

    Args:
        concat_dim: which dimension.
        values: the tensors.
        input_mins: what the least number of each stands for.
        input_maxes: what the greatest number of each stands for.
        name: name of the operation.
    """
    return ops.quantized_concat_op(concat_dim, values, input_mins, input_maxes, name=name)
