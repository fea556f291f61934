"""Entries of a bundle's table: where each tensor is, read off messages one by one or all at once.

An entry is a BundleEntryProto.  Nearly all of a checkpoint of many small variables look alike:

    08 type 12 length shape...  18 shard  20 offset  28 size  35 checksum

type and shape in less than 128 bytes each, then numbers of which those that are 0 are left out.
`entry_of` reads a message of any form; `plain_entries` reads those of this form, as columns of
numbers, at a tenth of the cost, and leaves out the others.

    plain_entries({b"w": message})      # {b"w": Entry((float32, (2, 3)), shard=0, ...)}

**Invariant**: what `plain_entries` tells of a message is what `entry_of` tells.

Source: TensorFlow 1.15, `tensor_bundle.proto`; Protocol Buffers, "Encoding".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from minitf import protos
from minitf.dtypes import DType, by_enum
from minitf.io.checksums import unmasked
from minitf.io.tensor_slice import TensorSlice

Described = tuple[DType, tuple[int, ...]]  # a tensor's type and shape
Numbers = np.ndarray[Any, np.dtype[np.int64]]
Octets = np.ndarray[Any, np.dtype[np.uint8]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_TYPE, _SHAPE = 0x08, 0x12  # how the fields of an entry begin
_SHARD, _OFFSET, _SIZE, _CRC = 0x18, 0x20, 0x28, 0x35
_MORE = 128  # set in a byte of a number that goes on
_LONGEST = 9  # bytes of a number: 63 bits
_SHARDS = 1 << 31  # beyond it numbers of shards are read as negative ones
_PADDING = bytes(512)  # what the last message would have to be longer by, to be read outside


class Entry(NamedTuple):
    """Where a tensor is.

    Attributes:
        described: its type and shape.
        shard: the number of its data file.
        offset: where its bytes begin there.
        size: how many they are.
        crc: their checksum.
        boxes: of a partitioned tensor, those that it is kept in; the four before mean nothing.
    """

    described: Described
    shard: int
    offset: int
    size: int
    crc: int
    boxes: tuple[TensorSlice, ...] = ()


def entry_of(message: Any) -> Entry:
    """Return what a BundleEntryProto tells.

    Raises:
        TypeError: if there is no such type.
        ValueError: if a number is negative.
    """
    if message.offset < 0 or message.size < 0:
        raise ValueError(f"{message.size} bytes at {message.offset}")
    return Entry(
        described(message),
        message.shard_id,
        message.offset,
        message.size,
        unmasked(message.crc32c),
        tuple(map(TensorSlice.of_message, message.slices)),
    )


def described(message: Any) -> Described:
    """Return the type and shape that a BundleEntryProto tells.

    Raises:
        TypeError: if there is no such type.
        ValueError: if a size is negative.
    """
    shape = tuple([dim.size for dim in message.shape.dim])
    if shape and min(shape) < 0:
        raise ValueError(f"a size is negative: {list(shape)}")
    return by_enum(message.dtype), shape


def plain_entries(pairs: Mapping[bytes, bytes]) -> dict[bytes, Entry]:
    """Return the entries of the usual form, by key.

    Args:
        pairs: serialized messages by key.
    """
    messages = pairs.values()
    octets = np.frombuffer(b"".join(messages) + _PADDING, np.uint8)
    ends = np.cumsum(np.fromiter(map(len, messages), np.int64, len(pairs)))
    starts = ends - np.fromiter(map(len, messages), np.int64, len(pairs))
    # a message that ends too early is read beyond its end, and told from the others by that
    heads = 4 + octets[starts + 3].astype(np.int64)
    is_plain = (octets[starts] == _TYPE) & (octets[starts + 2] == _SHAPE)
    is_plain &= (octets[starts + 1] < _MORE) & (octets[starts + 3] < _MORE)
    reader = _Columns(octets, starts + heads, is_plain)
    shards, offsets, sizes = map(reader.numbers, (_SHARD, _OFFSET, _SIZE))
    crcs = reader.checksums()
    is_plain &= (reader.places == ends) & (shards < _SHARDS)
    described = _described_by_heads(messages, heads.tolist())
    columns = [each.tolist() for each in (shards, offsets, sizes, crcs)]
    rows = zip(described, *columns, itertools.repeat(()))
    entries = map(tuple.__new__, itertools.repeat(Entry), rows)  # as Entry(*row) would, but in C
    return {
        key: entry
        for key, entry, chosen in zip(pairs, entries, is_plain.tolist(), strict=True)
        if chosen and entry[0] is not None
    }


class _Columns:
    """Reads the same field of many messages, one field after the other.

    Args:
        octets: all messages.
        places: where the next field of each begins.
        is_plain: becomes False where a number is too long.
    """

    def __init__(self, octets: Octets, places: Numbers, is_plain: Flags) -> None:
        self._octets = octets
        self.places = places
        self._is_plain = is_plain

    def numbers(self, tag: int) -> Numbers:
        """Return the field's numbers, 0 where a message has no such field."""
        going = self._octets[self.places] == tag
        found = np.zeros(len(going), np.int64)
        self.places += going
        for i in range(_LONGEST):
            if not going.any():
                break
            octets = self._octets[self.places]
            found |= np.where(going, (octets & (_MORE - 1)).astype(np.int64) << 7 * i, 0)
            self.places += going
            going &= octets >= _MORE
        self._is_plain &= ~going
        return found

    def checksums(self) -> Numbers:
        """Return the checksums, unmasked."""
        has_one = self._octets[self.places] == _CRC
        octets = self._octets[self.places[:, None] + np.arange(1, 5)]
        stored: Any = octets.view("<u4")[:, 0].astype(np.int64)
        self.places += 5 * has_one
        found: Any = unmasked(stored * has_one)
        return found  # type: ignore[no-any-return]


def _described_by_heads(
    messages: Iterable[bytes], sizes: Iterable[int]
) -> Iterator[Described | None]:
    """Yield what messages tell of type and shape in their first bytes, None if they cannot be read.

    Many begin alike, and are read once.
    """
    known: dict[bytes, Described | None] = {}
    for message, size in zip(messages, sizes, strict=True):
        head = message[:size]
        found = known.get(head)
        if found is None:
            found = known[head] = _described_by(head)
        yield found


def _described_by(head: bytes) -> Described | None:
    from google.protobuf.message import DecodeError

    try:
        return described(protos.BundleEntryProto.FromString(head))
    except (DecodeError, TypeError, ValueError):
        return None
