"""TensorFlow with the Keras of its time, which a package of its own keeps since 2.16."""

from __future__ import annotations

import os
import warnings

import pytest


@pytest.fixture(scope="session")
def tensorflow_with_keras(tensorflow):
    """Return TensorFlow's 1.x API with that Keras; skip where tf_keras is not installed."""
    pytest.importorskip("tf_keras", reason="tf_keras, which has TensorFlow's Keras, is missing")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert tensorflow.keras.layers.Dense
    return tensorflow


@pytest.fixture(autouse=True)
def fresh_session():
    """Leave no session of Keras, and none of its defaults, to the next test."""
    import minitf as tf

    tf.keras.backend.clear_session()
    yield
    tf.keras.backend.clear_session()
