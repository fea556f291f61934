"""Packages that come with `minitf[keras]`, which Keras of the time was cut into.

Source: TensorFlow 1.15's `tf.keras`, which needs the same packages.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def library(name: str) -> ModuleType:
    """Return a module of one of the packages.

    Raises:
        ImportError: if the package is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0].replace("_", "-")
        raise ImportError(
            f"This part of tf.keras is the package {package}, which is not installed: "
            "pip install 'minitf[keras]'"
        ) from error
