"""FusedPadConv2D, FusedResizeAndPadConv2D: the same as their parts, one after the other."""

import numpy as np

import minitf as tf

IMAGES = np.arange(24, dtype=np.float32).reshape(1, 4, 6, 1)
FILTERS = np.float32([[1, 2], [3, 4]]).reshape(2, 2, 1, 1)
PADDINGS = np.int32([[0, 0], [1, 0], [0, 2], [0, 0]])
ATTRS = {"mode": "REFLECT", "strides": [1, 1, 1, 1], "padding": "VALID"}


def test_it_is_padding_and_a_convolution():
    made = tf.raw_ops.FusedPadConv2D(input=IMAGES, paddings=PADDINGS, filter=FILTERS, **ATTRS)
    parts = tf.nn.conv2d(tf.pad(IMAGES, PADDINGS, "REFLECT"), FILTERS, [1, 1, 1, 1], "VALID")

    assert made.shape.as_list() == [1, 4, 7, 1]
    with tf.Session() as session:
        np.testing.assert_array_equal(*session.run([made, parts]))


def test_images_may_be_resized_before():
    made = tf.raw_ops.FusedResizeAndPadConv2D(
        input=IMAGES, size=[7, 3], paddings=PADDINGS, filter=FILTERS, **ATTRS
    )
    resized = tf.image.resize_bilinear(IMAGES, [7, 3])
    parts = tf.nn.conv2d(tf.pad(resized, PADDINGS, "REFLECT"), FILTERS, [1, 1, 1, 1], "VALID")

    assert made.shape.as_list() == [1, 7, 4, 1]
    with tf.Session() as session:
        np.testing.assert_array_equal(*session.run([made, parts]))
