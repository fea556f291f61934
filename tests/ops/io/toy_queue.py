"""A queue of strings that tests fill and close, and an op that gives its handle."""

import threading
from collections import deque
from concurrent.futures import Future

import numpy as np

from minitf.errors import OutOfRangeError
from minitf.op_def import CATALOGUE, op
from minitf.resources import Context, Handle
from minitf.shapes import SCALAR
from minitf.symbols import Resource


class ToyQueue:
    """Elements and those who wait for one, in order; it is an ElementSource."""

    def __init__(self) -> None:
        self._elements: deque = deque()
        self._waiting: deque[Future] = deque()
        self._is_closed = False
        self._lock = threading.Condition()

    def put(self, *components) -> None:
        """Add an element: the first who waits and has not given up gets it."""
        with self._lock:
            while self._waiting:
                future = self._waiting.popleft()
                if future.set_running_or_notify_cancel():
                    future.set_result(list(components))
                    return
            self._elements.append(list(components))

    def put_names(self, *names: bytes) -> None:
        for name in names:
            self.put(np.array(name, object))

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            for future in self._waiting:
                if future.set_running_or_notify_cancel():
                    future.set_exception(self._end())
            self._waiting.clear()

    def dequeue_one(self) -> Future:
        future: Future = Future()
        with self._lock:
            if self._elements:
                future.set_result(self._elements.popleft())
            elif self._is_closed:
                future.set_exception(self._end())
            else:
                self._waiting.append(future)
                self._lock.notify_all()
        return future

    def wait_for_reader(self) -> None:
        """Return as soon as somebody waits for an element."""
        with self._lock:
            assert self._lock.wait_for(lambda: self._waiting, timeout=60)

    @property
    def waiting(self) -> int:
        """How many wait and have not given up."""
        with self._lock:
            return sum(not future.cancelled() for future in self._waiting)

    @staticmethod
    def _end() -> OutOfRangeError:
        return OutOfRangeError(None, None, "the queue is closed and has insufficient elements")


@op("ToyQueue", "stateful", outputs=("handle",))
def toy_queue_op(*, context: Context) -> Resource:
    """Give the handle of a queue that the session's store holds.  Source: tests."""
    queue = context.resources.find_or_create("", context.node_name, ToyQueue, ToyQueue)
    return Handle(queue, "", context.node_name)


del CATALOGUE["ToyQueue"]  # which holds the ops that programs can name
toy_queue_op.shape(lambda: SCALAR)


def queue_behind(session, handle) -> ToyQueue:
    """Return the queue that the store of a session holds."""
    return session._store.find_or_create("", handle.op.name, ToyQueue, ToyQueue)
