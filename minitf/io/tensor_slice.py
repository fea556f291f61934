"""Boxes within tensors: which part of a partitioned variable a tensor of a file is.

A box has a start and a length along each dimension; FULL stands for all of it.  Its text form is
`0,5:-`, five rows from row 0 with all columns; in a graph the whole shape stands before it,
`10 20 0,5:-`.  In a file a box is named by bytes that sort as the boxes do (*ordered code*).

    >>> TensorSlice.parse("2,3:-").within((10, 20))
    ((2, 3), (0, 20))

Source: TensorFlow 1.15, `tensor_slice.h`, `saved_tensor_slice_util.h`, `ordered_code.h`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any

from minitf import protos
from minitf.errors import invalid

FULL = -1  # in the place of a length


@dataclass(frozen=True)
class TensorSlice:
    """A box: (start, length) along each dimension, (0, FULL) for all of it."""

    extents: tuple[tuple[int, int], ...]

    @staticmethod
    @functools.cache
    def full(rank: int) -> TensorSlice:
        """Return the box that is everything."""
        return TensorSlice(((0, FULL),) * rank)

    @classmethod
    def parse(cls, text: str) -> TensorSlice:
        """Read `0,5:-`.

        Raises:
            InvalidArgumentError: if it is no such text.
        """
        extents = []
        for part in text.split(":") if text else []:
            match = re.fullmatch(r"(\d+),(\d+)", part)
            if part == "-":
                extents.append((0, FULL))
            elif match is None or not int(match[2]):
                raise invalid(
                    f"Expected a pair of numbers or '-' but got '{part}': string = {text}"
                )
            else:
                extents.append((int(match[1]), int(match[2])))
        return cls(tuple(extents))

    @classmethod
    def of_message(cls, message: Any) -> TensorSlice:
        """Read a TensorSliceProto."""
        return cls(
            tuple(
                (each.start, each.length) if each.HasField("length") else (0, FULL)
                for each in message.extent
            )
        )

    def message(self) -> Any:
        """Return it as a TensorSliceProto."""
        made = protos.TensorSliceProto()
        for start, length in self.extents:
            extent = made.extent.add()
            if length != FULL:
                extent.start, extent.length = start, length
        return made

    def __str__(self) -> str:
        """Write `0,5:-`."""
        return ":".join("-" if length == FULL else f"{a},{length}" for a, length in self.extents)

    def is_all_of(self, shape: tuple[int, ...]) -> bool:
        """Tell whether it is everything of a tensor of that shape."""
        for (start, length), size in zip(self.extents, shape, strict=True):
            if length != FULL and (start, length) != (0, size):
                return False
        return True

    def within(self, shape: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
        """Return (start, length) along each dimension of a tensor of that shape.

        Raises:
            InvalidArgumentError: if it does not fit in there.
        """
        if len(shape) != len(self.extents):
            raise invalid(f"Mismatching ranks: shape = {list(shape)}, slice = {self}")
        found = []
        for (start, length), size in zip(self.extents, shape, strict=True):
            end = size if length == FULL else start + length
            if end > size:
                raise invalid(f"Extent out of bounds: shape = {list(shape)}, slice = {self}")
            found.append((start, end - start))
        return tuple(found)

    def encoded(self, name: str) -> bytes:
        """Return the key of this box of the tensor `name` in a file."""
        parts = [_number(0), _string(name.encode()), _number(len(self.extents))]
        for start, length in self.extents:
            parts += [_signed_number(start), _signed_number(length)]
        return b"".join(parts)


def parse_shape_and_slice(text: str) -> tuple[tuple[int, ...], TensorSlice, tuple[int, ...]]:
    """Read `10 20 0,5:-`: the whole shape, the box, and the box's own shape.

    Raises:
        InvalidArgumentError: if it is no such text, or the box does not fit.
    """
    *sizes, box = text.split(" ")
    if not sizes or not all(re.fullmatch(r"\d+", size) for size in sizes):
        raise invalid(
            f"Need least two elements in shape_and_slice specification: {text}"
            if not sizes
            else f"Non numerical dimension in shape_and_slice: {text}"
        )
    shape = tuple(map(int, sizes))
    found = TensorSlice.parse(box)
    return shape, found, tuple(length for _, length in found.within(shape))


# --- ordered code: bytes that sort as what they stand for -----------------------------------------


def _number(value: int) -> bytes:
    """Encode a number >= 0: how many bytes it has, then these, the highest first."""
    size = (value.bit_length() + 7) // 8
    return bytes([size]) + value.to_bytes(size, "big")


def _string(value: bytes) -> bytes:
    """Encode bytes: behind each 0 or 255 stands its complement, as the end is marked by 0 1."""
    escaped = re.sub(rb"[\x00\xff]", lambda match: match[0] + bytes([match[0][0] ^ 0xFF]), value)
    return escaped + b"\x00\x01"


def _signed_number(value: int) -> bytes:
    """Encode a number of any sign: its top bits tell the length, inverted if it is negative."""
    bits = (~value if value < 0 else value).bit_length()
    size = bits // 7 + 1
    header = ((1 << size) - 1) << (8 * size - size)
    return (header ^ value & (1 << 8 * size) - 1).to_bytes(size, "big")
