"""Quantized numbers in another range or type: from int32 back to eight bits, joined, normalised.

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import ANY, INDICES, QUANTIZED, DType, quint8
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.array.joining import concat_shape
from minitf.ops.array.reshape import reshape_op, reshape_shape
from minitf.ops.quantized.arithmetic import NONE
from minitf.ops.quantized.ranges import F, Range, ends, exact_real, quantized, real
from minitf.shapes import SCALAR, Shape
from minitf.symbols import C, H, List, N, T, Tinput, Tshape, W, float32, int32, n, out_type

Array = np.ndarray[Any, Any]


def requantized(numbers: Array, before: Range, dtype: DType, after: Range) -> Array:
    """Return numbers of one type and range in another.

    From int32 to quint8 TensorFlow computes in whole numbers with 16 bits behind the point.
    """
    if numbers.dtype != np.int32 or dtype is not quint8 or before[0] == before[1]:
        return quantized(real(numbers, *before), dtype, *after)
    low, high, least, most = map(F, (*before, *after))
    width = most - least
    if not width:
        return np.zeros(numbers.shape, np.uint8)
    one = 1 << 16
    scale = int(255.0 * one * float(high - low) / float(width))
    centre = int(float((low + high) / F(2) * F(255.0 / float(width)) * F(one)))
    first = int(one * (float(least) * 255.0) / float(width))
    found = (numbers.astype(np.int64) * scale >> 32) + (centre - first + one // 2)
    return np.clip(found >> 16, 0, 255).astype(np.uint8)


def _used(numbers: Array, low: Array, high: Array) -> Range:
    """Return what the least number, or 0 if that is less, and the greatest stand for."""
    if not numbers.size:
        return F(0), F(0)
    least, most = (exact_real(each, low, high) for each in (numbers.min(), numbers.max()))
    return min(F(0), least), most


# --- Requantize, RequantizationRange, QuantizeDownAndShrinkRange ---------------------------------


@op(
    "Requantize",
    Tinput=QUANTIZED,
    out_type=QUANTIZED,
    outputs=("output", "output_min", "output_max"),
)
def requantize_op(
    input: Tinput,
    input_min: float32,
    input_max: float32,
    requested_output_min: float32,
    requested_output_max: float32,
    *,
    out_type: DType,
) -> tuple[out_type, float32, float32]:
    """Give quantized numbers another type and range.

    Args:
        input: quantized[...].
        input_min: what its least number stands for.
        input_max: what its greatest number stands for.
        requested_output_min: what the least number shall stand for, at most 0.
        requested_output_max: what the greatest number shall stand for.
        out_type: the type wanted.

    Returns:
        output: out_type[...].
        output_min: `requested_output_min`.
        output_max: `requested_output_max`.

    Raises:
        InvalidArgumentError: if the range wanted begins above 0 or does not run upwards.

    Source: TensorFlow's op of the same name.
    """
    low, high = requested_output_min, requested_output_max
    if low > 0:
        raise invalid(f"requested_output_min must be <= 0, but got {low}")
    if high < low:
        raise invalid(
            f"requested_output_max must be >= requested_output_min, but got {high} and {low}"
        )
    found = requantized(input, (F(input_min), F(input_max)), out_type, (F(low), F(high)))
    return found, low, high


@requantize_op.shape
def requantize_shape(input: Shape, *_: Shape, out_type: DType) -> list[Shape]:
    return [input, SCALAR, SCALAR]


@op("RequantizationRange", Tinput=QUANTIZED, outputs=("output_min", "output_max"))
def requantization_range_op(
    input: Tinput, input_min: float32, input_max: float32
) -> tuple[float32, float32]:
    """Tell the range that quantized numbers use, 0 included below.

    Args:
        input: quantized[...].
        input_min: what its least number stands for.
        input_max: what its greatest number stands for.

    Returns:
        output_min: what the least number there is stands for, at most 0.
        output_max: what the greatest number there is stands for.

    Source: TensorFlow's op of the same name.
    """
    return ends(_used(input, input_min, input_max))


@requantization_range_op.shape
def requantization_range_shape(input: Shape, input_min: Shape, input_max: Shape) -> list[Shape]:
    return [SCALAR, SCALAR]


@op(
    "QuantizeDownAndShrinkRange",
    Tinput=QUANTIZED,
    out_type=QUANTIZED,
    outputs=("output", "output_min", "output_max"),
)
def quantize_down_and_shrink_range_op(
    input: Tinput, input_min: float32, input_max: float32, *, out_type: DType
) -> tuple[out_type, float32, float32]:
    """Give quantized numbers another type, and the range that they use.

    Args:
        input: quantized[...].
        input_min: what its least number stands for.
        input_max: what its greatest number stands for.
        out_type: the type wanted.

    Returns:
        output: out_type[...].
        output_min: what the least number there was stands for, at most 0.
        output_max: what the greatest number there was stands for.

    Source: TensorFlow's op of the same name.
    """
    used = _used(input, input_min, input_max)
    return requantized(input, (F(input_min), F(input_max)), out_type, used), *ends(used)


quantize_down_and_shrink_range_op.shape(requantize_shape)

# --- QuantizedConcat, QuantizedReshape -----------------------------------------------------------


@op("QuantizedConcat", N=at_least(2), T=ANY, outputs=("output", "output_min", "output_max"))
def quantized_concat_op(
    concat_dim: int32[()],
    values: List[T, N],
    input_mins: List[float32, N],
    input_maxes: List[float32, N],
) -> tuple[T, float32, float32]:
    """Join quantized arrays of different ranges along a dimension, in a range that holds them all.

    Args:
        concat_dim: scalar, which dimension.
        values: quantized[...], of one shape but for that dimension.
        input_mins: what the least number of each stands for.
        input_maxes: what the greatest number of each stands for.

    Returns:
        output: quantized[...].
        output_min: what the least number stands for, at most 0; for a signed type, -output_max.
        output_max: what the greatest number stands for.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    concat_shape(concat_dim, [Shape(each.shape) for each in values])
    low, high = min(F(0), *map(F, input_mins)), max(map(F, input_maxes))
    dtype = values[0].dtype
    if dtype.kind == "i":
        high = max(abs(low), abs(high))
        low = -high
    kind = _OF_NUMPY[dtype]
    parts = []
    for numbers, least, most in zip(values, input_mins, input_maxes, strict=True):
        same = F(least) == low and F(most) == high
        parts.append(numbers if same else quantized(real(numbers, least, most), kind, low, high))
    return np.concatenate(parts, int(concat_dim)), *ends((low, high))


_OF_NUMPY = {each.numpy: each for each in QUANTIZED}


@quantized_concat_op.shape(values_of=("concat_dim",))
def quantized_concat_shape(
    concat_dim: Any, values: list[Shape], input_mins: Any, input_maxes: Any
) -> list[Shape]:
    return [concat_shape(concat_dim, values), SCALAR, SCALAR]


@op(
    "QuantizedReshape",
    T=ANY,
    Tshape=INDICES.default(dtypes.int32),
    outputs=("output", "output_min", "output_max"),
)
def quantized_reshape_op(
    tensor: T, shape: Tshape[n], input_min: float32, input_max: float32
) -> tuple[T, float32, float32]:
    """Give quantized numbers another shape; their range stays.

    Args:
        tensor: quantized[...].
        shape: the sizes wanted, one of which may be -1.
        input_min: what the least number stands for.
        input_max: what the greatest number stands for.

    Returns:
        output: quantized[shape].
        output_min: `input_min`.
        output_max: `input_max`.

    Raises:
        InvalidArgumentError: as Reshape.

    Source: TensorFlow's op of the same name.
    """
    return reshape_op.body(tensor, shape), input_min, input_max


@quantized_reshape_op.shape(values_of=("shape",))
def quantized_reshape_shape(tensor: Shape, shape: Any, *_: Shape) -> list[Shape]:
    return [reshape_shape(tensor, shape), SCALAR, SCALAR]


# --- QuantizedInstanceNorm -----------------------------------------------------------------------


@op("QuantizedInstanceNorm", T=QUANTIZED, outputs=("y", "y_min", "y_max"))
def quantized_instance_norm_op(
    x: T[N, H, W, C],
    x_min: float32,
    x_max: float32,
    *,
    output_range_given: bool = False,
    given_y_min: float = 0.0,
    given_y_max: float = 0.0,
    variance_epsilon: float = 1e-5,
    min_separation: float = 1e-3,
) -> tuple[T, float32, float32]:
    """Take the mean of each channel of each image away and divide by its standard deviation.

    Args:
        x: quint8[N, H, W, C].
        x_min: what the least number stands for.
        x_max: what the greatest number stands for.
        output_range_given: whether the next two count.
        given_y_min: what the least number of the result shall stand for.
        given_y_max: what the greatest number of the result shall stand for.
        variance_epsilon: added to the variance.
        min_separation: how wide the range is at least, where it is not given.

    Returns:
        y: quint8[N, H, W, C].
        y_min: what its least number stands for.
        y_max: what its greatest number stands for.

    Raises:
        InvalidArgumentError: if the range does not run upwards.

    Source: Ulyanov et al. 2016; TensorFlow's op of the same name.
    """
    if not x_min < x_max:
        raise invalid(f"Input range must be non-empty: {x_min}, {x_max}")
    numbers = real(x, x_min, x_max)
    centred = numbers - numbers.mean((1, 2), keepdims=True)
    variance = (centred * centred).mean((1, 2), keepdims=True)
    normal = centred / np.sqrt(variance + F(variance_epsilon))
    low, high = F(given_y_min), F(given_y_max)
    if not output_range_given:
        low = normal.min()
        high = max(normal.max(), low + F(min_separation))
    return quantized(normal, _OF_NUMPY[x.dtype], low, high), *ends((low, high))


@quantized_instance_norm_op.shape
def quantized_instance_norm_shape(x: Shape, *_: Shape, **__: Any) -> list[Shape]:
    return [x, SCALAR, SCALAR]


for _op in (
    requantize_op,
    requantization_range_op,
    quantize_down_and_shrink_range_op,
    quantized_concat_op,
    quantized_reshape_op,
    quantized_instance_norm_op,
):
    _op.no_gradient(NONE, refuse=True)
