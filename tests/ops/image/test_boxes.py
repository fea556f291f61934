"""Drawing boxes: pictures and messages."""

from __future__ import annotations

import numpy as np
import pytest

from minitf.errors import InvalidArgumentError
from minitf.ops.image.boxes import draw_bounding_boxes_op, draw_bounding_boxes_v2_op

WHOLE = np.float32([[[0, 0, 1, 1]]])


def picture(images):
    return ["".join(".#"[int(x > 0)] for x in row) for row in images[0, :, :, 0]]


def test_a_box_is_an_outline():
    blank = np.zeros((1, 5, 6, 1), np.float32)

    found = draw_bounding_boxes_op.body(blank, np.float32([[[0.25, 0.2, 1, 0.8]]]))

    assert picture(found) == ["......", ".####.", ".#..#.", ".#..#.", ".####."]


def test_what_lies_outside_is_not_drawn():
    blank = np.zeros((1, 4, 5, 1), np.float32)

    found = draw_bounding_boxes_op.body(blank, np.float32([[[0.5, -1, 2, 0.5]]]))

    assert picture(found) == [".....", "###..", "..#..", "..#.."]


def test_colours_follow_each_other():
    blank = np.zeros((1, 2, 2, 3), np.float32)
    boxes = np.float32([[[0, 0, 0, 0], [0, 1, 0, 1], [1, 0, 1, 0]]])

    ours = draw_bounding_boxes_op.body(blank, boxes)
    given_ones = draw_bounding_boxes_v2_op.body(blank, boxes, np.float32([[7, 8, 9], [4, 5, 6]]))

    assert ours[0].tolist() == [[[1, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 0]]]
    assert given_ones[0].tolist() == [[[7, 8, 9], [4, 5, 6]], [[7, 8, 9], [0, 0, 0]]]


def test_only_images_with_colours_can_be_drawn_on():
    with pytest.raises(InvalidArgumentError, match="Channel depth should be either 1"):
        draw_bounding_boxes_op.body(np.zeros((1, 2, 2, 2), np.float32), WHOLE)
