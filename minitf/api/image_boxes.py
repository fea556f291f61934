"""Bounding boxes: drawing them, choosing among them, drawing lots for one.

Source: TensorFlow 1.15's functions of the same names in tf.image.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32, int32
from minitf.tensor import Tensor

_LOWEST = float("-inf")


def draw_bounding_boxes(
    images: Any, boxes: Any, name: str | None = None, colors: Any = None
) -> Tensor:
    """Draw the outlines of boxes on a batch of images.

    Args:
        images: the batch.
        boxes: [y_min, x_min, y_max, x_max] in [0, 1], for each image as many.
        name: name of the operation.
        colors: RGBA in [0, 1], taken by turns; ten colours by default.
    """
    if colors is None:
        return ops.draw_bounding_boxes_op(images, boxes, name=name)
    return ops.draw_bounding_boxes_v2_op(images, boxes, colors, name=name)


def sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: int | None = None,
    seed2: int | None = None,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = None,
    area_range: Any = None,
    max_attempts: int | None = None,
    use_image_if_no_bounding_boxes: bool | None = None,
    name: str | None = None,
) -> Any:
    """Draw a random crop of an image that shows enough of one of its boxes.

    Args:
        image_size: [height, width, channels].
        bounding_boxes: [1, n, 4]: [y_min, x_min, y_max, x_max] in [0, 1].
        seed: first seed; with both seeds 0 or None each session draws other crops.
        seed2: second seed.
        min_object_covered: which part of a box must be seen.
        aspect_ratio_range: least and greatest width / height, [0.75, 1.33] by default.
        area_range: least and greatest part of the image, [0.05, 1] by default.
        max_attempts: crops drawn at most, 100 by default; then it is the whole image.
        use_image_if_no_bounding_boxes: whether no box means the whole image.
        name: name scope of the operation.

    Returns:
        (begin, size, bboxes): what `tf.slice` takes, and the crop as a box [1, 1, 4].
    """
    given = {
        "seed": seed,
        "seed2": seed2,
        "aspect_ratio_range": None if aspect_ratio_range is None else tuple(aspect_ratio_range),
        "area_range": None if area_range is None else tuple(area_range),
        "max_attempts": max_attempts,
        "use_image_if_no_bounding_boxes": use_image_if_no_bounding_boxes,
    }
    with name_scope(name, "sample_distorted_bounding_box"):
        return ops.sample_distorted_bounding_box_v2_op(
            image_size,
            bounding_boxes,
            min_object_covered,
            **{key: value for key, value in given.items() if value is not None},
            name=name,
        )


# --- choosing ------------------------------------------------------------------------------------


def non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _LOWEST,
    name: str | None = None,
) -> Tensor:
    """Choose boxes of high scores that overlap little.

    Args:
        boxes: [n, 4]: two opposite corners y1, x1, y2, x2.
        scores: [n].
        max_output_size: how many to choose at most.
        iou_threshold: what two chosen boxes overlap at most (common area / area of both).
        score_threshold: only boxes of higher scores are chosen.
        name: name scope of the operations.

    Returns:
        int32[m], their indices, best first.
    """
    with name_scope(name, "non_max_suppression"):
        limits = _limits(iou_threshold, score_threshold)
        return ops.non_max_suppression_v3_op(boxes, scores, max_output_size, *limits)


def _limits(iou_threshold: Any, score_threshold: Any) -> tuple[Tensor, Tensor]:
    return (
        convert_to_tensor(iou_threshold, name="iou_threshold"),
        convert_to_tensor(score_threshold, name="score_threshold"),
    )


def non_max_suppression_padded(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _LOWEST,
    pad_to_max_output_size: bool = False,
    name: str | None = None,
) -> Any:
    """Choose boxes of high scores that overlap little, and say how many there are.

    Args:
        boxes: [n, 4]: two opposite corners y1, x1, y2, x2.
        scores: [n].
        max_output_size: how many to choose at most.
        iou_threshold: what two chosen boxes overlap at most.
        score_threshold: only boxes of higher scores are chosen.
        pad_to_max_output_size: whether zeros follow the indices, up to `max_output_size`.
        name: name scope of the operations.

    Returns:
        (selected_indices, valid_outputs).
    """
    with name_scope(name, "non_max_suppression_padded"):
        limits = _limits(iou_threshold, score_threshold)
        return ops.non_max_suppression_v4_op(
            boxes, scores, max_output_size, *limits, pad_to_max_output_size=pad_to_max_output_size
        )


def non_max_suppression_with_scores(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _LOWEST,
    soft_nms_sigma: Any = 0.0,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Choose boxes of high scores that overlap little, or lower the scores of those that do.

    Args:
        boxes: [n, 4]: two opposite corners y1, x1, y2, x2.
        scores: [n].
        max_output_size: how many to choose at most.
        iou_threshold: what two chosen boxes overlap at most if `soft_nms_sigma` is 0.
        score_threshold: only boxes of higher scores are chosen.
        soft_nms_sigma: above 0, a choice multiplies the other scores by exp(-iou**2 / (2 * sigma)).
        name: name scope of the operations.

    Returns:
        (selected_indices, selected_scores).
    """
    with name_scope(name, "non_max_suppression_with_scores"):
        limits = _limits(iou_threshold, score_threshold)
        sigma = convert_to_tensor(soft_nms_sigma, name="soft_nms_sigma")
        indices, found, _ = ops.non_max_suppression_v5_op(
            boxes, scores, max_output_size, *limits, sigma
        )
        return indices, found


def non_max_suppression_overlaps(
    overlaps: Any,
    scores: Any,
    max_output_size: Any,
    overlap_threshold: Any = 0.5,
    score_threshold: Any = _LOWEST,
    name: str | None = None,
) -> Tensor:
    """Choose things of high scores that overlap little, by a table of overlaps.

    Args:
        overlaps: [n, n].
        scores: [n].
        max_output_size: how many to choose at most.
        overlap_threshold: what two of them overlap at most.
        score_threshold: only those of higher scores are chosen.
        name: name scope of the operations.
    """
    with name_scope(name, "non_max_suppression_overlaps"):
        threshold = convert_to_tensor(overlap_threshold, name="overlap_threshold")
        return ops.non_max_suppression_with_overlaps_op(
            overlaps, scores, max_output_size, threshold, score_threshold
        )


def combined_non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size_per_class: Any,
    max_total_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _LOWEST,
    pad_per_class: bool = False,
    clip_boxes: bool = True,
    name: str | None = None,
) -> Any:
    """Choose boxes of each class of a batch of images, and give the best of all classes.

    Args:
        boxes: [batch, n, classes or 1, 4].
        scores: [batch, n, classes].
        max_output_size_per_class: how many to choose of a class at most.
        max_total_size: how many to give per image.
        iou_threshold: what two chosen boxes of a class overlap at most.
        score_threshold: only boxes of higher scores are chosen.
        pad_per_class: whether no more are given than the classes together may have.
        clip_boxes: whether to clip boxes to [0, 1].
        name: name scope of the operations.

    Returns:
        (nmsed_boxes, nmsed_scores, nmsed_classes, valid_detections).
    """
    with name_scope(name, "combined_non_max_suppression"):
        return ops.combined_non_max_suppression_op(
            boxes,
            scores,
            max_output_size_per_class,
            convert_to_tensor(max_total_size, int32),
            convert_to_tensor(iou_threshold, float32, "iou_threshold"),
            convert_to_tensor(score_threshold, float32, "score_threshold"),
            pad_per_class=pad_per_class,
            clip_boxes=clip_boxes,
        )
