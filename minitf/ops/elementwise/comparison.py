"""Comparisons and logic: numbers in, truth out.  NaN is unequal to everything and unordered.

Source: 2015 Table 1, row "Element-wise mathematical operations": Greater, Less, Equal.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, FLOATS, NUMBERS, REAL_NUMBERS, bool_
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.elementwise import scalar_math
from minitf.ops.elementwise.rows import elementwise
from minitf.shapes import Shape, broadcast, merge
from minitf.symbols import T
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]
TRUTH = "truth has no derivative"

# --- Equal, NotEqual ---------------------------------------------------------------------------


def _comparable(x: Array, y: Array, *, must_fit: bool) -> bool:
    """Tell whether two arrays broadcast together; if they must, refuse those that do not."""
    try:
        np.broadcast_shapes(x.shape, y.shape)
    except ValueError:
        if not must_fit:
            return False
        raise invalid(f"Incompatible shapes: {list(x.shape)} vs. {list(y.shape)}") from None
    return True


@op("Equal", "commutative", T=ANY, outputs=("z",))
def equal_op(x: T, y: T, *, incompatible_shape_error: bool = True) -> boolean:
    """Tell whether x == y, element by element, with broadcasting.

    Args:
        x: T[...].
        y: T[...].
        incompatible_shape_error: refuse shapes that do not fit; else they give the scalar False.

    Returns:
        bool[...].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: 2015 Table 1.
    """
    if not _comparable(x, y, must_fit=incompatible_shape_error):
        return np.asarray(False)
    return np.asarray(np.equal(x, y), bool)


@op("NotEqual", "commutative", T=ANY, outputs=("z",))
def not_equal_op(x: T, y: T, *, incompatible_shape_error: bool = True) -> boolean:
    """Tell whether x != y, element by element, with broadcasting.

    Args:
        x: T[...].
        y: T[...].
        incompatible_shape_error: refuse shapes that do not fit; else they give the scalar True.

    Returns:
        bool[...].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: 2015 Table 1.
    """
    if not _comparable(x, y, must_fit=incompatible_shape_error):
        return np.asarray(True)
    return np.asarray(np.not_equal(x, y), bool)


@equal_op.shape
@not_equal_op.shape
def equality_shape(x: Shape, y: Shape, *, incompatible_shape_error: bool) -> Shape:
    if incompatible_shape_error:
        return broadcast(x, y)
    return broadcast(x, y) if x.is_full and x == y else Shape.unknown()


equal_op.value_by_body(needs=("x", "y"))
not_equal_op.value_by_body(needs=("x", "y"))
equal_op.no_gradient(TRUTH)
not_equal_op.no_gradient(TRUTH)

# --- Less, LessEqual, Greater, GreaterEqual ----------------------------------------------------

less_op = elementwise(
    "Less",
    "whether x < y",
    numpy=np.less,
    scalar=lambda x, y: x < y,
    types=REAL_NUMBERS,
    result=bool_,
    gradient=TRUTH,
)

less_equal_op = elementwise(
    "LessEqual",
    "whether x <= y",
    numpy=np.less_equal,
    scalar=lambda x, y: x <= y,
    types=REAL_NUMBERS,
    result=bool_,
    gradient=TRUTH,
)

greater_op = elementwise(
    "Greater",
    "whether x > y",
    numpy=np.greater,
    scalar=lambda x, y: x > y,
    types=REAL_NUMBERS,
    result=bool_,
    gradient=TRUTH,
)

greater_equal_op = elementwise(
    "GreaterEqual",
    "whether x >= y",
    numpy=np.greater_equal,
    scalar=lambda x, y: x >= y,
    types=REAL_NUMBERS,
    result=bool_,
    gradient=TRUTH,
)

# --- LogicalAnd, LogicalOr, LogicalNot ---------------------------------------------------------

logical_and_op = elementwise(
    "LogicalAnd",
    "whether both x and y are true",
    "commutative",
    numpy=np.logical_and,
    scalar=lambda x, y: x & y,
    types=bool_,
    gradient=TRUTH,
)

logical_or_op = elementwise(
    "LogicalOr",
    "whether x or y, or both, are true",
    "commutative",
    numpy=np.logical_or,
    scalar=lambda x, y: x | y,
    types=bool_,
    gradient=TRUTH,
)

logical_not_op = elementwise(
    "LogicalNot",
    "whether x is false",
    numpy=np.logical_not,
    scalar=lambda x: not x,
    types=bool_,
    gradient=TRUTH,
)

# --- IsNan, IsInf, IsFinite --------------------------------------------------------------------

is_nan_op = elementwise(
    "IsNan",
    "whether x is NaN",
    numpy=np.isnan,
    scalar=lambda x: scalar_math.isnan(x),
    types=FLOATS,
    result=bool_,
    gradient=TRUTH,
)

is_inf_op = elementwise(
    "IsInf",
    "whether x is infinite",
    numpy=np.isinf,
    scalar=lambda x: scalar_math.isinf(x),
    types=FLOATS,
    result=bool_,
    gradient=TRUTH,
)

is_finite_op = elementwise(
    "IsFinite",
    "whether x is neither infinite nor NaN",
    numpy=np.isfinite,
    scalar=lambda x: scalar_math.isfinite(x),
    types=FLOATS,
    result=bool_,
    gradient=TRUTH,
)

# --- ApproximateEqual --------------------------------------------------------------------------


@op("ApproximateEqual", "commutative", T=NUMBERS, outputs=("z",))
def approximate_equal_op(x: T, y: T, *, tolerance: float = 1e-5) -> boolean:
    """Tell whether |x - y| <= tolerance, element by element; no broadcasting.

    Args:
        x: number[...].
        y: number[...] of the same shape.
        tolerance: absolute.

    Returns:
        bool[...].

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op.
    """
    if x.shape != y.shape:
        raise invalid(f"x and y must be of the same shape. {list(x.shape)} vs. {list(y.shape)}")
    return np.asarray(np.abs(x - y) <= tolerance)


@approximate_equal_op.shape
def approximate_equal_shape(x: Shape, y: Shape, *, tolerance: float) -> Shape:
    return merge(x, y)


approximate_equal_op.no_gradient(TRUTH)
