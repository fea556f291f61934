"""Complex numbers and their parts.

Source: TensorFlow's ops of these names; 2015 Table 1, "Element-wise mathematical operations".
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import unbroadcast
from minitf.shapes import Shape, broadcast
from minitf.symbols import T, Tout, complex64, float32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
_PARTS = types("float32", "float64")


def same_shape(input: Shape, *, Tout: DType) -> Shape:
    return input


# --- Complex -----------------------------------------------------------------------------------


@op("Complex", T=_PARTS.default(float32), Tout=COMPLEX, outputs=("out",))
def complex_op(real: T, imag: T, *, Tout: DType = complex64) -> Tout:
    """Make complex numbers of their parts: real + i imag.

    Args:
        real: float[...].
        imag: float[...], broadcast with `real`.
        Tout: complex64 for float32, complex128 for float64.

    Returns:
        Tout[...].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op.
    """
    try:
        real, imag = np.broadcast_arrays(real, imag)
    except ValueError:
        raise invalid(f"Incompatible shapes: {list(real.shape)} vs. {list(imag.shape)}") from None
    out = np.empty(real.shape, Tout.numpy)
    out.real, out.imag = real, imag
    return out


@complex_op.shape
def complex_shape(real: Shape, imag: Shape, *, Tout: DType) -> Shape:
    return broadcast(real, imag)


@complex_op.gradient
def complex_gradient(op: Operation, grad: Tensor) -> Gradients:
    part = op.inputs[0].dtype.base_dtype
    return unbroadcast(op, ops.real_op(grad, Tout=part), ops.imag_op(grad, Tout=part))


# --- Real, Imag --------------------------------------------------------------------------------


@op("Real", T=COMPLEX.default(complex64), Tout=_PARTS)
def real_op(input: T, *, Tout: DType = float32) -> Tout:
    """Give the real part of each element.

    Args:
        input: complex[...].
        Tout: float32 for complex64, float64 for complex128.

    Returns:
        Tout[...].

    Source: TensorFlow's op.
    """
    return input.real.astype(Tout.numpy)


@op("Imag", T=COMPLEX.default(complex64), Tout=_PARTS)
def imag_op(input: T, *, Tout: DType = float32) -> Tout:
    """Give the imaginary part of each element.

    Args:
        input: complex[...].
        Tout: float32 for complex64, float64 for complex128.

    Returns:
        Tout[...].

    Source: TensorFlow's op.
    """
    return input.imag.astype(Tout.numpy)


real_op.shape(same_shape)
imag_op.shape(same_shape)


@real_op.gradient
def real_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.complex_op(grad, ops.zeros_like_op(grad), Tout=op.inputs[0].dtype.base_dtype)]


@imag_op.gradient
def imag_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.complex_op(ops.zeros_like_op(grad), grad, Tout=op.inputs[0].dtype.base_dtype)]


# --- ComplexAbs, Angle -------------------------------------------------------------------------


@op("ComplexAbs", T=COMPLEX.default(complex64), Tout=_PARTS, outputs=("y",))
def complex_abs_op(x: T, *, Tout: DType = float32) -> Tout:
    """Give the length of each element: sqrt(real^2 + imag^2), without overflow in between.

    Args:
        x: complex[...].
        Tout: float32 for complex64, float64 for complex128.

    Returns:
        Tout[...].

    Source: TensorFlow's op.
    """
    return np.abs(x).astype(Tout.numpy)


@op("Angle", T=COMPLEX.default(complex64), Tout=_PARTS)
def angle_op(input: T, *, Tout: DType = float32) -> Tout:
    """Give the angle of each element in (-pi, pi]: atan2(imag, real).

    Args:
        input: complex[...].
        Tout: float32 for complex64, float64 for complex128.

    Returns:
        Tout[...].

    Source: TensorFlow's op.
    """
    return np.angle(input).astype(Tout.numpy)


complex_abs_op.shape(same_shape)
angle_op.shape(same_shape)


@complex_abs_op.gradient
def complex_abs_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [_along(op, grad, ops.sign_op(op.inputs[0]))]


def _along(op: Operation, grad: Tensor, direction: Tensor) -> Tensor:
    zeros = ops.zeros_like_op(grad)
    kind = op.inputs[0].dtype.base_dtype
    return ops.mul_op(ops.complex_op(grad, zeros, Tout=kind), direction)


@angle_op.gradient
def angle_gradient(op: Operation, grad: Tensor) -> Gradients:
    z = op.inputs[0]
    return [ops.mul_op(_along(op, grad, ops.reciprocal_op(ops.conj_op(z))), 1j)]


# --- Conj --------------------------------------------------------------------------------------


@op("Conj", T=(COMPLEX | types("variant")).default(complex64))
def conj_op(input: T) -> T:
    """Give the complex conjugate of each element: real - i imag.

    Args:
        input: complex[...].

    Returns:
        complex[...] of the same shape.

    Source: TensorFlow's op.
    """
    return np.conjugate(input)


@conj_op.shape
def conj_shape(input: Shape) -> Shape:
    return input


@conj_op.gradient
def conj_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.conj_op(grad)]
