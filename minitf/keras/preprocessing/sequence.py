"""`tf.keras.preprocessing.sequence`: padding, and the rest of the package keras-preprocessing.

The package's own padding asks NumPy for names that NumPy 2 has no more.
"""

from __future__ import annotations

from typing import Any

from minitf.keras.preprocessing.padding import pad_sequences
from minitf.keras.utils.data_utils import Sequence
from minitf.keras.utils.extra import library

__all__ = ["pad_sequences"]
_OF_PACKAGE = ("TimeseriesGenerator", "make_sampling_table", "skipgrams")


def __getattr__(name: str) -> Any:
    if name not in _OF_PACKAGE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(library("keras_preprocessing.sequence"), name)
    if name == "TimeseriesGenerator":
        return type(name, (found, Sequence), {"__module__": __name__})
    return found


def __dir__() -> list[str]:
    return [*_OF_PACKAGE, *__all__]
