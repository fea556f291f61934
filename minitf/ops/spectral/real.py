"""Fourier transforms of real arrays, whose second half is the first's mirror and is left out.

The transform of real numbers has out[N - k] = conj(out[k]); along the last dimension only
k = 0 ... N // 2 are kept.

Source: TensorFlow's ops of these names.
"""

import math
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.spectral.transforms import Array, Gradients, at_least, count
from minitf.shapes import UNKNOWN, Shape, known
from minitf.symbols import Tcomplex, Treal, complex64, float32, int32, n
from minitf.tensor import Tensor

_REAL = types("float32", "float64").default(float32)
_HALF = COMPLEX.default(complex64)


def _check(input: Array, fft_length: Array, rank: int, needed: list[int], made: DType) -> None:
    """Check types and sizes.

    Args:
        input: the array.
        fft_length: the sizes of the transform.
        rank: over how many dimensions it goes.
        needed: the sizes that the input must have at least.
        made: the type of the result.

    Raises:
        InvalidArgumentError: if something does not fit.
    """
    if made.numpy.itemsize != input.itemsize * (2 if made.is_complex else 0.5):
        raise invalid(f"Wrong types for FFT: in={input.dtype} out={made}")
    if input.ndim < rank:
        raise invalid(f"Input must have rank of at least {rank} but got: {list(input.shape)}")
    if fft_length.shape != (rank,):
        raise invalid(f"fft_length must have shape [{rank}]")
    if (fft_length < 0).any():
        raise invalid(f"fft_length[*] must be >= 0, but got: {fft_length.tolist()}")
    for i, (size, least) in enumerate(zip(input.shape[-rank:], needed, strict=True)):
        if size != 0 and size < least:
            raise invalid(
                f"Input dimension {i} must have length of at least {least} but got: {size}"
            )


def _half(sizes: list[int]) -> list[int]:
    """Return the sizes of a transform of real numbers."""
    return [*sizes[:-1], sizes[-1] // 2 + 1 if sizes[-1] else 0]


def _forward(input: Array, fft_length: Array, rank: int, made: DType) -> Array:
    sizes = fft_length.tolist()
    _check(input, fft_length, rank, sizes, made)
    if not input.size or not math.prod(sizes):
        return np.zeros((*input.shape[:-rank], *_half(sizes)), made.numpy)
    found = np.fft.rfftn(input, sizes, range(-rank, 0))
    return found.astype(made.numpy, copy=False)


def _inverse(input: Array, fft_length: Array, rank: int, made: DType) -> Array:
    sizes = fft_length.tolist()
    _check(input, fft_length, rank, _half(sizes), made)
    if not input.size or not math.prod(sizes):
        return np.zeros((*input.shape[:-rank], *sizes), made.numpy)
    found = np.fft.irfftn(input, sizes, range(-rank, 0))
    return found.astype(made.numpy, copy=False)


def _shape(input: Shape, sizes: tuple[Any, ...] | None, rank: int, *, halved: bool) -> Shape:
    at_least(rank)(input)
    if sizes is not None and len(sizes) != rank:
        raise invalid(f"Dimension must be {rank} but is {len(sizes)}: fft_length is [{rank}]")
    if input.dims is None:
        return input
    inner = list(sizes or [UNKNOWN] * rank)
    if halved:
        inner[-1] = _half(inner)[-1] if known(inner[-1]) else UNKNOWN
    return Shape([*input[:-rank], *inner])


# --- RFFT, RFFT2D, RFFT3D ------------------------------------------------------------------------


@op("RFFT", Treal=_REAL, Tcomplex=_HALF)
def rfft_op(input: Treal, fft_length: int32[n], *, Tcomplex: DType = complex64) -> Tcomplex:
    """Transform real numbers along the last dimension.

    Args:
        input: float[..., M].
        fft_length: int[1], N <= M; the rest of the input is left out.
        Tcomplex: complex64 for float32, complex128 for float64.

    Returns:
        complex[..., N // 2 + 1].

    Raises:
        InvalidArgumentError: if N > M, or shapes or types do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _forward(input, fft_length, 1, Tcomplex)


@op("RFFT2D", Treal=_REAL, Tcomplex=_HALF)
def rfft2d_op(input: Treal, fft_length: int32[n], *, Tcomplex: DType = complex64) -> Tcomplex:
    """Transform real numbers along the last two dimensions.

    Args:
        input: float[..., M, N].
        fft_length: int[2], how much of each dimension is transformed.
        Tcomplex: complex64 for float32, complex128 for float64.

    Returns:
        complex[..., fft_length[0], fft_length[1] // 2 + 1].

    Raises:
        InvalidArgumentError: if shapes or types do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _forward(input, fft_length, 2, Tcomplex)


@op("RFFT3D", Treal=_REAL, Tcomplex=_HALF)
def rfft3d_op(input: Treal, fft_length: int32[n], *, Tcomplex: DType = complex64) -> Tcomplex:
    """Transform real numbers along the last three dimensions.

    Args:
        input: float[..., L, M, N].
        fft_length: int[3], how much of each dimension is transformed.
        Tcomplex: complex64 for float32, complex128 for float64.

    Returns:
        complex[..., fft_length[0], fft_length[1], fft_length[2] // 2 + 1].

    Raises:
        InvalidArgumentError: if shapes or types do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _forward(input, fft_length, 3, Tcomplex)


@rfft_op.shape(values_of=("fft_length",))
def rfft_shape(input: Shape, fft_length: Any, *, Tcomplex: DType) -> Shape:
    return _shape(input, fft_length, 1, halved=True)


@rfft2d_op.shape(values_of=("fft_length",))
def rfft2d_shape(input: Shape, fft_length: Any, *, Tcomplex: DType) -> Shape:
    return _shape(input, fft_length, 2, halved=True)


@rfft3d_op.shape(values_of=("fft_length",))
def rfft3d_shape(input: Shape, fft_length: Any, *, Tcomplex: DType) -> Shape:
    return _shape(input, fft_length, 3, halved=True)


# --- IRFFT, IRFFT2D, IRFFT3D ---------------------------------------------------------------------


@op("IRFFT", Treal=_REAL, Tcomplex=_HALF)
def irfft_op(input: Tcomplex, fft_length: int32[n], *, Treal: DType = float32) -> Treal:
    """Transform back along the last dimension: undo RFFT.

    Args:
        input: complex[..., M].
        fft_length: int[1], N with N // 2 + 1 <= M; the rest of the input is left out.
        Treal: float32 for complex64, float64 for complex128.

    Returns:
        float[..., N].

    Raises:
        InvalidArgumentError: if M is too small, or shapes or types do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _inverse(input, fft_length, 1, Treal)


@op("IRFFT2D", Treal=_REAL, Tcomplex=_HALF)
def irfft2d_op(input: Tcomplex, fft_length: int32[n], *, Treal: DType = float32) -> Treal:
    """Transform back along the last two dimensions: undo RFFT2D.

    Args:
        input: complex[..., M, N].
        fft_length: int[2], the sizes of the result.
        Treal: float32 for complex64, float64 for complex128.

    Returns:
        float[..., fft_length[0], fft_length[1]].

    Raises:
        InvalidArgumentError: if shapes or types do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _inverse(input, fft_length, 2, Treal)


@op("IRFFT3D", Treal=_REAL, Tcomplex=_HALF)
def irfft3d_op(input: Tcomplex, fft_length: int32[n], *, Treal: DType = float32) -> Treal:
    """Transform back along the last three dimensions: undo RFFT3D.

    Args:
        input: complex[..., L, M, N].
        fft_length: int[3], the sizes of the result.
        Treal: float32 for complex64, float64 for complex128.

    Returns:
        float[..., fft_length[0], fft_length[1], fft_length[2]].

    Raises:
        InvalidArgumentError: if shapes or types do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _inverse(input, fft_length, 3, Treal)


@irfft_op.shape(values_of=("fft_length",))
def irfft_shape(input: Shape, fft_length: Any, *, Treal: DType) -> Shape:
    return _shape(input, fft_length, 1, halved=False)


@irfft2d_op.shape(values_of=("fft_length",))
def irfft2d_shape(input: Shape, fft_length: Any, *, Treal: DType) -> Shape:
    return _shape(input, fft_length, 2, halved=False)


@irfft3d_op.shape(values_of=("fft_length",))
def irfft3d_shape(input: Shape, fft_length: Any, *, Treal: DType) -> Shape:
    return _shape(input, fft_length, 3, halved=False)


# --- gradients -----------------------------------------------------------------------------------


def _padded(x: Tensor, shape: Tensor) -> Tensor:
    """Add zeros at the ends, up to a shape."""
    missing = shape - ops.shape_op(x)
    return ops.pad_op(x, ops.pack_op([ops.zeros_like_op(missing), missing], axis=1))


def _forward_gradient(op: Operation, grad: Tensor, rank: int, inverse: Any) -> Gradients:
    """Add the missing half as zeros: the adjoint is the inverse of the complex transform, times N.

    Of the result only the real part flows back.
    """
    x, sizes = op.inputs
    shape = ops.shape_op(x)
    whole = _padded(grad, ops.concat_v2_op([shape[:-rank], sizes], 0))
    back = inverse(whole) * count(whole, rank)
    return [_padded(ops.real_op(back, Tout=x.dtype.base_dtype), shape), None]


def _inverse_gradient(op: Operation, grad: Tensor, forward: Any) -> Gradients:
    """Transform; all but the first and the middle element (of an even N) stand for two each."""
    x, sizes = op.inputs
    half = forward(grad, sizes, Tcomplex=x.dtype.base_dtype)
    last = sizes[-1]
    places = ops.range_op(0, ops.shape_op(half)[-1], 1)
    alone = ops.logical_or_op(ops.equal_op(places, 0), ops.equal_op(places * 2, last))
    times = 2 - ops.cast_op(alone, DstT=x.dtype.base_dtype)
    size = ops.cast_op(ops.prod_op(sizes, 0), DstT=x.dtype.base_dtype)
    return [_padded(half * (times / size), ops.shape_op(x)), None]


@rfft_op.gradient
def rfft_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _forward_gradient(op, grad, 1, ops.ifft_op)


@rfft2d_op.gradient
def rfft2d_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _forward_gradient(op, grad, 2, ops.ifft2d_op)


@rfft3d_op.gradient
def rfft3d_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _forward_gradient(op, grad, 3, ops.ifft3d_op)


@irfft_op.gradient
def irfft_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _inverse_gradient(op, grad, ops.rfft_op)


@irfft2d_op.gradient
def irfft2d_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _inverse_gradient(op, grad, ops.rfft2d_op)


@irfft3d_op.gradient
def irfft3d_gradient(op: Operation, grad: Tensor) -> Gradients:
    return _inverse_gradient(op, grad, ops.rfft3d_op)
