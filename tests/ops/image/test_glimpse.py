"""ExtractGlimpse: windows beside TensorFlow's, noise beyond the edge, messages."""

from __future__ import annotations

import numpy as np
import pytest
from random_draws import new_session

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.ops.image.glimpse import extract_glimpse_op

IMAGE = np.arange(1, 31, dtype=np.float32).reshape(1, 5, 6, 1)


def glimpse(offset, size, **attrs):
    return extract_glimpse_op.body(
        IMAGE, np.int32(size), np.float32([offset]), context=new_session(), **attrs
    )[0, ..., 0]


def test_a_window_lies_around_its_place():
    assert glimpse([0, 0], [3, 2]).tolist() == [[9, 10], [15, 16], [21, 22]]
    assert glimpse([1, 2], [2, 2], centered=False, normalized=False).tolist() == [[2, 3], [8, 9]]


@pytest.mark.tensorflow
@pytest.mark.parametrize("centered", [True, False])
@pytest.mark.parametrize("normalized", [True, False])
def test_windows_are_tensorflows(centered, normalized, tensorflow):
    offsets = [[0, 0], [0.3, -0.5], [1, 2], [-1, 1], [2.5, 3.25], [-9, 9]]
    attrs = {"centered": centered, "normalized": normalized, "noise": "zero"}
    for size in ([3, 4], [2, 2], [7, 9]):
        for offset in offsets:
            with tensorflow.Graph().as_default(), tensorflow.Session() as session:
                made = tensorflow.raw_ops.ExtractGlimpse(
                    input=IMAGE,
                    size=size,
                    offsets=np.float32([offset]),
                    uniform_noise=False,
                    **attrs,
                )
                theirs = session.run(made)[0, ..., 0]

            np.testing.assert_array_equal(glimpse(offset, size, **attrs), theirs)


def test_noise_stands_beyond_the_edge():
    uniform = glimpse([0, 0], [9, 10])
    normal = glimpse([5, 5], [40, 40], uniform_noise=False)

    np.testing.assert_array_equal(uniform[2:7, 2:8], IMAGE[0, ..., 0])
    edge = uniform[0]
    assert np.all((edge >= 0) & (edge < 1))
    assert len(np.unique(edge)) == edge.size
    # 1,600 draws of the image's mean and deviation: within five standard errors
    assert abs(normal.mean() - IMAGE.mean()) < 5 * IMAGE.std() / 40
    assert abs(normal.std() / IMAGE.std() - 1) < 5 / 40


def test_the_public_function_gives_windows_of_a_known_shape():
    made = tf.image.extract_glimpse(IMAGE, [2, 3], [[0.0, 0.0]])
    with tf.Session() as session:
        value = session.run(made)

    assert made.shape.as_list() == [1, 2, 3, 1]
    assert value[0, :, :, 0].tolist() == [[8, 9, 10], [14, 15, 16]]


def test_what_does_not_fit_is_refused():
    with pytest.raises(InvalidArgumentError, match="same batch size"):
        extract_glimpse_op.body(
            IMAGE, np.int32([2, 2]), np.zeros((2, 2), np.float32), context=new_session()
        )
    with pytest.raises(InvalidArgumentError, match="noise could only be"):
        glimpse([0, 0], [2, 2], noise="loud")
