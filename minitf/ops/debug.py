"""Operations that look for mistakes in values, at gradients on their way, and at the clock.

Source: 2015 §6 (guard against numerical errors); TensorFlow's ops of the same names.
"""

import time
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, FLOATS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Ref, T, float64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- CheckNumerics -------------------------------------------------------------------------------


@op("CheckNumerics", "stateful", T=FLOATS)
def check_numerics_op(tensor: T, *, message: str) -> T:
    """Give the input back, and abort the step if one of its elements is NaN or infinite.

    Args:
        tensor: T[...].
        message: how the error begins.

    Returns:
        T[...] of the same shape.

    Raises:
        InvalidArgumentError: with how many NaNs and infinities there are, and where the first is.

    Source: TensorFlow's op of the same name.
    """
    finite = np.isfinite(tensor)
    if not finite.all():
        nans = int(np.isnan(tensor).sum())
        infinite = tensor.size - int(finite.sum()) - nans
        kinds = " and ".join([kind for kind, n in (("Inf", infinite), ("NaN", nans)) if n])
        first = np.unravel_index(int(finite.argmin()), tensor.shape)
        raise invalid(
            f"{message} : Tensor had {kinds} values",
            values=f"{nans} NaN, {infinite} infinite, of {tensor.size}",
            first=f"at {[int(i) for i in first]}",
        )
    return tensor


@check_numerics_op.shape
def check_numerics_shape(tensor: Shape, *, message: str) -> Shape:
    return tensor


@check_numerics_op.gradient
def check_numerics_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    message = (
        f"Not a number (NaN) or infinity (Inf) values detected in gradient. {op.attrs['message']}"
    )
    return [ops.check_numerics_op(grad, message=message)]


# --- DebugGradientIdentity, DebugGradientRefIdentity ---------------------------------------------


@op("DebugGradientIdentity", "allows_uninitialized_input", T=ANY)
def debug_gradient_identity_op(input: T) -> T:
    """Give the input back: a place at which a debugger looks at the gradient.

    Args:
        input: T[...].

    Returns:
        T[...] of the same shape.

    Source: TensorFlow's op of the same name.
    """
    return input


@op("DebugGradientRefIdentity", "allows_uninitialized_input", T=ANY)
def debug_gradient_ref_identity_op(input: Ref[T]) -> Ref[T]:
    """Give a variable's handle back: a place at which a debugger looks at the gradient.

    Args:
        input: the handle.

    Returns:
        The same.

    Source: TensorFlow's op of the same name.
    """
    return input


@debug_gradient_identity_op.shape
def debug_gradient_identity_shape(input: Shape) -> Shape:
    return input


@debug_gradient_identity_op.gradient
def debug_gradient_identity_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [grad]


debug_gradient_ref_identity_op.shape(debug_gradient_identity_shape)
debug_gradient_ref_identity_op.gradient(debug_gradient_identity_gradient)

# --- Timestamp -----------------------------------------------------------------------------------


@op("Timestamp", "stateful", outputs=("ts",))
def timestamp_op() -> float64:
    """Tell the time at which it runs.

    Returns:
        A scalar, seconds since the beginning of 1970.

    Source: TensorFlow's op of the same name.
    """
    return np.float64(time.time())


timestamp_op.shape(lambda: SCALAR)
timestamp_op.no_gradient("it has no inputs")
