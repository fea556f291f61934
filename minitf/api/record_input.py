"""RecordInput: batches of records in a random order.

Source: TensorFlow 1.15, `ops/data_flow_ops.py`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import reshape, split
from minitf.api.framework import name_scope


class RecordInput:
    """Reads records of files, each once in an epoch, in a random order.

    Args:
        file_pattern: of the files' paths.
        batch_size: how many records a batch has.
        buffer_size: how many records wait to be chosen.
        parallelism: accepted.
        shift_ratio: which part of the files is moved to the end in each epoch.
        seed: of the order.
        name: name of the operation.
        batches: how many batches a run gives; None for one, as a tensor.
        compression_type: None, or a TFRecordCompressionType.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        file_pattern: str,
        batch_size: int = 1,
        buffer_size: int = 1,
        parallelism: int = 1,
        shift_ratio: float = 0,
        seed: int = 0,
        name: str | None = None,
        batches: int | None = None,
        compression_type: Any = None,
    ) -> None:
        from minitf.io.tf_record import TFRecordOptions

        self._batch_size = batch_size * (batches or 1)
        self._batches = batches
        self._name = name
        self._options = {
            "file_pattern": file_pattern,
            "file_buffer_size": buffer_size,
            "file_parallelism": parallelism,
            "file_shuffle_shift_ratio": float(shift_ratio),
            "file_random_seed": seed,
            "compression_type": TFRecordOptions.get_compression_type_string(
                TFRecordOptions(compression_type)
            ),
        }

    def get_yield_op(self) -> Any:
        """Return the records of a run: string[batch_size], or a list of lists of scalars."""
        records = ops.record_input_op(batch_size=self._batch_size, name=self._name, **self._options)
        if self._batches is None:
            return records
        with name_scope(self._name):
            each = [reshape(part, []) for part in split(records, self._batch_size, 0)]
            return [each[number :: self._batches] for number in range(self._batches)]
