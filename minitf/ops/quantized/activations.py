"""Rectified quantized numbers: those that stand for less than 0, or more than a limit, are cut.

What a real number is in the type, with its range [low, high] in 2^bits - 1 steps:

    q = round(x * scale) - round(low * scale) + least,    scale = (2^bits - 1) / (high - low)

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import QUANTIZED, DType, quint8
from minitf.op_def import op
from minitf.ops.quantized.steps import rounded
from minitf.shapes import Shape
from minitf.symbols import Tinput, float32, out_type

Array = np.ndarray[Any, Any]
OUTPUTS = ("activations", "min_activations", "max_activations")
NONE = "TensorFlow defines none"


def as_quantized(x: float, dtype: np.dtype[Any], low: Any, high: Any) -> int:
    """Return what a real number is in a type, within its limits; 0 for an empty range."""
    if low == high:
        return 0
    limits = np.iinfo(dtype)
    scale = (2.0**limits.bits - 1) / float(np.float32(high) - np.float32(low))
    at, first = (rounded(np.float64(each) * scale) for each in (x, low))
    made = at - first + limits.min
    return int(np.clip(made, limits.min, limits.max))


def cut(
    features: Array, low: Array, high: Array, most: float | None, dtype: DType
) -> tuple[Array, Array, Array]:
    """Return quantized numbers between those for 0 and for `most`, and their range."""
    zero = as_quantized(0.0, features.dtype, low, high)
    found = np.maximum(features, features.dtype.type(zero))
    if most is not None:
        limit = as_quantized(most, features.dtype, low, high)
        found = np.minimum(found, features.dtype.type(limit))
    return found.astype(dtype.numpy, copy=False), np.asarray(low), np.asarray(high)


def cut_shape(features: Shape, *ranges: Shape, **attrs: Any) -> tuple[Shape, ...]:
    return features, Shape([]), Shape([])


# --- QuantizedRelu -----------------------------------------------------------------------------


@op("QuantizedRelu", Tinput=QUANTIZED, out_type=QUANTIZED, outputs=OUTPUTS)
def quantized_relu_op(
    features: Tinput,
    min_features: float32[()],
    max_features: float32[()],
    *,
    out_type: DType = quint8,
) -> tuple[out_type, float32[()], float32[()]]:
    """Replace numbers that stand for less than 0 by the one for 0.

    Args:
        features: quantized[...].
        min_features: what the least number stands for.
        max_features: what the greatest number stands for.
        out_type: type of the result.

    Returns:
        activations: out_type[...].
        min_activations: `min_features`.
        max_activations: `max_features`.

    Source: TensorFlow's op of the same name.
    """
    return cut(features, min_features, max_features, None, out_type)


quantized_relu_op.shape(cut_shape)
quantized_relu_op.no_gradient(NONE, refuse=True)

# --- QuantizedRelu6 ----------------------------------------------------------------------------


@op("QuantizedRelu6", Tinput=QUANTIZED, out_type=QUANTIZED, outputs=OUTPUTS)
def quantized_relu6_op(
    features: Tinput,
    min_features: float32[()],
    max_features: float32[()],
    *,
    out_type: DType = quint8,
) -> tuple[out_type, float32[()], float32[()]]:
    """Replace numbers that stand for less than 0 or more than 6 by the ones for 0 and 6.

    Args:
        features: quantized[...].
        min_features: what the least number stands for.
        max_features: what the greatest number stands for.
        out_type: type of the result.

    Returns:
        activations: out_type[...].
        min_activations: `min_features`.
        max_activations: `max_features`.

    Source: TensorFlow's op of the same name.
    """
    return cut(features, min_features, max_features, 6.0, out_type)


quantized_relu6_op.shape(cut_shape)
quantized_relu6_op.no_gradient(NONE, refuse=True)

# --- QuantizedReluX ----------------------------------------------------------------------------


@op("QuantizedReluX", Tinput=QUANTIZED, out_type=QUANTIZED, outputs=OUTPUTS)
def quantized_relu_x_op(
    features: Tinput,
    max_value: float32[()],
    min_features: float32[()],
    max_features: float32[()],
    *,
    out_type: DType = quint8,
) -> tuple[out_type, float32[()], float32[()]]:
    """Replace numbers that stand for less than 0 or more than a limit by those for 0 and the limit.

    Args:
        features: quantized[...].
        max_value: the limit, a real number.
        min_features: what the least number stands for.
        max_features: what the greatest number stands for.
        out_type: type of the result.

    Returns:
        activations: out_type[...].
        min_activations: `min_features`.
        max_activations: `max_features`.

    Source: TensorFlow's op of the same name.
    """
    return cut(features, min_features, max_features, float(max_value), out_type)


quantized_relu_x_op.shape(cut_shape)
quantized_relu_x_op.no_gradient(NONE, refuse=True)
