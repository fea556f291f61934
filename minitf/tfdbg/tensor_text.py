"""A dumped value as text: its type and shape, what it holds, a slice of it.

A slice is written as in Python, `[1, ::2, ...]`, and parsed: nothing is evaluated.

Source: TensorFlow 1.15's `print_tensor` of tfdbg.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import EllipsisType
from typing import Any

import numpy as np

from minitf.tfdbg.data import InconvertibleTensorProto

Array = np.ndarray[Any, Any]
Index = int | slice | EllipsisType
Range = tuple[float, float]

_NAMED = re.compile(r"(?P<name>[^\[\]]+)(?:\[(?P<slices>[^\[\]]*)\])?")
_RANGE = re.compile(r"\[?\s*([^\s,\[\]]+)\s*,\s*([^\s,\[\]]+)\s*\]?")


def parse_sliced(text: str) -> tuple[str, tuple[Index, ...]]:
    """Return the name and the slices of `name[slices]`.

    >>> parse_sliced("a:0[1, :2]")
    ('a:0', (1, slice(None, 2, None)))

    Raises:
        ValueError: if it has another form.
    """
    form = _NAMED.fullmatch(text.strip())
    if form is None:
        raise ValueError(f"Invalid tensor name or slicing: {text!r}")
    if form["slices"] is None:
        return form["name"], ()
    return form["name"], tuple(_index(part.strip()) for part in form["slices"].split(","))


def _index(text: str) -> Index:
    if text == "...":
        return ...
    bounds = [each.strip() for each in text.split(":")]
    try:
        numbers = [int(each) if each or len(bounds) == 1 else None for each in bounds]
    except ValueError:
        raise ValueError(f"Invalid slicing: {text!r}") from None
    if len(numbers) == 1 and numbers[0] is not None:
        return numbers[0]
    if len(numbers) > 3:  # start, stop, step
        raise ValueError(f"Invalid slicing: {text!r}")
    return slice(*numbers)


def parse_ranges(text: str) -> list[Range]:
    """Return the ranges of `0,1`, `[0, 1]` or `[[-inf, -1], [1, inf]]`.

    Raises:
        ValueError: if it has another form.
    """
    inner = text.strip()
    if inner.startswith("[["):
        inner = inner[1:-1] if inner.endswith("]]") else ""
        parts = re.findall(r"\[[^\[\]]*\]", inner)
        rest = re.sub(r"\[[^\[\]]*\]", "", inner)
    else:
        parts, rest = [inner], ""
    forms = [_RANGE.fullmatch(part.strip()) for part in parts]
    if not forms or None in forms or rest.strip(", "):
        raise ValueError(f"Invalid range: {text!r}")
    return [(float(form[1]), float(form[2])) for form in forms if form is not None]


def describe(
    value: Any,
    name: str,
    slices: Sequence[Index] = (),
    *,
    whole: bool = False,
    summary: bool = False,
    ranges: Sequence[Range] = (),
) -> list[str]:
    """Return the lines that show a value.

    Args:
        value: an array, or what `load_tensor_from_event` gives for none.
        name: its name, for the first line.
        slices: what to take of it.
        whole: whether all elements are shown, however many.
        summary: whether counts and moments are shown.
        ranges: elements in one of them are counted.

    Raises:
        IndexError: if the slices do not fit.
    """
    if isinstance(value, InconvertibleTensorProto):
        if slices:
            raise IndexError(f"{name} has no elements to slice")
        return [f'Tensor "{name}":', "", *str(value).splitlines()]
    array = np.asarray(value)[tuple(slices)] if slices else np.asarray(value)
    array = np.asarray(array)
    head = f'Tensor "{name}":'
    if ranges:
        head += " " + _counted(array, ranges)
    lines = [head, f"  dtype: {array.dtype}", f"  shape: {array.shape}", ""]
    if summary:
        lines += ["Numeric summary:", *numeric_lines(array), ""]
    limits = {"threshold": array.size + 1} if whole else {}
    with np.printoptions(**limits):  # type: ignore[arg-type]  # one option, by name
        return [*lines, *repr(array).splitlines()]


def _counted(array: Array, ranges: Sequence[Range]) -> str:
    if array.dtype.kind not in "biuf":
        return "(ranges are for numbers)"
    inside = np.zeros(array.shape, bool)
    for low, high in ranges:
        inside |= (array >= low) & (array <= high)
    count, total = int(inside.sum()), array.size
    shown = ",".join(f"[{low},{high}]" for low, high in ranges)
    part = 100 * count / total if total else 0.0
    return f"Highlighted({shown}): {count} of {total} element(s) ({part:.2f}%)"


def numeric_lines(array: Array) -> list[str]:
    """Return two small tables: how many elements of each kind, and the moments of the finite."""
    if not array.size:
        return ["No numeric summary available due to empty tensor."]
    if array.dtype.kind == "b":
        counts = {"False": int((~array).sum()), "True": int(array.sum()), "total": array.size}
        return _table({name: str(count) for name, count in counts.items() if count})
    if array.dtype.kind not in "iuf":
        return [f"No numeric summary available due to tensor dtype: {array.dtype}."]
    counts = {
        "nan": int(np.isnan(array).sum()),
        "-inf": int((array == -np.inf).sum()),
        "-": int(((array < 0) & np.isfinite(array)).sum()),
        "0": int((array == 0).sum()),
        "+": int(((array > 0) & np.isfinite(array)).sum()),
        "+inf": int((array == np.inf).sum()),
        "total": array.size,
    }
    lines = _table({name: str(count) for name, count in counts.items() if count})
    finite = array[np.isfinite(array)]
    if finite.size:
        moments = {
            "min": finite.min(),
            "max": finite.max(),
            "mean": finite.mean(),
            "std": finite.std(),
        }
        lines += _table({name: str(number) for name, number in moments.items()}, " ")
    return lines


def _table(cells: dict[str, str], between: str = " | ") -> list[str]:
    widths = {name: max(len(name), len(cell)) for name, cell in cells.items()}
    return [
        "| " + between.join(name.rjust(width) for name, width in widths.items()) + " |",
        "| " + between.join(cells[name].rjust(width) for name, width in widths.items()) + " |",
    ]
