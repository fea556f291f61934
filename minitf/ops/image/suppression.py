"""Choosing among overlapping boxes: the best one, then the best of those that overlap it little.

How far two boxes overlap is the area that both cover, over the area that either covers ("iou").
Boxes of equal scores are taken in order.

Source: TensorFlow's ops of the same names.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.precision import wide
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import B, M, T, T_threshold, float32, int32, n

Array = np.ndarray[Any, Any]
Overlap = Callable[[int, Array], Array]

F = np.float32
EVERY = F(-np.inf)  # a score that all exceed
CHOICE = "a choice has steps, no slope"
FLOATING = types("float16", "float32").default(float32)

# --- what the ops share --------------------------------------------------------------------------


def iou_of(boxes: Array) -> Overlap:
    """Return the function (i, others) -> how far box i overlaps each of the others."""
    low, high = np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])
    areas = np.prod(high - low, 1)

    def iou(i: int, others: Array) -> Array:
        sides = np.minimum(high[i], high[others]) - np.maximum(low[i], low[others])
        common = np.prod(np.maximum(sides, 0), 1)
        union = areas[i] + areas[others] - common
        real = (areas[i] > 0) & (areas[others] > 0)
        return np.where(real, common / np.where(real, union, 1), 0)

    return iou


def chosen(scores: Array, most: int, overlap: Overlap, threshold: Any, least: Any = EVERY) -> Array:
    """Return the indices of the boxes chosen, best first.

    Args:
        scores: float[B].
        most: how many to choose at most.
        overlap: see `iou_of`.
        threshold: what two chosen boxes overlap at most.
        least: only boxes of higher scores are chosen.
    """
    left = np.argsort(-scores, kind="stable")
    left = left[scores[left] > least]
    found: list[int] = []
    while len(left) and len(found) < most:
        best, left = int(left[0]), left[1:]
        found.append(best)
        left = left[~(overlap(best, left) > threshold)]
    return np.array(found, np.int32)


def chosen_softly(
    scores: Array, most: int, overlap: Overlap, sigma: Any, least: Any
) -> tuple[Array, Array]:
    """Return the indices of the boxes chosen and their scores, best first.

    Each choice lowers the scores of the others by exp(-iou**2 / (2 * sigma)).
    """
    scores, left = scores.copy(), np.arange(len(scores))
    found: list[int] = []
    while len(found) < most:
        left = left[scores[left] > least]
        if not len(left):
            break
        best = int(left[np.argmax(scores[left])])
        found.append(best)
        left = left[left != best]
        scores[left] *= np.exp(F(-0.5) / sigma * overlap(best, left) ** 2)
    return np.array(found, np.int32), scores[found]


def padded(values: Array, size: int) -> Array:
    """Return values with zeros behind, up to a size."""
    out = np.zeros((size, *values.shape[1:]), values.dtype)
    out[: len(values)] = values
    return out


def check(boxes: Array, scores: Array, most: Array, threshold: Any = 0.5) -> None:
    """Check what all versions take."""
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise invalid("boxes must have 4 columns", boxes=list(boxes.shape))
    if scores.shape != boxes.shape[:1]:
        raise invalid("scores has incompatible shape", scores=list(scores.shape))
    if most < 0:
        raise invalid("output size must be non-negative", max_output_size=most)
    if not 0 <= threshold <= 1:
        raise invalid("iou_threshold must be in [0, 1]", iou_threshold=threshold)


def some_of(boxes: Shape, scores: Shape, *numbers: Any, **attrs: Any) -> Shape:
    """Return the shape of a choice of boxes: a vector."""
    must_equal(boxes[1], 4, "Dimension must be 4 but is")
    must_equal(boxes[0], scores[0])
    return Shape([UNKNOWN])


# --- NonMaxSuppression, V2, V3 -------------------------------------------------------------------


@op("NonMaxSuppression", outputs=("selected_indices",))
def non_max_suppression_op(
    boxes: float32[B, n],
    scores: float32[B],
    max_output_size: int32[()],
    *,
    iou_threshold: float = 0.5,
) -> int32[M]:
    """Choose boxes of high scores that overlap little.

    Args:
        boxes: float32[B, 4], two opposite corners [y1, x1, y2, x2].
        scores: float32[B].
        max_output_size: scalar, how many to choose at most.
        iou_threshold: what two chosen boxes overlap at most.

    Returns:
        int32[M], their indices, best first.

    Raises:
        InvalidArgumentError: if the threshold is not in [0, 1], or the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    check(boxes, scores, max_output_size, iou_threshold)
    return chosen(scores, int(max_output_size), iou_of(boxes), F(iou_threshold))


non_max_suppression_op.shape(some_of)
non_max_suppression_op.no_gradient(CHOICE)


@op("NonMaxSuppressionV2", T=FLOATING, T_threshold=FLOATING, outputs=("selected_indices",))
def non_max_suppression_v2_op(
    boxes: T[B, n], scores: T[B], max_output_size: int32[()], iou_threshold: T_threshold[()]
) -> int32[M]:
    """Choose boxes of high scores that overlap little.

    Args:
        boxes: float[B, 4], two opposite corners [y1, x1, y2, x2].
        scores: float[B].
        max_output_size: scalar, how many to choose at most.
        iou_threshold: scalar, what two chosen boxes overlap at most.

    Returns:
        int32[M], their indices, best first.

    Raises:
        InvalidArgumentError: if the threshold is not in [0, 1], or the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    check(boxes, scores, max_output_size, iou_threshold)
    return chosen(scores, int(max_output_size), iou_of(wide(boxes)), iou_threshold)


non_max_suppression_v2_op.shape(some_of)
non_max_suppression_v2_op.no_gradient(CHOICE)


@op("NonMaxSuppressionV3", T=FLOATING, T_threshold=FLOATING, outputs=("selected_indices",))
def non_max_suppression_v3_op(
    boxes: T[B, n],
    scores: T[B],
    max_output_size: int32[()],
    iou_threshold: T_threshold[()],
    score_threshold: T_threshold[()],
) -> int32[M]:
    """Choose boxes of high scores that overlap little.

    Args:
        boxes: float[B, 4], two opposite corners [y1, x1, y2, x2].
        scores: float[B].
        max_output_size: scalar, how many to choose at most.
        iou_threshold: scalar, what two chosen boxes overlap at most.
        score_threshold: scalar; only boxes of higher scores are chosen.

    Returns:
        int32[M], their indices, best first.

    Raises:
        InvalidArgumentError: if the threshold is not in [0, 1], or the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    check(boxes, scores, max_output_size, iou_threshold)
    overlap = iou_of(wide(boxes))
    return chosen(scores, int(max_output_size), overlap, iou_threshold, score_threshold)


non_max_suppression_v3_op.shape(some_of)
non_max_suppression_v3_op.no_gradient(CHOICE)

# --- NonMaxSuppressionV4, V5 ---------------------------------------------------------------------


@op(
    "NonMaxSuppressionV4",
    T=FLOATING,
    T_threshold=FLOATING,
    outputs=("selected_indices", "valid_outputs"),
)
def non_max_suppression_v4_op(
    boxes: T[B, n],
    scores: T[B],
    max_output_size: int32[()],
    iou_threshold: T_threshold[()],
    score_threshold: T_threshold[()],
    *,
    pad_to_max_output_size: bool = False,
) -> tuple[int32[M], int32[()]]:
    """Choose boxes of high scores that overlap little, and say how many there are.

    Args:
        boxes: float[B, 4], two opposite corners [y1, x1, y2, x2].
        scores: float[B].
        max_output_size: scalar, how many to choose at most.
        iou_threshold: scalar, what two chosen boxes overlap at most.
        score_threshold: scalar; only boxes of higher scores are chosen.
        pad_to_max_output_size: whether zeros follow the indices, up to `max_output_size`.

    Returns:
        int32[M], their indices, best first; their number.

    Raises:
        InvalidArgumentError: if the threshold is not in [0, 1], or the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    check(boxes, scores, max_output_size, iou_threshold)
    most, overlap = int(max_output_size), iou_of(wide(boxes))
    found = chosen(scores, most, overlap, iou_threshold, score_threshold)
    return padded(found, most) if pad_to_max_output_size else found, np.int32(len(found))


@non_max_suppression_v4_op.shape(values_of=("max_output_size",))
def non_max_suppression_v4_shape(
    boxes: Shape,
    scores: Shape,
    max_output_size: int | None,
    *thresholds: Shape,
    pad_to_max_output_size: bool,
) -> tuple[Shape, Shape]:
    shape = some_of(boxes, scores)
    if pad_to_max_output_size and max_output_size is not None:
        if max_output_size < 0:
            raise invalid(
                "Dimension size, given by scalar input 2, must be non-negative but is "
                f"{max_output_size}"
            )
        shape = Shape([max_output_size])
    return shape, Shape(())


non_max_suppression_v4_op.no_gradient(CHOICE)


@op(
    "NonMaxSuppressionV5",
    T=FLOATING,
    outputs=("selected_indices", "selected_scores", "valid_outputs"),
)
def non_max_suppression_v5_op(
    boxes: T[B, n],
    scores: T[B],
    max_output_size: int32[()],
    iou_threshold: T[()],
    score_threshold: T[()],
    soft_nms_sigma: T[()],
    *,
    pad_to_max_output_size: bool = False,
) -> tuple[int32[M], T[M], int32[()]]:
    """Choose boxes of high scores that overlap little, or lower the scores of those that do.

    Args:
        boxes: float[B, 4], two opposite corners [y1, x1, y2, x2].
        scores: float[B].
        max_output_size: scalar, how many to choose at most.
        iou_threshold: scalar, what two chosen boxes overlap at most if `soft_nms_sigma` is 0.
        score_threshold: scalar; only boxes of higher scores are chosen.
        soft_nms_sigma: scalar >= 0; above 0, a choice multiplies the scores of the other boxes by
            exp(-iou**2 / (2 * sigma)) instead of removing some.
        pad_to_max_output_size: whether zeros follow, up to `max_output_size`.

    Returns:
        int32[M], their indices, best first; T[M], their scores; their number.

    Raises:
        InvalidArgumentError: if the threshold is not in [0, 1], or the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    check(boxes, scores, max_output_size, iou_threshold)
    if soft_nms_sigma < 0:
        raise invalid("soft_nms_sigma_val must be >= 0", soft_nms_sigma=soft_nms_sigma)
    most, overlap = int(max_output_size), iou_of(wide(boxes))
    if soft_nms_sigma > 0:
        found, found_scores = chosen_softly(
            wide(scores), most, overlap, wide(soft_nms_sigma), score_threshold
        )
    else:
        found = chosen(scores, most, overlap, iou_threshold, score_threshold)
        found_scores = scores[found]
    count = np.int32(len(found))
    found_scores = found_scores.astype(scores.dtype, copy=False)
    if pad_to_max_output_size:
        found, found_scores = padded(found, most), padded(found_scores, most)
    return found, found_scores, count


@non_max_suppression_v5_op.shape(values_of=("max_output_size",))
def non_max_suppression_v5_shape(
    boxes: Shape, scores: Shape, max_output_size: int | None, *thresholds: Shape, **attrs: bool
) -> tuple[Shape, Shape, Shape]:
    shape, scalar = non_max_suppression_v4_shape(boxes, scores, max_output_size, **attrs)
    return shape, shape, scalar


non_max_suppression_v5_op.no_gradient("TensorFlow defines none", refuse=True)

# --- NonMaxSuppressionWithOverlaps ---------------------------------------------------------------


@op("NonMaxSuppressionWithOverlaps", outputs=("selected_indices",))
def non_max_suppression_with_overlaps_op(
    overlaps: float32[B, n],
    scores: float32[B],
    max_output_size: int32[()],
    overlap_threshold: float32[()],
    score_threshold: float32[()],
) -> int32[M]:
    """Choose things of high scores that overlap little, by a table of overlaps.

    Args:
        overlaps: float32[B, B], how far each overlaps each other.
        scores: float32[B].
        max_output_size: scalar, how many to choose at most.
        overlap_threshold: scalar, what two of them overlap at most.
        score_threshold: scalar; only those of higher scores are chosen.

    Returns:
        int32[M], their indices, best first.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    if overlaps.ndim != 2 or overlaps.shape[0] != overlaps.shape[1]:
        raise invalid("overlaps must be square", overlaps=list(overlaps.shape))
    if scores.shape != overlaps.shape[:1]:
        raise invalid("scores has incompatible shape", scores=list(scores.shape))
    most = int(max_output_size)
    return chosen(
        scores, most, lambda i, others: overlaps[others, i], overlap_threshold, score_threshold
    )


@non_max_suppression_with_overlaps_op.shape
def non_max_suppression_with_overlaps_shape(
    overlaps: Shape, scores: Shape, *numbers: Shape
) -> Shape:
    must_equal(must_equal(overlaps[0], overlaps[1]), scores[0])
    return Shape([UNKNOWN])


non_max_suppression_with_overlaps_op.no_gradient(CHOICE)
