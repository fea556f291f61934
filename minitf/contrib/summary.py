"""`tf.contrib.summary`: summaries that a graph writes itself, as often as it is told.

    with tf.contrib.summary.create_file_writer(logdir).as_default():
        with tf.contrib.summary.record_summaries_every_n_global_steps(100):
            tf.contrib.summary.scalar("loss", loss)
    tf.contrib.summary.initialize(graph=tf.get_default_graph())
    sess.run([train_op, tf.contrib.summary.all_summary_ops()])

Nothing is written unless a writer is the default one and recording is on.

State, per thread: the default writers and whether to record, innermost last.

Source: TensorFlow 1.15's tf.contrib.summary.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from minitf import ops, protos
from minitf.api.casting import cast
from minitf.api.comparison import equal
from minitf.api.constants import constant
from minitf.api.control import no_op
from minitf.api.framework import (
    add_to_collection,
    control_dependencies,
    convert_to_tensor,
    device,
    get_collection,
    get_default_graph,
    name_scope,
)
from minitf.api.math import floormod
from minitf.dtypes import float32, int64, uint8
from minitf.graph_keys import SUMMARY_WRITER_INITIALIZERS
from minitf.layers.utils import smart_cond
from minitf.operation import Operation
from minitf.session.session import get_default_session
from minitf.tensor import Tensor
from minitf.train.training_util import get_global_step, get_or_create_global_step

_SUMMARIES = "_SUMMARY_V2"


class _Defaults(threading.local):
    def __init__(self) -> None:
        self.writers: list[SummaryWriter] = []
        self.records: list[Any] = [False]


_defaults = _Defaults()

# --- writers -------------------------------------------------------------------------------------


class SummaryWriter:
    """A file that summaries go to; one without a folder takes none.

    Args:
        handle: the handle of the writer, or None.
        init_op: what creates the file, or None.
    """

    def __init__(self, handle: Tensor | None, init_op: Operation | None) -> None:
        self.handle = handle
        self._init_op = init_op

    def set_as_default(self) -> None:
        """Make it the writer of what follows in this thread."""
        _defaults.writers.append(self)

    @contextmanager
    def as_default(self) -> Iterator[SummaryWriter]:
        """Make it the writer within a `with`; what was written is handed over behind it."""
        _defaults.writers.append(self)
        try:
            yield self
            self.flush()
        finally:
            _defaults.writers.remove(self)

    def init(self) -> Operation:
        """Return the operation that creates the file."""
        return no_op() if self._init_op is None else self._init_op

    def flush(self) -> Operation:
        """Return an operation that hands over what was written."""
        return no_op() if self.handle is None else ops.flush_summary_writer_op(self.handle)

    def close(self) -> Operation:
        """Return an operation that ends the file."""
        return no_op() if self.handle is None else ops.close_summary_writer_op(self.handle)


def create_file_writer(
    logdir: Any,
    max_queue: Any = None,
    flush_millis: Any = None,
    filename_suffix: Any = None,
    name: str | None = None,
) -> SummaryWriter:
    """Return a writer whose file lies in a folder.

    Args:
        logdir: the folder; None for a writer that writes nothing.
        max_queue: how many events may wait; 10 if None.
        flush_millis: how long they may; two minutes if None.
        filename_suffix: the end of the file's name; ".v2" if None.
        name: by which graphs share the writer; made of the folder if None.
    """
    if logdir is None:
        return SummaryWriter(None, None)
    shared = f"logdir:{logdir}" if name is None else name
    with device("cpu:0"):
        resource = ops.summary_writer_op(shared_name=shared)
        made = ops.create_summary_file_writer_op(
            resource,
            logdir,
            10 if max_queue is None else max_queue,
            2 * 60 * 1000 if flush_millis is None else flush_millis,
            ".v2" if filename_suffix is None else filename_suffix,
        )
    add_to_collection(SUMMARY_WRITER_INITIALIZERS, made)
    return SummaryWriter(resource, made)


def summary_writer_initializer_op() -> list[Operation]:
    """Return the operations that create the files of the graph's writers."""
    return get_collection(SUMMARY_WRITER_INITIALIZERS)


def initialize(graph: Any = None, session: Any = None) -> None:
    """Create the files of the graph's writers, and write a graph to the default one's.

    Args:
        graph: the graph to write, or None.
        session: that runs it; the default one if None.

    Raises:
        ValueError: if there is no session.
    """
    if not _defaults.writers:
        return
    session = get_default_session() if session is None else session
    if session is None:
        raise ValueError("Argument session must be passed if no default session exists")
    session.run(summary_writer_initializer_op())
    if graph is not None:
        text = graph.as_graph_def(add_shapes=True).SerializeToString()
        with session.graph.as_default():
            step = np.int64(0)
            session.run(ops.write_graph_summary_op(_writer(), step, constant(text)))


def _writer() -> Any:
    return _defaults.writers[-1].handle if _defaults.writers else None


# --- when to record ------------------------------------------------------------------------------


@contextmanager
def _recording(wanted: Any) -> Iterator[None]:
    _defaults.records.append(wanted)
    try:
        yield
    finally:
        _defaults.records.pop()


def always_record_summaries() -> Any:
    """Record every summary within a `with`."""
    return _recording(True)


def never_record_summaries() -> Any:
    """Record no summary within a `with`."""
    return _recording(False)


def record_summaries_every_n_global_steps(n: int, global_step: Any = None) -> Any:
    """Record the summaries within a `with` whenever the global step is a multiple of `n`."""
    step = get_or_create_global_step() if global_step is None else global_step
    with device("cpu:0"):
        due = equal(floormod(step, convert_to_tensor(n, int64)), np.int64(0))
    return _recording(due)


def should_record_summaries() -> Any:
    """Return whether to record: True, False, or a tensor."""
    return _defaults.records[-1]


# --- summaries -----------------------------------------------------------------------------------


def all_summary_ops() -> list[Any]:
    """Return all operations of the graph that write summaries."""
    return get_collection(_SUMMARIES)


def _recorded(
    name: str, values: list[Any], write: Callable[[str, str], Operation], family: str | None
) -> Any:
    """Add the operation that writes a summary if recording is on; True where it has."""
    if _writer() is None:
        return no_op()

    graph = get_default_graph()
    outside = graph.get_name_scope()

    def record() -> Tensor:
        inner = name if family is None else f"{family}/{name}"
        # the tag tells nothing of the condition
        with (
            graph.name_scope(f"{outside}/" if outside else ""),
            name_scope(inner, values=values) as scope,
        ):
            tag = scope.rstrip("/") if family is None else f"{family}/{scope.rstrip('/')}"
            with control_dependencies([write(tag, scope)]):
                return constant(True)

    with device("cpu:0"):
        made = smart_cond(should_record_summaries(), record, lambda: constant(False))
    add_to_collection(_SUMMARIES, made)
    return made


def _step(step: Any) -> Tensor:
    found = get_global_step() if step is None else step
    return cast(get_or_create_global_step() if found is None else found, int64)


def scalar(name: str, tensor: Any, family: str | None = None, step: Any = None) -> Any:
    """Write a number.

    Args:
        name: of the scope, from which the tag is made.
        tensor: a real scalar.
        family: goes before the tag, to group it.
        step: the step that it belongs to; the global one if None.
    """
    return _recorded(
        name,
        [tensor],
        lambda tag, scope: ops.write_scalar_summary_op(
            _writer(), _step(step), tag, convert_to_tensor(tensor), name=scope
        ),
        family,
    )


def histogram(name: str, tensor: Any, family: str | None = None, step: Any = None) -> Any:
    """Write how many values lie in each of many buckets; arguments as of `scalar`."""
    return _recorded(
        name,
        [tensor],
        lambda tag, scope: ops.write_histogram_summary_op(
            _writer(), _step(step), tag, tensor, name=scope
        ),
        family,
    )


def generic(
    name: str, tensor: Any, metadata: Any = None, family: str | None = None, step: Any = None
) -> Any:
    """Write a tensor for a plugin of TensorBoard.

    Args:
        name: of the scope, from which the tag is made.
        tensor: any tensor.
        metadata: a SummaryMetadata that names the plugin, or None.
        family: goes before the tag, to group it.
        step: the step that it belongs to; the global one if None.
    """
    text = (protos.SummaryMetadata() if metadata is None else metadata).SerializeToString()
    return _recorded(
        name,
        [tensor],
        lambda tag, scope: ops.write_summary_op(
            _writer(), _step(step), tensor, tag, constant(text), name=scope
        ),
        family,
    )


def image(
    name: str,
    tensor: Any,
    bad_color: Any = None,
    max_images: int = 3,
    family: str | None = None,
    step: Any = None,
) -> Any:
    """Write images.

    Args:
        name: of the scope, from which the tag is made.
        tensor: images [N, H, W, 1, 3 or 4].
        bad_color: colour of pixels that are not finite; red if None.
        max_images: how many to write, at most.
        family: goes before the tag, to group it.
        step: the step that it belongs to; the global one if None.
    """
    colour = constant([255, 0, 0, 255], uint8) if bad_color is None else bad_color
    return _recorded(
        name,
        [tensor],
        lambda tag, scope: ops.write_image_summary_op(
            _writer(), _step(step), tag, tensor, colour, max_images=max_images, name=scope
        ),
        family,
    )


def audio(
    name: str,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int,
    family: str | None = None,
    step: Any = None,
) -> Any:
    """Write sounds.

    Args:
        name: of the scope, from which the tag is made.
        tensor: sounds [N, frames] or [N, frames, channels].
        sample_rate: samples per second.
        max_outputs: how many to write, at most.
        family: goes before the tag, to group it.
        step: the step that it belongs to; the global one if None.
    """
    return _recorded(
        name,
        [tensor],
        lambda tag, scope: ops.write_audio_summary_op(
            _writer(),
            _step(step),
            tag,
            tensor,
            convert_to_tensor(sample_rate, float32),
            max_outputs=max_outputs,
            name=scope,
        ),
        family,
    )


def graph(param: Any, step: Any = None, name: str | None = None) -> Any:
    """Write a graph: a string tensor, or a GraphDef."""
    if _writer() is None:
        return no_op()
    text = param if isinstance(param, Tensor) else constant(param.SerializeToString())
    return ops.write_graph_summary_op(_writer(), _step(step), text, name=name)


def import_event(tensor: Any, name: str | None = None) -> Any:
    """Write a serialized Event as it is."""
    if _writer() is None:
        return no_op()
    return ops.import_event_op(_writer(), tensor, name=name)


def flush(writer: Any = None, name: str | None = None) -> Any:
    """Return an operation that hands over what was written to a writer, the default one if None."""
    resource = _writer() if writer is None else getattr(writer, "handle", writer)
    return no_op() if resource is None else ops.flush_summary_writer_op(resource, name=name)
