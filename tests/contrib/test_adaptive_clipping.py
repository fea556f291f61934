"""Gradients are clipped when their norm is far above what it was."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

clipping = tf.contrib.layers.adaptive_clipping_fn


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def clipped_norms(clip, norms):
    """Return the norms of clipped gradients, whose norms are given one after the other."""
    norm = tf.placeholder(tf.float32, [])
    ((found, _),) = clip([(norm * tf.constant([0.6, 0.8]), None)])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [np.linalg.norm(sess.run(found, {norm: each})) for each in norms]


def test_usual_gradients_are_left_and_a_great_one_gets_the_mean_norm():
    clip = clipping(decay=0.9, global_step=tf.constant(1000))

    found = clipped_norms(clip, [*[2.0] * 200, 2000.0, 2.0])

    np.testing.assert_allclose(found[199], 2, rtol=1e-5)
    # the mean of log norms has gone from log 2 a tenth of the way to log 2000
    np.testing.assert_allclose(found[200], 2 * 1000**0.1, rtol=1e-4)
    np.testing.assert_allclose(found[201], 2, rtol=1e-5)


def test_a_first_step_takes_its_own_norm():
    step = tf.constant(0)

    np.testing.assert_allclose(clipped_norms(clipping(global_step=step), [7.0]), [7], rtol=1e-5)


def test_a_norm_may_be_bounded_besides_and_reported():
    clip = clipping(static_max_norm=1.0, global_step=tf.constant(0), report_summary=True, name="n")

    np.testing.assert_allclose(clipped_norms(clip, [5.0, 0.5]), [1, 0.5], rtol=1e-5)
    assert [each.op.name for each in tf.global_variables()] == ["n/mean", "n/sq_mean"]
    assert tf.get_collection(tf.GraphKeys.SUMMARIES)


def test_rows_are_scaled_and_nothing_stays_nothing():
    rows = tf.IndexedSlices(tf.constant([[3.0, 4.0]]), tf.constant([1]))
    clip = clipping(static_max_norm=1.0, global_step=tf.constant(0))
    (sparse, _), (nothing, _) = clip([(rows, "a"), (None, "b")])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        values = sess.run(sparse.values)

    np.testing.assert_allclose(values, [[0.6, 0.8]], rtol=1e-5)
    assert nothing is None
