"""Operations that look for mistakes in values.

Source: 2015 §6 (guard against numerical errors); TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.symbols import T
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
