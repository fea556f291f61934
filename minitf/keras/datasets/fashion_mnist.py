"""`tf.keras.datasets.fashion_mnist`: pictures of clothes.

Source: Xiao, Rasul and Vollgraf 2017; TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np

from minitf.keras.utils.data_utils import get_file

_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


def load_data() -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Return ((images, labels) to train with, (images, labels) to test with).

    Images are uint8[N, 28, 28], labels uint8[N].
    """
    return _part("train"), _part("t10k")


def _part(name: str) -> tuple[Any, Any]:
    labels = _bytes(f"{name}-labels-idx1-ubyte.gz", 8)
    return _bytes(f"{name}-images-idx3-ubyte.gz", 16).reshape(len(labels), 28, 28), labels


def _bytes(name: str, header: int) -> Any:
    path = get_file(
        name, origin=_ORIGIN + name, cache_subdir=str(Path("datasets", "fashion-mnist"))
    )
    with gzip.open(path, "rb") as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)
