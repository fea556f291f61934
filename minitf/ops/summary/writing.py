"""Operations that write summaries to a file themselves: no program has to fetch them.

    writer = SummaryWriter();  CreateSummaryFileWriter(writer, logdir, ...)
    WriteScalarSummary(writer, step, "loss", loss);  FlushSummaryWriter(writer)

Source: 2015 §9.1; TensorFlow's ops of these names, which tf.contrib.summary makes.
"""

import time
from typing import Any

import numpy as np

from minitf import protos
from minitf.dtypes import ANY, REAL_NUMBERS, float32, types
from minitf.errors import DataLossError, UnimplementedError, invalid
from minitf.op_def import OpDef, at_least, op
from minitf.ops.queue.sharing import behind, find_handle
from minitf.ops.summary.media import audio_summary_v2_op, image_summary_op
from minitf.ops.summary.numbers import histogram_summary_op, scalar_summary_op
from minitf.ops.summary.tensors import tensor_summary_v2_op
from minitf.ops.summary.writer import Writer
from minitf.resources import Context
from minitf.shapes import SCALAR
from minitf.symbols import Resource, T, int32, int64, string, uint8
from minitf.symbols import float32 as float32_

Array = np.ndarray[Any, Any]


def _add(writer: Any, step: Array, summary: Array) -> None:
    """Add an event of a serialized Summary."""
    behind(writer, Writer).add(
        protos.Event(
            wall_time=time.time(),
            step=int(step),
            summary=protos.Summary.FromString(summary.item()),
        )
    )


def _read(kind: Any, text: Array, what: str) -> Any:
    from google.protobuf.message import DecodeError

    try:
        return kind.FromString(text.item())
    except DecodeError:
        raise DataLossError(None, None, f"Bad tf.{what} binary proto tensor string") from None


def _text(value: Array) -> str:
    found: str = value.item().decode("utf-8", "replace")
    return found


# --- SummaryWriter, CreateSummaryFileWriter, CreateSummaryDbWriter -------------------------------


@op("SummaryWriter", "stateful", outputs=("writer",))
def summary_writer_op(*, shared_name: str = "", container: str = "", context: Context) -> Resource:
    """Give the handle of a writer, which has no file yet.

    Args:
        shared_name: its name, by which graphs share it.
        container: where it is kept.

    Returns:
        The handle, a scalar.

    Source: TensorFlow's op of the same name.
    """
    return find_handle(context, container, shared_name, Writer, Writer)


summary_writer_op.shape(lambda **_: SCALAR)


@op("CreateSummaryFileWriter", "stateful")
def create_summary_file_writer_op(
    writer: Resource, logdir: string, max_queue: int32, flush_millis: int32, filename_suffix: string
) -> None:
    """Begin a writer's file, unless it has one.

    Args:
        writer: the handle.
        logdir: string scalar, the folder; it is made if need be.
        max_queue: scalar, how many events may wait.
        flush_millis: scalar, how long they may.
        filename_suffix: string scalar, the end of the file's name.

    Raises:
        PermissionDeniedError: if the folder cannot be written to, and so on.

    Source: TensorFlow's op of the same name.
    """
    behind(writer, Writer).create(
        _text(logdir), int(max_queue), int(flush_millis), _text(filename_suffix)
    )


@op("CreateSummaryDbWriter", "stateful")
def create_summary_db_writer_op(
    writer: Resource, db_uri: string, experiment_name: string, run_name: string, user_name: string
) -> None:
    """Refuse to write to a database.

    Args:
        writer: the handle.
        db_uri: string scalar, where the database is.
        experiment_name: string scalar.
        run_name: string scalar.
        user_name: string scalar.

    Raises:
        UnimplementedError: always.

    Source: TensorFlow's op of the same name.
    """
    raise UnimplementedError(
        None,
        None,
        "Summaries are not written to databases\n  hint: CreateSummaryFileWriter writes a file",
    )


# --- writing -------------------------------------------------------------------------------------


@op("WriteScalarSummary", "stateful", T=REAL_NUMBERS)
def write_scalar_summary_op(writer: Resource, step: int64, tag: string, value: T) -> None:
    """Write a number.

    Args:
        writer: the handle.
        step: scalar.
        tag: string scalar.
        value: T[].

    Source: TensorFlow's op of the same name.
    """
    _add(writer, step, scalar_summary_op.body(tag, value))


@op("WriteHistogramSummary", "stateful", T=(REAL_NUMBERS | types("bool")).default(float32))
def write_histogram_summary_op(writer: Resource, step: int64, tag: string, values: T) -> None:
    """Write how many values lie in each of many buckets.

    Args:
        writer: the handle.
        step: scalar.
        tag: string scalar.
        values: T[...].

    Raises:
        InvalidArgumentError: if a value is not finite.

    Source: TensorFlow's op of the same name.
    """
    _add(writer, step, histogram_summary_op.body(tag, values))


@op(
    "WriteImageSummary",
    "stateful",
    T=types("uint8", "float16", "float32", "float64").default(float32),
    max_images=at_least(1),
)
def write_image_summary_op(
    writer: Resource, step: int64, tag: string, tensor: T, bad_color: uint8, *, max_images: int = 3
) -> None:
    """Write images.

    Args:
        writer: the handle.
        step: scalar.
        tag: string scalar.
        tensor: T[N, H, W, 1, 3 or 4].
        bad_color: uint8[C or more], the colour of pixels that are not finite.
        max_images: how many to write, at most.

    Raises:
        InvalidArgumentError: as ImageSummary.

    Source: TensorFlow's op of the same name.
    """
    made = image_summary_op.body(tag, tensor, max_images=max_images, bad_color=bad_color)
    _add(writer, step, made)


@op("WriteAudioSummary", "stateful", max_outputs=at_least(1))
def write_audio_summary_op(
    writer: Resource,
    step: int64,
    tag: string,
    tensor: float32_,
    sample_rate: float32_,
    *,
    max_outputs: int = 3,
) -> None:
    """Write sounds.

    Args:
        writer: the handle.
        step: scalar.
        tag: string scalar.
        tensor: float32[N, frames] or [N, frames, channels].
        sample_rate: scalar.
        max_outputs: how many to write, at most.

    Raises:
        InvalidArgumentError: as AudioSummaryV2.

    Source: TensorFlow's op of the same name.
    """
    made = audio_summary_v2_op.body(tag, tensor, sample_rate, max_outputs=max_outputs)
    _add(writer, step, made)


@op("WriteSummary", "stateful", T=ANY)
def write_summary_op(
    writer: Resource, step: int64, tensor: T, tag: string, summary_metadata: string
) -> None:
    """Write a tensor for a plugin of TensorBoard.

    Args:
        writer: the handle.
        step: scalar.
        tensor: T[...].
        tag: string scalar.
        summary_metadata: string scalar, a SummaryMetadata that names the plugin.

    Source: TensorFlow's op of the same name.
    """
    _add(writer, step, tensor_summary_v2_op.body(tag, tensor, summary_metadata))


@op("WriteRawProtoSummary", "stateful")
def write_raw_proto_summary_op(writer: Resource, step: int64, tensor: string) -> None:
    """Write a Summary message.

    Args:
        writer: the handle.
        step: scalar.
        tensor: string scalar, the message.

    Raises:
        DataLossError: if it is none.

    Source: TensorFlow's op of the same name.
    """
    if tensor.ndim:
        raise invalid(f"tensor must be a scalar, got shape {list(tensor.shape)}")
    _read(protos.Summary, tensor, "compat.v1.Summary")
    _add(writer, step, tensor)


@op("WriteGraphSummary", "stateful")
def write_graph_summary_op(writer: Resource, step: int64, tensor: string) -> None:
    """Write a GraphDef.

    Args:
        writer: the handle.
        step: scalar.
        tensor: string scalar, the message.

    Raises:
        DataLossError: if it is none.

    Source: TensorFlow's op of the same name.
    """
    _read(protos.GraphDef, tensor, "GraphDef")
    event = protos.Event(wall_time=time.time(), step=int(step), graph_def=tensor.item())
    behind(writer, Writer).add(event)


@op("ImportEvent", "stateful")
def import_event_op(writer: Resource, event: string) -> None:
    """Write an Event message as it is.

    Args:
        writer: the handle.
        event: string scalar, the message.

    Raises:
        DataLossError: if it is none.

    Source: TensorFlow's op of the same name.
    """
    behind(writer, Writer).add(_read(protos.Event, event, "Event"))


# --- FlushSummaryWriter, CloseSummaryWriter ------------------------------------------------------


@op("FlushSummaryWriter", "stateful")
def flush_summary_writer_op(writer: Resource) -> None:
    """Hand what was written to the system.

    Args:
        writer: the handle.

    Raises:
        NotFoundError: if the writer has no file.

    Source: TensorFlow's op of the same name.
    """
    behind(writer, Writer).flush()


@op("CloseSummaryWriter", "stateful")
def close_summary_writer_op(writer: Resource) -> None:
    """End a writer's file.

    Args:
        writer: the handle.

    Raises:
        NotFoundError: if the writer has no file.

    Source: TensorFlow's op of the same name.
    """
    behind(writer, Writer).close()


for _op in [each for each in list(globals().values()) if isinstance(each, OpDef)]:
    if _op.__module__ == __name__:
        _op.no_gradient("it writes to a file", refuse=True)
