"""Batch normalisation in one operation (`minitf.ops.nn.batch_norm` has the formulas).

Three versions of one meaning: the first takes float32 only, the second images of 16 bits too, the
third volumes as well, and it has one reserve space more, which CPUs leave at 0.

Letters: N batch, H W images, C channels.

Source: Ioffe and Szegedy (2015); TensorFlow's ops of these names; OSDI §4.1.
"""

from typing import Any, Literal

import numpy as np

from minitf.dtypes import types
from minitf.op_def import op
from minitf.ops.nn.batch_norm import (
    Attrs,
    carry_back,
    fused_grad_shape,
    fused_shape,
    normalise,
    nothing,
)
from minitf.ops.nn.batch_norm_gradient import first_gradient, second_gradient
from minitf.shapes import Shape
from minitf.symbols import C, H, N, T, U, W, c, float32

Array = np.ndarray[Any, Any]
Format = Literal["NHWC", "NCHW"]
AnyFormat = Literal["NHWC", "NCHW", "NDHWC", "NCDHW"]
IMAGES = types("float16", "bfloat16", "float32")
SINGLE = types("float32")
OUTPUTS = ("y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2")
GRADIENTS = ("x_backprop", "scale_backprop", "offset_backprop")

# --- FusedBatchNorm ----------------------------------------------------------------------------


@op("FusedBatchNorm", T=SINGLE, outputs=OUTPUTS)
def fused_batch_norm_op(
    x: T[N, H, W, C],
    scale: T[c],
    offset: T[c],
    mean: T[c],
    variance: T[c],
    *,
    epsilon: float = 0.0001,
    exponential_avg_factor: float = 1.0,
    data_format: Format = "NHWC",
    is_training: bool = True,
) -> tuple[T[N, H, W, C], T[c], T[c], T[c], T[c]]:
    """Normalise each channel over the batch, then scale and shift it.

    Args:
        x: float32[N, H, W, C], or [N, C, H, W] for "NCHW".
        scale: float32[C].
        offset: float32[C].
        mean: float32[C], read outside training, and to blend with; else empty.
        variance: float32[C], likewise.
        epsilon: keeps the root from 0.
        exponential_avg_factor: how far the statistics handed out move from the given ones.
        data_format: where the channels are.
        is_training: whether the batch's own statistics are used.

    Returns:
        y: float32, shaped as `x`.
        batch_mean: float32[C], for later use.
        batch_variance: float32[C], for later use: the unbiased variance.
        reserve_space_1: float32[C], the mean that `y` was made with.
        reserve_space_2: float32[C], the variance that `y` was made with.

    Raises:
        InvalidArgumentError: if a vector has not one element for each channel.

    Source: Ioffe and Szegedy (2015), algorithm 1.
    """
    attrs = Attrs(epsilon, data_format, is_training)
    return normalise(x, scale, offset, mean, variance, attrs, exponential_avg_factor)


fused_batch_norm_op.shape(fused_shape)
fused_batch_norm_op.gradient(first_gradient)

# --- FusedBatchNormV2 --------------------------------------------------------------------------


@op("FusedBatchNormV2", T=IMAGES, U=SINGLE, outputs=OUTPUTS)
def fused_batch_norm_v2_op(
    x: T[N, H, W, C],
    scale: U[c],
    offset: U[c],
    mean: U[c],
    variance: U[c],
    *,
    epsilon: float = 0.0001,
    exponential_avg_factor: float = 1.0,
    data_format: Format = "NHWC",
    is_training: bool = True,
) -> tuple[T[N, H, W, C], U[c], U[c], U[c], U[c]]:
    """Normalise each channel over the batch, as FusedBatchNorm does; images may be of 16 bits.

    Args:
        x: float[N, H, W, C], or [N, C, H, W] for "NCHW".
        scale: float32[C].
        offset: float32[C].
        mean: float32[C], read outside training, and to blend with; else empty.
        variance: float32[C], likewise.
        epsilon: as FusedBatchNorm's, and so are the other attributes.

    Returns:
        y: float, shaped as `x`.
        batch_mean: float32[C], and so are the other outputs, which are FusedBatchNorm's.

    Raises:
        InvalidArgumentError: if a vector has not one element for each channel.

    Source: Ioffe and Szegedy (2015), algorithm 1.
    """
    attrs = Attrs(epsilon, data_format, is_training)
    return normalise(x, scale, offset, mean, variance, attrs, exponential_avg_factor)


fused_batch_norm_v2_op.shape(fused_shape)
fused_batch_norm_v2_op.gradient(first_gradient)

# --- FusedBatchNormV3 --------------------------------------------------------------------------


@op(
    "FusedBatchNormV3",
    T=IMAGES,
    U=types("bfloat16", "float32"),
    outputs=(*OUTPUTS, "reserve_space_3"),
)
def fused_batch_norm_v3_op(
    x: T,
    scale: U[c],
    offset: U[c],
    mean: U[c],
    variance: U[c],
    *,
    epsilon: float = 0.0001,
    exponential_avg_factor: float = 1.0,
    data_format: AnyFormat = "NHWC",
    is_training: bool = True,
) -> tuple[T, U[c], U[c], U[c], U[c], U[()]]:
    """Normalise each channel over the batch, as FusedBatchNorm does; volumes too.

    Args:
        x: float[N, H, W, C] or float[N, D, H, W, C], or with the channels second.
        scale: float[C].
        offset: float[C].
        mean: float[C], read outside training, and to blend with; else empty.
        variance: float[C], likewise.
        epsilon: as FusedBatchNorm's, and so are the other attributes.

    Returns:
        y: float, shaped as `x`.
        batch_mean: float[C], and so are the next three, which are FusedBatchNorm's.
        reserve_space_3: a scalar, 0.

    Raises:
        InvalidArgumentError: if a vector has not one element for each channel.

    Source: Ioffe and Szegedy (2015), algorithm 1.
    """
    attrs = Attrs(epsilon, data_format, is_training)
    made = normalise(x, scale, offset, mean, variance, attrs, exponential_avg_factor)
    return *made, np.zeros((), scale.dtype)


@fused_batch_norm_v3_op.shape
def fused_batch_norm_v3_shape(*inputs: Shape, **attrs: Any) -> tuple[Shape, ...]:
    return *fused_shape(*inputs, **attrs), Shape([])


fused_batch_norm_v3_op.gradient(first_gradient)

# --- FusedBatchNormGrad ------------------------------------------------------------------------


@op("FusedBatchNormGrad", T=SINGLE, outputs=(*GRADIENTS, "reserve_space_3", "reserve_space_4"))
def fused_batch_norm_grad_op(
    y_backprop: T[N, H, W, C],
    x: T[N, H, W, C],
    scale: T[c],
    reserve_space_1: T[c],
    reserve_space_2: T[c],
    *,
    epsilon: float = 0.0001,
    data_format: Format = "NHWC",
    is_training: bool = True,
) -> tuple[T[N, H, W, C], T[c], T[c], T[c], T[c]]:
    """Carry the gradient of FusedBatchNorm back to its images, scale and offset.

    Args:
        y_backprop: float32[N, H, W, C], gradient of y.
        x: float32[N, H, W, C], what was normalised.
        scale: float32[C].
        reserve_space_1: float32[C], the mean that y was made with.
        reserve_space_2: float32[C], the variance that y was made with.
        epsilon: as FusedBatchNorm's, and so are the other attributes.

    Returns:
        x_backprop: float32, shaped as `x`.
        scale_backprop: float32[C].
        offset_backprop: float32[C].
        reserve_space_3: float32[0], and so is reserve_space_4.

    Raises:
        InvalidArgumentError: if shapes differ.

    Source: Ioffe and Szegedy (2015), §3.
    """
    attrs = Attrs(epsilon, data_format, is_training)
    grads = carry_back(y_backprop, x, scale, reserve_space_1, reserve_space_2, attrs)
    return *grads, *nothing(scale)


fused_batch_norm_grad_op.shape(fused_grad_shape)
fused_batch_norm_grad_op.gradient(second_gradient)

# --- FusedBatchNormGradV2 ----------------------------------------------------------------------


@op(
    "FusedBatchNormGradV2",
    T=IMAGES,
    U=SINGLE,
    outputs=(*GRADIENTS, "reserve_space_3", "reserve_space_4"),
)
def fused_batch_norm_grad_v2_op(
    y_backprop: T[N, H, W, C],
    x: T[N, H, W, C],
    scale: float32[c],
    reserve_space_1: U[c],
    reserve_space_2: U[c],
    *,
    epsilon: float = 0.0001,
    data_format: Format = "NHWC",
    is_training: bool = True,
) -> tuple[T[N, H, W, C], U[c], U[c], U[c], U[c]]:
    """Carry the gradient of FusedBatchNormV2 back, as FusedBatchNormGrad does.

    Args:
        y_backprop: float[N, H, W, C], gradient of y.
        x: float[N, H, W, C], what was normalised.
        scale: float32[C].
        reserve_space_1: float32[C], the mean that y was made with.
        reserve_space_2: float32[C], the variance that y was made with.
        epsilon: as FusedBatchNormV2's, and so are the other attributes.

    Returns:
        x_backprop: float, shaped as `x`.
        scale_backprop: float32[C].
        offset_backprop: float32[C].
        reserve_space_3: float32[0], and so is reserve_space_4.

    Raises:
        InvalidArgumentError: if shapes differ.

    Source: Ioffe and Szegedy (2015), §3.
    """
    attrs = Attrs(epsilon, data_format, is_training)
    grads = carry_back(y_backprop, x, scale, reserve_space_1, reserve_space_2, attrs)
    return *grads, *nothing(scale)


fused_batch_norm_grad_v2_op.shape(fused_grad_shape)
fused_batch_norm_grad_v2_op.gradient(second_gradient)

# --- FusedBatchNormGradV3 ----------------------------------------------------------------------


@op(
    "FusedBatchNormGradV3",
    T=IMAGES,
    U=SINGLE,
    outputs=(*GRADIENTS, "reserve_space_4", "reserve_space_5"),
)
def fused_batch_norm_grad_v3_op(
    y_backprop: T,
    x: T,
    scale: float32[c],
    reserve_space_1: U[c],
    reserve_space_2: U[c],
    reserve_space_3: U,
    *,
    epsilon: float = 0.0001,
    data_format: AnyFormat = "NHWC",
    is_training: bool = True,
) -> tuple[T, U[c], U[c], U[c], U[c]]:
    """Carry the gradient of FusedBatchNormV3 back, as FusedBatchNormGrad does.

    Args:
        y_backprop: float[N, H, W, C] or float[N, D, H, W, C], gradient of y.
        x: float, shaped as `y_backprop`, what was normalised.
        scale: float32[C].
        reserve_space_1: float32[C], the mean that y was made with.
        reserve_space_2: float32[C], the variance that y was made with.
        reserve_space_3: not read.
        epsilon: as FusedBatchNormV3's, and so are the other attributes.

    Returns:
        x_backprop: float, shaped as `x`.
        scale_backprop: float32[C].
        offset_backprop: float32[C].
        reserve_space_4: float32[0], and so is reserve_space_5.

    Raises:
        InvalidArgumentError: if shapes differ.

    Source: Ioffe and Szegedy (2015), §3.
    """
    attrs = Attrs(epsilon, data_format, is_training)
    grads = carry_back(y_backprop, x, scale, reserve_space_1, reserve_space_2, attrs)
    return *grads, *nothing(scale)


@fused_batch_norm_grad_v3_op.shape
def fused_batch_norm_grad_v3_shape(*inputs: Shape, **attrs: Any) -> tuple[Shape, ...]:
    return fused_grad_shape(*inputs[:5], **attrs)


fused_batch_norm_grad_v3_op.gradient(second_gradient)
