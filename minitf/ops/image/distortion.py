"""Drawing lots for a crop of an image that still shows one of its boxes.

A box is [y_min, x_min, y_max, x_max] as fractions of height and width.  A crop is drawn by its
shape: first width / height, then a height that gives an area within the limits, then its place;
again until enough of a box is seen.

Source: TensorFlow's ops of the same names, whose CPU kernel draws the same, bit for bit.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.random.conversion import uniform_floats
from minitf.ops.random.philox import Stream, reserve
from minitf.resources import Context
from minitf.shapes import Shape, must_equal
from minitf.symbols import B, N, T, float32, n

Array = np.ndarray[Any, Any]

F = np.float32
SIZES = types("uint8", "int8", "int16", "int32", "int64")
NONE = "TensorFlow calls it not differentiable"

# --- SampleDistortedBoundingBox ------------------------------------------------------------------


@op("SampleDistortedBoundingBox", "stateful", T=SIZES, outputs=("begin", "size", "bboxes"))
def sample_distorted_bounding_box_op(
    image_size: T[n],
    bounding_boxes: float32[N, B, n],
    *,
    seed: int = 0,
    seed2: int = 0,
    min_object_covered: float = 0.1,
    aspect_ratio_range: tuple[float, ...] = (0.75, 1.33),
    area_range: tuple[float, ...] = (0.05, 1.0),
    max_attempts: int = 100,
    use_image_if_no_bounding_boxes: bool = False,
    context: Context,
) -> tuple[T[n], T[n], float32[N, B, n]]:
    """Draw a random crop that shows enough of one of the boxes.

    Args:
        image_size: [height, width, channels].
        bounding_boxes: float32[N, B, 4] in [0, 1].
        seed: first seed.
        seed2: second seed; both 0 ask for a sequence that differs from session to session.
        min_object_covered: which part of some box must be seen, >= 0.
        aspect_ratio_range: least and greatest width / height, > 0.
        area_range: least and greatest part of the image, in (0, 1].
        max_attempts: crops drawn at most; then it is the whole image.
        use_image_if_no_bounding_boxes: whether no box means the whole image.

    Returns:
        begin [y, x, 0] and size [height, width, -1] as `slice` takes them; the box, [1, 1, 4].

    Raises:
        InvalidArgumentError: if a range is empty, or a box lies outside the image.

    Source: TensorFlow's op of the same name.
    """
    return sample_distorted_bounding_box_v2_op.body(
        image_size,
        bounding_boxes,
        F(min_object_covered),
        seed=seed,
        seed2=seed2,
        aspect_ratio_range=aspect_ratio_range,
        area_range=area_range,
        max_attempts=max_attempts,
        use_image_if_no_bounding_boxes=use_image_if_no_bounding_boxes,
        context=context,
    )


@sample_distorted_bounding_box_op.shape
def sample_distorted_bounding_box_shape(
    image_size: Shape, bounding_boxes: Shape, *others: Shape, **attrs: Any
) -> tuple[Shape, Shape, Shape]:
    must_equal(image_size[0], 3, "Dimension must be 3 but is")
    must_equal(bounding_boxes[2], 4, "Dimension must be 4 but is")
    return Shape([3]), Shape([3]), Shape([1, 1, 4])


sample_distorted_bounding_box_op.no_gradient(NONE)

# --- SampleDistortedBoundingBoxV2 ----------------------------------------------------------------


@op("SampleDistortedBoundingBoxV2", "stateful", T=SIZES, outputs=("begin", "size", "bboxes"))
def sample_distorted_bounding_box_v2_op(
    image_size: T[n],
    bounding_boxes: float32[N, B, n],
    min_object_covered: float32[()],
    *,
    seed: int = 0,
    seed2: int = 0,
    aspect_ratio_range: tuple[float, ...] = (0.75, 1.33),
    area_range: tuple[float, ...] = (0.05, 1.0),
    max_attempts: int = 100,
    use_image_if_no_bounding_boxes: bool = False,
    context: Context,
) -> tuple[T[n], T[n], float32[N, B, n]]:
    """Draw a random crop that shows enough of one of the boxes.

    Args:
        image_size: [height, width, channels].
        bounding_boxes: float32[N, B, 4] in [0, 1].
        min_object_covered: scalar, which part of some box must be seen, >= 0.
        seed: first seed.
        seed2: second seed; both 0 ask for a sequence that differs from session to session.
        aspect_ratio_range: least and greatest width / height, > 0.
        area_range: least and greatest part of the image, in (0, 1].
        max_attempts: crops drawn at most; then it is the whole image.
        use_image_if_no_bounding_boxes: whether no box means the whole image.

    Returns:
        begin [y, x, 0] and size [height, width, -1] as `slice` takes them; the box, [1, 1, 4].

    Raises:
        InvalidArgumentError: if a range is empty, or a box lies outside the image.

    Source: TensorFlow's op of the same name.
    """
    limits = _limits(aspect_ratio_range, area_range, max_attempts, min_object_covered)
    height, width = int(image_size[0]), int(image_size[1])
    image = Rectangle(0, 0, height, width)
    targets = _rectangles(bounding_boxes, height, width)
    if not targets:
        if not use_image_if_no_bounding_boxes:
            raise invalid(
                "No bounding boxes provided as input. One must enable "
                "use_image_if_no_bounding_boxes if you wish to not provide any bounding boxes."
            )
        targets = [image]
    words = Words(reserve(context, seed, seed2, max_attempts))
    crops = (draw_crop(words, height, width, limits) for _ in range(max_attempts))
    fitting = (c for c in crops if c and _shows_enough(c, targets, min_object_covered))
    crop = next(fitting, image)
    begin = [crop.top, crop.left, 0]
    size = [crop.bottom - crop.top, crop.right - crop.left, -1]
    box = np.array([[crop]], F) / np.array([height, width] * 2, F)
    return np.array(begin).astype(image_size.dtype), np.array(size).astype(image_size.dtype), box


sample_distorted_bounding_box_v2_op.shape(sample_distorted_bounding_box_shape)
sample_distorted_bounding_box_v2_op.no_gradient(NONE)

# --- drawing lots --------------------------------------------------------------------------------


class Rectangle(NamedTuple):
    """Rows top..bottom and columns left..right of an image, without the last ones."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> int:
        """The number of pixels."""
        return max(0, self.bottom - self.top) * max(0, self.right - self.left)

    def common(self, other: "Rectangle") -> "Rectangle":
        """Return what lies in both."""
        return Rectangle(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )


class Limits(NamedTuple):
    """Between which numbers a crop's width / height and its part of the image lie."""

    aspect: tuple[np.float32, np.float32]
    area: tuple[np.float32, np.float32]


def _limits(aspects: Any, areas: Any, attempts: int, covered: Any) -> Limits:
    if len(aspects) != 2:
        raise invalid("Aspect ratio range field must specify 2 dimensions")
    if min(aspects) <= 0:
        raise invalid("Aspect ratio range must be non-negative", aspect_ratio_range=list(aspects))
    if len(areas) != 2:
        raise invalid("Area range field must specify 2 dimensions")
    if min(areas) <= 0:
        raise invalid("Area range must be non-negative", area_range=list(areas))
    if max(areas) > 1:
        raise invalid("Area range must be less then or equal to 1.0", area_range=list(areas))
    if attempts <= 0:
        raise invalid("Max attempts must be non-negative", max_attempts=attempts)
    if not covered >= 0:
        raise invalid("Min object covered must be non-negative", min_object_covered=covered)
    return Limits((F(aspects[0]), F(aspects[1])), (F(areas[0]), F(areas[1])))


def _rectangles(boxes: Array, height: int, width: int) -> list[Rectangle]:
    if boxes.ndim != 3 or boxes.shape[2] != 4:
        raise invalid("input boxes must be 3-dimensional [batch, num_boxes, coords]")
    if boxes.size and boxes.min() < 0:
        raise invalid("All bounding box coordinates must be >= 0.0", least=boxes.min())
    if boxes.size and boxes.max() > 1:
        raise invalid("All bounding box coordinates must be <= 1.0", greatest=boxes.max())
    cells = (boxes.reshape(-1, 4) * np.array([height, width] * 2, F)).astype(int)
    return [Rectangle(*row) for row in cells.tolist()]


def _shows_enough(crop: Rectangle, targets: list[Rectangle], part: Any) -> bool:
    """Tell whether a crop shows at least that part of one of the targets."""
    return crop.area >= 1 and any(
        F(crop.common(target).area) / F(target.area) >= part for target in targets if target.area
    )


class Words:
    """The words of a stream, one after the other."""

    def __init__(self, stream: Stream) -> None:
        self._words = self._of(stream)

    def _of(self, stream: Stream) -> Iterator[int]:
        block = 0
        while True:
            yield from stream.blocks_at([block])[0].tolist()
            block += 1

    def fraction(self) -> np.float32:
        """Return a number in [0, 1)."""
        return uniform_floats(np.array([[next(self._words)]], np.uint32))[0, 0]

    def below(self, bound: int) -> int:
        """Return a whole number in [0, bound), all equally likely."""
        if bound & (bound - 1) == 0:
            return next(self._words) & (bound - 1)
        uneven = (2**32 - 1) % bound + 1  # that many words would favour small numbers
        return next(word for word in self._words if word >= uneven) % bound


def draw_crop(words: Words, height: int, width: int, limits: Limits) -> Rectangle | None:
    """Draw a crop within the limits; None if the rounded one lies outside them."""
    low, high = limits.aspect
    aspect = words.fraction() * (high - low) + low
    least, greatest = (part * F(width) * F(height) for part in limits.area)
    rows, most_rows = (int(np.rint(np.sqrt(area / aspect))) for area in (least, greatest))
    if np.rint(F(most_rows) * aspect) > width:
        most_rows = int((width + 0.5 - 1e-7) / float(aspect))
    most_rows = min(most_rows, height)
    rows = min(rows, most_rows)
    if rows < most_rows:
        rows += words.below(most_rows - rows + 1)
    columns = int(np.rint(F(rows) * aspect))
    if F(rows * columns) < least:
        rows += 1
        columns = int(np.rint(F(rows) * aspect))
    if F(rows * columns) > greatest:
        rows -= 1
        columns = int(np.rint(F(rows) * aspect))
    fits = least <= F(rows * columns) <= greatest
    if not fits or not 0 < columns <= width or not 0 < rows <= height:
        return None
    top = words.below(height - rows) if rows < height else 0
    left = words.below(width - columns) if columns < width else 0
    return Rectangle(top, left, top + rows, left + columns)
