"""Why a step waits at a queue, or found it closed: what the session and the queue runners know.

    UserWarning: queue 'batch/fifo_queue' is empty and no queue runner was started: call
        tf.train.start_queue_runners(sess)
      this step has waited for 5 s in op 'batch' (QueueDequeueManyV2), created at train.py:12: ...

A step is told to starve when it has done nothing but wait for a while, and so has every other step
of its session.  It is a warning only: another thread may be about to run what it waits for.

Source: no paper; TensorFlow's users sat before programs that hung, or got an OutOfRangeError that
hid the error of the thread that should have filled the queue.
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from minitf import source
from minitf.errors import CancelledError, OpError, OutOfRangeError
from minitf.executor.watch import Watch
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation

if TYPE_CHECKING:
    from minitf.executor.runs import Abortable
    from minitf.session.session import BaseSession

_ENDS = (OutOfRangeError, CancelledError)  # a runner's end by these is no failure of its own


def watch_for(session: BaseSession, patience_s: float) -> Watch:
    """Return the Watch that warns of starving steps of a session."""
    weak = weakref.ref(session)  # the session holds its steps, and these hold the watch

    def stalled(run: Abortable) -> bool:
        found = weak()
        return found is None or _warn_if_starving(found, run, patience_s)

    return Watch(patience_s, stalled)


def _warn_if_starving(session: BaseSession, run: Abortable, patience_s: float) -> bool:
    """Warn if nothing in the session can end the waiting; tell whether there was a warning."""
    if not all(other is run or other.is_blocked() for other in session.runs):
        return False
    for node, future in run.waits():
        reason = getattr(future, "reason", None)
        operation = node.operation and (node.operation.origin or node.operation)
        why = None if operation is None else _why(session, operation)
        if reason is None or operation is None or why is None:
            continue
        warnings.warn(
            f"{reason}{why}\n  this step has waited for {patience_s:g} s in op '{operation.name}' "
            f"({operation.type}), created at {source.describe(operation.site)}",
            stacklevel=2,
        )
        return True
    return False


def _why(session: BaseSession, operation: Operation) -> str | None:
    """Say why nothing comes, after "queue 'q' is empty"; None if that is no fault.

    Other sessions may bring it; and a queue runner that waits while its queue is full does its
    work, however long the program takes for what it has got.
    """
    runners = list(_runners(session.graph))
    if any(operation is getattr(each, "op", each) for own in runners for each in own.enqueue_ops):
        return None
    runner = next(_runners_of(session.graph, operation), None)
    if runner is not None and not runner.was_started(session):
        return " and no queue runner was started: call tf.train.start_queue_runners(sess)"
    if runner is not None and not runner.is_running(session):
        ends = [f"{type(end).__name__}: {end}" for end in runner.failures(session)]
        return f" and its queue runner has ended{': ' if ends else ''}{'; '.join(ends)}"
    if session.shares_state:
        return None
    return (
        ", and no other step of this session is running that could change that: unless another "
        "thread starts one, this step waits for ever"
    )


def with_cause(error: OpError, session: BaseSession) -> OpError:
    """Give an OutOfRangeError of a queue the failure of the thread that should have filled it.

    It becomes the `__cause__`, so that Python shows both.  The end of an input has no cause.
    """
    operation = error.op
    if isinstance(error, OutOfRangeError) and operation is not None and _queue(operation):
        graph = session.graph
        own = list(_runners_of(graph, operation))
        others = [runner for runner in _runners(graph) if runner not in own]
        for runner in own + others:  # where one fails, a Coordinator stops them all
            for end in runner.failures(session):
                failure = _root(end)
                if not isinstance(failure, _ENDS):
                    error.__cause__ = failure
                    return error
    return error


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _runners(graph: Graph) -> Iterator[Any]:
    for runner in graph.get_collection(GraphKeys.QUEUE_RUNNERS):
        if hasattr(runner, "was_started"):
            yield runner


def _runners_of(graph: Graph, operation: Operation) -> Iterator[Any]:
    """Yield the runners of the queue that an operation takes from."""
    queue = _queue(operation)
    for runner in _runners(graph):
        handle = getattr(runner.queue, "queue_ref", runner.queue)
        if queue is not None and getattr(handle, "op", handle) is queue:
            yield runner


def _queue(operation: Operation) -> Operation | None:
    """Return the operation that makes the queue whose handle an operation takes."""
    for tensor in operation.inputs:
        maker = tensor.op
        if maker.type == "FakeQueue":
            maker = maker.inputs[0].op
        if maker.type.removesuffix("V2").endswith("Queue"):
            return maker
    return None
