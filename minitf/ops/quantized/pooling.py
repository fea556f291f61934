"""Pooling of quantized images: the numbers are pooled, the range that they stand for stays.

Letters: N batch, H W input, C channels, P Q output.

Source: TensorFlow's ops of these names; 2015 Table 1, row "Neural-net building blocks".
"""

from typing import Any

import numpy as np

from minitf.dtypes import QUANTIZED
from minitf.op_def import op
from minitf.ops.conv.pooling import Padding, average_pool, cell_counts, greatest
from minitf.ops.conv.pools import Pool
from minitf.ops.conv.windows import Windows
from minitf.shapes import Shape
from minitf.symbols import C, H, N, P, Q, T, W, float32

Array = np.ndarray[Any, Any]
NONE = "TensorFlow defines none"

# --- QuantizedMaxPool --------------------------------------------------------------------------


@op("QuantizedMaxPool", T=QUANTIZED, outputs=("output", "min_output", "max_output"))
def quantized_max_pool_op(
    input: T[N, H, W, C],
    min_input: float32[()],
    max_input: float32[()],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
) -> tuple[T[N, P, Q, C], float32[()], float32[()]]:
    """Take the greatest number of each window.

    Args:
        input: quantized[N, H, W, C].
        min_input: what the least number stands for.
        max_input: what the greatest number stands for.
        ksize: four ints >= 1, the window along each axis.
        strides: four ints >= 1, cells from one window to the next.
        padding: "SAME": P = ceil(H / U); "VALID": no padding.

    Returns:
        output: quantized[N, P, Q, C].
        min_output: `min_input`.
        max_output: `max_input`.

    Raises:
        InvalidArgumentError: if a window exceeds the image.

    Source: TensorFlow's op of the same name.
    """
    pooled = Pool.of(ksize, strides, padding).applied(greatest, input)
    return pooled, np.asarray(min_input), np.asarray(max_input)


@quantized_max_pool_op.shape
def quantized_max_pool_shape(
    input: Shape, min_input: Shape, max_input: Shape, **attrs: Any
) -> tuple[Shape, ...]:
    return Pool.of(**attrs).shape(input), Shape([]), Shape([])


quantized_max_pool_op.no_gradient(NONE, refuse=True)

# --- QuantizedAvgPool --------------------------------------------------------------------------


@op("QuantizedAvgPool", T=QUANTIZED, outputs=("output", "min_output", "max_output"))
def quantized_avg_pool_op(
    input: T[N, H, W, C],
    min_input: float32[()],
    max_input: float32[()],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
) -> tuple[T[N, P, Q, C], float32[()], float32[()]]:
    """Average the numbers of each window inside the image, rounded towards zero.

    Args:
        input: quantized[N, H, W, C].
        min_input: what the least number stands for.
        max_input: what the greatest number stands for.
        ksize: as QuantizedMaxPool's, and so are the other attributes.

    Returns:
        output: quantized[N, P, Q, C].
        min_output: `min_input`.
        max_output: `max_input`.

    Raises:
        InvalidArgumentError: if a window exceeds the image.
        UnimplementedError: for a window over channels.

    Source: TensorFlow's op of the same name.
    """
    pool = average_pool(ksize, strides, padding, "NHWC")
    return pool.applied(whole_average, input), np.asarray(min_input), np.asarray(max_input)


def whole_average(images: Array, windows: Windows) -> Array:
    """Return the average of each window as a whole number."""
    padded = windows.padded(images.astype(np.int64))
    total = np.zeros((len(images), *windows.counts), np.int64)
    for _, at in windows.taps():
        total += padded[at]
    counts = cell_counts(windows, total.dtype)
    return ((total - np.fmod(total, counts)) // counts).astype(images.dtype)


@quantized_avg_pool_op.shape
def quantized_avg_pool_shape(
    input: Shape,
    min_input: Shape,
    max_input: Shape,
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
) -> tuple[Shape, ...]:
    pool = average_pool(ksize, strides, padding, "NHWC")
    return pool.shape(input), Shape([]), Shape([])


quantized_avg_pool_op.no_gradient(NONE, refuse=True)
