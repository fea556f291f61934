"""Divisive normalization (tf.contrib.layers.gdn) against its formula."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

X = np.random.RandomState(0).randn(2, 4, 5, 3)


@pytest.fixture(autouse=True)
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


@pytest.mark.parametrize("x", [X, X[:, 0], X[:, 0, 0]], ids=["images", "sequences", "rows"])
@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("first", [False, True])
def test_channels_are_divided_by_a_norm_of_all(session, x, inverse, first):
    given = np.moveaxis(x, -1, 1) if first else x
    data_format = "channels_first" if first else "channels_last"
    found = tf.contrib.layers.gdn(
        tf.constant(given), inverse, gamma_init=0.3, data_format=data_format
    )
    beta, gamma = tf.trainable_variables()
    assert [beta.name, gamma.name] == ["gdn/reparam_beta:0", "gdn/reparam_gamma:0"]
    session.run(tf.global_variables_initializer())
    np.testing.assert_allclose(session.run([beta, gamma])[0], 1)
    for step in range(2):
        b, g = (value**2 for value in session.run([beta, gamma]))
        norm = np.sqrt(b + x**2 @ g)
        wanted = x * norm if inverse else x / norm
        values = session.run(found)
        values = np.moveaxis(values, 1, -1) if first else values
        np.testing.assert_allclose(values, wanted, rtol=1e-6)
        if step == 0:
            np.testing.assert_allclose(g, 0.3 * np.eye(3), atol=1e-9)
            session.run(gamma.assign(np.sqrt(np.arange(9.0).reshape(3, 3) / 9 + 0.1)))
    assert found.shape == given.shape


def test_below_the_bound_gradients_only_lead_back_up(session):
    layer = tf.contrib.layers.GDN(beta_min=0.25, gamma_init=0.0)
    y = layer(tf.constant([[2.0, 2.0]]))
    beta, _ = layer.trainable_weights
    signs = tf.placeholder(tf.float32, [2])
    gradient = tf.gradients(y * signs, beta)[0]
    session.run(tf.global_variables_initializer())
    session.run(beta.assign([0.1, 0.1]))
    np.testing.assert_allclose(session.run(y), [[4.0, 4.0]], rtol=1e-5)
    falling, rising = session.run(gradient, {signs: [1.0, -1.0]})
    assert falling < 0  # a greater beta means a smaller y
    assert rising == 0


def test_the_number_of_channels_must_be_known():
    with pytest.raises(ValueError, match="channel dimension"):
        tf.contrib.layers.gdn(tf.placeholder(tf.float32, [2, None]))
