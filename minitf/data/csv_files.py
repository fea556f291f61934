"""CsvDataset: the fields of lines of CSV files.

Source: TensorFlow 1.15's tf.data.experimental.CsvDataset.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.data.dataset import Dataset
from minitf.data.parts import TensorPart
from minitf.dtypes import DType, as_dtype, int64, string
from minitf.shapes import SCALAR
from minitf.tensor import Tensor

_BUFFER_BYTES = 4 * 1024 * 1024


class CsvDataset(Dataset):
    """The fields of lines of CSV files: a scalar of each column.

    Args:
        filenames: names of files.
        record_defaults: for each column the type of fields that must not be empty, or a value that
            an empty one means.
        compression_type: "", "ZLIB" or "GZIP"; None is "".
        buffer_size: accepted for compatibility.
        header: whether the first line of each file is left out.
        field_delim: one character, which separates fields.
        use_quote_delim: whether a field may stand between quotation marks.
        na_value: a field of this text is as good as empty.
        select_cols: numbers of the columns that are wanted, in order; all if None.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        filenames: Any,
        record_defaults: Sequence[Any],
        compression_type: Any = None,
        buffer_size: Any = None,
        header: Any = False,
        field_delim: Any = ",",
        use_quote_delim: Any = True,
        na_value: Any = "",
        select_cols: Any = None,
    ) -> None:
        defaults = [_default(each) for each in record_defaults]
        made: Tensor = ops.experimental_csv_dataset_op(
            convert_to_tensor(filenames, string, name="filenames"),
            compression_type or "",
            buffer_size or _BUFFER_BYTES,
            header,
            field_delim,
            use_quote_delim,
            na_value,
            convert_to_tensor([] if select_cols is None else select_cols, int64),
            defaults,
            output_shapes=(SCALAR,) * len(defaults),
        )
        parts = tuple(TensorPart(each.dtype, SCALAR) for each in defaults)
        super().__init__(made, parts)


def _default(given: Any) -> Tensor:
    """Return the default of a column: an empty vector if a type says that a field must be there."""
    if isinstance(given, (DType, type)):
        return convert_to_tensor([], as_dtype(given))
    return convert_to_tensor(given)
