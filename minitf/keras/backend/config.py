"""What Keras takes where nothing is said: a floating-point type, an epsilon, a layout of images.

Source: TensorFlow 1.15's `tf.keras.backend`.
"""

from __future__ import annotations

from typing import Any

from minitf.layers.utils import normalize_data_format

_FLOAT_TYPES = ("float16", "float32", "float64")
_LAYOUTS = ("channels_last", "channels_first")


class _Defaults:
    floatx = "float32"
    epsilon = 1e-7
    image_data_format = "channels_last"


def floatx() -> str:
    """Return the name of the default type: "float16", "float32" or "float64"."""
    return _Defaults.floatx


def set_floatx(value: str) -> None:
    """Set the default type.

    Raises:
        ValueError: if it is not the name of a floating-point type.
    """
    if value not in _FLOAT_TYPES:
        raise ValueError(f"Unknown floatx type: {value}")
    _Defaults.floatx = str(value)


def epsilon() -> float:
    """Return the number that keeps divisors and logarithms from 0."""
    return _Defaults.epsilon


def set_epsilon(value: float) -> None:
    """Set the number that keeps divisors and logarithms from 0."""
    _Defaults.epsilon = value


def image_data_format() -> str:
    """Return the default layout of images: "channels_last" or "channels_first"."""
    return _Defaults.image_data_format


def set_image_data_format(data_format: str) -> None:
    """Set the default layout of images.

    Raises:
        ValueError: if it is neither "channels_last" nor "channels_first".
    """
    if data_format not in _LAYOUTS:
        raise ValueError(f"Unknown data_format: {data_format}")
    _Defaults.image_data_format = str(data_format)


def layout(data_format: Any) -> str:
    """Return the layout that an argument asks for; None stands for the default."""
    return normalize_data_format(image_data_format() if data_format is None else data_format)


def backend() -> str:
    """Return "tensorflow", which is what Keras runs on."""
    return "tensorflow"
