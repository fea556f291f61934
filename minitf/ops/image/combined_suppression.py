"""Choosing boxes class by class, for a whole batch of images.

Source: TensorFlow's op of the same name.
"""

from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.image.suppression import chosen, iou_of
from minitf.shapes import UNKNOWN, Shape, known, must_equal
from minitf.symbols import B, K, M, N, Q, float32, int32, n

Array = np.ndarray[Any, Any]

# --- CombinedNonMaxSuppression -------------------------------------------------------------------


@op(
    "CombinedNonMaxSuppression",
    outputs=("nmsed_boxes", "nmsed_scores", "nmsed_classes", "valid_detections"),
)
def combined_non_max_suppression_op(
    boxes: float32[N, B, Q, n],
    scores: float32[N, B, K],
    max_output_size_per_class: int32[()],
    max_total_size: int32[()],
    iou_threshold: float32[()],
    score_threshold: float32[()],
    *,
    pad_per_class: bool = False,
    clip_boxes: bool = True,
) -> tuple[float32[N, M, n], float32[N, M], float32[N, M], int32[N]]:
    """Choose, per image, boxes of high scores that overlap little with others of their class.

    Args:
        boxes: float32[N, B, Q, 4], [y1, x1, y2, x2]; Q = 1 if all classes share them, else K.
        scores: float32[N, B, K], of each class.
        max_output_size_per_class: scalar, how many to choose of a class at most.
        max_total_size: scalar, how many to give per image.
        iou_threshold: scalar, what two chosen boxes of a class overlap at most.
        score_threshold: scalar; only boxes of higher scores are chosen.
        pad_per_class: whether M is at most `max_output_size_per_class` * K.
        clip_boxes: whether to clip what is given to [0, 1].

    Returns:
        float32[N, M, 4] boxes, float32[N, M] scores and classes, best first, zeros behind them;
        int32[N], how many there are.

    Raises:
        InvalidArgumentError: if a size is not positive, or the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    per_class, total = int(max_output_size_per_class), int(max_total_size)
    if per_class <= 0:
        raise invalid("max_size_per_class must be positive", max_output_size_per_class=per_class)
    if total <= 0:
        raise invalid("max_total_size must be > 0", max_total_size=total)
    if not 0 <= iou_threshold <= 1:
        raise invalid("iou_threshold must be in [0, 1]", iou_threshold=iou_threshold)
    classes = scores.shape[2]
    _check_classes(boxes.shape[2], classes)
    size = min(total, per_class * classes) if pad_per_class else total
    batch = len(boxes)
    given = [np.zeros((batch, size, *rest), np.float32) for rest in ((4,), (), ())]
    counts = np.zeros(batch, np.int32)
    for i, image in enumerate(zip(boxes, scores, strict=True)):
        found = _best(*image, per_class, size, iou_threshold, score_threshold)
        counts[i] = len(found[0])
        for out, values in zip(given, found, strict=True):
            out[i, : counts[i]] = values
    if clip_boxes:
        np.clip(given[0], 0, 1, out=given[0])
    their_boxes, their_scores, their_classes = given
    return their_boxes, their_scores, their_classes, counts


def _check_classes(boxes: int, scores: int) -> None:
    if boxes not in (1, scores):
        raise invalid(
            "third dimension of boxes must be either 1 or equal to the third dimension of scores",
            boxes=boxes,
            scores=scores,
        )


def _best(
    boxes: Array, scores: Array, per_class: int, total: int, threshold: Any, least: Any
) -> tuple[Array, Array, Array]:
    """Return boxes, scores and classes of one image, best first."""
    taken, classes = [], []
    for k in range(scores.shape[1]):
        its_boxes = boxes[:, min(k, boxes.shape[1] - 1)]
        rows = chosen(scores[:, k], per_class, iou_of(its_boxes), threshold, least)
        taken += [(its_boxes[row], scores[row, k]) for row in rows]
        classes += [k] * len(rows)
    found_scores = np.array([score for _, score in taken], np.float32)
    order = np.argsort(-found_scores, kind="stable")[:total]
    found_boxes = np.array([box for box, _ in taken], np.float32).reshape(-1, 4)
    return found_boxes[order], found_scores[order], np.array(classes, np.float32)[order]


@combined_non_max_suppression_op.shape(values_of=("max_output_size_per_class", "max_total_size"))
def combined_non_max_suppression_shape(
    boxes: Shape,
    scores: Shape,
    max_output_size_per_class: int | None,
    max_total_size: int | None,
    *thresholds: Shape,
    pad_per_class: bool,
    clip_boxes: bool,
) -> tuple[Shape, Shape, Shape, Shape]:
    must_equal(boxes[3], 4, "Dimension must be 4 but is")
    must_equal(boxes[1], scores[1])
    batch, classes = must_equal(boxes[0], scores[0]), scores[2]
    if known(boxes[2], classes):
        _check_classes(boxes[2], classes)
    size: Any = UNKNOWN if max_total_size is None else max_total_size
    if known(size) and size <= 0:
        raise invalid("max_total_size should be > 0", max_total_size=size)
    if pad_per_class:
        each: Any = UNKNOWN if max_output_size_per_class is None else max_output_size_per_class
        size = min(size, each * classes) if known(size, each, classes) else UNKNOWN
    return Shape([batch, size, 4]), Shape([batch, size]), Shape([batch, size]), Shape([batch])


combined_non_max_suppression_op.no_gradient("TensorFlow defines none", refuse=True)
