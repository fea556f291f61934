"""Images seen through a projective map: turned, sheared, moved, in perspective.

A transform is eight numbers (a0 a1 a2 b0 b1 b2 c0 c1). Pixel (x, y) of the output is read at

    ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)   with k = c0 x + c1 y + 1

of the input; where k is 0, or the place lies outside an image, it is what `fill_mode` says.

Letters: N images, H W their size, P Q that of the outputs, C channels, B transforms: 1 or N.

Source: TensorFlow's op of the same name.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import B, C, H, N, P, Q, W, dtype, float32, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
PROJECTABLE = types("uint8", "int32", "int64", "float16", "bfloat16", "float32", "float64")
F = np.float32

# --- ImageProjectiveTransformV2 ------------------------------------------------------------------


@op("ImageProjectiveTransformV2", dtype=PROJECTABLE, outputs=("transformed_images",))
def image_projective_transform_v2_op(
    images: dtype[N, H, W, C],
    transforms: float32[B, n],
    output_shape: int32[n],
    *,
    interpolation: str,
    fill_mode: str = "CONSTANT",
) -> dtype[N, P, Q, C]:
    """Read each pixel of the output where a projective map says.

    Args:
        images: real[N, H, W, C].
        transforms: float32[B, 8], one for all images or one for each; see the head of this file.
        output_shape: int32[2], height and width of the outputs.
        interpolation: "NEAREST", or "BILINEAR" between four pixels.
        fill_mode: what lies beyond an edge: "CONSTANT" zeros, "REFLECT" the image mirrored,
            "WRAP" the image again, "NEAREST" the edge.

    Returns:
        real[N, output_shape[0], output_shape[1], C].

    Raises:
        InvalidArgumentError: if shapes do not fit, or there is no such way to read.

    Source: TensorFlow's op of the same name.
    """
    if images.ndim != 4:
        raise invalid("Input images must have rank 4", images=list(images.shape))
    if transforms.ndim != 2 or transforms.shape[1] != 8 or len(transforms) not in {1, len(images)}:
        raise invalid(
            "Input transform should be num_images x 8 or 1 x 8", transforms=list(transforms.shape)
        )
    if output_shape.shape != (2,):
        raise invalid("output shape must have two elements", output_shape=list(output_shape.shape))
    if np.any(output_shape <= 0):
        raise invalid("output dimensions must be positive", output_shape=output_shape.tolist())
    if interpolation not in {"NEAREST", "BILINEAR"}:
        raise invalid("interpolation is NEAREST or BILINEAR", interpolation=interpolation)
    if fill_mode not in _WITHIN:
        raise invalid(f"fill_mode is one of {', '.join(_WITHIN)}", fill_mode=fill_mode)
    height, width = images.shape[1:3]
    rows, columns = (int(size) for size in output_shape)
    a0, a1, a2, b0, b1, b2, c0, c1 = transforms.T[:, :, None, None]
    y, x = np.arange(rows, dtype=F)[:, None], np.arange(columns, dtype=F)
    k = c0 * x + c1 * y + F(1)
    there = k != 0
    k = np.where(there, k, F(1))
    at_x = _WITHIN[fill_mode]((a0 * x + a1 * y + a2) / k, width)
    at_y = _WITHIN[fill_mode]((b0 * x + b1 * y + b2) / k, height)
    if interpolation == "NEAREST":
        read = _read(images, _rounded(at_y), _rounded(at_x))
    else:
        left, above = np.floor(at_x), np.floor(at_y)
        right, below = left + F(1), above + F(1)
        to_right, to_left = (at_x - left)[..., None], (right - at_x)[..., None]
        upper = to_left * _read(images, above, left) + to_right * _read(images, above, right)
        lower = to_left * _read(images, below, left) + to_right * _read(images, below, right)
        read = (below - at_y)[..., None] * upper + (at_y - above)[..., None] * lower
    return np.where(there[..., None], read, 0).astype(images.dtype)


@image_projective_transform_v2_op.shape(values_of=("output_shape",))
def image_projective_transform_v2_shape(
    images: Shape, transforms: Shape, output_shape: Any, **attrs: Any
) -> Shape:
    if output_shape is None:
        return Shape([images[0], UNKNOWN, UNKNOWN, images[3]])
    if len(output_shape) != 2:
        raise invalid(f"Dimension must be 2 but is {len(output_shape)}")
    return Shape([images[0], *output_shape, images[3]])


@image_projective_transform_v2_op.gradient
def image_projective_transform_v2_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """Look at the gradient through the inverse map: TensorFlow's rule, no derivative in bits."""
    images, transforms, _ = op.inputs
    ones = ops.ones_like_op(transforms[:, :1])
    matrices = ops.reshape_op(ops.concat_v2_op([transforms, ones], 1), [-1, 3, 3])
    inverse = ops.reshape_op(ops.matrix_inverse_op(matrices), [-1, 9])
    inverse /= inverse[:, 8:]
    back = image_projective_transform_v2_op(
        grad,
        inverse[:, :8],
        ops.shape_op(images)[1:3],
        interpolation=op.attrs["interpolation"],
        fill_mode=op.attrs["fill_mode"],
    )
    return [back, None, None]


def _rounded(at: Array) -> Array:
    """Round to the nearest pixel, halves away from zero."""
    return np.trunc(at + np.copysign(F(0.5), at))


def _read(images: Array, y: Array, x: Array) -> Array:
    """Return the pixels at whole places, [N, P, Q, C], 0 outside of the images."""
    inside = (x >= 0) & (x < images.shape[2]) & (y >= 0) & (y < images.shape[1])
    row, column = (np.where(inside, each, 0).astype(np.intp) for each in (y, x))
    if not inside.any():  # the images may have no pixels
        images = np.zeros((len(images), 1, 1, images.shape[3]), images.dtype)
    image = np.arange(len(images))[:, None, None]
    return np.where(inside[..., None], images[image, row, column], 0)


# --- what lies beyond an edge --------------------------------------------------------------------


def _anywhere(at: Array, size: int) -> Array:
    return at


def _mirrored(at: Array, size: int) -> Array:
    """Fold places at the edges: cell -1 is cell 0, cell `size` is the last one."""
    twice = F(2 * size)
    before = twice * np.trunc(-at / twice) + at
    before = np.where(before < -size, before + twice, -before - F(1))
    after = at - twice * np.trunc(at / twice)
    after = np.where(after >= size, twice - after - F(1), after)
    return _at_edges(np.where(at < 0, before, np.where(at > size - 1, after, at)), size)


def _again(at: Array, size: int) -> Array:
    """Go round: after the last cell comes the first; TensorFlow counts the rounds by size - 1."""
    steps = F(max(size - 1, 1))
    before = at + F(size) * (np.trunc(-at / steps) + F(1))
    after = at - F(size) * np.trunc(at / steps)
    return _at_edges(np.where(at < 0, before, np.where(at > size - 1, after, at)), size)


def _at_edges(at: Array, size: int) -> Array:
    return np.clip(at, F(0), F(size - 1))


_WITHIN = {"CONSTANT": _anywhere, "REFLECT": _mirrored, "WRAP": _again, "NEAREST": _at_edges}
"""Fill mode -> (places along an axis, its size) -> where they are read."""
