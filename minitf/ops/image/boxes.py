"""Drawing bounding boxes: [y_min, x_min, y_max, x_max] as fractions of height and width.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import Shape, known, must_equal
from minitf.symbols import B, C, H, N, T, W, float32, n

Array = np.ndarray[Any, Any]

DRAWABLE = types("float16", "float32").default(float32)

# --- DrawBoundingBoxes ---------------------------------------------------------------------------

# yellow, blue, red, lime, purple, olive, maroon, navy, aqua, fuchsia: red, green, blue, opacity
COLOURS = np.array(
    [
        *([1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1]),
        *([0.5, 0.5, 0, 1], [0.5, 0, 0, 1], [0, 0, 0.5, 1], [0, 1, 1, 1], [1, 0, 1, 1]),
    ],
    np.float32,
)


@op("DrawBoundingBoxes", T=DRAWABLE)
def draw_bounding_boxes_op(images: T[N, H, W, C], boxes: float32[N, B, n]) -> T[N, H, W, C]:
    """Draw the outlines of boxes, one pixel thick, in ten colours by turns.

    Args:
        images: float[N, H, W, C], C = 1, 3 or 4; on grey images lines are white.
        boxes: float32[N, B, 4]; what lies outside an image is not drawn.

    Returns:
        float[N, H, W, C].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _drawn(images, boxes, _usual_colours(images))


def _usual_colours(images: Array) -> Array:
    return COLOURS if images.shape[-1] > 1 else np.ones((1, 1), np.float32)


def _drawn(images: Array, boxes: Array, colours: Array) -> Array:
    if images.shape[-1] not in (1, 3, 4):
        raise invalid("Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)")
    if boxes.shape[0] != images.shape[0]:
        raise invalid("The batch sizes should be the same", boxes=list(boxes.shape))
    depth = images.shape[3]
    out = images.copy()
    for image, its_boxes in zip(out, boxes, strict=True):
        for i, box in enumerate(its_boxes):
            _draw(image, box, colours[i % len(colours), :depth])
    return out


def _draw(image: Array, box: Array, colour: Array) -> None:
    """Draw one outline into an image."""
    height, width, _ = image.shape
    ends = np.array([height - 1, width - 1] * 2, np.float32)
    top, left, bottom, right = (int(each) for each in box * ends)  # towards 0, as TensorFlow
    if top > bottom or left > right or top >= height or left >= width or bottom < 0 or right < 0:
        return
    rows, columns = slice(max(top, 0), bottom + 1), slice(max(left, 0), right + 1)
    for row in (top, bottom):
        if 0 <= row < height:
            image[row, columns] = colour
    for column in (left, right):
        if 0 <= column < width:
            image[rows, column] = colour


@draw_bounding_boxes_op.shape
def draw_bounding_boxes_shape(images: Shape, boxes: Shape) -> Shape:
    must_equal(boxes[2], 4, "Dimension must be 4 but is")
    if known(images[3]) and images[3] not in (1, 3, 4):
        raise invalid("Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)")
    return images


draw_bounding_boxes_op.no_gradient("TensorFlow calls it not differentiable")

# --- DrawBoundingBoxesV2 -------------------------------------------------------------------------


@op("DrawBoundingBoxesV2", T=DRAWABLE)
def draw_bounding_boxes_v2_op(
    images: T[N, H, W, C], boxes: float32[N, B, n], colors: float32[B, n]
) -> T[N, H, W, C]:
    """Draw the outlines of boxes, one pixel thick, in given colours by turns.

    Args:
        images: float[N, H, W, C], C = 1, 3 or 4.
        boxes: float32[N, B, 4]; what lies outside an image is not drawn.
        colors: float32[n, >= C]; without a row, the colours of DrawBoundingBoxes.

    Returns:
        float[N, H, W, C].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    if not len(colors):
        return _drawn(images, boxes, _usual_colours(images))
    if colors.shape[1] < images.shape[-1]:
        raise invalid(
            f"colors must have equal or more channels than the image provided: "
            f"{colors.shape[1]} vs. {images.shape[-1]}"
        )
    return _drawn(images, boxes, colors)


@draw_bounding_boxes_v2_op.shape
def draw_bounding_boxes_v2_shape(images: Shape, boxes: Shape, colors: Shape) -> Shape:
    return draw_bounding_boxes_shape(images, boxes)


draw_bounding_boxes_v2_op.no_gradient("TensorFlow defines none", refuse=True)
