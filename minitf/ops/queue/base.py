"""The queue: elements, who waits to put one, who waits to take one.

The kinds of queue (`fifo`, `random_shuffle`, `padding_fifo`, `priority`) differ in the order in
which elements leave and in how several become one batch; when an operation may go on is the same
for all, and told here.  `elements` says what an element is.

**State**
- constant: `name`, `spec` (types, shapes, capacity, ...), `form` (checks components).
- the elements, kept by the kind.
- `putters`, `takers`: the operations that wait, each line first come, first served.
- `is_closed`: whether elements may still come.

**Invariants**
1. Nothing is put into a queue that holds `capacity` elements; only what is given back may exceed
   that.
2. A putter waits while the queue is full, a taker while there is nothing to spare: no element, or
   in a shuffling queue no more than the minimum that must stay.
3. Elements of a put or a take of many go one by one, so either may be larger than the capacity.
4. A taker that fails or is cancelled leaves what it had taken where it was.  A putter that is
   cancelled leaves what it had put.
5. Once closed, nothing is put; a taker gets what is there, and fails if that is too little (a take
   of `at_most` only if there is nothing).

Worked example: room for one.

    q = FIFOQueue("q", Spec(FIFOQueue, (float32,), (), capacity=1))
    q.enqueue((a,))        # None: it is in
    q.enqueue((b,))        # a Waiting: the queue is full
    q.dequeue()            # (a,), and b goes in: the Waiting is done
    q.close(cancel_pending_enqueues=False)
    q.dequeue()            # (b,)
    q.dequeue()            # OutOfRangeError: closed, and nothing is left

**Departure from TensorFlow**: there, what a cancelled take of many had taken so far is lost.

Source: 2015 §4.6 "Queues"; OSDI §3.1 (blocking queues as back-pressure and barrier).
"""

import sys
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any

import numpy as np

from minitf.errors import CancelledError, OpError, OutOfRangeError, invalid
from minitf.ops.queue.elements import Element, Form, Spec, owned, slices
from minitf.ops.queue.sharing import find_handle, plain_name
from minitf.resources import Context, Handle
from minitf.waiting import Attempt, Line, Monitor, Turn, Waiting, give_way, settle

Array = np.ndarray[Any, Any]


class Queue(Monitor):
    """A queue of tuples of arrays.

    Args:
        name: its name, for messages.
        spec: what it holds.

    Source: 2015 §4.6; OSDI §3.1.
    """

    partial_shapes = False  # whether elements may differ in sizes that their Spec leaves open

    def __init__(self, name: str, spec: Spec) -> None:
        spec.check(partial=self.partial_shapes)
        self.putters: Line = deque()
        self.takers: Line = deque()
        super().__init__(self.putters, self.takers)
        self.name = name
        self.spec = spec
        self.capacity = spec.capacity if spec.capacity >= 0 else sys.maxsize
        self.is_closed = False
        self.form = Form(spec.types, spec.shapes)

    @property
    def title(self) -> str:
        """What messages call it: `FIFOQueue 'q'`."""
        return f"{type(self).__name__} '{self.name}'"

    # --- what each kind supplies -----------------------------------------------------------------

    def __len__(self) -> int:
        """Return how many elements it holds."""
        raise NotImplementedError

    def put(self, element: Element) -> None:
        """Add an element."""
        raise NotImplementedError

    def take(self) -> Element:
        """Remove and return the element whose turn it is."""
        raise NotImplementedError

    def put_many(self, elements: Iterable[Element]) -> None:
        """Add elements, one after the other."""
        for element in elements:
            self.put(element)

    def take_many(self, count: int, taken: list[Element]) -> None:
        """Move elements to the end of a list, one after the other: an interrupt loses none."""
        taken.extend(self.take() for _ in range(count))

    def put_back(self, elements: Sequence[Element]) -> None:
        """Undo `take` of these, in the order in which they were taken."""
        raise NotImplementedError

    def spare(self) -> int:
        """Return how many elements may be taken."""
        return len(self)

    def stacked(self, elements: Sequence[Element]) -> list[Array]:
        """Return several elements as one array per component, along a new first axis."""
        return self.form.stacked(elements)

    # --- what operations do -----------------------------------------------------------------------

    def enqueue(self, components: Sequence[Array]) -> Any:
        """Add one element; None, or a Waiting if the queue is full.

        Raises:
            InvalidArgumentError: if the components do not fit.
            CancelledError: if the queue is closed.
        """
        self.form.check(components)
        element = tuple([owned(component) for component in components])
        over: list[Attempt] = []
        give_way(self.lock)
        with self.lock:
            fits = not (self.putters or self.is_closed) and len(self) < self.capacity
            if fits:
                self.put(element)
                if self.takers:
                    self.serve(over)
        if over:
            settle(over)
        return None if fits else self.ask(self.putters, Put(self, [element]))

    def enqueue_many(self, components: Sequence[Array]) -> Any:
        """Add the slices of the components along their first axis, one by one.

        Raises:
            InvalidArgumentError: if the components do not fit.
            CancelledError: if the queue is closed.
        """
        rows = self.form.check_many(components)
        return self.ask(self.putters, Put(self, slices(components))) if rows else None

    def dequeue(self) -> Any:
        """Take one element, as a tuple; a Waiting if there is none to spare.

        Raises:
            OutOfRangeError: if the queue is closed and empty.
        """
        over: list[Attempt] = []
        give_way(self.lock)
        with self.lock:
            element = None if self.takers or self.spare() <= 0 else self.take()
            if element is not None and self.putters:
                self.serve(over)
        if over:
            settle(over)
        return element if element is not None else self.ask(self.takers, TakeOne(self))

    def dequeue_one(self) -> Future[Any]:
        """Take one element for a reader, which waits for the Future (`io.reader.ElementSource`).

        An error is the Future's too; one that is cancelled takes nothing.
        """
        future: Future[Any] = Future()
        try:
            element = self.dequeue()
        except OpError as error:
            future.set_exception(error)
        else:
            if isinstance(element, Waiting):
                return element
            future.set_result(element)
        return future

    def dequeue_many(self, count: int, *, at_most: bool = False) -> Any:
        """Take several elements as one batch; a Waiting if there are too few to spare.

        Args:
            count: how many.
            at_most: whether fewer will do once the queue is closed, but at least one.

        Raises:
            InvalidArgumentError: if the queue's shapes are unknown, so that nothing can be stacked.
            OutOfRangeError: if the queue is closed and holds too few.
        """
        if not self.spec.shapes:
            raise invalid(
                f"{type(self).__name__}'s DequeueMany and DequeueUpTo require the components to "
                "have specified shapes."
            )
        if not count:
            return self.stacked([])
        return self.ask(self.takers, Take(self, count, at_most))

    def close(self, *, cancel_pending_enqueues: bool) -> Any:
        """Close it to further elements: at once, or when those that wait are in (a Waiting).

        Raises:
            CancelledError: if it is closed already and nothing is to be cancelled.
        """
        if not cancel_pending_enqueues:
            return self.ask(self.putters, Close(self))
        with self.changing():
            self.is_closed = True
            for attempt in self.putters:
                attempt.error = CancelledError(None, None, "Enqueue operation was cancelled")
        return None

    def size(self) -> int:
        """Return how many elements it holds."""
        with self.lock:
            return len(self)


def queue_handle(context: Context, container: str, shared_name: str, spec: Spec) -> Handle:
    """Return the handle of a queue, made at first use.

    Raises:
        InvalidArgumentError: if it exists with another Spec.
    """
    handle = find_handle(context, container, shared_name, Queue, lambda name: spec.kind(name, spec))
    if shared_name:
        handle.resource.spec.check_same(spec, shared_name)
    return handle


# --- attempts -------------------------------------------------------------------------------------


class Put(Attempt):
    """An operation that adds elements."""

    __slots__ = ("_left", "_queue")

    def __init__(self, queue: Queue, elements: Iterable[Element]) -> None:
        super().__init__()
        self._queue = queue
        self._left = deque(elements)

    def advance(self) -> Turn:
        """Put what fits."""
        queue, left = self._queue, self._left
        if self.error is not None:
            raise self.error
        if queue.is_closed and left:
            raise CancelledError(None, None, f"{queue.title} is closed.")
        room = min(queue.capacity - len(queue), len(left))
        if room > 0:
            queue.put_many([left.popleft() for _ in range(room)])
        if not left:
            return Turn.OVER
        return Turn.MOVED if room > 0 else Turn.STUCK

    def reason(self) -> str:
        """Say that the queue is full."""
        return f"queue '{plain_name(self._queue.name)}' is full"


class Take(Attempt):
    """An operation that takes several elements and gives them as one batch."""

    __slots__ = ("_at_most", "_count", "_queue", "_taken")

    def __init__(self, queue: Queue, count: int, at_most: bool) -> None:
        super().__init__()
        self._queue = queue
        self._count = count
        self._at_most = at_most
        self._taken: list[Element] = []

    def advance(self) -> Turn:
        """Take what may be taken."""
        queue, taken = self._queue, self._taken
        wanted = self._count - len(taken)
        if queue.is_closed and len(queue) < wanted:
            wanted = self._last(wanted)
        spare = min(queue.spare(), wanted)
        queue.take_many(spare, taken)
        if spare == wanted:
            return Turn.OVER
        return Turn.MOVED if spare > 0 else Turn.STUCK

    def _last(self, wanted: int) -> int:
        """Return how many are still to come to a closed queue that holds fewer than wanted.

        Raises:
            OutOfRangeError: if that is not enough.
        """
        if self._at_most and (self._taken or len(self._queue)):
            return len(self._queue)
        self.undo()
        raise OutOfRangeError(
            None,
            None,
            f"{self._queue.title} is closed and has insufficient elements "
            f"(requested {self._count}, current size {len(self._queue)})",
        )

    def undo(self) -> None:
        """Put back what was taken."""
        self._queue.put_back(self._taken)
        self._taken = []

    def outputs(self) -> Any:
        """Return the batch."""
        return self._queue.stacked(self._taken)

    def reason(self) -> str:
        """Say that the queue is empty, or what it lacks."""
        queue = self._queue
        name = plain_name(queue.name)
        have = len(queue) + len(self._taken)
        if not have:
            return f"queue '{name}' is empty"
        keeps = queue.spec.min_after_dequeue
        return f"queue '{name}' has {have} of {self._count + keeps} elements"


class TakeOne(Take):
    """An operation that takes one element and gives its components."""

    __slots__ = ()

    def __init__(self, queue: Queue) -> None:
        super().__init__(queue, 1, at_most=False)

    def outputs(self) -> Any:
        """Return the element."""
        return self._taken[0]


class Close(Attempt):
    """An operation that closes the queue when those before it have put their elements."""

    __slots__ = ("_has_closed", "_queue")

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self._queue = queue
        self._has_closed = False

    def advance(self) -> Turn:
        """Close the queue."""
        queue = self._queue
        if self.error is not None:
            raise self.error
        if queue.is_closed and not self._has_closed:
            raise CancelledError(None, None, f"Queue '{queue.name}' is already closed.")
        queue.is_closed = self._has_closed = True
        return Turn.OVER

    def reason(self) -> str:
        """Say what must go in before."""
        return f"queue '{plain_name(self._queue.name)}' is full, and enqueues wait before its close"
