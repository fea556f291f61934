"""Products and sums of quantized numbers, in int32 with the range that this stands for.

A number that stands for 0 is taken away first, so whole numbers are multiplied; a step of a product
is a step of one factor times a step of the other.

Source: TensorFlow's ops of these names.
"""

from typing import Any, Literal

import numpy as np

from minitf.dtypes import QUANTIZED, DType, qint32, quint8
from minitf.errors import UnimplementedError, invalid
from minitf.op_def import op
from minitf.ops.conv.conv2d import conv2d_op, conv2d_shape
from minitf.ops.math.matmul import factors, mat_mul_shape
from minitf.ops.quantized.ranges import (
    check_range,
    ends,
    exact_real,
    nearest,
    quantized,
    range_of_products,
    range_of_sums,
    real,
    zero_of,
)
from minitf.shapes import SCALAR, Shape, broadcast
from minitf.symbols import (
    T1,
    T2,
    C,
    H,
    K,
    M,
    N,
    P,
    Q,
    R,
    S,
    Tfilter,
    Tinput,
    Toutput,
    W,
    float32,
    out_type,
)

Array = np.ndarray[Any, Any]
NONE = "TensorFlow defines none"
_SUMS = 14  # room for so many doublings of the range


def _must_give(found: DType, name: str) -> None:
    """Refuse results of another type than int32: TensorFlow has no kernels for them."""
    if found is not qint32:
        raise UnimplementedError(
            None, None, f"No OpKernel was registered to support Op '{name}' with {found.name}"
        )


def _around_zero(numbers: Array, low: Array, high: Array) -> Array:
    """Return int32s of which 0 stands for 0."""
    return numbers.astype(np.int32) - np.int32(zero_of(numbers.dtype, low, high))


# --- QuantizedMatMul -----------------------------------------------------------------------------


@op(
    "QuantizedMatMul",
    T1=QUANTIZED,
    T2=QUANTIZED,
    Toutput=QUANTIZED,
    Tactivation=QUANTIZED,
    outputs=("out", "min_out", "max_out"),
)
def quantized_mat_mul_op(
    a: T1[M, K],
    b: T2[K, N],
    min_a: float32,
    max_a: float32,
    min_b: float32,
    max_b: float32,
    *,
    Toutput: DType = qint32,
    transpose_a: bool = False,
    transpose_b: bool = False,
    Tactivation: DType = quint8,
) -> tuple[Toutput, float32, float32]:
    """Multiply two matrices of quantized numbers.

    Args:
        a: quantized[M, K], or quantized[K, M] to be transposed.
        b: quantized[K, N], or quantized[N, K] to be transposed.
        min_a: what the least number of `a` stands for.
        max_a: what the greatest number of `a` stands for.
        min_b: what the least number of `b` stands for.
        max_b: what the greatest number of `b` stands for.
        Toutput: qint32.
        transpose_a: use a's transpose.
        transpose_b: use b's transpose.
        Tactivation: without effect.

    Returns:
        out: qint32[M, N].
        min_out: what the least int32 stands for.
        max_out: what the greatest int32 stands for.

    Raises:
        InvalidArgumentError: if shapes do not fit, or a range does not run upwards.

    Source: TensorFlow's op of the same name.
    """
    _must_give(Toutput, "QuantizedMatMul")
    check_range("a", min_a, max_a)
    check_range("b", min_b, max_b)
    left, right = factors(a, b, transpose_a=transpose_a, transpose_b=transpose_b)
    product = _around_zero(left, min_a, max_a) @ _around_zero(right, min_b, max_b)
    found = range_of_products(a.dtype, (min_a, max_a), b.dtype, (min_b, max_b))
    return product, *ends(found)


@quantized_mat_mul_op.shape
def quantized_mat_mul_shape(
    a: Shape, b: Shape, *_: Shape, transpose_a: bool, transpose_b: bool, **__: Any
) -> list[Shape]:
    made = mat_mul_shape(a, b, transpose_a=transpose_a, transpose_b=transpose_b)
    return [made, SCALAR, SCALAR]


quantized_mat_mul_op.no_gradient(NONE, refuse=True)

# --- QuantizedConv2D -----------------------------------------------------------------------------


@op(
    "QuantizedConv2D",
    Tinput=QUANTIZED,
    Tfilter=QUANTIZED,
    out_type=QUANTIZED,
    outputs=("output", "min_output", "max_output"),
)
def quantized_conv2d_op(
    input: Tinput[N, H, W, C],
    filter: Tfilter[R, S, C, K],
    min_input: float32,
    max_input: float32,
    min_filter: float32,
    max_filter: float32,
    *,
    out_type: DType = qint32,
    strides: tuple[int, ...],
    padding: Literal["SAME", "VALID"],
    dilations: tuple[int, ...] = (1, 1, 1, 1),
) -> tuple[out_type[N, P, Q, K], float32, float32]:
    """Cross-correlate images of quantized numbers with filters of them.

    Args:
        input: quantized[N, H, W, C].
        filter: quantized[R, S, C, K].
        min_input: what the least number of `input` stands for.
        max_input: what the greatest number of `input` stands for.
        min_filter: what the least number of `filter` stands for.
        max_filter: what the greatest number of `filter` stands for.
        out_type: qint32.
        strides: four ints, the same along height and width.
        padding: SAME or VALID; the border stands for 0.
        dilations: four 1.

    Returns:
        output: qint32[N, P, Q, K].
        min_output: what the least int32 stands for.
        max_output: what the greatest int32 stands for.

    Raises:
        InvalidArgumentError: as Conv2D; if there are dilations.

    Source: TensorFlow's op of the same name.
    """
    _must_give(out_type, "QuantizedConv2D")
    if set(dilations) != {1}:
        raise invalid("The current implementation does not yet support dilations")
    made = conv2d_op.body(
        _around_zero(input, min_input, max_input),
        _around_zero(filter, min_filter, max_filter),
        strides=strides,
        padding=padding,
    )
    found = range_of_products(
        input.dtype, (min_input, max_input), filter.dtype, (min_filter, max_filter)
    )
    return made, *ends(found)


@quantized_conv2d_op.shape
def quantized_conv2d_shape(
    input: Shape, filter: Shape, *_: Shape, out_type: DType, **attrs: Any
) -> list[Shape]:
    return [conv2d_shape(input, filter, **attrs), SCALAR, SCALAR]


quantized_conv2d_op.no_gradient(NONE, refuse=True)

# --- QuantizedMul, QuantizedAdd ------------------------------------------------------------------


@op(
    "QuantizedMul",
    T1=QUANTIZED,
    T2=QUANTIZED,
    Toutput=QUANTIZED,
    outputs=("z", "min_z", "max_z"),
)
def quantized_mul_op(
    x: T1,
    y: T2,
    min_x: float32,
    max_x: float32,
    min_y: float32,
    max_y: float32,
    *,
    Toutput: DType = qint32,
) -> tuple[Toutput, float32, float32]:
    """Multiply quantized numbers element by element; shapes broadcast.

    Args:
        x: quantized[...].
        y: quantized[...].
        min_x: what the least number of `x` stands for.
        max_x: what the greatest number of `x` stands for.
        min_y: what the least number of `y` stands for.
        max_y: what the greatest number of `y` stands for.
        Toutput: qint32.

    Returns:
        z: qint32[...].
        min_z: what the least int32 stands for.
        max_z: what the greatest int32 stands for.

    Raises:
        InvalidArgumentError: if shapes do not broadcast, or a range does not run upwards.

    Source: TensorFlow's op of the same name.
    """
    _must_give(Toutput, "QuantizedMul")
    _check_pair(x, y, min_x, max_x, min_y, max_y)
    found = range_of_products(x.dtype, (min_x, max_x), y.dtype, (min_y, max_y))
    return _around_zero(x, min_x, max_x) * _around_zero(y, min_y, max_y), *ends(found)


def _check_pair(x: Array, y: Array, *limits: Array) -> None:
    broadcast(Shape(x.shape), Shape(y.shape))
    check_range("x", *limits[:2])
    check_range("y", *limits[2:])


@op(
    "QuantizedAdd",
    T1=QUANTIZED,
    T2=QUANTIZED,
    Toutput=QUANTIZED,
    outputs=("z", "min_z", "max_z"),
)
def quantized_add_op(
    x: T1,
    y: T2,
    min_x: float32,
    max_x: float32,
    min_y: float32,
    max_y: float32,
    *,
    Toutput: DType = qint32,
) -> tuple[Toutput, float32, float32]:
    """Add quantized numbers element by element; shapes broadcast.

    Numbers of an array become int32s by a whole factor, which rounds coarsely, as TensorFlow does.

    Args:
        x: quantized[...].
        y: quantized[...].
        min_x: what the least number of `x` stands for.
        max_x: what the greatest number of `x` stands for.
        min_y: what the least number of `y` stands for.
        max_y: what the greatest number of `y` stands for.
        Toutput: qint32.

    Returns:
        z: qint32[...].
        min_z: what the least int32 stands for.
        max_z: what the greatest int32 stands for.

    Raises:
        InvalidArgumentError: if shapes do not broadcast, or a range does not run upwards.

    Source: TensorFlow's op of the same name.
    """
    _must_give(Toutput, "QuantizedAdd")
    _check_pair(x, y, min_x, max_x, min_y, max_y)
    low, high = range_of_sums((min_x, max_x), (min_y, max_y), _SUMS)
    total = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.int64)
    is_exact = (not x.ndim, bool(x.ndim) and not y.ndim)  # a single number is rounded by itself
    for numbers, exact, least, most in zip(
        (x, y), is_exact, (min_x, min_y), (max_x, max_y), strict=True
    ):

        def placed(number: Any, least: Array = least, most: Array = most) -> int:
            return nearest(exact_real(number, least, most), np.dtype(np.int32), low, high)

        if exact:
            total += placed(numbers)
            continue
        first, second = (placed(numbers.dtype.type(each)) for each in (0, 1))
        total += first + numbers.astype(np.int64) * (second - first)
    limits = np.iinfo(np.int32)
    return np.clip(total, limits.min, limits.max).astype(np.int32), *ends((low, high))


@quantized_mul_op.shape
def quantized_mul_shape(x: Shape, y: Shape, *_: Shape, **__: Any) -> list[Shape]:
    return [broadcast(x, y), SCALAR, SCALAR]


quantized_add_op.shape(quantized_mul_shape)
quantized_mul_op.no_gradient(NONE, refuse=True)
quantized_add_op.no_gradient(NONE, refuse=True)

# --- QuantizedBiasAdd ----------------------------------------------------------------------------


@op(
    "QuantizedBiasAdd",
    T1=QUANTIZED,
    T2=QUANTIZED,
    out_type=QUANTIZED,
    outputs=("output", "min_out", "max_out"),
)
def quantized_bias_add_op(
    input: T1,
    bias: T2[C],
    min_input: float32,
    max_input: float32,
    min_bias: float32,
    max_bias: float32,
    *,
    out_type: DType,
) -> tuple[out_type, float32, float32]:
    """Add a bias per channel, the last dimension.

    Args:
        input: quantized[..., C].
        bias: quantized[C].
        min_input: what the least number of `input` stands for.
        max_input: what the greatest number of `input` stands for.
        min_bias: what the least number of `bias` stands for.
        max_bias: what the greatest number of `bias` stands for.
        out_type: qint32.

    Returns:
        output: qint32[..., C].
        min_out: what the least int32 stands for.
        max_out: what the greatest int32 stands for.

    Raises:
        InvalidArgumentError: if the numbers of channels differ, or the input is no matrix or more.

    Source: TensorFlow's op of the same name.
    """
    _must_give(out_type, "QuantizedBiasAdd")
    if input.ndim < 2:
        raise invalid(f"Input tensor must be at least 2D: {list(input.shape)}")
    if input.shape[-1] != len(bias):
        raise invalid(
            "Must provide as many biases as the last dimension of the input tensor: "
            f"{list(bias.shape)} vs. {list(input.shape)}"
        )
    low, high = range_of_sums((min_input, max_input), (min_bias, max_bias), 17)
    pairs = ((input, min_input, max_input), (bias, min_bias, max_bias))
    first, second = (quantized(real(*each), qint32, low, high) for each in pairs)
    return first + second, *ends((low, high))


@quantized_bias_add_op.shape
def quantized_bias_add_shape(input: Shape, bias: Shape, *_: Shape, out_type: DType) -> list[Shape]:
    return [input, SCALAR, SCALAR]


quantized_bias_add_op.no_gradient(NONE, refuse=True)
