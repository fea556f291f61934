"""Queue runners: threads that keep a queue filled.

    queue = tf.FIFOQueue(100, tf.float32, [])
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(x)] * 4))
    with tf.Session() as sess:
        threads = tf.train.start_queue_runners(sess, coord)     # four threads

**State** of a QueueRunner: its operations; per session how many of its threads run, and what they
failed with.

**Invariants**
1. A session has the threads of a runner once: starting it again while they run starts none.
2. When the last thread ends because its own input has ended, the queue is closed, so that whoever
   takes from it gets the rest and then the end.
3. Without a Coordinator a failure closes the queue too, and is what the OutOfRangeError of the
   readers names as its cause.  (TensorFlow leaves the readers waiting.)
4. Threads of a session that has been closed end in silence.

Source: 2015 §4.6; TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from minitf import tensor
from minitf.api.framework import add_to_collection, get_collection, get_default_graph
from minitf.collection_def import prepend_name_scope, register_proto_function, strip_name_scope
from minitf.errors import (
    OpError,
    OutOfRangeError,
    error_code_from_exception_type,
    exception_type_from_error_code,
)
from minitf.graph_keys import GraphKeys
from minitf.train.coordinator import Coordinator

_Kinds = tuple[type[OpError], ...]


class QueueRunner:
    """Operations that fill a queue, each to be run in a thread again and again.

    Args:
        queue: the queue.
        enqueue_ops: operations that put elements into it; each gets a thread.
        close_op: closes it when its input has ended; by default the queue's `close`.
        cancel_op: closes it and cancels what waits; by default the queue's `close`.
        queue_closed_exception_types: kinds of error that mean the end of the input.
        queue_runner_def: a QueueRunnerDef to make it from instead; the graph holds its operations.
        import_scope: the name scope that the graph of `queue_runner_def` was imported into.

    Raises:
        ValueError: if there is no queue or no operation, or both ways are mixed.
        TypeError: if the kinds of error are not a tuple of them.

    Source: 2015 §4.6; TensorFlow 1.15.
    """

    def __init__(
        self,
        queue: Any = None,
        enqueue_ops: Any = None,
        close_op: Any = None,
        cancel_op: Any = None,
        queue_closed_exception_types: _Kinds | None = None,
        queue_runner_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        if queue_runner_def is not None:
            if queue or enqueue_ops:
                raise ValueError("queue_runner_def and queue are mutually exclusive.")
            self._restore(queue_runner_def, import_scope)
        else:
            if not queue or not enqueue_ops:
                raise ValueError("Must provide queue and enqueue_ops.")
            self._kinds = _checked(queue_closed_exception_types)
            self._queue = queue
            self._enqueue_ops = enqueue_ops
            self._close_op = close_op or queue.close()
            self._cancel_op = cancel_op or queue.close(cancel_pending_enqueues=True)
        self._lock = threading.Lock()
        self._running: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        self._failed: WeakKeyDictionary[Any, list[Exception]] = WeakKeyDictionary()
        self._exceptions_raised: list[Exception] = []

    def _restore(self, message: Any, import_scope: str | None) -> None:
        graph = get_default_graph()

        def element(name: str) -> Any:
            return graph.as_graph_element(prepend_name_scope(name, import_scope))

        self._queue = element(message.queue_name)
        self._enqueue_ops = list(map(element, message.enqueue_op_name))
        self._close_op = element(message.close_op_name)
        self._cancel_op = element(message.cancel_op_name)
        codes = message.queue_closed_exception_types
        self._kinds = tuple(map(exception_type_from_error_code, codes)) or (OutOfRangeError,)

    # --- what it is -------------------------------------------------------------------------------

    @property
    def queue(self) -> Any:
        """The queue; of a runner that was read from a file, the queue's operation or tensor."""
        return self._queue

    @property
    def enqueue_ops(self) -> Any:
        """The operations that put elements into it."""
        return self._enqueue_ops

    @property
    def close_op(self) -> Any:
        """The operation that closes it when its input has ended."""
        return self._close_op

    @property
    def cancel_op(self) -> Any:
        """The operation that closes it and cancels what waits."""
        return self._cancel_op

    @property
    def queue_closed_exception_types(self) -> _Kinds:
        """The kinds of error that mean the end of the input."""
        return self._kinds

    @property
    def exceptions_raised(self) -> list[Exception]:
        """What the threads failed with where no Coordinator was told."""
        return self._exceptions_raised

    @property
    def name(self) -> str:
        """The name of the queue."""
        name: str = self._queue.name
        return name

    def was_started(self, sess: Any) -> bool:
        """Tell whether its threads have been made for a session."""
        return sess in self._running

    def is_running(self, sess: Any) -> bool:
        """Tell whether some of its threads run in a session."""
        return self._running.get(sess, 0) > 0

    def failures(self, sess: Any) -> list[Exception]:
        """Return what its threads in a session ended with, the end of the input too."""
        return list(self._failed.get(sess, ()))

    # --- running ----------------------------------------------------------------------------------

    def create_threads(
        self,
        sess: Any,
        coord: Coordinator | None = None,
        daemon: bool = False,
        start: bool = False,
    ) -> list[threading.Thread]:
        """Make a thread for each operation, and with a Coordinator one that closes the queue.

        Args:
            sess: the session to run them in.
            coord: stops the threads and is told their errors.
            daemon: whether the program may end while they run.
            start: whether they begin at once.

        Returns:
            The threads; none if those of the session run already.
        """
        with self._lock:
            if self.is_running(sess):
                return []
            self._running[sess] = len(self._enqueue_ops)
            self._failed[sess] = []
            self._exceptions_raised = []
        prefix = f"QueueRunnerThread-{self.name}"
        threads = [
            threading.Thread(target=self._run, args=(sess, op, coord), name=f"{prefix}-{op.name}")
            for op in self._enqueue_ops
        ]
        if coord is not None:
            threads.append(
                threading.Thread(
                    target=self._close_on_stop, args=(sess, coord), name=f"{prefix}-close_on_stop"
                )
            )
        for thread in threads:
            if coord is not None:
                coord.register_thread(thread)
            if daemon:
                thread.daemon = True
            if start:
                thread.start()
        return threads

    def _run(self, sess: Any, enqueue_op: Any, coord: Coordinator | None) -> None:
        """Run an operation until its input ends, it fails or the Coordinator stops."""
        failure: Exception | None = None
        try:
            enqueue = self._callable(sess, enqueue_op)
            while coord is None or not coord.should_stop():
                enqueue()
        except Exception as error:  # noqa: BLE001 whatever it is, the Coordinator is told
            failure = error
        if failure is not None and getattr(sess, "is_closed", False):
            failure = None  # the end of everything
        is_end = isinstance(failure, self._kinds)
        with self._lock:
            self._running[sess] -= 1
            is_last = not self._running[sess]
            if failure is not None:
                self._failed[sess].append(failure)
        if failure is None:
            return
        if is_last and (is_end or coord is None):
            with contextlib.suppress(OpError, RuntimeError):  # it may be closed already
                sess.run(self._close_op)
        if is_end:
            return
        if coord is not None:
            coord.request_stop(failure)
            return
        logging.getLogger("tensorflow").error("Exception in QueueRunner: %s", failure)
        with self._lock:
            self._exceptions_raised.append(failure)

    def _callable(self, sess: Any, enqueue_op: Any) -> Callable[[], Any]:
        """Return what runs an operation once."""
        run: Callable[[], Any] = sess.make_callable(enqueue_op)
        return run

    def _close_on_stop(self, sess: Any, coord: Coordinator) -> None:
        """Close the queue when the Coordinator stops, so that nobody waits at it for ever."""
        coord.wait_for_stop()
        with contextlib.suppress(OpError, RuntimeError):  # it may be closed already
            sess.run(self._cancel_op)

    # --- QueueRunnerDef ---------------------------------------------------------------------------

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Return a QueueRunnerDef: the names of its operations, less `export_scope`.

        None if the queue is outside that scope.
        """
        from minitf.protos import QueueRunnerDef

        if export_scope is not None and not self.name.startswith(export_scope):
            return None
        return QueueRunnerDef(
            queue_name=strip_name_scope(self.name, export_scope),
            enqueue_op_name=[strip_name_scope(op.name, export_scope) for op in self._enqueue_ops],
            close_op_name=strip_name_scope(self._close_op.name, export_scope),
            cancel_op_name=strip_name_scope(self._cancel_op.name, export_scope),
            queue_closed_exception_types=map(error_code_from_exception_type, self._kinds),
        )

    @staticmethod
    def from_proto(queue_runner_def: Any, import_scope: str | None = None) -> QueueRunner:
        """Return the runner whose operations a QueueRunnerDef names."""
        return QueueRunner(queue_runner_def=queue_runner_def, import_scope=import_scope)


def _checked(kinds: Any) -> _Kinds:
    if kinds is None:
        return (OutOfRangeError,)
    if not isinstance(kinds, tuple) or not kinds or not all(issubclass(k, OpError) for k in kinds):
        raise TypeError(
            "queue_closed_exception_types, when provided, must be a tuple of tf.error types, but "
            f"saw: {kinds}"
        )
    return kinds


def add_queue_runner(qr: QueueRunner, collection: str = GraphKeys.QUEUE_RUNNERS) -> None:
    """Add a QueueRunner to a collection of the default graph, from which all are started."""
    add_to_collection(collection, qr)


def start_queue_runners(
    sess: Any = None,
    coord: Coordinator | None = None,
    daemon: bool = True,
    start: bool = True,
    collection: str = GraphKeys.QUEUE_RUNNERS,
) -> list[threading.Thread]:
    """Start the threads of all queue runners of the graph.

    Args:
        sess: the session to run them in; the default one if None.
        coord: stops the threads and is told their errors.
        daemon: whether the program may end while they run.
        start: whether they begin at once.
        collection: where the runners are.

    Returns:
        The threads.

    Raises:
        ValueError: if there is no session.
        TypeError: if it is no session.
    """
    sess = tensor.hooks.default_session() if sess is None else sess
    if sess is None:
        raise ValueError(
            "Cannot start queue runners: No default session is registered. Use `with "
            "sess.as_default()` or pass an explicit session to tf.start_queue_runners(sess=sess)"
        )
    if type(sess).__name__ in {"MonitoredSession", "SingularMonitoredSession"}:
        return []  # they have started them
    if not hasattr(sess, "make_callable"):
        raise TypeError(f"sess must be a `tf.Session` object. Given class: {type(sess)}")
    with sess.graph.as_default():
        runners = get_collection(collection)
        if not runners:
            logging.getLogger("tensorflow").warning(
                "`tf.train.start_queue_runners()` was called when no queue runners were defined. "
                "You can safely remove the call to this deprecated function."
            )
        return [
            thread
            for runner in runners
            for thread in runner.create_threads(sess, coord=coord, daemon=daemon, start=start)
        ]


register_proto_function(
    GraphKeys.QUEUE_RUNNERS, "QueueRunnerDef", QueueRunner.to_proto, QueueRunner.from_proto
)
