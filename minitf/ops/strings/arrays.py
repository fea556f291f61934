"""Arrays of strings: object arrays of bytes, of any length each.

Source: OSDI §3.1 (strings as elements of dense tensors).
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def strings(values: Iterable[bytes], shape: tuple[int, ...]) -> Array:
    """Return an object array of bytes; NumPy's own type would drop trailing zero bytes."""
    values = list(values)
    out = np.empty(len(values), object)
    out[:] = values
    return out.reshape(shape)


def letters(text: bytes) -> str:
    """Return a string as letters; bytes that are no UTF-8 stay what they are."""
    return text.decode("utf-8", "surrogateescape")


def octets(text: str) -> bytes:
    """Return the bytes that `letters` came of."""
    return text.encode("utf-8", "surrogateescape")
