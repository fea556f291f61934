"""Local response normalisation: channels at one place of an image inhibit their neighbours.

Source: 2015 Table 1, row "Neural-net building blocks"; Krizhevsky et al. 2012 §3.3, which the
paper's image models use.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.precision import wide
from minitf.shapes import Shape, merge
from minitf.symbols import C, H, N, T, W, float32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
_TYPES = types("float16", "bfloat16", "float32").default(float32)

# --- LRN ---------------------------------------------------------------------------------------


@op("LRN", T=_TYPES)
def lrn_op(
    input: T[N, H, W, C],
    *,
    depth_radius: int = 5,
    bias: float = 1.0,
    alpha: float = 1.0,
    beta: float = 0.5,
) -> T[N, H, W, C]:
    """Divide each element by a power of the sum of squares of its neighbour channels.

    out[.., c] = input[.., c] / (bias + alpha * sum over |d - c| <= depth_radius of
    input[.., d]**2)**beta.

    Args:
        input: float[N, H, W, C].
        depth_radius: channels on either side that count.
        bias: keeps the divisor from 0.
        alpha: weight of the sum.
        beta: the power.

    Returns:
        float[N, H, W, C].

    Source: 2015 Table 1.
    """
    check_images("in", input)
    x = wide(input)
    return (x * norms(x, depth_radius, bias, alpha) ** -beta).astype(input.dtype)


@lrn_op.shape
def lrn_shape(input: Shape, **attrs: Any) -> Shape:
    return input


@lrn_op.gradient
def lrn_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    attrs = {name: op.attrs[name] for name in op.definition.explicit_attrs}
    return [ops.lrn_grad_op(grad, op.inputs[0], op.outputs[0], **attrs)]


def norms(x: Array, radius: int, bias: float, alpha: float) -> Array:
    """Return what each element is divided by a power of."""
    kind = x.dtype.type
    return kind(bias) + kind(alpha) * neighbour_sums(x * x, radius)


def neighbour_sums(x: Array, radius: int) -> Array:
    """Return the sum over channels at most `radius` away."""
    channels = x.shape[-1]
    padded = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(radius, radius)])
    total = np.zeros_like(x)
    for start in range(2 * radius + 1):
        total += padded[..., start : start + channels]
    return total


def check_images(what: str, array: Array) -> None:
    """Refuse images of another rank than 4."""
    if array.ndim != 4:
        raise invalid(f"{what} must be 4-dimensional: {list(array.shape)}")


def check_same_images(grads: Array, x: Array, y: Array) -> None:
    """Refuse images of another rank than 4, or of different shapes."""
    check_images("in_grads", grads)
    if not grads.shape == x.shape == y.shape:
        raise invalid("input_grads, input_image, and out_image should have the same shape")


# --- LRNGrad -----------------------------------------------------------------------------------


@op("LRNGrad", T=_TYPES)
def lrn_grad_op(
    input_grads: T[N, H, W, C],
    input_image: T[N, H, W, C],
    output_image: T[N, H, W, C],
    *,
    depth_radius: int = 5,
    bias: float = 1.0,
    alpha: float = 1.0,
    beta: float = 0.5,
) -> T[N, H, W, C]:
    """Carry the gradient of LRN back to its input.

    With s the divisor's base, x the input, y the output, g the gradient:
    out[c] = g[c] * s[c]**-beta - 2 * alpha * beta * x[c] * sum over |d - c| <= depth_radius of
    g[d] * y[d] / s[d].

    Args:
        input_grads: float[N, H, W, C], gradient of LRN's output.
        input_image: float[N, H, W, C], its input.
        output_image: float[N, H, W, C], its output.
        depth_radius: as LRN's, and so are the other attributes.

    Returns:
        float[N, H, W, C].

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: 2015 §4.1.
    """
    check_same_images(input_grads, input_image, output_image)
    grads, x, y = map(wide, (input_grads, input_image, output_image))
    base = norms(x, depth_radius, bias, alpha)
    through_norms = neighbour_sums(grads * y / base, depth_radius)
    factor = x.dtype.type(2 * alpha * beta)
    return (grads * base**-beta - factor * x * through_norms).astype(input_grads.dtype)


@lrn_grad_op.shape
def lrn_grad_shape(
    input_grads: Shape, input_image: Shape, output_image: Shape, **attrs: Any
) -> Shape:
    return merge(merge(input_grads, input_image), output_image)


lrn_grad_op.no_gradient("TensorFlow defines none of second order", refuse=True)
