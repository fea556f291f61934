"""Random crops around boxes: TensorFlow's draws, laws, messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_draws import assert_same, draw, our_draws, their_draws

from minitf.errors import InvalidArgumentError

OP = "SampleDistortedBoundingBoxV2"
WHOLE = np.float32([[[0, 0, 1, 1]]])


@st.composite
def lots(draw_):
    """Draw sizes, boxes and limits of a crop."""
    sides = st.integers(1, 300)
    size = np.array([draw_(sides), draw_(sides), 3], draw_(st.sampled_from([np.int32, np.int64])))
    corners = draw_(st.lists(st.tuples(*[st.floats(0, 1, width=32)] * 4), max_size=3))
    boxes = np.float32([[min(a, b), min(c, d), max(a, b), max(c, d)] for a, b, c, d in corners])
    ratios = sorted(draw_(st.tuples(*[st.sampled_from([0.25, 0.5, 0.75, 1.0, 1.33, 3.0])] * 2)))
    areas = sorted(draw_(st.tuples(*[st.sampled_from([0.01, 0.05, 0.08, 0.5, 1.0])] * 2)))
    attrs = {
        "seed": draw_(st.integers(0, 2**31)),
        "seed2": draw_(st.integers(1, 2**31)),
        "aspect_ratio_range": tuple(ratios),
        "area_range": tuple(areas),
        "max_attempts": draw_(st.integers(1, 100)),
        "use_image_if_no_bounding_boxes": True,
    }
    covered = np.float32(draw_(st.sampled_from([0, 0.1, 0.5, 1])))
    return (size, boxes.reshape(1, -1, 4), covered), attrs


@pytest.mark.tensorflow
@given(lot=lots())
def test_crops_are_drawn_as_in_tensorflow(lot, tensorflow):
    inputs, attrs = lot
    listed = {k: list(v) if isinstance(v, tuple) else v for k, v in attrs.items()}

    ours, theirs = our_draws(OP, inputs, attrs), their_draws(tensorflow, OP, inputs, listed)

    for one, other in zip(ours, theirs, strict=True):
        assert_same(list(one), list(other))


@given(lot=lots())
def test_a_crop_lies_in_the_image(lot):
    (size, _, _), _ = lot
    begin, extent, box = draw(OP, *lot)

    assert np.all(begin[:2] >= 0)
    assert np.all(begin[:2] + extent[:2] <= size[:2])
    assert begin[2] == 0
    assert extent[2] == -1
    np.testing.assert_allclose(box[0, 0, :2] * size[:2], begin[:2], atol=1e-3)


@pytest.mark.parametrize(
    ("boxes", "covered", "attrs", "phrase"),
    [
        (WHOLE[:, :0], 0.1, {}, "No bounding boxes provided as input"),
        (2 * WHOLE, 0.1, {}, "All bounding box coordinates must be <= 1.0"),
        (-WHOLE, 0.1, {}, "All bounding box coordinates must be >= 0.0"),
        (WHOLE, -0.1, {}, "Min object covered must be non-negative"),
        (WHOLE, 0.1, {"aspect_ratio_range": (0, 1)}, "Aspect ratio range must be non-negative"),
        (WHOLE, 0.1, {"area_range": (0.5, 2)}, "Area range must be less then or equal to 1.0"),
        (WHOLE, 0.1, {"max_attempts": 0}, "Max attempts must be non-negative"),
    ],
)
def test_limits_that_make_no_sense_are_refused(boxes, covered, attrs, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        draw(OP, (np.int32([10, 10, 3]), boxes, np.float32(covered)), attrs)
