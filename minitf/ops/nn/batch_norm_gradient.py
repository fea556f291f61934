"""Gradients of batch normalisation, of first and second order, as graphs.

Of first order it is an op.  That of second order is made of ordinary ops.  With g the gradient of
y, (a, b, c) those of (d x, d scale, d offset), r = 1 / sqrt(variance + epsilon), and a bar for what
is left after its mean was taken away (so xbar = x - mean(x)), the derivatives of

    sum(a * d x) + sum(b * d scale) + sum(c * d offset)

are, with P = mean(g * xbar) and Q = mean(a * xbar) over the batch,

    to g       scale * r * (abar - r^2 Q xbar) + b r xbar + c
    to scale   r * sum(a * (gbar - r^2 P xbar))
    to x       -scale * r^3 * ((mean(a * gbar) - 3 r^2 P Q) xbar + P abar + Q gbar)
               + b r * (gbar - r^2 P xbar)

and outside training, where mean and variance do not depend on x,

    to g       a scale r + b r xbar + c
    to scale   r * sum(a * g)
    to x       b r g

Source: Ioffe and Szegedy (2015), §3; TensorFlow 1.15 has a second derivative too.
"""

from __future__ import annotations

import functools
import operator

from minitf import ops
from minitf.dtypes import DType, float32
from minitf.operation import Operation
from minitf.tensor import Tensor

Gradients = list[Tensor | None]
_GRADIENT_OPS = {
    "FusedBatchNorm": "fused_batch_norm_grad_op",
    "FusedBatchNormV2": "fused_batch_norm_grad_v2_op",
    "FusedBatchNormV3": "fused_batch_norm_grad_v3_op",
}


def first_gradient(op: Operation, grad_y: Tensor | None, *_: Tensor | None) -> Gradients:
    """Return the gradients of x, scale and offset; those of the statistics do not count."""
    nothing: Gradients = [None] * 5
    if grad_y is None:
        return nothing
    x, scale = op.inputs[:2]
    attrs = {name: op.attrs[name] for name in ("epsilon", "data_format", "is_training")}
    used = op.outputs[3:5] if op.attrs["is_training"] else op.inputs[3:5]
    spaces = *used, *op.outputs[5:]
    made = getattr(ops, _GRADIENT_OPS[op.type])(grad_y, x, scale, *spaces, **attrs)
    return [*made[:3], None, None]


def second_gradient(
    op: Operation,
    of_x: Tensor | None,
    of_scale: Tensor | None,
    of_offset: Tensor | None,
    *_: Tensor | None,
) -> Gradients:
    """Return the gradients of y_backprop, x and scale; None for the reserve spaces."""
    second = _Second(op)
    parts = []
    if of_x is not None:
        parts.append(second.through_x(_as(of_x, second.x.dtype)))
    if of_scale is not None:
        parts.append(second.through_scale(of_scale))
    if of_offset is not None:
        parts.append([second.spread(of_offset) + ops.zeros_like_op(second.grad), None, None])
    grads: Gradients = [None] * len(op.inputs)
    for i, terms in enumerate(zip(*parts, strict=True)):
        present = [term for term in terms if term is not None]
        if present:
            grads[i] = _as(functools.reduce(operator.add, present), op.inputs[i].dtype)
    return grads


class _Second:
    """What the terms of second order have in common.

    Attributes:
        grad: the gradient of y, in at least single precision; `x`: what was normalised.
        r: see above, in a shape that broadcasts to images; `root`: the same as a vector.
        scaled: scale * r.
        xbar: see above.
    """

    def __init__(self, op: Operation) -> None:
        rank, first = len(op.attrs["data_format"]), op.attrs["data_format"].startswith("NC")
        self._axes = [axis for axis in range(rank) if axis != (1 if first else rank - 1)]
        self._shape = [1, -1, *[1] * (rank - 2)] if first else [-1]
        self._is_training = op.attrs["is_training"]
        grad, x, scale, mean, variance = op.inputs[:5]
        self.grad, self.x = _single(grad), _single(x)
        self.root = ops.rsqrt_op(variance + op.attrs["epsilon"])
        self.r, self.scaled = self.spread(self.root), self.spread(scale * self.root)
        self.xbar = self.x - self.spread(mean)

    def through_x(self, a: Tensor) -> Gradients:
        """Return the terms of a gradient of d x."""
        if not self._is_training:
            return [a * self.scaled, None, self.root * self._total(a * self.grad)]
        square, p, projected = self._projected()
        gbar, abar = self._centred(self.grad), self._centred(a)
        q = self._mean(a * self.xbar)
        along = self._mean(a * gbar) - 3.0 * square * p * q
        to_grad = self.scaled * (abar - square * q * self.xbar)
        to_x = -(self.scaled * square * (along * self.xbar + p * abar + q * gbar))
        return [to_grad, to_x, self.root * self._total(a * projected)]

    def through_scale(self, of_scale: Tensor) -> Gradients:
        """Return the terms of a gradient of d scale."""
        factor = self.spread(of_scale) * self.r
        along = self._projected()[-1] if self._is_training else self.grad
        return [factor * self.xbar, factor * along, None]

    def _projected(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return r^2, P and gbar - r^2 P xbar."""
        square, p = self.r * self.r, self._mean(self.grad * self.xbar)
        return square, p, self._centred(self.grad) - square * p * self.xbar

    # --- channels --------------------------------------------------------------------------------

    def spread(self, vector: Tensor) -> Tensor:
        """Build a vector of channels in a shape that broadcasts to images."""
        return ops.reshape_op(vector, self._shape)

    def _total(self, images: Tensor) -> Tensor:
        """Build the sum of each channel, a vector."""
        return ops.sum_op(images, self._axes)

    def _mean(self, images: Tensor) -> Tensor:
        """Build the mean of each channel, in a shape that broadcasts to images."""
        return self.spread(ops.mean_op(images, self._axes))

    def _centred(self, images: Tensor) -> Tensor:
        """Build images without their channels' means."""
        return images - self._mean(images)


def _single(images: Tensor) -> Tensor:
    """Build images of 16 bits in single precision."""
    return images if images.dtype.size >= float32.size else _as(images, float32)


def _as(images: Tensor, dtype: DType) -> Tensor:
    return images if images.dtype is dtype else ops.cast_op(images, DstT=dtype)
