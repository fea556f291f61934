"""Arrays as short text, as TensorFlow shows them in messages and prints.

Source: TensorFlow's `Tensor::SummarizeValue`.
"""

import re
from typing import Any

import numpy as np

from minitf.dtypes import by_numpy
from minitf.ops.strings.arrays import letters

Array = np.ndarray[Any, Any]

_UNSAFE = re.compile(rb"[\x00-\x1f\x7f\"'\\]")
_ESCAPES = {b"\n": b"\\n", b"\r": b"\\r", b"\t": b"\\t", b'"': b'\\"', b"'": b"\\'", b"\\": b"\\\\"}


def summary(array: Any, most: int) -> str:
    """Show at most that many elements (all, if negative) as TensorFlow does: `[0 1 2][3...]...`."""
    array = np.asarray(array)
    most = array.size if most < 0 else most
    if most == 0:
        return "..." if array.size else ""
    text, shown = _rows(array, most) if array.ndim else (_element(array[()]), 1)
    return f"{text}..." if shown < array.size and array.ndim > 1 else text


def _rows(array: Array, most: int) -> tuple[str, int]:
    """Return at most that many elements as text, and how many they are."""
    if array.ndim == 1:
        text = " ".join([_element(each) for each in array[:most]])
        return f"{text}..." if most < len(array) else text, min(most, len(array))
    parts, total = [], 0
    for row in array if array.size else ():
        if total < most:
            text, shown = _rows(row, most - total)
            parts.append(f"[{text}]")
            total += shown
    return "".join(parts), total


def _element(value: Any) -> str:
    if isinstance(value, bytes):
        return letters(_UNSAFE.sub(lambda found: _escape(found[0]), value))
    if value.dtype.kind in "biu":
        return str(int(value))
    if not by_numpy(value.dtype).is_floating:
        return str(value)
    wide = np.float64 if value.dtype.itemsize == 8 else np.float32
    digits = np.finfo(wide).precision
    short = f"{float(value):.{digits}g}"
    exact = wide(short) == wide(value)
    return short if exact else f"{float(value):.{digits + (3 if digits == 6 else 2)}g}"


def _escape(byte: bytes) -> bytes:
    return _ESCAPES.get(byte) or b"\\%03o" % ord(byte)


def edges(array: Any, most: int) -> str:
    """Show at most that many slices (all, if negative) at either end of each dimension.

        [[0 1 ... 8 9]
         [10 11 ... 18 19]]

    Strings stand between quotation marks.
    """
    array = np.asarray(array)
    return _edges(array, array.size if most < 0 else min(most, array.size), depth=1)


def _edges(array: Array, most: int, depth: int) -> str:
    if not array.ndim:
        text = _element(array[()])
        return f'"{text}"' if array.dtype == object else text
    size = len(array)
    shown = [*range(min(most, size)), *range(max(most, size - most), size)]
    rows = [_edges(array[i, ...], most, depth + 1) for i in shown]
    if size > 2 * most:
        rows.insert(most, "...")
    between = "\n" * (array.ndim - 1) + " " * depth if array.ndim > 1 else " "
    lead = between if rows and rows[0] == "..." else ""
    return f"[{lead}{between.join(rows)}]"
