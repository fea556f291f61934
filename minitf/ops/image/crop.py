"""Cutting boxes out of images and resizing them, and the gradients of that.

A box is [y1, x1, y2, x2] in units of the image: 0 is the centre of its first row, 1 that of its
last.  Row p of a crop of P rows is read at y1 * (H - 1) + p * (y2 - y1) * (H - 1) / (P - 1).

Letters: B boxes, P Q crop, N H W C images.

Source: TensorFlow's ops of the same names.
"""

from typing import Any, Literal, NamedTuple

import numpy as np

from minitf import ops
from minitf.dtypes import DType, types
from minitf.errors import OutOfRangeError, invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, must_equal, shape_of_value
from minitf.symbols import B, C, H, N, P, Q, T, W, float32, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Method = Literal["bilinear", "nearest"]

F = np.float32
FLOAT_PIXELS = types("float16", "float32", "float64")
CROPPABLE = FLOAT_PIXELS | types("uint8", "uint16", "int8", "int16", "int32", "int64")

# --- where the cells of a crop are read ----------------------------------------------------------


class Line(NamedTuple):
    """Places along one axis, for each box: `low` and `high` int[B, P], `part` float32[B, P].

    A place lies `part` of the way from cell `low` to cell `high`; `seen` tells whether it is in
    the image, `nearest` is the cell next to it.
    """

    low: Array
    high: Array
    part: Array
    nearest: Array
    seen: Array


def line(first: Array, last: Array, before: int, after: int) -> Line:
    """Return the places of crops of `after` cells that reach from `first` to `last`."""
    edge = F(before - 1)
    if after > 1:
        step = (last - first) * edge / F(after - 1)
        at = (first * edge)[:, None] + np.arange(after, dtype=F) * step[:, None]
    else:
        at = (F(0.5) * (first + last) * edge)[:, None]
    seen = (at >= 0) & (at <= edge)
    at = np.where(seen, at, F(0))
    low = np.floor(at)
    cells = (each.astype(np.intp) for each in (low, np.ceil(at), np.floor(at + F(0.5))))
    low_cell, high_cell, nearest = cells
    return Line(low_cell, high_cell, at - low, nearest, seen)


class Cells(NamedTuple):
    """The places of all crops: index arrays that broadcast to [B, P, Q]."""

    image: Array
    y: Line
    x: Line

    @property
    def seen(self) -> Array:
        """Whether a place lies in its image: bool[B, P, Q, 1]."""
        return (self.y.seen[:, :, None] & self.x.seen[:, None])[..., None]

    @property
    def parts(self) -> tuple[Array, Array]:
        """How far places lie below and right of the upper left cell: [B, P, 1, 1], [B, 1, Q, 1]."""
        return self.y.part[:, :, None, None], self.x.part[:, None, :, None]

    def at(self, y: Array, x: Array) -> tuple[Array, Array, Array]:
        """Return the index of one cell of each place."""
        return self.image[:, None, None], y[:, :, None], x[:, None]

    def corners(self) -> tuple[tuple[Array, Array, Array], ...]:
        """Return the indices of the cells upper left, upper right, lower left, lower right."""
        y, x = self.y, self.x
        pairs = (y.low, x.low), (y.low, x.high), (y.high, x.low), (y.high, x.high)
        return tuple(self.at(*pair) for pair in pairs)


def cells_of(sizes: Any, boxes: Array, box_ind: Array, crop: Any) -> Cells:
    """Check boxes and return where their crops are read.

    Args:
        sizes: of the images, four.
        boxes: float32[B, 4].
        box_ind: int32[B].
        crop: its height and width.
    """
    if boxes.ndim != 2 or boxes.shape[1] != 4 or box_ind.shape != boxes.shape[:1]:
        raise invalid(
            "boxes must have as many rows of four as box_ind has indices",
            boxes=list(boxes.shape),
            box_ind=list(box_ind.shape),
        )
    batch, height, width, _ = sizes
    if height <= 0 or width <= 0:
        raise invalid("image dimensions must be positive", image=list(sizes))
    if crop[0] <= 0 or crop[1] <= 0:
        raise invalid("crop dimensions must be positive", crop_size=list(crop))
    if np.any((box_ind < 0) | (box_ind >= batch)):
        raise OutOfRangeError(None, None, "box_index has values outside [0, batch_size)")
    y1, x1, y2, x2 = boxes.T
    return Cells(box_ind, line(y1, y2, height, crop[0]), line(x1, x2, width, crop[1]))


# --- CropAndResize -------------------------------------------------------------------------------


@op("CropAndResize", T=CROPPABLE, outputs=("crops",))
def crop_and_resize_op(
    image: T[N, H, W, C],
    boxes: float32[B, n],
    box_ind: int32[B],
    crop_size: int32[n],
    *,
    method: Method = "bilinear",
    extrapolation_value: float = 0.0,
) -> float32[B, P, Q, C]:
    """Cut boxes out of images and resize them to one size.

    Args:
        image: real[N, H, W, C].
        boxes: float32[B, 4], see the head of this file; with y1 > y2 a crop is upside down.
        box_ind: int32[B], the image of each box.
        crop_size: int32[2], height and width of the crops.
        method: how a place between pixels is read.
        extrapolation_value: what places outside an image give.

    Returns:
        float32[B, crop_size[0], crop_size[1], C].

    Raises:
        OutOfRangeError: if there is no such image.
        InvalidArgumentError: if a size is not positive, or the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    if crop_size.shape != (2,):
        raise invalid("crop_size must have two elements", crop_size=list(crop_size.shape))
    cells = cells_of(image.shape, boxes, box_ind, crop_size)
    if method == "nearest":
        crops = image[cells.at(cells.y.nearest, cells.x.nearest)].astype(F)
    else:
        down, right = cells.parts
        upper_left, upper_right, lower_left, lower_right = (
            image[at].astype(F) for at in cells.corners()
        )
        upper = upper_left + (upper_right - upper_left) * right
        lower = lower_left + (lower_right - lower_left) * right
        crops = upper + (lower - upper) * down
    return np.where(cells.seen, crops, F(extrapolation_value))


@crop_and_resize_op.shape(values_of=("crop_size",))
def crop_and_resize_shape(
    image: Shape, boxes: Shape, box_ind: Shape, crop_size: Any, **attrs: Any
) -> Shape:
    count = _count(boxes, box_ind)
    if crop_size is None:
        return Shape([count, UNKNOWN, UNKNOWN, image[3]])
    if len(crop_size) != 2:
        raise invalid(f"Dimension must be 2 but is {len(crop_size)}")
    return Shape([count, *crop_size, image[3]])


def _count(boxes: Shape, box_ind: Shape) -> Any:
    """Return how many boxes there are."""
    must_equal(boxes[1], 4, "Dimension must be 4 but is")
    return must_equal(boxes[0], box_ind[0])


@crop_and_resize_op.gradient
def crop_and_resize_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    image, boxes, box_ind, _ = op.inputs
    to_image = None
    if image.dtype.base_dtype in FLOAT_PIXELS:
        known_sizes = image.static_shape
        sizes = list(known_sizes) if known_sizes.is_full else ops.shape_op(image)
        to_image = ops.crop_and_resize_grad_image_op(
            grad, boxes, box_ind, sizes, T=image.dtype.base_dtype, method=op.attrs["method"]
        )
    return [to_image, ops.crop_and_resize_grad_boxes_op(grad, image, boxes, box_ind), None, None]


# --- CropAndResizeGradImage ----------------------------------------------------------------------


@op("CropAndResizeGradImage", T=FLOAT_PIXELS)
def crop_and_resize_grad_image_op(
    grads: float32[B, P, Q, C],
    boxes: float32[B, n],
    box_ind: int32[B],
    image_size: int32[n],
    *,
    T: DType,
    method: Method = "bilinear",
) -> T[N, H, W, C]:
    """Give the pixels that a crop was read from their parts of its gradient.

    Args:
        grads: float32[B, P, Q, C], the gradient of the crops.
        boxes: as the crop's.
        box_ind: likewise.
        image_size: int32[4], the shape of the images.
        T: the type of the images.
        method: as the crop's.

    Returns:
        T[image_size].

    Raises:
        OutOfRangeError: if there is no such image.
        InvalidArgumentError: if a size is not positive, or the shapes do not fit.

    Source: 2015 §4.1.
    """
    if image_size.shape != (4,):
        raise invalid("image_size must have 4 elements", image_size=list(image_size.shape))
    if int(image_size[3]) != grads.shape[3]:
        raise invalid("image_size and grads are incompatible", grads=list(grads.shape))
    cells = cells_of(image_size, boxes, box_ind, grads.shape[1:3])
    out = np.zeros(tuple(image_size), np.promote_types(T.numpy, F))
    grads = np.where(cells.seen, grads, F(0))
    if method == "nearest":
        np.add.at(out, cells.at(cells.y.nearest, cells.x.nearest), grads)
    else:
        down, right = cells.parts
        lower, upper = grads * down, grads * (1 - down)
        parts = upper * (1 - right), upper * right, lower * (1 - right), lower * right
        for at, part in zip(cells.corners(), parts, strict=True):
            np.add.at(out, at, part)
    return out.astype(T.numpy, copy=False)


@crop_and_resize_grad_image_op.shape(values_of=("image_size",))
def crop_and_resize_grad_image_shape(
    grads: Shape, boxes: Shape, box_ind: Shape, image_size: Any, **attrs: Any
) -> Shape:
    _count(boxes, box_ind)
    return shape_of_value(image_size).with_rank(4, "image_size")


crop_and_resize_grad_image_op.no_gradient("TensorFlow defines none", refuse=True)

# --- CropAndResizeGradBoxes ----------------------------------------------------------------------


@op("CropAndResizeGradBoxes", T=CROPPABLE)
def crop_and_resize_grad_boxes_op(
    grads: float32[B, P, Q, C],
    image: T[N, H, W, C],
    boxes: float32[B, n],
    box_ind: int32[B],
    *,
    method: Literal["bilinear"] = "bilinear",
) -> float32[B, n]:
    """Carry the gradient of crops back to the corners of their boxes.

    Args:
        grads: float32[B, P, Q, C], the gradient of the crops.
        image: as the crop's.
        boxes: likewise.
        box_ind: likewise.
        method: likewise.

    Returns:
        float32[B, 4].

    Raises:
        OutOfRangeError: if there is no such image.
        InvalidArgumentError: if a size is not positive, or the shapes do not fit.

    Source: 2015 §4.1.
    """
    cells = cells_of(image.shape, boxes, box_ind, grads.shape[1:3])
    down, right = cells.parts
    corners = (image[at].astype(F) for at in cells.corners())
    upper_left, upper_right, lower_left, lower_right = corners
    slope_y = (1 - right) * (lower_left - upper_left) + right * (lower_right - upper_right)
    slope_x = (1 - down) * (upper_right - upper_left) + down * (lower_right - lower_left)
    grads = np.where(cells.seen, grads, F(0))
    y = (slope_y * grads).sum((2, 3), np.float64)
    x = (slope_x * grads).sum((1, 3), np.float64)
    y1, y2 = _to_ends(y, image.shape[1])
    x1, x2 = _to_ends(x, image.shape[2])
    return np.stack([y1, x1, y2, x2], 1).astype(F)


def _to_ends(grads: Array, size: int) -> tuple[Array, Array]:
    """Share the gradients [B, P] of places among the first and the last of them."""
    count = grads.shape[1]
    last = np.arange(count) / (count - 1) if count > 1 else np.array([0.5])
    return grads @ (1 - last) * (size - 1), grads @ last * (size - 1)


@crop_and_resize_grad_boxes_op.shape
def crop_and_resize_grad_boxes_shape(
    grads: Shape, image: Shape, boxes: Shape, box_ind: Shape, *, method: str
) -> Shape:
    return Shape([_count(boxes, box_ind), 4])


crop_and_resize_grad_boxes_op.no_gradient("TensorFlow defines none", refuse=True)
