"""TensorFlow with its cells, which a package of their own keeps since 2.16."""

from __future__ import annotations

import os
import warnings

import pytest


@pytest.fixture(scope="session")
def tensorflow_with_cells(tensorflow):
    """Return TensorFlow's 1.x API with `tf.nn.rnn_cell`; skip where tf_keras is not installed."""
    pytest.importorskip("tf_keras", reason="tf_keras, which has TensorFlow's cells, is missing")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert tensorflow.nn.rnn_cell.GRUCell
    return tensorflow
