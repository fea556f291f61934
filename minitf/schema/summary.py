"""Summaries, and the events that carry them to TensorBoard.

Source: TensorFlow 1.15, `summary.proto`, `event.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Enum,
    Message,
    OneOf,
    bytes_,
    double,
    float_,
    int32,
    int64,
    message_named,
    repeated,
    string,
)
from minitf.schema.tensor import TensorProto


class SummaryDescription(Message):
    """What kind of data a summary op makes."""

    type_hint = string(1)


class HistogramProto(Message):
    """Counts per bucket, with the moments of all values; bucket i ends at `bucket_limit[i]`."""

    min = double(1)
    max = double(2)
    num = double(3)
    sum = double(4)
    sum_squares = double(5)
    bucket_limit = repeated(double(6))
    bucket = repeated(double(7))


class SummaryMetadata(Message):
    """How a value is to be shown."""

    class PluginData(Message):
        """The plugin that shows it, and what it wants to know."""

        plugin_name = string(1)
        content = bytes_(2)

    plugin_data = PluginData(1)
    display_name = string(2)
    summary_description = string(3)


class Summary(Message):
    """Values with tags, made by one run of summary ops."""

    class Image(Message):
        """An encoded image; colorspace is its number of channels."""

        height = int32(1)
        width = int32(2)
        colorspace = int32(3)
        encoded_image_string = bytes_(4)

    class Audio(Message):
        """An encoded clip; `sample_rate` in Hz."""

        sample_rate = float_(1)
        num_channels = int64(2)
        length_frames = int64(3)
        encoded_audio_string = bytes_(4)
        content_type = string(5)

    class Value(Message):
        """One value."""

        node_name = string(7)
        tag = string(1)
        metadata = SummaryMetadata(9)
        value = OneOf(
            simple_value=float_(2),
            obsolete_old_style_histogram=bytes_(3),
            image=message_named("tensorflow.Summary.Image", 4),
            histo=HistogramProto(5),
            audio=message_named("tensorflow.Summary.Audio", 6),
            tensor=TensorProto(8),
        )

    value = repeated(Value(1))


class LogMessage(Message):
    """One line of a log."""

    class Level(Enum):
        """Severity."""

        UNKNOWN = 0
        DEBUGGING = 10
        INFO = 20
        WARN = 30
        ERROR = 40
        FATAL = 50

    level = Level(1)
    message = string(2)


class SessionLog(Message):
    """A session started, stopped or wrote a checkpoint."""

    class SessionStatus(Enum):
        """Which of them."""

        STATUS_UNSPECIFIED = 0
        START = 1
        STOP = 2
        CHECKPOINT = 3

    status = SessionStatus(1)
    checkpoint_path = string(2)
    msg = string(3)


class TaggedRunMetadata(Message):
    """A serialized RunMetadata under a tag."""

    tag = string(1)
    run_metadata = bytes_(2)


class Event(Message):
    """One record of an event file; `wall_time` in seconds since 1970."""

    wall_time = double(1)
    step = int64(2)
    what = OneOf(
        file_version=string(3),
        graph_def=bytes_(4),
        summary=Summary(5),
        log_message=LogMessage(6),
        session_log=SessionLog(7),
        tagged_run_metadata=TaggedRunMetadata(8),
        meta_graph_def=bytes_(9),
    )
