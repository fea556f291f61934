"""What a reader's state is written as.

Source: TensorFlow 1.15, `reader_base.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import Message, bytes_, int64


class ReaderBaseState(Message):
    """How far a reader has come."""

    work_started = int64(1)
    work_finished = int64(2)
    num_records_produced = int64(3)
    current_work = bytes_(4)
