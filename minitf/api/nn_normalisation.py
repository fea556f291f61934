"""Means, variances, and what is normalised with them.

Source: TensorFlow 1.15's functions of the same names in tf.nn; 2015 Table 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.array import renamed_argument, squeeze
from minitf.api.casting import cast
from minitf.api.constants import constant, zeros_like
from minitf.api.control import stop_gradient
from minitf.api.framework import name_scope
from minitf.api.gathering import gather
from minitf.api.math import add as add_
from minitf.api.math import div_no_nan, maximum, multiply, squared_difference, subtract
from minitf.api.reductions import reduce_mean, reduce_prod, reduce_sum
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import float16, float32
from minitf.shapes import known
from minitf.tensor import Tensor

Moments = tuple[Tensor, Tensor]
_LEAST_EPSILON = 1.001e-5  # of NVIDIA's library, and so of all kernels

# --- norms ---------------------------------------------------------------------------------------


def l2_normalize(
    x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None
) -> Tensor:
    """Return x / sqrt(max(sum(x**2), epsilon)), the sum along some axes.

    Args:
        x: the tensor.
        axis: along which; all by default.
        epsilon: the least square of the norm.
        name: name of the operation.
        dim: deprecated name of `axis`.
    """
    axis = renamed_argument("axis", axis, "dim", dim)
    with name_scope(name, "l2_normalize", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex:
            squares = ops.square_op(ops.real_op(x)) + ops.square_op(ops.imag_op(x))
        else:
            squares = ops.square_op(x)
        total = reduce_sum(squares, axis, keepdims=True)
        inverse = ops.rsqrt_op(maximum(total, epsilon))
        if x.dtype.is_complex:
            parts = multiply(ops.real_op(x), inverse), multiply(ops.imag_op(x), inverse)
            return ops.complex_op(*parts, Tout=x.dtype.base_dtype, name=scope)
        return multiply(x, inverse, name=scope)


def local_response_normalization(
    input: Any,
    depth_radius: int = 5,
    bias: float = 1,
    alpha: float = 1,
    beta: float = 0.5,
    name: str | None = None,
) -> Tensor:
    """Divide each element by (bias + alpha * sum of squares of its neighbour channels)**beta.

    Args:
        input: images [N, H, W, C].
        depth_radius: how many channels on either side are neighbours.
        bias: see above.
        alpha: see above.
        beta: see above.
        name: name of the operation.
    """
    return ops.lrn_op(
        input, depth_radius=depth_radius, bias=bias, alpha=alpha, beta=beta, name=name
    )


lrn = local_response_normalization

# --- means and variances -------------------------------------------------------------------------


def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> Moments:
    """Return mean and variance along some axes.

    Args:
        x: the tensor.
        axes: along which.
        shift: accepted, without effect, as in TensorFlow.
        name: name scope of the operations.
        keep_dims: deprecated name of `keepdims`.
        keepdims: keep the axes, with size 1.
    """
    keepdims = renamed_argument("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "moments", [x, axes]):
        x = convert_to_tensor(x, name="x")
        wide = cast(x, float32) if x.dtype.base_dtype is float16 else x
        mean = reduce_mean(wide, axes, keepdims=True, name="mean")
        distances = squared_difference(wide, stop_gradient(mean))
        variance = reduce_mean(distances, axes, keepdims=True, name="variance")
        if not keepdims:
            mean, variance = squeeze(mean, axes), squeeze(variance, axes)
        return _both_as(x, mean, variance)


def weighted_moments(
    x: Any,
    axes: Any,
    frequency_weights: Any,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> Moments:
    """Return mean and variance along some axes, elements counting by their weights.

    Args:
        x: the tensor.
        axes: along which.
        frequency_weights: of the elements, broadcast to `x`.
        name: name scope of the operations.
        keep_dims: deprecated name of `keepdims`.
        keepdims: keep the axes, with size 1.
    """
    keepdims = renamed_argument("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "weighted_moments", [x, frequency_weights, axes]):
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(frequency_weights, name="frequency_weights")
        wide = cast(x, float32) if x.dtype.base_dtype is float16 else x
        weights = cast(weights, wide.dtype)
        total = reduce_sum(weights * wide, axes, name="weighted_input_sum", keepdims=True)
        all_weights = weights + zeros_like(wide)
        weight = reduce_sum(all_weights, axes, name="sum_of_weights", keepdims=True)
        mean = div_no_nan(total, weight)
        distances = weights * squared_difference(wide, mean)
        spread = reduce_sum(distances, axes, name="weighted_distsq", keepdims=True)
        variance = div_no_nan(spread, weight)
        if not keepdims:
            mean, variance = squeeze(mean, axes), squeeze(variance, axes)
        return _both_as(x, mean, variance)


def _both_as(x: Tensor, mean: Tensor, variance: Tensor) -> Moments:
    if x.dtype.base_dtype is float16:
        return cast(mean, float16), cast(variance, float16)
    return mean, variance


def sufficient_statistics(
    x: Any,
    axes: Sequence[int],
    shift: Any = None,
    keep_dims: bool | None = None,
    name: str | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """Return the count, the sum and the sum of squares along some axes, and the shift.

    Args:
        x: the tensor.
        axes: along which.
        shift: what is taken away from `x` first, so that the sums lose less; or None.
        keep_dims: deprecated name of `keepdims`.
        name: name scope of the operations.
        keepdims: keep the axes, with size 1.
    """
    axes = list(set(axes))
    keepdims = bool(renamed_argument("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "sufficient_statistics", [x, shift]):
        x = convert_to_tensor(x, name="x")
        count = _count(x, axes)
        if shift is None:
            first, second = x, ops.square_op(x)
        else:
            shift = convert_to_tensor(shift, name="shift")
            first, second = subtract(x, shift), squared_difference(x, shift)
        sums = reduce_sum(first, axes, keepdims=keepdims, name="mean_ss")
        squares = reduce_sum(second, axes, keepdims=keepdims, name="var_ss")
        return count, sums, squares, shift


def _count(x: Tensor, axes: Sequence[int]) -> Tensor:
    """Return how many elements of `x` there are along some axes, in its type."""
    static = x.static_shape
    if static.rank is not None and known(*[static[axis] for axis in axes]):
        total = 1
        for axis in axes:
            total *= static[axis]
        return constant(total, x.dtype.base_dtype)
    count = rank(x)
    from_front = [axis + count if axis < 0 else axis for axis in axes]
    sizes = gather(cast(shape(x), x.dtype), from_front)
    return reduce_prod(sizes, name="count")


def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> Moments:
    """Return mean and variance from what `sufficient_statistics` gives."""
    with name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = ops.reciprocal_op(counts, name="divisor")
        if shift is None:
            shifted = mean = multiply(mean_ss, divisor, name="mean")
        else:
            shifted = multiply(mean_ss, divisor, name="shifted_mean")
            mean = add_(shifted, shift, name="mean")
        variance = subtract(multiply(variance_ss, divisor), ops.square_op(shifted), name="variance")
        return mean, variance


# --- batch normalisation -------------------------------------------------------------------------


def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: Any,
    name: str | None = None,
) -> Tensor:
    """Return scale * (x - mean) / sqrt(variance + variance_epsilon) + offset.

    Args:
        x: the tensor.
        mean: broadcast to `x`, and so are the next three.
        variance: see above.
        offset: see above; None is 0.
        scale: see above; None is 1.
        variance_epsilon: keeps the root from being 0.
        name: name scope of the operations.
    """
    with name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        inverse = ops.rsqrt_op(variance + variance_epsilon)
        if scale is not None:
            inverse = inverse * scale
        scaled = x * cast(inverse, x.dtype)
        start = -mean * inverse if offset is None else offset - mean * inverse
        return scaled + cast(start, x.dtype)


def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 0.001,
    data_format: str = "NHWC",
    is_training: bool = True,
    name: str | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise each channel over the batch in one operation; return the statistics too.

    Args:
        x: images [N, H, W, C], or [N, C, H, W] for "NCHW"; of 16 or 32 bits.
        scale: a vector with one number for each channel.
        offset: a vector, likewise.
        mean: a vector of given means, not in training.
        variance: a vector of given variances, not in training.
        epsilon: keeps the root from being 0; at least 1.001e-5.
        data_format: where the channels are; "NDHWC" and "NCDHW" for volumes.
        is_training: whether the batch's own statistics are used.
        name: name of the operation.

    Returns:
        What is normalised, and mean and (unbiased) variance for later use.

    Raises:
        ValueError: if statistics are given in training.
    """
    if is_training and (mean is not None or variance is not None):
        raise ValueError("Both 'mean' and 'variance' must be None if is_training is True.")
    x = convert_to_tensor(x, name="input")
    scale = convert_to_tensor(scale, name="scale")
    offset = convert_to_tensor(offset, name="offset")
    mean = constant([]) if mean is None else mean
    variance = constant([]) if variance is None else variance
    made = ops.fused_batch_norm_v3_op(
        x,
        scale,
        offset,
        mean,
        variance,
        epsilon=max(epsilon, _LEAST_EPSILON),
        data_format=data_format,
        is_training=is_training,
        name=name,
    )
    return made.y, made.batch_mean, made.batch_variance


def batch_norm_with_global_normalization(
    t: Any = None,
    m: Any = None,
    v: Any = None,
    beta: Any = None,
    gamma: Any = None,
    variance_epsilon: Any = None,
    scale_after_normalization: bool | None = None,
    name: str | None = None,
    input: Any = None,
    mean: Any = None,
    variance: Any = None,
) -> Tensor:
    """Return the batch normalisation of images; see `batch_normalization`.

    Args:
        t: images [N, H, W, C].
        m: means [C]; the older names of arguments come first.
        v: variances [C].
        beta: offsets [C].
        gamma: scales [C], used only with `scale_after_normalization`.
        variance_epsilon: keeps the root from being 0.
        scale_after_normalization: whether to scale.
        name: name scope of the operations.
        input: another name of `t`.
        mean: another name of `m`.
        variance: another name of `v`.
    """
    t = renamed_argument("input", input, "t", t)
    m = renamed_argument("mean", mean, "m", m)
    v = renamed_argument("variance", variance, "v", v)
    scale = gamma if scale_after_normalization else None
    return batch_normalization(t, m, v, beta, scale, variance_epsilon, name)
