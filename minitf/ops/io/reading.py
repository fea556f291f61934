"""What is done with a reader's handle: read, count, reset, write its state and take it back.

Reading is asynchronous: where the queue has no name yet, no thread waits for one.

Source: 2015 §4.5 "Input Operations", §5.3; TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.io.reader import ElementSource, Reader
from minitf.io.work_units import Record
from minitf.op_def import op
from minitf.ops.handles import ref_twin
from minitf.ops.strings.arrays import strings
from minitf.resources import Handle
from minitf.shapes import SCALAR, UNKNOWN, Shape
from minitf.symbols import Resource, int64, string

Array = np.ndarray[Any, Any]


def _reader_of(handle: Handle) -> Reader:
    if not isinstance(handle.resource, Reader):
        raise invalid(f"Trying to access resource of the wrong type: {handle} is no reader")
    return handle.resource


def _source_of(handle: Handle) -> ElementSource:
    if not hasattr(handle.resource, "dequeue_one"):
        raise invalid(f"Trying to access resource of the wrong type: {handle} is no queue")
    source: ElementSource = handle.resource
    return source


def _read(reader_handle: Handle, queue_handle: Handle, most: int, give: Any) -> Any:
    """Return a Future: the executor waits for it without a thread."""
    return _reader_of(reader_handle).read(_source_of(queue_handle), most, give)


# --- ReaderReadV2, ReaderReadUpToV2 --------------------------------------------------------------


@op("ReaderReadV2", "stateful", "asynchronous", outputs=("key", "value"))
def reader_read_v2_op(reader_handle: Resource, queue_handle: Resource) -> tuple[string, string]:
    """Read one record, from the next file of the queue where the last one has come to its end.

    Args:
        reader_handle: the reader.
        queue_handle: a queue of strings: the names of the files.

    Returns:
        key: string scalar; value: string scalar, the record.

    Raises:
        OutOfRangeError: if the queue is closed and empty.
        DataLossError: if the file is damaged here.
        NotFoundError: if there is no such file.

    Source: 2015 §4.5.
    """
    return _read(reader_handle, queue_handle, 1, _as_scalars)


def _as_scalars(records: list[Record]) -> tuple[Array, Array]:
    ((key, value),) = records
    return np.array(key, object), np.array(value, object)


@reader_read_v2_op.shape
def reader_read_v2_shape(reader_handle: Shape, queue_handle: Shape) -> list[Shape]:
    return [SCALAR, SCALAR]


@op("ReaderReadUpToV2", "stateful", "asynchronous", outputs=("keys", "values"))
def reader_read_up_to_v2_op(
    reader_handle: Resource, queue_handle: Resource, num_records: int64[()]
) -> tuple[string, string]:
    """Read up to that many records, at least one: fewer where a file ends.

    Args:
        reader_handle: the reader.
        queue_handle: a queue of strings: the names of the files.
        num_records: how many at most.

    Returns:
        keys: string[n]; values: string[n], the records.

    Raises:
        InvalidArgumentError: if the number is not positive.
        OutOfRangeError, DataLossError, NotFoundError: as ReaderReadV2.

    Source: 2015 §4.5.
    """
    return _read(reader_handle, queue_handle, int(num_records), _as_vectors)


def _as_vectors(records: list[Record]) -> tuple[Array, Array]:
    keys, values = zip(*records, strict=True)
    return strings(keys, (len(keys),)), strings(values, (len(values),))


@reader_read_up_to_v2_op.shape
def reader_read_up_to_v2_shape(
    reader_handle: Shape, queue_handle: Shape, num_records: Shape
) -> list[Shape]:
    return [Shape([UNKNOWN]), Shape([UNKNOWN])]


# --- ReaderNumRecordsProducedV2, ReaderNumWorkUnitsCompletedV2 ------------------------------------


@op("ReaderNumRecordsProducedV2", "stateful", outputs=("records_produced",))
def reader_num_records_produced_v2_op(reader_handle: Resource) -> int64:
    """Count the records that a reader has given.

    Args:
        reader_handle: the reader.

    Returns:
        int64 scalar.

    Source: 2015 §4.5.
    """
    return np.array(_reader_of(reader_handle).records_produced, np.int64)


@op("ReaderNumWorkUnitsCompletedV2", "stateful", outputs=("units_completed",))
def reader_num_work_units_completed_v2_op(reader_handle: Resource) -> int64:
    """Count the files that a reader has read to their end.

    Args:
        reader_handle: the reader.

    Returns:
        int64 scalar.

    Source: 2015 §4.5.
    """
    return np.array(_reader_of(reader_handle).units_finished, np.int64)


# --- ReaderSerializeStateV2, ReaderRestoreStateV2, ReaderResetV2 ----------------------------------


@op("ReaderSerializeStateV2", "stateful", outputs=("state",))
def reader_serialize_state_v2_op(reader_handle: Resource) -> string:
    """Write a reader's state: that of readers whose files are one record each.

    Args:
        reader_handle: the reader.

    Returns:
        string scalar.

    Raises:
        UnimplementedError: if the reader is of another kind.

    Source: 2015 §4.5.
    """
    return np.array(_reader_of(reader_handle).state(), object)


@reader_num_records_produced_v2_op.shape
@reader_num_work_units_completed_v2_op.shape
@reader_serialize_state_v2_op.shape
def reader_count_shape(reader_handle: Shape) -> Shape:
    return SCALAR


@op("ReaderRestoreStateV2", "stateful")
def reader_restore_state_v2_op(reader_handle: Resource, state: string[()]) -> None:
    """Take back a reader's state.

    Args:
        reader_handle: the reader.
        state: what ReaderSerializeStateV2 wrote.

    Raises:
        InvalidArgumentError: if it is no such state.
        UnimplementedError: if the reader is of another kind.

    Source: 2015 §4.5.
    """
    _reader_of(reader_handle).restore(state.item())


@op("ReaderResetV2", "stateful")
def reader_reset_v2_op(reader_handle: Resource) -> None:
    """Let a reader begin anew: forget the file that it reads and all counts.

    Args:
        reader_handle: the reader.

    Source: 2015 §4.5.
    """
    _reader_of(reader_handle).reset()


for _op in (
    reader_read_v2_op,
    reader_read_up_to_v2_op,
    reader_num_records_produced_v2_op,
    reader_num_work_units_completed_v2_op,
    reader_serialize_state_v2_op,
    reader_restore_state_v2_op,
    reader_reset_v2_op,
):
    _op.no_gradient("what is read is no function of a handle")

# --- the same with refs of strings for handles ---------------------------------------------------

reader_read_op = ref_twin("ReaderRead", reader_read_v2_op)
reader_read_up_to_op = ref_twin("ReaderReadUpTo", reader_read_up_to_v2_op)
reader_num_records_produced_op = ref_twin(
    "ReaderNumRecordsProduced", reader_num_records_produced_v2_op
)
reader_num_work_units_completed_op = ref_twin(
    "ReaderNumWorkUnitsCompleted", reader_num_work_units_completed_v2_op
)
reader_serialize_state_op = ref_twin("ReaderSerializeState", reader_serialize_state_v2_op)
reader_restore_state_op = ref_twin("ReaderRestoreState", reader_restore_state_v2_op)
reader_reset_op = ref_twin("ReaderReset", reader_reset_v2_op)
