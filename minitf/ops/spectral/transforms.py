"""Discrete Fourier transforms over the last one, two or three dimensions.

Forward sums have no factor: out[k] = sum of input[j] e^(-2 pi i j k / N); inverse ones divide by N,
the number of elements transformed.

Source: TensorFlow's ops of these names; Cooley and Tukey 1965.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.symbols import Tcomplex, complex64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
_TYPES = COMPLEX.default(complex64)


def _transform(function: Callable[..., Array], x: Array, rank: int) -> Array:
    if x.ndim < rank:
        raise invalid(f"Input must have rank of at least {rank} but got: {list(x.shape)}")
    if not x.size:
        return x.copy()
    return function(x, axes=range(-rank, 0)).astype(x.dtype, copy=False)


def at_least(rank: int) -> Callable[[Shape], Shape]:
    """Return the shape rule of a transform over `rank` dimensions."""

    def transform_shape(input: Shape) -> Shape:
        if input.dims is not None and len(input) < rank:
            raise invalid(f"Shape must be at least rank {rank} but is rank {len(input)}")
        return input

    return transform_shape


def count(x: Tensor, rank: int) -> Tensor:
    """Return how many elements are transformed together, in the type of x."""
    sizes = ops.strided_slice_op(ops.shape_op(x), [-rank], [0], [1], end_mask=1)
    return ops.cast_op(ops.prod_op(sizes, 0), DstT=x.dtype.base_dtype)


# --- FFT, FFT2D, FFT3D ---------------------------------------------------------------------------


@op("FFT", Tcomplex=_TYPES)
def fft_op(input: Tcomplex) -> Tcomplex:
    """Transform along the last dimension.

    Args:
        input: complex[..., N].

    Returns:
        complex[..., N].

    Raises:
        InvalidArgumentError: if it is a scalar.

    Source: TensorFlow's op of the same name.
    """
    return _transform(np.fft.fftn, input, 1)


@op("FFT2D", Tcomplex=_TYPES)
def fft2d_op(input: Tcomplex) -> Tcomplex:
    """Transform along the last two dimensions.

    Args:
        input: complex[..., M, N].

    Returns:
        complex[..., M, N].

    Raises:
        InvalidArgumentError: if there are fewer dimensions.

    Source: TensorFlow's op of the same name.
    """
    return _transform(np.fft.fftn, input, 2)


@op("FFT3D", Tcomplex=_TYPES)
def fft3d_op(input: Tcomplex) -> Tcomplex:
    """Transform along the last three dimensions.

    Args:
        input: complex[..., L, M, N].

    Returns:
        complex[..., L, M, N].

    Raises:
        InvalidArgumentError: if there are fewer dimensions.

    Source: TensorFlow's op of the same name.
    """
    return _transform(np.fft.fftn, input, 3)


# --- IFFT, IFFT2D, IFFT3D ------------------------------------------------------------------------


@op("IFFT", Tcomplex=_TYPES)
def ifft_op(input: Tcomplex) -> Tcomplex:
    """Transform back along the last dimension: undo FFT.

    Args:
        input: complex[..., N].

    Returns:
        complex[..., N].

    Raises:
        InvalidArgumentError: if it is a scalar.

    Source: TensorFlow's op of the same name.
    """
    return _transform(np.fft.ifftn, input, 1)


@op("IFFT2D", Tcomplex=_TYPES)
def ifft2d_op(input: Tcomplex) -> Tcomplex:
    """Transform back along the last two dimensions: undo FFT2D.

    Args:
        input: complex[..., M, N].

    Returns:
        complex[..., M, N].

    Raises:
        InvalidArgumentError: if there are fewer dimensions.

    Source: TensorFlow's op of the same name.
    """
    return _transform(np.fft.ifftn, input, 2)


@op("IFFT3D", Tcomplex=_TYPES)
def ifft3d_op(input: Tcomplex) -> Tcomplex:
    """Transform back along the last three dimensions: undo FFT3D.

    Args:
        input: complex[..., L, M, N].

    Returns:
        complex[..., L, M, N].

    Raises:
        InvalidArgumentError: if there are fewer dimensions.

    Source: TensorFlow's op of the same name.
    """
    return _transform(np.fft.ifftn, input, 3)


fft_op.shape(at_least(1))
fft2d_op.shape(at_least(2))
fft3d_op.shape(at_least(3))
ifft_op.shape(at_least(1))
ifft2d_op.shape(at_least(2))
ifft3d_op.shape(at_least(3))


@fft_op.gradient
def fft_gradient(op: Operation, grad: Tensor) -> Gradients:
    """The adjoint of a transform is its inverse, times N."""
    return [ops.ifft_op(grad) * count(grad, 1)]


@fft2d_op.gradient
def fft2d_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.ifft2d_op(grad) * count(grad, 2)]


@fft3d_op.gradient
def fft3d_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.ifft3d_op(grad) * count(grad, 3)]


@ifft_op.gradient
def ifft_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.fft_op(grad) / count(grad, 1)]


@ifft2d_op.gradient
def ifft2d_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.fft2d_op(grad) / count(grad, 2)]


@ifft3d_op.gradient
def ifft3d_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.fft3d_op(grad) / count(grad, 3)]
