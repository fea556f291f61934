"""Datasets of what is in files.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.data.dataset import Dataset
from minitf.data.parts import TensorPart
from minitf.dtypes import string as string_type
from minitf.shapes import SCALAR
from minitf.tensor import Tensor

_RECORD = TensorPart(string_type, SCALAR)
_BUFFER_BYTES = 256 * 1024


def _names(filenames: Any) -> Tensor:
    """Return names of files as a tensor; a dataset of names has elements instead.

    Raises:
        TypeError: if they are no strings.
    """
    names = convert_to_tensor(filenames, name="filenames")
    if names.dtype is not string_type:
        raise TypeError("`filenames` must be a `tf.data.Dataset` or a `tf.Tensor` of strings.")
    return names


class _OfFiles(Dataset):
    """A dataset of the records of files.

    Args:
        filenames: names of files, or a dataset of names.
        num_parallel_reads: if not None, how many files are read at once.
    """

    def __init__(self, filenames: Any, num_parallel_reads: Any = None) -> None:
        if isinstance(filenames, Dataset):
            names = filenames
        elif num_parallel_reads is None:
            super().__init__(self._open(_names(filenames)), _RECORD)
            return
        else:
            names = Dataset.from_tensor_slices(ops.reshape_op(_names(filenames), [-1]))

        def open_one(name: Tensor) -> Dataset:
            return Dataset(self._open(name), _RECORD)

        if num_parallel_reads is None:
            made = names.flat_map(open_one)
        else:
            made = names.interleave(
                open_one, num_parallel_reads, num_parallel_calls=num_parallel_reads
            )
        super().__init__(made.variant_tensor, _RECORD)

    def _open(self, names: Tensor) -> Tensor:
        """Return the variant of the records of these files."""
        raise NotImplementedError


class TextLineDataset(_OfFiles):
    """The lines of files, without their ends.

    Args:
        filenames: names of files, or a dataset of names.
        compression_type: "", "ZLIB" or "GZIP"; None is "".
        buffer_size: accepted for compatibility.
        num_parallel_reads: if not None, how many files are read at once.
    """

    def __init__(
        self,
        filenames: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        self._compression_type = compression_type or ""
        self._buffer_size = buffer_size or _BUFFER_BYTES
        super().__init__(filenames, num_parallel_reads)

    def _open(self, names: Tensor) -> Tensor:
        made: Tensor = ops.text_line_dataset_op(names, self._compression_type, self._buffer_size)
        return made


class TFRecordDataset(_OfFiles):
    """The records of TFRecord files.

    Args:
        filenames: names of files, or a dataset of names.
        compression_type: "", "ZLIB" or "GZIP"; None is "".
        buffer_size: accepted for compatibility.
        num_parallel_reads: if not None, how many files are read at once.
    """

    def __init__(
        self,
        filenames: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        self._compression_type = compression_type or ""
        self._buffer_size = buffer_size or _BUFFER_BYTES
        super().__init__(filenames, num_parallel_reads)

    def _open(self, names: Tensor) -> Tensor:
        made: Tensor = ops.tf_record_dataset_op(names, self._compression_type, self._buffer_size)
        return made


class FixedLengthRecordDataset(_OfFiles):
    """The records of one length in files.

    Args:
        filenames: names of files, or a dataset of names.
        record_bytes: the length of a record.
        header_bytes: how much is left out at the top of each file; None is 0.
        footer_bytes: how much is left out at the end; None is 0.
        buffer_size: accepted for compatibility.
        compression_type: "", "ZLIB" or "GZIP"; None is "".
        num_parallel_reads: if not None, how many files are read at once.
    """

    def __init__(
        self,
        filenames: Any,
        record_bytes: Any,
        header_bytes: Any = None,
        footer_bytes: Any = None,
        buffer_size: Any = None,
        compression_type: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        self._sizes = header_bytes or 0, record_bytes, footer_bytes or 0
        self._compression_type = compression_type or ""
        self._buffer_size = buffer_size or _BUFFER_BYTES
        super().__init__(filenames, num_parallel_reads)

    def _open(self, names: Tensor) -> Tensor:
        made: Tensor = ops.fixed_length_record_dataset_v2_op(
            names, *self._sizes, self._buffer_size, self._compression_type
        )
        return made


class LMDBDataset(Dataset):
    """The entries of LMDB databases: pairs of a key and a value.

    Args:
        filenames: names of files or folders.

    Source: TensorFlow 1.15's tf.contrib.data.LMDBDataset.
    """

    def __init__(self, filenames: Any) -> None:
        made: Tensor = ops.lmdb_dataset_op(
            _names(filenames),
            output_types=(string_type, string_type),
            output_shapes=(SCALAR, SCALAR),
        )
        super().__init__(made, (_RECORD, _RECORD))
