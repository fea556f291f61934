"""The incomplete beta function: how probable it is that a beta-distributed number is below x.

I(a, b, x) is the integral of t^(a - 1) (1 - t)^(b - 1) from 0 to x over that from 0 to 1.  Below
the mean it is a continued fraction, above it 1 - I(b, a, 1 - x), in double precision.  The factor
x^a (1 - x)^b is written as an exponential of differences from the mean, as that of the incomplete
gamma function.  The fraction takes about sqrt(max(a, b)) steps, each of which rounds.

Source: Abramowitz and Stegun 26.5; TensorFlow's op.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import sizes_text
from minitf.ops.math.gamma import in_double, stirling_rest
from minitf.ops.math.incomplete_gamma import log_less
from minitf.shapes import SCALAR, Shape, merge
from minitf.symbols import T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- the distribution ----------------------------------------------------------------------------


def below(a: Array, b: Array, x: Array) -> Array:
    """Return I(a, b, x); NaN unless a > 0, b > 0 and 0 <= x <= 1."""
    made = np.where((a > 0) & (b > 0) & ((x == 0) | (x == 1)), x, np.nan)
    inside = (a > 0) & (b > 0) & (x > 0) & (x < 1) & np.isfinite(a + b)
    at = inside & (x < (a + 1) / (a + b + 2))
    made[at] = _fraction(a[at], b[at], x[at], 1 - x[at])
    at = inside & ~at
    made[at] = 1 - _fraction(b[at], a[at], 1 - x[at], x[at])
    return made


def _fraction(a: Array, b: Array, x: Array, y: Array) -> Array:
    """Return I(a, b, x) for x below the mean and y = 1 - x, by Lentz's method.

    1 / (1 + d[1] / (1 + d[2] / ...)), d[2m] = m (b - m) x / ((a + 2m - 1) (a + 2m)) and
    d[2m + 1] = -(a + m) (a + b + m) x / ((a + 2m) (a + 2m + 1)).
    """
    over, under = np.ones_like(x), np.zeros_like(x)  # of successive convergents
    total, change, m = np.ones_like(x), np.full_like(x, np.inf), 0
    while np.any(np.abs(change - 1) > _EPS):
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        change = np.ones_like(x)
        for d in (odd, even):
            under = 1 / _not_zero(1 + d * under)
            over = _not_zero(1 + d / over)
            change = change * over * under
        total *= change
    return _density(a, b, x, y) / a / total


_EPS = 2 * float(np.finfo(np.float64).eps)


def _not_zero(x: Array) -> Array:
    """Put a number too small to matter for 0, which the method divides by."""
    return np.where(x == 0, np.finfo(np.float64).tiny, x)


def _density(a: Array, b: Array, x: Array, y: Array) -> Array:
    """Return x^a y^b over the beta function of a and b, for y = 1 - x."""
    whole, off = a + b, b * x - a * y
    exponent = a * log_less(x * whole / a, off / a) + b * log_less(y * whole / b, -off / b)
    rests = stirling_rest(whole) - stirling_rest(a) - stirling_rest(b)
    return np.sqrt(a / (2 * np.pi) * (b / whole)) * np.exp(exponent + rests)


# --- Betainc -------------------------------------------------------------------------------------


@op("Betainc", T=types("float32", "float64"), outputs=("z",))
def betainc_op(a: T, b: T, x: T) -> T:
    """Compute I(a, b, x): the integral of t^(a - 1) (1 - t)^(b - 1) up to x, over that up to 1.

    Args:
        a: real[...] > 0.
        b: real[...] > 0.
        x: real[...] in [0, 1].  All that are not scalars have one shape.

    Returns:
        real[...] in [0, 1]; NaN for other inputs.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: Abramowitz and Stegun 6.6.2.
    """
    shaped = [(name, each.shape) for name, each in (("a", a), ("b", b), ("x", x)) if each.ndim]
    for name, shape in shaped[1:]:
        first, wanted = shaped[0]
        if shape != wanted:
            raise invalid(
                f"Shapes of {first} and {name} are inconsistent: {sizes_text(wanted)} vs. "
                f"{sizes_text(shape)}"
            )
    return in_double(below, a, b, x)


@betainc_op.shape
def betainc_shape(a: Shape, b: Shape, x: Shape) -> Shape:
    if any(each.rank is None for each in (a, b, x)):
        shaped = [each for each in (a, b, x) if each.rank]
        return shaped[0] if shaped else Shape.unknown()
    found = SCALAR
    for each in (a, b, x):
        if each.rank:
            found = merge(found, each) if found.rank else each
    return found


@betainc_op.gradient
def betainc_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Differentiate in x.  TensorFlow has no derivatives in a and b."""
    a, b, x = op.inputs
    log_beta = ops.sub_op(
        ops.add_v2_op(ops.lgamma_op(a), ops.lgamma_op(b)), ops.lgamma_op(ops.add_v2_op(a, b))
    )
    of_x = ops.mul_op(ops.sub_op(a, 1), ops.log_op(x))
    of_y = ops.mul_op(ops.sub_op(b, 1), ops.log1p_op(ops.neg_op(x)))
    density = ops.exp_op(ops.sub_op(ops.add_v2_op(of_x, of_y), log_beta))
    slope = ops.mul_op(grad, density)
    shape = ops.shape_op(x)
    axes = ops.broadcast_gradient_args_op(shape, ops.shape_op(slope))[0]
    return [None, None, ops.reshape_op(ops.sum_op(slope, axes), shape)]
