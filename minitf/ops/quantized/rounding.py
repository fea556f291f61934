"""Real numbers rounded to the steps of an integer type of few bits, and left real.

    out = round(x * scale) / scale, scale = the least of least / low and most / high

where [least, most] are the integers of so many bits and [low, high] is the range given, or that of
the input; what lies outside a given range becomes its ends.  The gradient passes straight through.

Source: TensorFlow's ops.
"""

from typing import Any, Literal

import ml_dtypes
import numpy as np

from minitf.dtypes import FLOATS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.quantized.convert import by_slices
from minitf.shapes import Shape
from minitf.symbols import T, int32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- QuantizeAndDequantize -----------------------------------------------------------------------


def requantized(
    x: Array,
    low: Any,
    high: Any,
    num_bits: int,
    *,
    signed: bool,
    given: bool,
    narrow: bool,
    round_mode: str = "HALF_TO_EVEN",
) -> tuple[Array]:
    """Round numbers to the steps of an integer type of so many bits, scaled so that 0 is one."""
    if not given:
        low, high = (x.min(), x.max()) if x.size else (x.dtype.type(0),) * 2
    elif low > high:
        raise invalid(f"Invalid range: input_min {low} > input_max {high}")
    kind = x.dtype.type
    least = -(2 ** (num_bits - 1)) + narrow if signed else 0
    most = 2 ** (num_bits - 1) - 1 if signed else 2**num_bits - 1
    huge = ml_dtypes.finfo(x.dtype).max
    from_low = kind(least) / low if kind(least) * low > 0 else huge
    from_high = kind(most) / high if kind(most) * high > 0 else huge
    if from_low < from_high:
        scale, step = from_low, low / kind(least)
        high = kind(most) * step
    else:
        scale, step = from_high, high / kind(most)
        low = kind(least) * step
    if given:
        x = np.maximum(np.minimum(x, high), low)
    counts = np.rint(x * scale) if round_mode == "HALF_TO_EVEN" else np.floor(x * scale + kind(0.5))
    return (counts * step,)


def _check_bits(num_bits: int, *, signed: bool) -> None:
    if not 1 <= num_bits < (62 if signed else 63):
        raise invalid(f"num_bits is out of range: {num_bits} with signed_input {int(signed)}")


@op("QuantizeAndDequantize", T=FLOATS, deprecated=(22, "Replaced by QuantizeAndDequantizeV2"))
def quantize_and_dequantize_op(
    input: T,
    *,
    signed_input: bool = True,
    num_bits: int = 8,
    range_given: bool = False,
    input_min: float = 0.0,
    input_max: float = 0.0,
) -> T:
    """Round to the steps of an integer type: an older form of QuantizeAndDequantizeV2.

    Args:
        input: float[...].
        signed_input: whether the type has negative numbers.
        num_bits: its bits.
        range_given: whether the range is given; else it is that of the input.
        input_min: its lower end.
        input_max: its upper end.

    Returns:
        float[...] of the same shape.

    Raises:
        InvalidArgumentError: if `num_bits` is out of range.

    Source: TensorFlow's op.
    """
    _check_bits(num_bits, signed=signed_input)
    kind = input.dtype.type
    return requantized(
        input,
        kind(input_min),
        kind(input_max),
        num_bits,
        signed=signed_input,
        given=range_given,
        narrow=False,
    )[0]


# --- QuantizeAndDequantizeV2, V3 -----------------------------------------------------------------


@op("QuantizeAndDequantizeV2", T=FLOATS)
def quantize_and_dequantize_v2_op(
    input: T,
    input_min: T,
    input_max: T,
    *,
    signed_input: bool = True,
    num_bits: int = 8,
    range_given: bool = False,
    round_mode: Literal["HALF_TO_EVEN", "HALF_UP"] = "HALF_TO_EVEN",
    narrow_range: bool = False,
    axis: int = -1,
) -> T:
    """Round to the steps of an integer type.

    The formula stands at the head of this file.

    Args:
        input: float[...].
        input_min: float scalar, or [n] for `axis`: the range's lower end.
        input_max: likewise: its upper end.
        signed_input: whether the type has negative numbers.
        num_bits: its bits.
        range_given: whether the range is given; else it is that of the input.
        round_mode: where halves go.
        narrow_range: leave out the least negative number.
        axis: the dimension with a range for each slice; -1: one range for all.

    Returns:
        float[...] of the same shape.

    Raises:
        InvalidArgumentError: if `num_bits` is out of range, the range is empty, or its ends are not
            of the right shape.

    Source: TensorFlow's op.
    """
    _check_bits(num_bits, signed=signed_input)

    def round_slice(x: Array, low: Any, high: Any) -> tuple[Array]:
        return requantized(
            x,
            low,
            high,
            num_bits,
            signed=signed_input,
            given=range_given,
            narrow=narrow_range,
            round_mode=round_mode,
        )

    return by_slices(round_slice, input, input_min, input_max, axis)[0]


@op("QuantizeAndDequantizeV3", T=FLOATS)
def quantize_and_dequantize_v3_op(
    input: T,
    input_min: T,
    input_max: T,
    num_bits: int32,
    *,
    signed_input: bool = True,
    range_given: bool = True,
    narrow_range: bool = False,
    axis: int = -1,
) -> T:
    """Round to the steps of an integer type, whose bits are known at run time only.

    Args:
        input: float[...].
        input_min: float scalar, or [n] for `axis`: the range's lower end.
        input_max: likewise: its upper end.
        num_bits: int32 scalar.
        signed_input: as QuantizeAndDequantizeV2's, and so are the other attributes.

    Returns:
        float[...] of the same shape.

    Raises:
        InvalidArgumentError: as QuantizeAndDequantizeV2.

    Source: TensorFlow's op.
    """
    return quantize_and_dequantize_v2_op.body(
        input,
        input_min,
        input_max,
        signed_input=signed_input,
        num_bits=int(num_bits),
        range_given=range_given,
        narrow_range=narrow_range,
        axis=axis,
    )


@quantize_and_dequantize_op.shape
@quantize_and_dequantize_v2_op.shape
@quantize_and_dequantize_v3_op.shape
def quantize_and_dequantize_shape(input: Shape, *ends: Shape, **attrs: Any) -> Shape:
    return input


@quantize_and_dequantize_op.gradient
@quantize_and_dequantize_v2_op.gradient
@quantize_and_dequantize_v3_op.gradient
def quantize_and_dequantize_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [grad, *[None] * (len(op.inputs) - 1)]
