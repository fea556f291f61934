"""Examples as bytes: which features one has, and what is in a feature.

    Example          1: Features
    Features         1: map from a key to a Feature
    Feature          1: BytesList, 2: FloatList or 3: Int64List
    ...List          1: the values
    SequenceExample  1: Features (the context), 2: FeatureLists
    FeatureLists     1: map from a key to a FeatureList
    FeatureList      1: a Feature a step

protobuf reads the outer messages, by tables in which a feature is only bytes: a feature that nobody
wants costs nothing and may hold anything, and keys need not be UTF-8.  Lists become arrays at once.
Where an entry of a map or a list comes twice, the last one counts.

Bytes of any origin lead to values or to ValueError.

Source: TensorFlow 1.15, `example.proto`, `feature.proto`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from minitf import protos
from minitf.dtypes import DType, float32, int64, string
from minitf.io.varints import NOT_LAST, one_varint, varints
from minitf.schema.grammar import Message, OneOf, bytes_, repeated

Array = np.ndarray[Any, Any]

_PACKAGE = "minitf.examples"
_VALUES = 1 << 3 | 2  # the tag of field 1 with a length
_MANY_BYTES = 2000  # in more bytes numbers are decoded faster all at once; fewer than 1 << 14
_KINDS = {"bytes_list": string, "float_list": float32, "int64_list": int64}
TAGS = {dtype: i << 3 | 2 for i, dtype in enumerate(_KINDS.values(), 1)}  # of a Feature's list
_TYPES = {tag: dtype for dtype, tag in TAGS.items()}

# --- messages whose inner messages are bytes -----------------------------------------------------


class Entry(Message, package=_PACKAGE):
    """An entry of a map."""

    key = bytes_(1)
    value = bytes_(2)


class Map(Message, package=_PACKAGE):
    """A map from bytes to bytes."""

    entry = repeated(Entry(1))


class Single(Message, package=_PACKAGE):
    """An Example."""

    features = Map(1)


class Sequence(Message, package=_PACKAGE):
    """A SequenceExample."""

    features = Map(1)
    lists = Map(2)


class Steps(Message, package=_PACKAGE):
    """A FeatureList."""

    feature = repeated(bytes_(1))


class AnyFeature(Message, package=_PACKAGE):
    """A Feature."""

    kind = OneOf(bytes_list=bytes_(1), float_list=bytes_(2), int64_list=bytes_(3))


@cache
def _class(table: type[Message]) -> Any:
    """Return the class of one of these messages."""
    return _classes()[table.__name__]


@cache
def _classes() -> dict[str, Any]:
    """Make the classes, in a pool of their own."""
    from google.protobuf import descriptor_pool, message_factory

    from minitf.schema.descriptors import file_descriptor

    pool = descriptor_pool.DescriptorPool()
    tables = (Entry, Map, Single, Sequence, Steps, AnyFeature)
    file = file_descriptor(_PACKAGE, tables, [])
    pool.AddSerializedFile(file.SerializeToString())
    found = pool.FindFileByName(file.name).message_types_by_name
    return {name: message_factory.GetMessageClass(message) for name, message in found.items()}


def _read(cls: Any, data: bytes) -> Any:
    from google.protobuf.message import DecodeError

    try:
        return cls.FromString(data)
    except DecodeError as error:
        raise ValueError(str(error)) from None


# --- examples ------------------------------------------------------------------------------------


def features_of(example: bytes) -> dict[bytes, bytes]:
    """Return the features of an Example by key.

    Raises:
        ValueError: if the bytes are no Example.
    """
    return {each.key: each.value for each in _read(_class(Single), example).features.entry}


def sequence_of(example: bytes) -> tuple[dict[bytes, bytes], dict[bytes, bytes]]:
    """Return the context features and the feature lists of a SequenceExample by key.

    Raises:
        ValueError: if the bytes are no SequenceExample.
    """
    found = _read(_class(Sequence), example)
    context = {each.key: each.value for each in found.features.entry}
    return context, {each.key: each.value for each in found.lists.entry}


def steps_of(feature_list: bytes) -> list[bytes]:
    """Return the features of a feature list.

    Raises:
        ValueError: if the bytes are no FeatureList.
    """
    return list(_read(_class(Steps), feature_list).feature)


# --- features ------------------------------------------------------------------------------------


def _start(message: bytes) -> int:
    """Return where the value of a message's only field begins; 0 if it is not so simple."""
    if len(message) < 2:
        return 0
    length, start = (message[1], 2) if message[1] < 128 else one_varint(message, 1)
    return start if start + length == len(message) else 0


def kind_of(feature: bytes) -> tuple[DType | None, bytes]:
    """Return the type of a feature's values and the list that holds them; None if it has none.

    Raises:
        ValueError: if the bytes are no Feature.
    """
    start = _start(feature)
    if start and feature[0] in _TYPES:  # as nearly always
        return _TYPES[feature[0]], feature[start:]
    found = _read(_class(AnyFeature), feature)
    kind = found.WhichOneof("kind")
    return (_KINDS[kind], getattr(found, kind)) if kind else (None, b"")


def _strings(bytes_list: bytes) -> list[bytes]:
    start = _start(bytes_list)
    if start and bytes_list[0] == _VALUES:
        return [bytes_list[start:]]
    return list(_read(protos.BytesList, bytes_list).value)


def _packed(cls: Any, numbers: bytes) -> bytes:
    """Return the values of a list of numbers one after the other, as they are written."""
    start = _start(numbers)
    if not start or numbers[0] != _VALUES:  # not packed, in pieces, or among unknown fields
        message = _read(cls, numbers)
        message.DiscardUnknownFields()
        numbers = message.SerializeToString()
        start = _start(numbers)
    return numbers[start:]


class MalformedError(ValueError):
    """The entry of a column with that number is no list of its type."""

    def __init__(self, entry: int) -> None:
        super().__init__("a number is cut off")
        self.entry = entry


class Column:
    """The values of one feature in several examples (or steps), of one type.

    Entries are added one by one; `finish` then decodes all at once.

    Attributes:
        missing: numbers of the entries that have no such feature.
        counts: how many values each entry has, once it is finished.
        values: all values, one entry after the other, once it is finished.
    """

    def __init__(self, dtype: DType) -> None:
        self.dtype = dtype
        self.missing: list[int] = []
        self.counts: list[int] = []
        self.values: Array = np.empty(0, dtype.numpy)
        self._entries: list[Any] = []  # packed numbers, or a list of strings
        self._tag = TAGS[dtype]

    def add(self, feature: bytes) -> DType | None:
        """Add the values of the next entry.

        Args:
            feature: a Feature; b"" where there is none.

        Returns:
            The type of the values if it is another than the column's: then they are not added.

        Raises:
            ValueError: if the bytes are no Feature.
        """
        size = len(feature)
        if (
            4 < size < 130
            and feature[0] == self._tag
            and feature[1] == size - 2
            and feature[2] == _VALUES
            and feature[3] == size - 4
        ):  # as nearly always: one short list, packed, or of one string
            self._entries.append([feature[4:]] if self.dtype is string else feature[4:])
            return None
        kind, values = kind_of(feature)
        if kind is None:
            self.missing.append(len(self._entries))
            self._entries.append(b"")
        elif kind is not self.dtype:
            return kind
        elif kind is string:
            self._entries.append(_strings(values))
        else:
            cls = protos.FloatList if kind is float32 else protos.Int64List
            self._entries.append(_packed(cls, values))
        return None

    def finish(self) -> None:
        """Decode what was added.

        Raises:
            MalformedError: if the packed numbers of an entry are cut off.
        """
        entries = self._entries
        if self.dtype is string:
            self.counts = list(map(len, entries))
            found = [each for entry in entries for each in entry]
            self.values = np.empty(len(found), object)
            self.values[:] = found
        elif self.dtype is float32:
            self.counts = [len(entry) >> 2 for entry in entries]
            if sum(self.counts) * 4 != sum(map(len, entries)):
                raise MalformedError(next(i for i, entry in enumerate(entries) if len(entry) % 4))
            self.values = np.frombuffer(b"".join(entries), "<f4").astype(np.float32)
        else:
            self.counts = [len(entry.translate(None, NOT_LAST)) for entry in entries]
            for i, entry in enumerate(entries):
                if entry[-1:] > b"\x7f":
                    raise MalformedError(i)
            self.values = self._whole_numbers(b"".join(entries))

    def _whole_numbers(self, packed: bytes) -> Array:
        try:
            if len(packed) > _MANY_BYTES:
                return varints(packed)
            header = bytes((_VALUES, len(packed) & 127 | 128, len(packed) >> 7))
            return np.array(_read(protos.Int64List, header + packed).value[:], np.int64)
        except ValueError:  # a number is too long
            raise MalformedError(
                next(filter(self._is_too_long, range(len(self._entries))))
            ) from None

    def _is_too_long(self, number: int) -> bool:
        try:
            varints(self._entries[number])
        except ValueError:
            return True
        return False
