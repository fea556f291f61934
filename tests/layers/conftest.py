"""TensorFlow with its layers, which a package of their own keeps since 2.16."""

from __future__ import annotations

import os
import warnings

import pytest


@pytest.fixture(scope="session")
def tensorflow_with_layers(tensorflow):
    """Return TensorFlow's 1.x API with `tf.layers`; skip where tf_keras is not installed."""
    pytest.importorskip("tf_keras", reason="tf_keras, which has TensorFlow's layers, is missing")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert tensorflow.layers.Dense
    return tensorflow
