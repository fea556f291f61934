"""Data sets by name.

Source: TensorFlow 1.15's `tf.contrib.learn.datasets`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.contrib.learn.datasets.base import load_boston, load_iris
from minitf.contrib.learn.datasets.mnist import load_mnist

DATASETS: dict[str, Callable[[], Any]] = {
    "boston": load_boston,
    "iris": load_iris,
    "mnist": load_mnist,
}
"""Name -> function that loads the set."""


def load_dataset(name: str, size: str = "small", test_with_fake_data: bool = False) -> Any:
    """Return a data set.

    Args:
        name: one of `DATASETS`.
        size: has no effect: these sets have one size.
        test_with_fake_data: likewise.

    Raises:
        NotFoundError: if its files are not installed.
        ValueError: if there is no such set.

    Source: TensorFlow 1.15.
    """
    if name not in DATASETS:
        raise ValueError(f"Name of dataset is not found: {name}; there are {', '.join(DATASETS)}")
    return DATASETS[name]()
