"""Reader: takes units of work from a queue and gives their records, one after the other.

**State**, guarded by `_lock` and changed only by whoever serves (`_is_serving`):
- `_waiting`: requests in the order in which they came.  The first is being served.
- `_unit`, `_records`: the last unit that was begun, and what is left of it; None between units.
- counts of units begun and finished and of records produced.

**Invariants**
1. Requests are served in order, one at a time: a record goes to one request.
2. No thread waits for a queue: where it has nothing yet, its Future goes on with the work.
3. A unit that was taken from the queue is never lost, even if the request for which it was taken
   is cancelled: the next request reads on from it.
4. A unit that fails stays in work: reading on fails again, so that nobody takes a damaged file for
   a finished one.  Records before the damage are delivered first.

Worked example, a queue that will hold the name of a file of two lines:

    reader = Reader("TextLineReader 'r'", text_lines)
    first, second = reader.read(queue), reader.read(queue)    # both wait, no thread does
    queue.enqueue(b"poem.txt")                                 # both Futures have their records

Source: 2015 §4.5 "Input Operations", §5.3 (asynchronous kernels); TensorFlow 1.15, `ReaderBase`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, Protocol

import numpy as np

from minitf.errors import InvalidArgumentError, OpError, UnimplementedError
from minitf.io.os_errors import as_op_error
from minitf.io.work_units import Record

Array = np.ndarray[Any, Any]


class ElementSource(Protocol):
    """What a reader asks of a queue."""

    def dequeue_one(self) -> Future[Sequence[Array]]:
        """Take one element as soon as there is one; the Future brings its components.

        A Future that is cancelled before takes none.
        """


class Reading(Future[Any]):
    """Records that are being read, in the form in which they were asked for.

    Source: 2015 §5.3.
    """

    def __init__(self, waiting: deque[_Request]) -> None:
        super().__init__()
        self._waiting = waiting

    @property
    def reason(self) -> str | None:
        """What the reader waits for, in words; None if it reads."""
        first = next(iter(self._waiting), None)
        return None if first is None else getattr(first.element, "reason", None)


class _Request:
    """A wish for up to `most` records, given in the form that `give` makes of them."""

    __slots__ = ("element", "found", "future", "give", "most", "source")

    def __init__(
        self, source: ElementSource, most: int, give: Callable[..., Any], future: Reading
    ) -> None:
        self.source = source
        self.most = most
        self.give = give
        self.found: list[Record] = []
        self.future = future
        self.element: Future[Sequence[Array]] | None = None
        self.future.add_done_callback(self._pass_on)

    def _pass_on(self, future: Future[Any]) -> None:
        """Cancel what is waited for if the request is cancelled."""
        element = self.element
        if future.cancelled() and element is not None:
            element.cancel()


class Reader:
    """A reader of one kind.

    Args:
        name: its kind and name, for messages.
        open_unit: opens a unit and returns its records.
        one_each: whether each unit is one record; it is finished as soon as that is read, and the
            reader's state, which is nothing but counts then, can be written.

    Source: 2015 §4.5.
    """

    def __init__(
        self,
        name: str,
        open_unit: Callable[[bytes], Iterator[Record]],
        *,
        one_each: bool = False,
    ) -> None:
        self.name = name
        self.units_begun = 0
        self.units_finished = 0
        self.records_produced = 0
        self._open_unit = open_unit
        self._one_each = one_each
        self._unit = b""
        self._records: Iterator[Record] | None = None
        self._failure: OpError | None = None
        self._waiting: deque[_Request] = deque()
        self._is_serving = False
        self._lock = threading.RLock()

    # --- reading ---------------------------------------------------------------------------------

    def read(
        self, source: ElementSource, most: int = 1, give: Callable[[list[Record]], Any] = list
    ) -> Future[Any]:
        """Read up to `most` records, at least one: fewer where a unit ends.

        Args:
            source: where the next unit is taken from when the last one has come to its end.
            most: how many at most.
            give: makes of the records what the Future is to bring.

        Raises:
            InvalidArgumentError: if `most` is not positive.
        """
        if most < 1:
            raise InvalidArgumentError(None, None, f"num_records must be positive, got {most}")
        request = _Request(source, most, give, Reading(self._waiting))
        with self._lock:
            self._waiting.append(request)
            must_serve = not self._is_serving
            self._is_serving = True
        if must_serve:
            self._serve()
        return request.future

    def _serve(self) -> None:
        """Serve the requests in order, until there are none or one waits for its source."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_serving = False
                    return
                request = self._waiting[0]
            try:
                if not self._satisfied(request):
                    return
            except Exception as error:  # noqa: BLE001 whoever asked is told
                if request.future.set_running_or_notify_cancel():
                    request.future.set_exception(error)
            else:
                if request.future.set_running_or_notify_cancel():
                    request.future.set_result(request.give(request.found))
            with self._lock:
                self._waiting.popleft()

    def _satisfied(self, request: _Request) -> bool:
        """Find a request's records; False if an element must come first, which then goes on."""
        is_cancelled = request.future.cancelled
        while not request.found:
            if self._records is None:
                if request.element is None and is_cancelled():
                    return True
                if not self._has_come(request):
                    return False
                element, request.element = request.element, None
                assert element is not None
                if is_cancelled() and element.cancelled():
                    return True
                self._begin(_only_string(element.result()))
            if is_cancelled():
                return True
            self._read_into(request)
        return True

    def _has_come(self, request: _Request) -> bool:
        """Ask the source for an element; tell whether it is there."""
        if request.element is not None:
            return True
        element = request.element = request.source.dequeue_one()
        if request.future.cancelled():
            element.cancel()
        if element.done():
            return True
        element.add_done_callback(lambda _: _crew().submit(self._serve))
        return False

    def _begin(self, unit: bytes) -> None:
        records = self._open_unit(unit)
        with self._lock:
            self._unit, self._records, self._failure = unit, records, None
            self.units_begun += 1

    def _read_into(self, request: _Request) -> None:
        """Read on in the present unit; the error that stops it is kept for the next request."""
        if self._failure is not None:
            raise type(self._failure)(None, None, self._failure.message)
        with self._lock:
            records = self._records
            assert records is not None
            try:
                while len(request.found) < request.most:
                    record = next(records, None)
                    if record is not None:
                        request.found.append(record)
                        self.records_produced += 1
                    if record is None or self._one_each:
                        self._records = None
                        self.units_finished = self.units_begun
                        return
            except (OpError, OSError) as error:
                failure = as_op_error(error, self.name) if isinstance(error, OSError) else error
                self._failure = failure
                if not request.found:
                    raise failure from None

    # --- state -----------------------------------------------------------------------------------

    def reset(self) -> None:
        """Forget the unit in work and all counts."""
        self._restore(b"", 0, 0, 0)

    def state(self) -> bytes:
        """Return the counts as a ReaderBaseState.

        Raises:
            UnimplementedError: if the kind of reader has no such state.
        """
        from minitf.protos import ReaderBaseState

        if not self._one_each:
            raise UnimplementedError(None, None, "Reader SerializeState")
        with self._lock:
            written: bytes = ReaderBaseState(
                work_started=self.units_begun,
                work_finished=self.units_finished,
                num_records_produced=self.records_produced,
                current_work=self._unit,
            ).SerializeToString()
        return written

    def restore(self, state: bytes) -> None:
        """Take counts from a ReaderBaseState; a reader that cannot begins anew.

        Raises:
            InvalidArgumentError: if it is none, or no state between two units.
            UnimplementedError: if the kind of reader has no such state.
        """
        from google.protobuf.message import DecodeError

        from minitf.protos import ReaderBaseState

        self.reset()
        if not self._one_each:
            raise UnimplementedError(None, None, "Reader RestoreState")
        try:
            message = ReaderBaseState.FromString(state)
        except DecodeError:
            raise self._refused("Could not parse state for", state) from None
        counts = (message.work_started, message.work_finished, message.num_records_produced)
        if min(counts) < 0:
            raise self._refused("Unexpected negative value when restoring in", counts)
        if message.work_started > message.work_finished:
            raise self._refused("Inconsistent work started vs. finished when restoring in", counts)
        self._restore(message.current_work, *counts)

    def _restore(self, unit: bytes, begun: int, finished: int, produced: int) -> None:
        with self._lock:
            self._unit, self._records, self._failure = unit, None, None
            self.units_begun, self.units_finished = begun, finished
            self.records_produced = produced

    def _refused(self, reason: str, what: Any) -> InvalidArgumentError:
        return InvalidArgumentError(None, None, f"{reason} {self.name}: {what}")


@cache
def _crew() -> ThreadPoolExecutor:
    """Return the threads on which reading goes on after a wait; made when first needed."""
    return ThreadPoolExecutor(4, "minitf-reader")


def _only_string(components: Sequence[Array]) -> bytes:
    """Return the string that is a queue's element.

    Raises:
        InvalidArgumentError: if the element is anything else.
    """
    if len(components) != 1:
        raise InvalidArgumentError(None, None, "Expected single component queue")
    array = np.asarray(components[0], object)
    if not all(isinstance(each, bytes) for each in array.flat):
        raise InvalidArgumentError(None, None, "Expected queue with single string component")
    if array.size != 1:
        raise InvalidArgumentError(None, None, "Expected to dequeue a one-element string tensor")
    unit: bytes = array.item()
    return unit
