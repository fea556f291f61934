"""make_csv_dataset: batches of the lines of CSV files, by the names of their columns.

Names are read from the first line of the files, types are inferred from the first lines:

    a,b,c
    1,2.5,x            a: int32, b: float32, c: string

Source: TensorFlow 1.15, `tf.data.experimental.make_csv_dataset`.
"""

from __future__ import annotations

import collections
import csv
import gzip
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from minitf.convert import convert_to_tensor
from minitf.data.batches_of_files import read_in_turns, shuffled_and_repeated
from minitf.data.csv_files import CsvDataset
from minitf.data.dataset import AUTOTUNE, Dataset
from minitf.data.transformations import ignore_errors as without_errors
from minitf.dtypes import DType, float32, float64, int32, int64, string
from minitf.ops.io.files import matching
from minitf.static_value import constant_value
from minitf.tensor import Tensor

_TYPES = (int32, int64, float32, float64, string)  # each takes what those before it take


def make_csv_dataset(
    file_pattern: Any,
    batch_size: int,
    column_names: Sequence[str] | None = None,
    column_defaults: Sequence[Any] | None = None,
    label_name: str | None = None,
    select_columns: Sequence[Any] | None = None,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    header: bool = True,
    num_epochs: int | None = None,
    shuffle: bool = True,
    shuffle_buffer_size: int = 10000,
    shuffle_seed: int | None = None,
    prefetch_buffer_size: int | None = None,
    num_parallel_reads: int | None = None,
    sloppy: bool = False,
    num_rows_for_inference: int | None = 100,
    compression_type: Any = None,
    ignore_errors: bool = False,
) -> Any:
    """Return batches of the lines of CSV files.

    Args:
        file_pattern: a pattern of names of files, or a list of them.
        batch_size: how many lines a batch has.
        column_names: names of all columns; those of the first line if None.
        column_defaults: for each wanted column a type, if fields must not be empty, or a value for
            empty ones; inferred from the first lines if None.
        label_name: which column is the label; None for no label.
        select_columns: names or numbers of the columns that are wanted; all if None.
        field_delim: one character, which separates fields.
        use_quote_delim: whether a field may stand between quotation marks.
        na_value: a field of this text is as good as empty.
        header: whether the first line of each file has names.
        num_epochs: how often all lines come; None is without end.
        shuffle: whether they come in random order.
        shuffle_buffer_size: how many wait to be drawn.
        shuffle_seed: of the order.
        prefetch_buffer_size: how many batches may be ahead; None leaves the choice.
        num_parallel_reads: how many files are read at once; None is 1.
        sloppy: accepted for compatibility.
        num_rows_for_inference: how many lines types are inferred from; all if None.
        compression_type: "", "ZLIB" or "GZIP"; None is "".
        ignore_errors: whether lines that cannot be read are left out.

    Returns:
        A dataset of dicts of columns, or of pairs of such a dict and the label.

    Raises:
        ValueError: if no file matches, or names, columns or defaults do not fit.
    """
    files = _file_names(file_pattern)
    names = list(column_names) if column_names is not None else None
    if names is None or column_defaults is None:
        layout = _Layout(field_delim, use_quote_delim, na_value, header, _opener(compression_type))
        if names is None:
            names = layout.names(files)
    if len(names) != len(set(names)):
        raise ValueError("Cannot have duplicate column names.")
    wanted = None if select_columns is None else _numbers(select_columns, names)
    if column_defaults is None:
        numbers = range(len(names)) if wanted is None else wanted
        defaults = layout.defaults(files, len(names), numbers, num_rows_for_inference)
    else:
        defaults = [_default(each) for each in column_defaults]
    if wanted is not None:
        if len(defaults) != len(wanted):
            raise ValueError(
                "If specified, column_defaults and select_columns must have same length."
            )
        names = [names[i] for i in wanted]
    if label_name is not None and label_name not in names:
        raise ValueError("`label_name` provided must be one of the columns.")

    def read(name: Any) -> Any:
        lines = CsvDataset(
            name,
            defaults,
            compression_type,
            None,
            header,
            field_delim,
            use_quote_delim,
            na_value,
            wanted,
        )
        return lines.apply(without_errors()) if ignore_errors else lines

    def by_name(*columns: Tensor) -> Any:
        features = collections.OrderedDict(zip(names, columns, strict=True))
        return features if label_name is None else (features, features.pop(label_name))

    names_of_files = Dataset.from_tensor_slices(files)
    if shuffle:
        names_of_files = names_of_files.shuffle(len(files), shuffle_seed)
    reads = 1 if num_parallel_reads is None else num_parallel_reads
    lines = shuffled_and_repeated(
        read_in_turns(names_of_files, read, reads, sloppy),
        num_epochs,
        shuffle,
        shuffle_buffer_size,
        shuffle_seed,
    )
    # named in batches: so the columns are stacked once, not field by field
    batches = lines.batch(batch_size, drop_remainder=num_epochs is None).map(by_name)
    return batches.prefetch(AUTOTUNE if prefetch_buffer_size is None else prefetch_buffer_size)


def _file_names(patterns: Any) -> list[str]:
    if isinstance(patterns, list) and not patterns:
        raise ValueError("File pattern is empty.")
    several = patterns if isinstance(patterns, list) else [patterns]
    found = sorted(path for each in several for path in matching(os.fsdecode(each)))
    if not found:
        raise ValueError(f"No files match {patterns}.")
    return found


def _numbers(columns: Sequence[Any], names: list[str]) -> list[int]:
    """Return the numbers of columns, in order."""
    found = []
    for each in columns:
        if isinstance(each, int):
            if not 0 <= each < len(names):
                raise ValueError(
                    f"Column index {each} specified in select_columns out of valid range."
                )
            found.append(each)
        elif each in names:
            found.append(names.index(each))
        else:
            raise ValueError(
                f"Value '{each}' specified in select_columns not a valid column index or name."
            )
    if len(set(found)) != len(found):
        raise ValueError("select_columns contains duplicate columns")
    return sorted(found)


def _default(given: Any) -> Any:
    """Return a default as CsvDataset takes it: a type stays one."""
    is_type = not isinstance(given, Tensor) and any(given == each for each in _TYPES)
    return convert_to_tensor([], given) if is_type else given


Opener = Callable[[str], IO[str]]


def _opener(compression_type: Any) -> Opener:
    """Return what opens a file to look at its first lines.

    Raises:
        ValueError: if they cannot be looked at.
    """
    kind = compression_type
    if isinstance(kind, Tensor):
        value = constant_value(kind)
        if value is None:
            raise ValueError("Received unknown compression_type")
        kind = value.item().decode()
    if kind == "GZIP":
        return lambda name: gzip.open(name, "rt", encoding="utf-8")
    if kind == "ZLIB":
        raise ValueError(
            f"compression_type ({compression_type}) is not supported for probing columns"
        )
    if kind:
        raise ValueError(f"compression_type ({compression_type}) is not supported")
    return lambda name: Path(name).open(encoding="utf-8", newline="")


class _Layout:
    """How lines are written, and what the first ones tell of the columns."""

    def __init__(
        self, delimiter: str, quotes: bool, na_value: str, header: bool, opener: Opener
    ) -> None:
        self._style: dict[str, Any] = {
            "delimiter": delimiter,
            "quoting": csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
        }
        self._na_value = na_value
        self._header = header
        self._open = opener

    def names(self, files: Sequence[str]) -> list[str]:
        """Return the names in the first lines, which must be the same."""
        if not self._header:
            raise ValueError("Cannot infer column names without a header line.")
        found: list[str] | None = None
        for name in files:
            with self._open(name) as file:
                first = next(csv.reader(file, **self._style), None)
            if first is None:
                raise ValueError(
                    f"Received StopIteration when reading the header line of {name}.  Empty file?"
                )
            if found is not None and first != found:
                raise ValueError("Files have different column names in the header row.")
            found = first
        assert found is not None
        return found

    def defaults(
        self, files: Sequence[str], columns: int, wanted: Sequence[int], most: int | None
    ) -> list[Any]:
        """Return for each wanted column the default of the type that its first fields have."""
        found: list[DType | None] = [None] * len(wanted)
        for number, row in enumerate(self._rows(files, columns)):
            if number == most:
                break
            fields = [row[i] for i in wanted]
            found = [self._type(*pair) for pair in zip(fields, found, strict=True)]
        types = [each or string for each in found]
        return [convert_to_tensor([b"" if t is string else 0], t) for t in types]

    def _rows(self, files: Sequence[str], columns: int) -> Iterator[list[str]]:
        for name in files:
            with self._open(name) as file:
                rows = csv.reader(file, **self._style)
                if self._header:
                    next(rows)
                for row in rows:
                    if len(row) != columns:
                        raise ValueError(
                            "Problem inferring types: CSV row has different number of fields than "
                            "expected."
                        )
                    yield row

    def _type(self, field: str, before: DType | None) -> DType | None:
        """Return the first type that takes a field and those before it."""
        if field in ("", self._na_value):
            return before
        least = 0 if before is None else _TYPES.index(before)
        return next(each for each in _TYPES[least:] if _takes(each, field))


def _takes(dtype: DType, field: str) -> bool:
    if dtype is string:
        return True
    try:
        if dtype in (int32, int64):
            limits = np.iinfo(dtype.numpy)
            return int(limits.min) <= int(field) <= int(limits.max)
        with np.errstate(over="ignore"):
            return bool(dtype.numpy.type(field) < np.inf)
    except ValueError:
        return False
