"""AdjustContrast and RandomCrop of old graphs."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.ops.image.older import adjust_contrast_op


def test_contrast_stays_within_bounds():
    image = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)

    made = adjust_contrast_op.body(image, np.float32(2), np.float32(0), np.float32(9))
    assert made.tolist() == [[[0, 0, 0], [1.5, 2.5, 3.5]], [[7.5, 8.5, 9], [9, 9, 9]]]


@pytest.mark.parametrize(
    ("width", "corners"), [(10, [37, 53, 25, 22, 50, 33]), (3, [15, 6, 18, 18, 15, 18])]
)
def test_a_crop_lies_where_tensorflows_does(width, corners):
    """The corners are those that TensorFlow 2.21 gives for these seeds."""
    image = np.arange(10 * width, dtype=np.int32).reshape(10, width, 1)
    crop = tf.raw_ops.RandomCrop(image=image, size=[4, 3], seed=1, seed2=2)

    assert crop.shape.as_list() == [4, 3, 1]
    with tf.Session() as session:
        assert [session.run(crop)[0, 0, 0] for _ in corners] == corners


def test_a_crop_is_not_larger_than_the_image():
    with pytest.raises(InvalidArgumentError, match="height = 10, target_height = 11"):
        tf.Session().run(tf.raw_ops.RandomCrop(image=np.ones((10, 3, 1)), size=[11, 3]))
