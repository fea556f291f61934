"""Models of the package keras-applications, made of our layers.

Source: TensorFlow 1.15's `tf.keras.applications`, which are this package's too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.keras import backend, layers, models, utils
from minitf.keras.utils.extra import library


def injected(module: str, name: str) -> Callable[..., Any]:
    """Return a function of the package that uses our layers.

    Args:
        module: of the package.
        name: of the function.
    """

    def call(*args: Any, **kwargs: Any) -> Any:
        kwargs = {"layers": layers, **kwargs, "backend": backend, "models": models, "utils": utils}
        return getattr(library(f"keras_applications.{module}"), name)(*args, **kwargs)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"Return `keras_applications.{module}.{name}`, made of our layers."
    return call
