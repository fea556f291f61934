"""`tf.keras.datasets.mnist`: handwritten digits.

Source: LeCun et al. 1998; TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.keras.utils.data_utils import get_file

_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


def load_data(path: str = "mnist.npz") -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Return ((images, labels) to train with, (images, labels) to test with).

    Images are uint8[N, 28, 28], labels uint8[N].

    Args:
        path: where the file is kept, below `~/.keras/datasets`.
    """
    found = get_file(path, origin=_ORIGIN, file_hash=_SHA256)
    with np.load(found) as data:
        return (data["x_train"], data["y_train"]), (data["x_test"], data["y_test"])
