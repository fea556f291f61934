"""Batches of records in a random order, without end.

Source: TensorFlow's op of the same name.
"""

from typing import Any

import numpy as np

from minitf.errors import NotFoundError, OpError, invalid
from minitf.io.shuffled_records import shuffled_records
from minitf.op_def import op
from minitf.ops.io.files import matching
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import string


@op("RecordInput", "stateful", outputs=("records",))
def record_input_op(
    *,
    file_pattern: str,
    file_random_seed: int = 301,
    file_shuffle_shift_ratio: float = 0.0,
    file_buffer_size: int = 10000,
    file_parallelism: int = 16,
    batch_size: int = 32,
    compression_type: str = "",
    context: Context,
) -> string:
    """Read the next records of files, each once in an epoch, in a random order.

    Args:
        file_pattern: of the files' paths.
        file_random_seed: of the order.
        file_shuffle_shift_ratio: which part of the files is moved to the end in each epoch.
        file_buffer_size: how many records wait to be chosen.
        file_parallelism: accepted: records are read in the step that wants them.
        batch_size: how many records there are in a run.
        compression_type: "", "ZLIB" or "GZIP".

    Returns:
        string[batch_size].

    Raises:
        NotFoundError: if no file has such a path.
        InvalidArgumentError: if the files have no records.
        DataLossError: if a file is damaged.

    Source: TensorFlow's op of the same name.
    """
    with context.lock:
        key = context.node_name, "records"
        if key not in context.local:
            files = sorted(matching(file_pattern))
            if not files:
                raise NotFoundError(None, None, f"Found no files at {file_pattern}")
            context.local[key] = shuffled_records(
                files,
                file_random_seed,
                file_shuffle_shift_ratio,
                file_buffer_size,
                compression_type,
            )
        made = np.empty(batch_size, object)
        try:
            made[:] = [next(context.local[key]) for _ in range(batch_size)]
        except (OpError, ValueError) as error:
            del context.local[key]  # the next run begins anew
            raise invalid(str(error)) if isinstance(error, ValueError) else error from None
        return made


@record_input_op.shape
def record_input_shape(*, batch_size: int, **attrs: Any) -> Shape:
    """Return the shape of a batch."""
    return Shape((batch_size,))


record_input_op.no_gradient("records come from files")
