"""Batch normalisation with given statistics, as the first releases of TensorFlow had it.

    y = (t - m) / sqrt(v + variance_epsilon) * gamma + beta

Letters: N batch, H W images, C channels.

Source: 2015 Table 1, row "Neural-net building blocks"; Ioffe and Szegedy (2015).
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import NUMBERS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.precision import wide
from minitf.shapes import Shape, must_equal
from minitf.symbols import C, H, N, T, W, c
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
DEPRECATED = (9, "Use tf.nn.batch_normalization()")


def check(images: Array, **vectors: Array) -> None:
    """Refuse images of another rank than 4, and vectors that have not one element per channel."""
    if images.ndim != 4:
        raise invalid(f"input must be 4-dimensional{list(images.shape)}")
    for what, vector in vectors.items():
        if vector.shape != images.shape[-1:]:
            raise invalid(
                f"{what} must have one element for each of {images.shape[-1]} channels: "
                f"{list(vector.shape)}"
            )


def inverse_root(variance: Array, epsilon: float) -> Array:
    """Return 1 / sqrt(variance + epsilon)."""
    v = wide(variance)
    found: Array = 1 / np.sqrt(v + v.dtype.type(epsilon))
    return found


def with_channels(images: Shape, *vectors: Shape) -> tuple[Shape, Shape]:
    """Return the shape of the images and of a vector: all have the same channels."""
    channels = images[-1]
    for vector in vectors:
        channels = must_equal(channels, vector[0])
    return images.replaced(-1, channels), Shape([channels])


# --- BatchNormWithGlobalNormalization ----------------------------------------------------------


@op(
    "BatchNormWithGlobalNormalization",
    T=NUMBERS,
    outputs=("result",),
    deprecated=DEPRECATED,
)
def batch_norm_with_global_normalization_op(
    t: T[N, H, W, C],
    m: T[c],
    v: T[c],
    beta: T[c],
    gamma: T[c],
    *,
    variance_epsilon: float,
    scale_after_normalization: bool,
) -> T[N, H, W, C]:
    """Normalise each channel with a given mean and variance, then scale and shift it.

    Args:
        t: number[N, H, W, C].
        m: number[C], means.
        v: number[C], variances.
        beta: number[C], what is added.
        gamma: number[C], what is multiplied with, if `scale_after_normalization`.
        variance_epsilon: keeps the root from 0.
        scale_after_normalization: whether `gamma` counts.

    Returns:
        number[N, H, W, C].

    Raises:
        InvalidArgumentError: if a vector has not one element for each channel.

    Source: Ioffe and Szegedy (2015), algorithm 1.
    """
    check(t, mean=m, var=v, beta=beta, gamma=gamma)
    factor = inverse_root(v, variance_epsilon)
    if scale_after_normalization:
        factor = factor * wide(gamma)
    return ((wide(t) - wide(m)) * factor + wide(beta)).astype(t.dtype)


@batch_norm_with_global_normalization_op.shape
def batch_norm_with_global_normalization_shape(
    t: Shape, m: Shape, v: Shape, beta: Shape, gamma: Shape, **attrs: Any
) -> Shape:
    return with_channels(t, m, v, beta, gamma)[0]


@batch_norm_with_global_normalization_op.gradient
def batch_norm_with_global_normalization_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    t, m, v, _, gamma = op.inputs
    attrs = {name: op.attrs[name] for name in op.definition.explicit_attrs}
    return list(ops.batch_norm_with_global_normalization_grad_op(t, m, v, gamma, grad, **attrs))


# --- BatchNormWithGlobalNormalizationGrad ------------------------------------------------------


@op(
    "BatchNormWithGlobalNormalizationGrad",
    T=NUMBERS,
    outputs=("dx", "dm", "dv", "db", "dg"),
    deprecated=DEPRECATED,
)
def batch_norm_with_global_normalization_grad_op(
    t: T[N, H, W, C],
    m: T[c],
    v: T[c],
    gamma: T[c],
    backprop: T[N, H, W, C],
    *,
    variance_epsilon: float,
    scale_after_normalization: bool,
) -> tuple[T[N, H, W, C], T[c], T[c], T[c], T[c]]:
    """Carry the gradient of BatchNormWithGlobalNormalization back to its inputs.

    With r = 1 / sqrt(v + variance_epsilon), g the gradient, and sums over all but the channels:
    dx = g * gamma * r, dm = -sum(g) * gamma * r, dv = -sum(g * (t - m)) * gamma * r**3 / 2,
    db = sum(g), dg = sum(g * (t - m)) * r.

    Args:
        t: number[N, H, W, C].
        m: number[C], means.
        v: number[C], variances.
        gamma: number[C], read if `scale_after_normalization`.
        backprop: number[N, H, W, C], the gradient.
        variance_epsilon: as the op's own, and so is scale_after_normalization.

    Returns:
        dx: number[N, H, W, C].
        dm: number[C], and so are dv, db and dg, which is 0 without scale_after_normalization.

    Raises:
        InvalidArgumentError: if shapes differ.

    Source: 2015 §4.1.
    """
    check(t, mean=m, var=v, gamma=gamma)
    if backprop.shape != t.shape:
        raise invalid(
            f"input and backprop must have the same shape: {list(t.shape)} and "
            f"{list(backprop.shape)}"
        )
    g, root = wide(backprop), inverse_root(v, variance_epsilon)
    factor = root * wide(gamma) if scale_after_normalization else root
    total, along = (x.sum((0, 1, 2)) for x in (g, g * (wide(t) - wide(m))))
    made = (
        *(g * factor, -total * factor, along * factor * np.square(root) / -2, total),
        along * root if scale_after_normalization else np.zeros_like(root),
    )
    dx, dm, dv, db, dg = (each.astype(t.dtype) for each in made)
    return dx, dm, dv, db, dg


@batch_norm_with_global_normalization_grad_op.shape
def batch_norm_with_global_normalization_grad_shape(
    t: Shape, m: Shape, v: Shape, gamma: Shape, backprop: Shape, **attrs: Any
) -> tuple[Shape, ...]:
    images, vector = with_channels(t, m, v, gamma, Shape([backprop[-1]]))
    return images, vector, vector, vector, vector


batch_norm_with_global_normalization_grad_op.no_gradient(
    "TensorFlow defines none of second order", refuse=True
)
