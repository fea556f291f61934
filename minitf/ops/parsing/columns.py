"""Columns of values, one entry an example, as the tensors that parsing gives.

A `Column` (`minitf.io.examples`) holds the values of one feature in all examples, one example after
the other, and how many each has.  Here are the ways out of it:

    fixed       [batch, *shape]      every example has all values, or a default
    varying     [batch, most, *row]  rows of values; short examples are padded
    sparse      indices [n, 2], values [n], shape [2]
    ragged      values [n], row splits [batch + 1]

Source: TensorFlow's ops ParseExample and ParseExampleV2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.dtypes import DType, c_name, float32, int64, string
from minitf.errors import InvalidArgumentError, invalid
from minitf.io.examples import Column, MalformedError, features_of
from minitf.ops.strings.arrays import letters
from minitf.ops.summaries import summary
from minitf.shapes import UNKNOWN, Shape

Array = np.ndarray[Any, Any]

WORDS = {int64: "int64", float32: "float", string: "bytes"}
_MOST_BYTES_SHOWN = 120


@dataclass(frozen=True)
class Examples:
    """Serialized examples, and how they are called in messages.

    Attributes:
        serialized: the bytes of each.
        names: the name of each; empty if they have none.
        is_single: whether there is one by itself, without a batch.
    """

    serialized: list[bytes]
    names: list[bytes]
    is_single: bool = False

    def name(self, index: int) -> str:
        """Return the name of an example."""
        return letters(self.names[index]) if any(self.names) else "<unknown>"

    def error(self, index: int, key: bytes, what: str, **facts: Any) -> InvalidArgumentError:
        """Return the error to raise for a feature of an example."""
        place = f"Key: {letters(key)}"
        if not self.is_single:
            place = f"Name: {self.name(index)}, {place}, Index: {index}"
        return invalid(f"{place}.  {what}", **facts)

    def missing(self, index: int, key: bytes, dtype: DType) -> InvalidArgumentError:
        """Return the error to raise for a feature that an example must have and has not."""
        place = "" if self.is_single else f"Name: {self.name(index)}, "
        return invalid(
            f"{place}Feature: {letters(key)} (data type: {c_name(dtype)}) is required but could "
            "not be found."
        )

    def columns(self, wanted: Sequence[tuple[bytes, DType, bool]]) -> list[Column]:
        """Read features of all examples.

        Args:
            wanted: (key, type, whether it is dense) of each feature.

        Raises:
            InvalidArgumentError: if the bytes are no Example, or a feature has another type.
        """
        found = [Column(dtype) for _, dtype, _ in wanted]
        for index, serialized in enumerate(self.serialized):
            try:
                features = features_of(serialized)
            except ValueError as error:
                raise unparsed(serialized, error) from None
            for column, (key, dtype, is_dense) in zip(found, wanted, strict=True):
                try:
                    kind = column.add(features.get(key, b""))
                except ValueError as error:
                    raise self.error(
                        index, key, "Can't parse serialized Example.", reason=error
                    ) from None
                if kind is not None:
                    raise self.error(index, key, _other_type(kind, dtype, is_dense=is_dense))
        for column, (key, _, _) in zip(found, wanted, strict=True):
            try:
                column.finish()
            except MalformedError as error:
                raise self.error(
                    error.entry, key, "Can't parse serialized Example.", reason=error
                ) from None
        return found


def _other_type(kind: DType, dtype: DType, *, is_dense: bool) -> str:
    have, want = c_name(kind), c_name(dtype)
    if is_dense:
        return f"Data types don't match. Data type: {have} but expected type: {want}"
    return f"Data types don't match. Expected type: {want}, Actual type: {have}"


def unparsed(serialized: bytes, error: ValueError) -> InvalidArgumentError:
    """Return the error to raise for bytes that are no Example."""
    shown = summary(np.array(serialized[:_MOST_BYTES_SHOWN], object), 1)
    more = "..." if len(serialized) > _MOST_BYTES_SHOWN else ""
    return invalid(f"Could not parse example input, value: '{shown}{more}'", reason=error)


# --- dense ---------------------------------------------------------------------------------------


def is_varying(shape: Shape) -> bool:
    """Tell whether a dense shape leaves open how many rows an example has."""
    return bool(shape.rank) and shape[0] is UNKNOWN


def check_dense_shape(shape: Shape, number: int) -> None:
    """Check that at most the first dimension of a dense shape is unknown.

    Raises:
        InvalidArgumentError: if not.
    """
    if shape.rank is None or not Shape(shape[1:] if is_varying(shape) else shape).is_full:
        raise invalid(
            f"dense_shapes[{number}] has unknown rank or unknown inner dimensions: {shape}"
        )


def check_default(default: Array, shape: Shape, number: int) -> None:
    """Check that a default fits its dense shape.

    Raises:
        InvalidArgumentError: if not.
    """
    have = f"[{','.join(map(str, default.shape))}]"
    want = str(shape).replace(" ", "")
    if is_varying(shape):
        if default.size != 1:
            raise invalid(
                f"dense_shape[{number}] is a variable length shape: {want}, therefore "
                f"def_value[{number}] must contain a single element (the padding element).  "
                f"But its shape is: {have}"
            )
        if 0 in shape[1:]:
            raise invalid(f"dense_shapes[{number}] has rows without values: {want}")
    elif default.size and default.shape != tuple(shape):
        raise invalid(
            f"def_value[{number}].shape() == {have} is not compatible with "
            f"dense_shapes_[{number}] == {want}"
        )


def dense(column: Column, examples: Examples, key: bytes, shape: Shape, default: Array) -> Array:
    """Return a column as one array, with the examples as its first dimension.

    Args:
        column: the values.
        examples: where they come from, for messages.
        key: the feature's.
        shape: of an example; the first size may be unknown.
        default: what an example without the feature has, nothing if each must have it; where rows
            vary, the element that pads.

    Raises:
        InvalidArgumentError: if an example lacks the feature or has another number of values.
    """
    if is_varying(shape):
        return _varying(column, examples, key, shape, default)
    size = int(shape.size)
    if column.missing and not default.size:
        raise examples.missing(column.missing[0], key, column.dtype)
    is_there = np.ones(len(column.counts), bool)
    is_there[column.missing] = False
    counts = np.array(column.counts, np.int64)
    for index in np.flatnonzero(is_there & (counts != size))[:1].tolist():
        raise _wrong_number(examples, index, key, column, shape)
    found = column.values
    if column.missing:
        full = np.empty((len(counts), size), found.dtype)
        full[is_there] = found.reshape(-1, size)
        full[column.missing] = default.reshape(size)
        found = full
    return found.reshape(len(counts), *shape)


def _wrong_number(
    examples: Examples, index: int, key: bytes, column: Column, shape: Shape
) -> InvalidArgumentError:
    have, want = column.counts[index], str(shape).replace(" ", "")
    if examples.is_single:
        facts = {"values": have, "shape": want}
        return examples.error(index, key, "Can't parse serialized Example.", **facts)
    return examples.error(
        index,
        key,
        f"Number of {WORDS[column.dtype]} values != expected.  Values size: {have} but output "
        f"shape: {want}",
    )


def _varying(column: Column, examples: Examples, key: bytes, shape: Shape, padding: Array) -> Array:
    row = shape[1:]
    size = int(Shape(row).size)
    counts = np.array(column.counts, np.int64)
    for index in np.flatnonzero(counts % size)[:1].tolist():
        raise _no_multiple(examples, index, key, column, shape)
    found = column.values
    most = int(counts.max(initial=0)) // size
    if (counts != most * size).any():
        full = np.full((len(counts), most * size), padding.reshape(()), found.dtype)
        full[np.arange(most * size) < counts[:, None]] = found
        found = full
    return found.reshape(len(counts), most, *row)


def _no_multiple(
    examples: Examples, index: int, key: bytes, column: Column, shape: Shape
) -> InvalidArgumentError:
    have = column.counts[index]
    if examples.is_single:
        size = Shape(shape[1:]).size
        return invalid(
            f"Error while parsing feature with key {letters(key)}: number of elements should be "
            f"divisible by {size}, found {have} instead"
        )
    return examples.error(
        index,
        key,
        f"Number of {WORDS[column.dtype]} values is not a multiple of stride length. Saw {have} "
        f"values but output shape is: {str(shape).replace(' ', '')}",
    )


# --- sparse and ragged ---------------------------------------------------------------------------


def places(counts: Sequence[int]) -> tuple[Array, Array]:
    """Return, for each of all values, which entry it is of, and which of the entry's values."""
    lengths = np.array(counts, np.int64)
    entry = np.repeat(np.arange(len(lengths)), lengths)
    return entry, np.arange(len(entry)) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def sparse(column: Column, *, is_single: bool) -> tuple[Array, Array, Array]:
    """Return a column as the parts of a sparse tensor: indices, values, shape."""
    entry, place = places(column.counts)
    shape = np.array([len(column.counts), max(column.counts, default=0)], np.int64)
    if is_single:
        return place[:, None], column.values, shape[1:]
    return np.stack([entry, place], axis=1), column.values, shape


def ragged(column: Column, split_type: DType, *, is_single: bool) -> tuple[Array, Array]:
    """Return a column as values and row splits; an example by itself has no splits."""
    if is_single:
        return column.values, np.zeros(0, split_type.numpy)
    splits = np.cumsum([0, *column.counts])
    return column.values, splits.astype(split_type.numpy)
