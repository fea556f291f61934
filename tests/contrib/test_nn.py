"""Variants of functions of `tf.nn`, and points between pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.contrib import nn
from minitf.contrib.resampler import resampler
from minitf.testing.strategies import real


@pytest.fixture(scope="module")
def resampled():
    """Return a function of float64[2, 3, 4, 2] images and [2, 5, 2] points: values, gradients."""
    with tf.Graph().as_default():
        images = tf.placeholder(tf.float64, [None, None, None, 2])
        points = tf.placeholder(tf.float64, [None, 5, 2])
        found = resampler(images, points)
        assert found.shape.as_list() == [None, 5, 2]
        gradients = tf.gradients(found**2, [images, points])
        session = tf.Session()
        function = session.make_callable([found, gradients], [images, points])
    yield function
    session.close()


def mixed(images, points):
    """Mix pixels by the formula, sum of max(0, 1 - |x - i|) max(0, 1 - |y - j|) pixel[j, i]."""
    rows, columns = (np.arange(size) for size in images.shape[1:3])
    across = np.maximum(0, 1 - abs(points[..., :1] - columns))
    down = np.maximum(0, 1 - abs(points[..., 1:] - rows))
    return np.einsum("npi,npj,njic->npc", across, down, images)


@given(images=real((2, 3, 4, 2), np.float64), points=real((2, 5, 2), np.float64))
def test_points_are_bilinear_mixtures_with_gradients(resampled, images, points):
    images, points = np.tanh(images), 3 * np.tanh(points) + 1.5
    found, gradients = resampled(images, points)
    np.testing.assert_allclose(found, mixed(images, points), atol=1e-9)

    def loss(step):
        moved = images + step * np.cos(images), points + step * np.sin(7 * points)
        return (mixed(*moved) ** 2).sum()

    slope = (gradients[0] * np.cos(images)).sum() + (gradients[1] * np.sin(7 * points)).sum()
    if (abs(points - np.round(points)) > 1e-5).all():  # no corner of the hat functions is near
        wanted = (loss(1e-6) - loss(-1e-6)) / 2e-6
        np.testing.assert_allclose(slope, wanted, rtol=1e-4, atol=1e-6)


def test_points_of_other_shapes_and_points_that_are_none():
    with tf.Graph().as_default(), tf.Session() as session:
        image = np.arange(6, dtype=np.float32).reshape(1, 2, 3, 1)
        found = resampler(image, [[1.5, 0.5]])
        assert found.shape.as_list() == [1, 1]
        assert session.run(found) == [[3.0]]
        assert session.run(resampler(image, [[[np.nan, 0]]])) == [[[0.0]]]
        for data, warp in [(image[0], [[0.0, 0]]), (image, [[0.0]]), (image, [[0.0, 0]] * 2)]:
            with pytest.raises(ValueError, match=r"[Ss]hape|Dimension"):
                resampler(data, warp)


@pytest.mark.parametrize("keep", [0.9, 0.5])
def test_alpha_dropout_keeps_mean_and_variance(keep):
    x = np.random.RandomState(0).randn(400, 400).astype(np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        found, shared = session.run(
            [nn.alpha_dropout(x, keep, seed=3), nn.alpha_dropout(x, keep, [400, 1], 3)]
        )
        np.testing.assert_allclose([found.mean(), found.std()], [0, 1], atol=0.02)
        q, p = keep, -1.7580993408473766
        a = (q + p**2 * q * (1 - q)) ** -0.5
        dropped = a * (p - p * (1 - q))
        np.testing.assert_allclose(np.isclose(found, dropped).mean(), 1 - keep, atol=0.01)
        assert set(np.isclose(shared, dropped).mean(1).round(1)) == {0, 1}
        np.testing.assert_array_equal(session.run(nn.alpha_dropout(x, 1.0)), x)
        with pytest.raises(ValueError, match="keep_prob"):
            nn.alpha_dropout(x, 0.0)


@given(clip=st.none() | st.just(0.7))
def test_scaled_softplus(clip):
    x = np.linspace(-3, 3, 7)
    with tf.Graph().as_default(), tf.Session() as session:
        found = session.run(nn.scaled_softplus(x, 0.5, clip))
    wanted = 0.5 * np.log1p(np.exp(x / 0.5))
    np.testing.assert_allclose(found, wanted if clip is None else np.minimum(wanted, clip))


def test_the_rest_is_that_of_tf_nn():
    logits = tf.constant([[0.3, -0.2], [1.5, 0.1]])
    one_hot, classes = tf.constant([[1.0, 0], [0, 1]]), tf.constant([0, 1])
    weights, inputs = tf.ones([4, 3]) * [[1], [2], [3], [4]], tf.ones([2, 3])
    sampled = tf.constant([2, 3], tf.int64), tf.fill([2, 1], 0.3), tf.fill([2], 0.4)
    labels = tf.constant([[0], [1]], tf.int64)
    rest = weights, tf.zeros([4]), labels, inputs, 2, 4
    softmax = tf.nn.sampled_softmax_loss(*rest, 1, sampled)
    pairs = [
        (
            nn.deprecated_flipped_softmax_cross_entropy_with_logits(logits, one_hot),
            tf.nn.softmax_cross_entropy_with_logits(labels=one_hot, logits=logits),
        ),
        (
            nn.deprecated_flipped_sparse_softmax_cross_entropy_with_logits(logits, classes),
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=classes, logits=logits),
        ),
        (
            nn.deprecated_flipped_sigmoid_cross_entropy_with_logits(logits, one_hot),
            tf.nn.sigmoid_cross_entropy_with_logits(labels=one_hot, logits=logits),
        ),
        (nn.sampled_sparse_softmax_loss(*rest, sampled), softmax),
        (nn.nth_element([[3, 1, 2]], 0, reverse=True), tf.constant([3])),
    ]
    with tf.Session() as session:
        for ours, theirs in session.run(pairs):
            np.testing.assert_array_equal(ours, theirs)
