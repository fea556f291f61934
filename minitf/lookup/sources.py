"""What fills a table: two tensors, or a text file.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any, ClassVar

from minitf import dtypes, ops
from minitf.api.framework import add_to_collection, name_scope
from minitf.convert import convert_to_tensor
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.trackable.auto import TrackableAsset
from minitf.trackable.base import Trackable


class TextFileIndex:
    """Which part of a line a key or a value is, besides the number of a column.

    Source: TensorFlow 1.15.
    """

    WHOLE_LINE: ClassVar[int] = -2
    LINE_NUMBER: ClassVar[int] = -1


class TableInitializer(Trackable):
    """What fills a table of certain types.

    Args:
        key_dtype: type of the keys.
        value_dtype: type of the values.

    Source: TensorFlow 1.15's TableInitializerBase.
    """

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)

    @property
    def key_dtype(self) -> dtypes.DType:
        """The type of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> dtypes.DType:
        """The type of the values."""
        return self._value_dtype

    def initialize(self, table: Any) -> Operation:
        """Return the operation that fills a table, which joins TABLE_INITIALIZERS."""
        raise NotImplementedError

    def _checked(self, table: Any) -> Any:
        """Return the handle of a table that is of these types.

        Raises:
            TypeError: if it is of others.
        """
        for what in ("key_dtype", "value_dtype"):
            wanted, found = getattr(self, what), getattr(table, what)
            if wanted is not found.base_dtype:
                kind = what.partition("_")[0]
                raise TypeError(
                    f"Invalid {kind} dtype, expected {wanted} but got {found}.",
                )
        return table.resource_handle


class KeyValueTensorInitializer(TableInitializer):
    """Fills a table with keys and values.

    Args:
        keys: vector.
        values: vector of the same length.
        key_dtype: the type of the keys; by default that of the tensor.
        value_dtype: likewise of the values.
        name: the name scope of the operation.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        keys: Any,
        values: Any,
        key_dtype: Any = None,
        value_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        self._keys = convert_to_tensor(keys, key_dtype, "keys")
        self._values = convert_to_tensor(values, value_dtype, "values")
        self._name = "key_value_init" if name is None else name
        super().__init__(self._keys.dtype, self._values.dtype)

    def initialize(self, table: Any) -> Operation:
        """Return the operation that fills a table, which joins TABLE_INITIALIZERS.

        Raises:
            TypeError: if the table is of other types.
        """
        handle = self._checked(table)
        with name_scope(self._name, values=[handle, self._keys, self._values]):
            made: Operation = ops.lookup_table_import_v2_op(handle, self._keys, self._values)
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, made)
        return made


class TextFileInitializer(TableInitializer):
    r"""Fills a table with the lines of a file.

    Args:
        filename: its path; it joins ASSET_FILEPATHS.
        key_dtype: the type of the keys.
        key_index: their column, or a TextFileIndex.
        value_dtype: the type of the values.
        value_index: their column, or a TextFileIndex.
        vocab_size: how many lines to read; all by default.
        delimiter: what stands between columns.
        name: the name scope of the operation.

    Raises:
        ValueError: if there is no file name, or an index does not fit its type.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: int,
        value_dtype: Any,
        value_index: int,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = None,
    ) -> None:
        if isinstance(filename, (str, bytes)) and not filename:
            raise ValueError("Filename required for tf.lookup.TextFileInitializer.")
        super().__init__(key_dtype, value_dtype)
        for what, dtype, index in (
            ("Key", self.key_dtype, key_index),
            ("Value", self.value_dtype, value_index),
        ):
            _check_column(what, dtype, index)
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"Invalid vocab_size {vocab_size}.")
        self._columns = key_index, value_index
        self._vocab_size = -1 if vocab_size is None else vocab_size
        self._delimiter = delimiter
        self._name = "text_file_init" if name is None else name
        held = TrackableAsset(convert_to_tensor(filename, dtypes.string, "asset_filepath"))
        self._filename = self._track_trackable(held, "_filename").asset_path

    def initialize(self, table: Any) -> Operation:
        """Return the operation that fills a table, which joins TABLE_INITIALIZERS.

        Raises:
            TypeError: if the table is of other types.
        """
        handle = self._checked(table)
        key_index, value_index = self._columns
        with name_scope(self._name, values=[handle, self._filename]):
            made: Operation = ops.initialize_table_from_text_file_v2_op(
                handle,
                self._filename,
                key_index=key_index,
                value_index=value_index,
                vocab_size=self._vocab_size,
                delimiter=self._delimiter,
            )
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, made)
        return made


class TextFileStringTableInitializer(TextFileInitializer):
    r"""Fills a table with the texts of a file by their numbers.

    Args:
        filename: its path; it joins ASSET_FILEPATHS.
        key_column_index: the column of the numbers, or a TextFileIndex.
        value_column_index: the column of the texts, or a TextFileIndex.
        vocab_size: how many lines to read; all by default.
        delimiter: what stands between columns.
        name: the name scope of the operation.

    Raises:
        ValueError: if there is no file name, or an index does not fit its type.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        filename: Any,
        key_column_index: int = TextFileIndex.LINE_NUMBER,
        value_column_index: int = TextFileIndex.WHOLE_LINE,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_string_table_init",
    ) -> None:
        super().__init__(
            *(filename, dtypes.int64, key_column_index, dtypes.string, value_column_index),
            *(vocab_size, delimiter, name),
        )


class TextFileIdTableInitializer(TextFileInitializer):
    r"""Fills a table with the numbers of a file's texts.

    Args:
        filename: its path; it joins ASSET_FILEPATHS.
        key_column_index: the column of the texts, or a TextFileIndex.
        value_column_index: the column of the numbers, or a TextFileIndex.
        vocab_size: how many lines to read; all by default.
        delimiter: what stands between columns.
        name: the name scope of the operation.
        key_dtype: the type of the texts: they may be numbers, too.

    Raises:
        ValueError: if there is no file name, or an index does not fit its type.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        filename: Any,
        key_column_index: int = TextFileIndex.WHOLE_LINE,
        value_column_index: int = TextFileIndex.LINE_NUMBER,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_id_table_init",
        key_dtype: Any = dtypes.string,
    ) -> None:
        super().__init__(
            *(filename, key_dtype, key_column_index, dtypes.int64, value_column_index),
            *(vocab_size, delimiter, name),
        )


def _check_column(what: str, dtype: dtypes.DType, index: int) -> None:
    if index < -2:
        raise ValueError(f"Invalid {what.lower()} index {index}.")
    if index == TextFileIndex.LINE_NUMBER and dtype is not dtypes.int64:
        raise ValueError(
            f"Signature mismatch. {what}s must be dtype {dtypes.int64}, got {dtype}: the number of "
            "a line is an int64."
        )
    if (
        index == TextFileIndex.WHOLE_LINE
        and dtype is not dtypes.string
        and not (dtype.is_integer and what == "Key")
    ):
        raise ValueError(
            f"Signature mismatch. {what}s must be integer or string, got {dtype}: a whole line is "
            "text."
        )
