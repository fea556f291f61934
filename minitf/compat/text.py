"""Bytes and text, and the Python types that count as numbers: the functions of `tf.compat`.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import numbers
from os import PathLike, fspath
from typing import Any

import numpy as np

bytes_or_text_types = (bytes, str)
complex_types = (numbers.Complex, np.number)
integral_types = (numbers.Integral, np.integer)
real_types = (numbers.Real, np.integer, np.floating)


def as_bytes(bytes_or_text: Any, encoding: str = "utf-8") -> bytes:
    """Return bytes as they are and text encoded.

    Raises:
        TypeError: if it is neither.
    """
    if isinstance(bytes_or_text, (bytes, bytearray)):
        return bytes(bytes_or_text)
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


def as_text(bytes_or_text: Any, encoding: str = "utf-8") -> str:
    """Return text as it is and bytes decoded.

    Raises:
        TypeError: if it is neither.
    """
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text.decode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


def as_str(bytes_or_text: Any, encoding: str = "utf-8") -> str:
    """Return a Python string: what `as_text` returns."""
    return as_text(bytes_or_text, encoding)


def as_str_any(value: Any) -> str:
    """Return bytes decoded and the `str` of anything else."""
    return as_str(value) if isinstance(value, bytes) else str(value)


def path_to_str(path: Any) -> Any:
    """Return a path-like object as a string and anything else as it is."""
    return as_str_any(fspath(path)) if isinstance(path, PathLike) else path
