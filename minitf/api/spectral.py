"""Fourier and cosine transforms.

Source: TensorFlow 1.15's functions of the same names in tf.signal (tf.spectral).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, pad, roll, stack, unstack
from minitf.api.casting import cast
from minitf.api.constants import zeros, zeros_like
from minitf.api.elementary import complex as complex_
from minitf.api.elementary import real
from minitf.api.framework import name_scope
from minitf.api.gathering import gather, where
from minitf.api.math import maximum
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import complex64, complex128, float32, float64, int32
from minitf.shapes import known
from minitf.static_value import constant_value
from minitf.tensor import Tensor

# --- complex numbers -----------------------------------------------------------------------------


def fft(input: Any, name: str | None = None) -> Tensor:
    """Return the Fourier transform along the last dimension, of complex numbers."""
    return ops.fft_op(input, name=name)


def ifft(input: Any, name: str | None = None) -> Tensor:
    """Return the inverse of `fft`."""
    return ops.ifft_op(input, name=name)


def fft2d(input: Any, name: str | None = None) -> Tensor:
    """Return the Fourier transform over the last two dimensions, of complex numbers."""
    return ops.fft2d_op(input, name=name)


def ifft2d(input: Any, name: str | None = None) -> Tensor:
    """Return the inverse of `fft2d`."""
    return ops.ifft2d_op(input, name=name)


def fft3d(input: Any, name: str | None = None) -> Tensor:
    """Return the Fourier transform over the last three dimensions, of complex numbers."""
    return ops.fft3d_op(input, name=name)


def ifft3d(input: Any, name: str | None = None) -> Tensor:
    """Return the inverse of `fft3d`."""
    return ops.ifft3d_op(input, name=name)


# --- real numbers --------------------------------------------------------------------------------


def rfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Return the first half, N // 2 + 1, of the Fourier transform of real numbers.

    Args:
        input_tensor: float[..., M].
        fft_length: int[1], N: what is missing is taken for zeros, more is left out; M by default.
        name: name of the operation.
    """
    return _forward(ops.rfft_op, 1, "rfft", input_tensor, fft_length, name)


def rfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Return the transform over the last two dimensions; arguments as of `rfft`."""
    return _forward(ops.rfft2d_op, 2, "rfft2d", input_tensor, fft_length, name)


def rfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Return the transform over the last three dimensions; arguments as of `rfft`."""
    return _forward(ops.rfft3d_op, 3, "rfft3d", input_tensor, fft_length, name)


def irfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Return the real numbers of which the first half of a transform is given.

    Args:
        input_tensor: complex[..., M].
        fft_length: int[1], N, how many numbers; 2 (M - 1) by default.
        name: name of the operation.
    """
    return _inverse(ops.irfft_op, 1, "irfft", input_tensor, fft_length, name)


def irfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Return the numbers over the last two dimensions; arguments as of `irfft`."""
    return _inverse(ops.irfft2d_op, 2, "irfft2d", input_tensor, fft_length, name)


def irfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Return the numbers over the last three dimensions; arguments as of `irfft`."""
    return _inverse(ops.irfft3d_op, 3, "irfft3d", input_tensor, fft_length, name)


def _forward(
    op: Callable[..., Tensor], axes: int, default: str, x: Any, lengths: Any, name: str | None
) -> Tensor:
    with name_scope(name, default, [x, lengths]) as scope:
        x = convert_to_tensor(x, preferred_dtype=float32)
        if x.dtype not in (float32, float64):
            raise ValueError(f"RFFT requires tf.float32 or tf.float64 inputs, got: {x}")
        _check_rank(x, axes)
        if lengths is None:
            inner = x.static_shape[-axes:] if x.static_shape.dims is not None else None
            whole = inner is not None and known(*inner)
            lengths = list(inner) if whole and inner is not None else shape(x)[-axes:]
        lengths = convert_to_tensor(lengths, int32)
        made = complex64 if x.dtype is float32 else complex128
        return op(_padded(x, axes, lengths), _plain(lengths), Tcomplex=made, name=scope)


def _inverse(
    op: Callable[..., Tensor], axes: int, default: str, x: Any, lengths: Any, name: str | None
) -> Tensor:
    with name_scope(name, default, [x, lengths]) as scope:
        x = convert_to_tensor(x, preferred_dtype=complex64)
        if not x.dtype.is_complex:
            raise ValueError(f"IRFFT requires tf.complex64 or tf.complex128 inputs, got: {x}")
        _check_rank(x, axes)
        if lengths is None:
            lengths = _lengths_of_inverse(x, axes)
        lengths = convert_to_tensor(lengths, int32)
        made = x.dtype.real_dtype
        taken = _padded(x, axes, lengths, halved=True)
        return op(taken, _plain(lengths), Treal=made, name=scope)


def _lengths_of_inverse(x: Tensor, axes: int) -> Any:
    inner = x.static_shape[-axes:] if x.static_shape.dims is not None else None
    if inner is not None and known(*inner):
        return [*inner[:-1], max(0, 2 * (inner[-1] - 1))]
    sizes = unstack(shape(x)[-axes:], axes)
    return stack([*sizes[:-1], maximum(0, 2 * (sizes[-1] - 1))])


def _check_rank(x: Tensor, axes: int) -> None:
    if x.static_shape.rank is not None and x.static_shape.rank < axes:
        raise ValueError(f"Shape {x.shape} must have rank at least {axes}")


def _plain(lengths: Tensor) -> Any:
    found = constant_value(lengths)
    return lengths if found is None else found


def _padded(x: Tensor, axes: int, lengths: Tensor, *, halved: bool = False) -> Tensor:
    """Add zeros at the ends, so that a transform finds as much as it needs."""
    own, wanted = x.static_shape, constant_value(lengths)
    if own.dims is not None and any(known(size) and size == 0 for size in own):
        return x
    if wanted is not None and own.dims is not None and known(*own[-axes:]):
        needed = [int(size) for size in wanted]
        if halved:
            needed[-1] = needed[-1] // 2 + 1
        missing = [max(n - size, 0) for n, size in zip(needed, own[-axes:], strict=True)]
        outer = len(own) - len(missing)
        return pad(x, [[0, 0]] * outer + [[0, n] for n in missing]) if any(missing) else x
    count, inner = rank(x), shape(x)[-axes:]
    outer_padding = zeros([maximum(0, count - axes)], lengths.dtype)
    if halved:
        lengths = concat([lengths[:-1], lengths[-1:] // 2 + 1], 0)
    padding = concat([outer_padding, maximum(0, lengths - inner)], 0)
    return pad(x, stack([zeros_like(padding), padding], axis=1))


# --- order of frequencies ------------------------------------------------------------------------


def fftshift(x: Any, axes: Any = None, name: str | None = None) -> Tensor:
    """Move the frequency 0 from the beginning to the middle.

    Args:
        x: a spectrum.
        axes: along which, one or several; all by default.
        name: name of the operation.
    """
    return _shifted(x, axes, name, "fftshift", 1)


def ifftshift(x: Any, axes: Any = None, name: str | None = None) -> Tensor:
    """Undo `fftshift`."""
    return _shifted(x, axes, name, "ifftshift", -1)


def _shifted(x: Any, axes: Any, name: str | None, default: str, sign: int) -> Tensor:
    with name_scope(name, default) as scope:
        x = convert_to_tensor(x)
        if axes is None:
            axes = tuple(range(len(x.static_shape)))
            half = shape(x) // 2
        elif isinstance(axes, int):
            half = shape(x)[axes] // 2
        else:
            axes = where(ops.less_op(axes, 0), axes + rank(x), axes)
            half = gather(shape(x), axes) // 2
        return roll(x, half if sign > 0 else -half, axes, name=scope)


# --- cosine transforms ---------------------------------------------------------------------------


def dct(
    input: Any,
    type: int = 2,
    n: int | None = None,
    axis: int = -1,
    norm: str | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the discrete cosine transform along the last dimension.

    Type 2: out[k] = 2 * sum of input[j] cos(pi k (2 j + 1) / (2 N)); type 3 is its inverse but for
    the factor 2 N; type 1: input[0] + (-1)^k input[N - 1] + 2 * sum of the others cos(pi j k /
    (N - 1)).

    Args:
        input: float[..., N].
        type: 1, 2 or 3.
        n: how many elements are transformed; what is missing is taken for zeros.
        axis: must be -1.
        norm: None, or "ortho" for an orthogonal transform (of types 2 and 3).
        name: name scope of the operations.

    Raises:
        NotImplementedError: if `axis` is another.
        ValueError: if `n` is not positive, or `type` or `norm` is another.
    """
    _check_dct(input, type, n, axis, norm)
    with name_scope(name, "dct", [input]):
        input = convert_to_tensor(input, float32)
        zero = convert_to_tensor(0.0, float32)
        if n is not None:
            input = _of_length(input, n)
        last = input.static_shape[-1]
        count = last if known(last) and last else shape(input)[-1]
        size = cast(count, float32)
        if type == 1:
            return real(rfft(concat([input, input[..., -2:0:-1]], axis=-1)))
        if type == 2:
            angle = -range_(size) * math.pi * 0.5 / size
            turn = 2.0 * ops.exp_op(complex_(zero, angle))
            made = real(rfft(input, fft_length=[2 * count])[..., :count] * turn)
            if norm == "ortho":
                first = 0.5 * ops.rsqrt_op(size)
                made *= _weights(first, first * math.sqrt(2.0), count)
            return made
        if norm == "ortho":
            first = ops.sqrt_op(size)
            input *= _weights(first, first * math.sqrt(0.5), count)
        else:
            input *= size
        turn = 2.0 * ops.exp_op(complex_(zero, range_(size) * math.pi * 0.5 / size))
        return real(irfft(turn * complex_(input, zero), fft_length=[2 * count]))[..., :count]


def _of_length(x: Tensor, n: int) -> Tensor:
    """Cut, or pad with zeros, the last dimension."""
    last = x.static_shape[-1]
    if not known(last) or n <= last:
        x = x[..., 0:n]
    if known(last) and n <= last:
        return x
    missing = n - (last if known(last) else shape(x)[-1])
    borders = [[0, 0]] * (len(x.static_shape) - 1) + [[0, missing]]
    return pad(x, convert_to_tensor(borders, int32))


def _weights(first: Tensor, others: Tensor, count: Any) -> Tensor:
    return pad(expand_dims(first, 0), [[0, count - 1]], constant_values=others)


def _check_dct(input: Any, type: int, n: int | None, axis: int, norm: str | None) -> None:
    if axis != -1:
        raise NotImplementedError(f"axis must be -1. Got: {axis}")
    if n is not None and n < 1:
        raise ValueError("n should be a positive integer or None")
    if type not in (1, 2, 3):
        raise ValueError("Only Types I, II and III (I)DCT are supported.")
    if type == 1:
        if norm == "ortho":
            raise ValueError("Normalization is not supported for the Type-I DCT.")
        last = convert_to_tensor(input).static_shape[-1]
        if known(last) and last < 2:
            raise ValueError("Type-I DCT requires the dimension to be greater than one.")
    if norm not in (None, "ortho"):
        raise ValueError(f"Unknown normalization. Expected None or 'ortho', got: {norm}")


def idct(
    input: Any,
    type: int = 2,
    n: int | None = None,
    axis: int = -1,
    norm: str | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the inverse of `dct`, but for its factor where `norm` is None; arguments as there."""
    _check_dct(input, type, n, axis, norm)
    return dct(input, {1: 1, 2: 3, 3: 2}[type], n, axis, norm, name)
