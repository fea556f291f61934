"""Features of whole sequences and of their steps, as the tensors that parsing gives.

The values of a feature list are a `Column` whose entries are the steps of all examples; how many
steps each example has stands beside it.

Source: TensorFlow's ops ParseSequenceExample and ParseSingleSequenceExample.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf.dtypes import DType, by_numpy, c_name
from minitf.errors import InvalidArgumentError, invalid
from minitf.io.examples import Column, MalformedError, sequence_of, steps_of
from minitf.ops.parsing.columns import (
    WORDS,
    Examples,
    check_default,
    dense,
    places,
    ragged,
    sparse,
    unparsed,
)
from minitf.ops.strings.arrays import letters
from minitf.shapes import UNKNOWN, Shape

Array = np.ndarray[Any, Any]


@dataclass
class _Steps:
    """The values of one feature list in several examples.

    Attributes:
        column: the values, an entry a step.
        lengths: how many steps each example has.
    """

    column: Column
    lengths: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Sequences(Examples):
    """Serialized SequenceExamples, and how they are called in messages."""

    def read(
        self,
        context: Sequence[tuple[bytes, DType]],
        lists: Sequence[tuple[bytes, DType, bool]],
    ) -> tuple[list[Column], list[_Steps]]:
        """Read context features and feature lists of all examples.

        Args:
            context: (key, type) of each feature.
            lists: (key, type, whether each example must have it) of each feature list.

        Raises:
            InvalidArgumentError: if the bytes are no SequenceExample, a list is lacking that must
                be there, or a value has another type.
        """
        columns = [Column(dtype) for _, dtype in context]
        steps = [_Steps(Column(dtype)) for _, dtype, _ in lists]
        for index, serialized in enumerate(self.serialized):
            try:
                features, feature_lists = sequence_of(serialized)
                for column, (key, dtype) in zip(columns, context, strict=True):
                    if column.add(features.get(key, b"")) is not None:
                        raise self._other_type(index, f"Context feature: {letters(key)}", dtype)
                for each, (key, dtype, must_be) in zip(steps, lists, strict=True):
                    found = feature_lists.get(key)
                    if found is None and must_be:
                        raise self._no_list(index, key)
                    features_of_steps = steps_of(found or b"")
                    each.lengths.append(len(features_of_steps))
                    for time, feature in enumerate(features_of_steps):
                        if each.column.add(feature) is not None:
                            place = f"Feature list: {letters(key)}, Index: {time}"
                            raise self._other_type(index, place, dtype)
            except ValueError as error:
                raise self._unparsed(index, serialized, error) from None
        for column in columns:
            self._finish(column, range(len(self.serialized)))
        for each in steps:
            self._finish(each.column, places(each.lengths)[0])
        return columns, steps

    def _finish(self, column: Column, example_of: Any) -> None:
        """Decode a column; `example_of` tells which example an entry is of."""
        try:
            column.finish()
        except MalformedError as error:
            index = int(example_of[error.entry])
            raise self._unparsed(index, self.serialized[index], error) from None

    def missing(self, index: int, key: bytes, dtype: DType) -> InvalidArgumentError:
        """Return the error to raise for a context feature that an example must have."""
        return invalid(
            f"Name: {self.name(index)}, Context feature '{letters(key)}' is required but could not "
            "be found.",
            type=c_name(dtype),
        )

    def _unparsed(self, index: int, serialized: bytes, error: ValueError) -> InvalidArgumentError:
        if self.is_single:
            return unparsed(serialized, error)
        return invalid(
            f"Invalid protocol message input, example id: {self.name(index)}", reason=error
        )

    def _other_type(self, index: int, place: str, dtype: DType) -> InvalidArgumentError:
        return invalid(
            f"Name: {self.name(index)}, {place}.  Data types don't match. Expected type: "
            f"{c_name(dtype)}"
        )

    def _no_list(self, index: int, key: bytes) -> InvalidArgumentError:
        return invalid(
            f"Name: {self.name(index)}, Feature list '{letters(key)}' is required but could not be "
            "found.  Did you mean to include it in feature_list_dense_missing_assumed_empty or "
            "feature_list_dense_defaults?"
        )


def _sparse_list(steps: _Steps, *, is_single: bool) -> tuple[Array, Array, Array]:
    """Return a feature list as the parts of a sparse tensor: indices, values, shape."""
    step, place = places(steps.column.counts)
    example, time = places(steps.lengths)
    most = max(steps.lengths, default=0), max(steps.column.counts, default=0)
    indices = np.stack([example[step], time[step], place], axis=1)
    shape = np.array([len(steps.lengths), *most], np.int64)
    first = 1 if is_single else 0
    return indices[:, first:], steps.column.values, shape[first:]


def _dense_list(steps: _Steps, examples: Sequences, key: bytes, shape: Shape) -> Array:
    """Return a feature list as one array [batch, most steps, *shape], padded with nothings."""
    column, lengths = steps.column, np.array(steps.lengths, np.int64)
    size = int(shape.size)
    for step in np.flatnonzero(np.array(column.counts, np.int64) != size)[:1].tolist():
        example, time = (each[step] for each in places(steps.lengths))
        raise invalid(
            f"Name: {examples.name(example)}, Key: {letters(key)}, Index: {time}.  Number of "
            f"{WORDS[column.dtype]} values != expected.  values size: {column.counts[step]} but "
            f"output shape: {str(shape).replace(' ', '')}"
        )
    found = column.values.reshape(len(column.counts), *shape)
    if examples.is_single:
        return found
    most = int(lengths.max(initial=0))
    nothing = b"" if found.dtype == object else 0
    full = np.full((len(lengths), most, *shape), nothing, found.dtype)
    full[np.arange(most) < lengths[:, None]] = found
    return full


def _ragged_list(
    steps: _Steps, split_type: DType, *, is_single: bool
) -> tuple[Array, Array, Array]:
    """Return a feature list as values, outer and inner row splits."""
    values, inner = ragged(steps.column, split_type, is_single=False)
    outer = np.cumsum([0, *steps.lengths]).astype(split_type.numpy)
    return values, outer[:0] if is_single else outer, inner


@dataclass(frozen=True)
class Wanted:
    """What is to be read of a sequence's context, or of its lists: one entry a feature.

    Attributes:
        sparse: (key, type).
        dense: (key, type, shape, default); of a list the default is None where it must be there,
            else of no meaning.
        ragged: (key, type, type of the splits).
    """

    sparse: Sequence[tuple[bytes, DType]] = ()
    dense: Sequence[tuple[bytes, DType, Shape, Any]] = ()
    ragged: Sequence[tuple[bytes, DType, DType]] = ()

    @property
    def keys(self) -> list[tuple[bytes, DType, bool]]:
        """(key, type, whether it must be there) of all features."""
        return [
            *((key, dtype, False) for key, dtype in self.sparse),
            *((key, dtype, default is None) for key, dtype, _, default in self.dense),
            *((key, dtype, False) for key, dtype, _ in self.ragged),
        ]

    def split(self, columns: list[Any]) -> tuple[list[Any], list[Any], list[Any]]:
        """Return the columns of the sparse, of the dense and of the ragged features."""
        first = len(self.sparse)
        second = first + len(self.dense)
        return columns[:first], columns[first:second], columns[second:]


def parse_sequences(examples: Sequences, context: Wanted, lists: Wanted) -> tuple[list[Any], ...]:
    """Return the outputs of ParseSequenceExampleV2.

    Raises:
        InvalidArgumentError: if a default does not fit, or an example is malformed, or lacks a
            feature or has it otherwise than it is wanted.
    """
    for number, (_, _, shape, default) in enumerate(context.dense):
        check_default(default, shape, number)
    columns, steps = examples.read([(key, dtype) for key, dtype, _ in context.keys], lists.keys)
    is_single = examples.is_single
    sparse_columns, dense_columns, ragged_columns = context.split(columns)
    parts = [sparse(column, is_single=is_single) for column in sparse_columns]
    values = [
        dense(column, examples, key, shape, default)
        for column, (key, _, shape, default) in zip(dense_columns, context.dense, strict=True)
    ]
    rows = [
        ragged(column, split_type, is_single=is_single)
        for column, (_, _, split_type) in zip(ragged_columns, context.ragged, strict=True)
    ]
    sparse_steps, dense_steps, ragged_steps = lists.split(steps)
    list_parts = [_sparse_list(each, is_single=is_single) for each in sparse_steps]
    list_values = [
        _dense_list(each, examples, key, shape)
        for each, (key, _, shape, _) in zip(dense_steps, lists.dense, strict=True)
    ]
    lengths = [np.array(each.lengths, np.int64) for each in dense_steps]
    list_rows = [
        _ragged_list(each, split_type, is_single=is_single)
        for each, (_, _, split_type) in zip(ragged_steps, lists.ragged, strict=True)
    ]
    return (
        *_each(parts, 3),
        [value[0, ...] for value in values] if is_single else values,
        *_each(rows, 2),
        *_each(list_parts, 3),
        list_values,
        [length[0, ...] for length in lengths] if is_single else lengths,
        *_each(list_rows, 3),
    )


def _each(rows: list[Any], count: int) -> list[list[Any]]:
    """Return all first entries of rows, all second ones, and so on."""
    return [[row[i] for row in rows] for i in range(count)]


# --- what the ops say, as Wanted ------------------------------------------------------------------


def context_of(
    sparse_keys: Sequence[bytes],
    sparse_types: Sequence[DType],
    dense_keys: Sequence[bytes],
    shapes: Sequence[Shape],
    defaults: Sequence[Array],
    ragged: Sequence[Sequence[Any]] = ((), (), ()),
) -> Wanted:
    """Return what is wanted of the context."""
    dense_types = [by_numpy(default.dtype) for default in defaults]
    return Wanted(
        _together(sparse_keys, sparse_types),
        _together(dense_keys, dense_types, shapes, defaults),
        _together(*ragged),
    )


def lists_of(
    sparse_keys: Sequence[bytes],
    sparse_types: Sequence[DType],
    dense_keys: Sequence[bytes],
    dense_types: Sequence[DType],
    shapes: Sequence[Shape],
    may_lack: Sequence[bool],
    ragged: Sequence[Sequence[Any]] = ((), (), ()),
) -> Wanted:
    """Return what is wanted of the feature lists."""
    nothing = np.zeros(0)
    defaults = [nothing if each else None for each in may_lack]
    return Wanted(
        _together(sparse_keys, sparse_types),
        _together(dense_keys, dense_types, shapes, defaults),
        _together(*ragged),
    )


def _together(keys: Sequence[bytes], *others: Sequence[Any]) -> list[Any]:
    if any(len(other) != len(keys) for other in others):
        raise invalid("Expected one type and shape for each key", keys=keys)
    return list(zip(keys, *others, strict=True))


def named(serialized: Array, names: Array) -> Sequences:
    if names.size not in (0, serialized.size):
        raise invalid("example_names must be empty or have the correct number of elements")
    is_single = serialized.ndim == 0
    return Sequences(serialized.ravel().tolist(), names.ravel().tolist(), is_single)


def sequence_shapes(
    lead: list[Any],
    context_sparse: int,
    context_dense: Sequence[Shape],
    list_sparse: int,
    list_dense: Sequence[Shape],
) -> list[list[Shape]]:
    """Return what is known of the outputs but the ragged ones; `lead` is the batch, if any."""
    for shape in (*context_dense, *list_dense):
        if not shape.is_full:
            raise invalid(f"Shape {shape} is not fully defined")
    rank = len(lead)
    vector = Shape([UNKNOWN])
    return [
        [Shape([UNKNOWN, rank + 1])] * context_sparse,
        [vector] * context_sparse,
        [Shape([rank + 1])] * context_sparse,
        [Shape([*lead, *shape]) for shape in context_dense],
        [Shape([UNKNOWN, rank + 2])] * list_sparse,
        [vector] * list_sparse,
        [Shape([rank + 2])] * list_sparse,
        [Shape([*lead, UNKNOWN, *shape]) for shape in list_dense],
        [Shape(lead)] * len(list_dense),
    ]
