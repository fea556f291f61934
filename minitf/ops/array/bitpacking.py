"""Truth values of comparisons, eight to a byte.

Source: TensorFlow's op of the same name.
"""

from typing import Any

import numpy as np

from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import Shape, known
from minitf.symbols import T, uint8

Array = np.ndarray[Any, Any]
_COMPARABLE = types("bool", "float16", "float32", "float64", "int8", "int16", "int32", "int64")


@op("CompareAndBitpack", T=_COMPARABLE)
def compare_and_bitpack_op(input: T, threshold: T[()]) -> uint8:
    """Compare eight elements at a time with a bound, and give the answers as the bits of a byte.

    The first of the eight is the highest bit.

    Args:
        input: T[..., 8 N]; truth values are packed as they are.
        threshold: scalar; a bit is 1 where `input > threshold`.

    Returns:
        uint8[..., N].

    Raises:
        InvalidArgumentError: if `input` is a scalar, or no eights fill its last dimension.

    Source: TensorFlow's op of the same name.
    """
    compare_and_bitpack_shape(Shape(input.shape), Shape(()))
    return np.packbits(input if input.dtype == bool else input > threshold, axis=-1)


@compare_and_bitpack_op.shape
def compare_and_bitpack_shape(input: Shape, threshold: Shape) -> Shape:
    if input.dims is None:
        return input
    if not input.dims:
        raise invalid("Input should be at least a vector, but saw a scalar.")
    last = input[-1]
    if known(last) and last % 8:
        raise invalid(
            "Inner dimension of input should be divisible by 8, but saw shape: "
            f"[{','.join(map(str, input))}]"
        )
    return input.replaced(-1, last // 8)


compare_and_bitpack_op.no_gradient("bits are no real numbers")
