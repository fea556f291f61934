"""Operations on the bits of whole numbers, which are stored in two's complement.

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import INTEGERS, uint8
from minitf.ops.elementwise.rows import elementwise

Array = np.ndarray[Any, Any]
WHOLE = "whole numbers have no derivative"

# --- BitwiseAnd, BitwiseOr, BitwiseXor, Invert ---------------------------------------------------

bitwise_and_op = elementwise(
    "BitwiseAnd",
    "the bits that are set in both x and y",
    "commutative",
    numpy=np.bitwise_and,
    scalar=lambda x, y: x & y,
    types=INTEGERS,
    gradient=WHOLE,
)

bitwise_or_op = elementwise(
    "BitwiseOr",
    "the bits that are set in x or y",
    "commutative",
    numpy=np.bitwise_or,
    scalar=lambda x, y: x | y,
    types=INTEGERS,
    gradient=WHOLE,
)

bitwise_xor_op = elementwise(
    "BitwiseXor",
    "the bits that are set in one of x and y",
    "commutative",
    numpy=np.bitwise_xor,
    scalar=lambda x, y: x ^ y,
    types=INTEGERS,
    gradient=WHOLE,
)

invert_op = elementwise(
    "Invert",
    "the bits that are not set in x: -1 - x of a signed number",
    numpy=np.invert,
    scalar=lambda x: ~x,
    types=INTEGERS,
    gradient=WHOLE,
)

# --- LeftShift, RightShift -----------------------------------------------------------------------


def _within(y: Array) -> Array:
    """Return shifts by at least 0 and less than the number of bits: others are undefined in C."""
    return np.clip(y, 0, y.dtype.itemsize * 8 - 1)


left_shift_op = elementwise(
    "LeftShift",
    "x with its bits moved up by y places, y taken to the nearest of 0 ... bits - 1",
    numpy=lambda x, y: np.left_shift(x, _within(y)),
    scalar=lambda x, y: x << y,
    types=INTEGERS,
    gradient=WHOLE,
)

right_shift_op = elementwise(
    "RightShift",
    "x with its bits moved down by y places, y taken to the nearest of 0 ... bits - 1; "
    "a signed number keeps its sign",
    numpy=lambda x, y: np.right_shift(x, _within(y)),
    scalar=lambda x, y: x >> y,
    types=INTEGERS,
    gradient=WHOLE,
)

# --- PopulationCount -----------------------------------------------------------------------------


def _set_bits(x: Array) -> Array:
    """Count the bits of the stored number; NumPy's bit_count takes the absolute value."""
    return np.bitwise_count(x.view(f"u{x.dtype.itemsize}"))


population_count_op = elementwise(
    "PopulationCount",
    "how many bits of x are set",
    numpy=_set_bits,
    scalar=lambda x: x.bit_count(),
    types=INTEGERS,
    result=uint8,
    gradient=WHOLE,
)
