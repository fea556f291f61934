"""Choosing among overlapping boxes: worked examples, laws, messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import InvalidArgumentError
from minitf.ops.image.combined_suppression import combined_non_max_suppression_op
from minitf.ops.image.suppression import (
    iou_of,
    non_max_suppression_op,
    non_max_suppression_v3_op,
    non_max_suppression_v4_op,
    non_max_suppression_v5_op,
    non_max_suppression_with_overlaps_op,
)
from minitf.testing.cases.image.suppression import choices

HALF, NONE = np.float32(0.5), np.float32(-np.inf)
# the first two share 0.9 of their area; the third lies elsewhere
BOXES = np.float32([[0, 0, 1, 1], [0, 0, 1, 0.9], [2, 2, 3, 3]])
SCORES = np.float32([0.8, 0.9, 0.3])


def test_the_overlap_is_what_both_cover_over_what_either_covers():
    iou = iou_of(np.float32([[0, 0, 2, 2], [1, 1, 3, 3], [2, 2, 0, 0], [5, 5, 5, 6]]))

    np.testing.assert_allclose(iou(0, np.array([1, 2, 3])), [1 / 7, 1, 0])


def test_the_best_box_removes_those_that_it_overlaps():
    found = non_max_suppression_op.body(BOXES, SCORES, np.int32(3))

    assert found.tolist() == [1, 2]


def test_boxes_below_a_score_are_left_out():
    found = non_max_suppression_v3_op.body(BOXES, SCORES, np.int32(3), HALF, np.float32(0.3))

    assert found.tolist() == [1]


def test_zeros_fill_what_is_missing():
    found, count = non_max_suppression_v4_op.body(
        BOXES, SCORES, np.int32(4), HALF, NONE, pad_to_max_output_size=True
    )

    assert found.tolist() == [1, 2, 0, 0]
    assert count == 2


def test_soft_suppression_lowers_scores():
    found, scores, count = non_max_suppression_v5_op.body(
        BOXES, SCORES, np.int32(4), HALF, np.float32(0), HALF
    )

    assert found.tolist() == [1, 0, 2]
    assert count == 3
    np.testing.assert_allclose(scores, [0.9, 0.8 * np.exp(-(0.9**2)), 0.3], rtol=1e-6)


def test_a_table_of_overlaps_does_for_any_things():
    table = np.float32([[1, 0, 0.6], [0, 1, 0], [0.6, 0, 1]])

    found = non_max_suppression_with_overlaps_op.body(
        table, np.float32([3, 2, 1]), np.int32(3), HALF, NONE
    )

    assert found.tolist() == [0, 1]


def test_classes_do_not_remove_each_others_boxes():
    scores = np.stack([SCORES, SCORES[::-1]], 1)

    boxes, best, classes, counts = combined_non_max_suppression_op.body(
        BOXES[None, :, None], scores[None], np.int32(2), np.int32(5), HALF, np.float32(0.5)
    )

    np.testing.assert_array_equal(best, np.float32([[0.9, 0.9, 0.8, 0, 0]]))
    assert classes.tolist() == [[0, 1, 1, 0, 0]]
    assert counts.tolist() == [3]
    np.testing.assert_array_equal(boxes[0, :3], [BOXES[1], BOXES[1], [1, 1, 1, 1]])


@given(case=choices(version=3))
def test_the_boxes_chosen_overlap_little_and_the_others_much(case):
    boxes, scores, most, threshold, least = case.inputs
    found = non_max_suppression_v3_op.body(*case.inputs)
    iou = iou_of(boxes.astype(np.float32))
    overlaps = np.reshape([iou(i, np.arange(len(boxes))) for i in found], (len(found), len(boxes)))

    for i, row in enumerate(overlaps):
        assert np.all(row[found[i + 1 :]] <= threshold)
    if len(found) < most:
        others = [i for i in range(len(boxes)) if i not in found and scores[i] > least]
        assert np.all((overlaps[:, others] > threshold).any(0))


@pytest.mark.parametrize(
    ("boxes", "most", "threshold", "phrase"),
    [
        (BOXES, 3, 1.5, "iou_threshold must be in \\[0, 1\\]"),
        (BOXES, -1, 0.5, "output size must be non-negative"),
        (BOXES[:, :3], 3, 0.5, "boxes must have 4 columns"),
        (BOXES[:2], 3, 0.5, "scores has incompatible shape"),
    ],
)
def test_what_does_not_fit_is_refused(boxes, most, threshold, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        non_max_suppression_op.body(boxes, SCORES, np.int32(most), iou_threshold=threshold)
