"""`tf.keras.datasets.boston_housing`: prices of houses by 13 facts about their places.

Source: Harrison and Rubinfeld 1978; TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.keras.utils.data_utils import get_file

_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/boston_housing.npz"
_SHA256 = "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5"


def load_data(
    path: str = "boston_housing.npz", test_split: float = 0.2, seed: int = 113
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Return ((facts, prices) to train with, (facts, prices) to test with).

    Args:
        path: where the file is kept, below `~/.keras/datasets`.
        test_split: the share of rows that are for testing.
        seed: of the order of rows.
    """
    found = get_file(path, origin=_ORIGIN, file_hash=_SHA256)
    with np.load(found) as data:
        x, y = data["x"], data["y"]
    order = np.random.RandomState(seed).permutation(len(x))
    x, y = x[order], y[order]
    at = int(len(x) * (1 - test_split))
    return (x[:at], y[:at]), (x[at:], y[at:])
