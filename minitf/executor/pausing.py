"""Generated code that stops where an operation has to wait for what others do, and goes on there.

Where the operations that may wait follow one another, nothing else is left to do while one of them
waits.  So their step is a straight line too: its thread waits in place.

    def step(feeds, outputs):
        t0, = outputs(queue_dequeue_v2(queue), node)  # dequeue
        t0 = mul(t0, t0)                              # Mul
        outputs(queue_enqueue_v2(other, t0), node_1)  # enqueue
        return []

A plan with loops or branches may wait outside its loops (`structured.py`).

**State** of a run (`Pausing`): what ends it; while it waits, for what.

**Invariants**
1. An operation that may wait comes when all that could run before it has run, and only one can
   come next (`lines.contested`, `blocks.py`); so waiting holds up nothing.
2. Whoever looks at the runs of the session sees the run from its beginning to its end, and may
   abort it at any time: it ends at the next operation that may wait, or round of a loop, and what
   is waited for is given back.

**Departure from the paper**: the thread of the step waits, as in every step, but no node goes back
to a queue.

Source: 2015 §5.3 (asynchronous kernels), §10 (compiling subgraphs); OSDI §5 (low overhead).
"""

from __future__ import annotations

import queue
from collections.abc import Sequence
from concurrent.futures import CancelledError as FutureCancelled
from concurrent.futures import Future
from typing import Any, NamedTuple

from minitf.errors import CancelledError
from minitf.executor.failure import shown
from minitf.executor.lines import waiting
from minitf.executor.plan import Node, Plan
from minitf.executor.runs import Runs
from minitf.executor.silence import restore, silence
from minitf.executor.straightline import StraightLine
from minitf.executor.watch import Watch

_Arrival = queue.SimpleQueue[Any]  # gets something when the outputs have come, or never will


def straight_line(
    plan: Plan, *, keeps_all: bool, runs: Runs, watch: Watch | None = None
) -> StraightLine:
    """Return a plan as a function, one that pauses if the plan has operations that may wait.

    Args:
        plan: without loops or branches.
        keeps_all: whether also operations that hand their input on are executed.
        runs: the session's, which may be aborted.
        watch: told of runs that wait long, or None.
    """
    if not waiting(plan.nodes):
        return StraightLine(plan, keeps_all=keeps_all)
    return PausingLine(plan, keeps_all=keeps_all, runs=runs, watch=watch)


class PausingLine(StraightLine):
    """A plan as a function that waits in place.

    Args:
        plan, keeps_all, runs, watch: as of `straight_line`.

    Source: 2015 §5.3; OSDI §5.
    """

    def __init__(self, plan: Plan, *, keeps_all: bool, runs: Runs, watch: Watch | None) -> None:
        super().__init__(plan, keeps_all=keeps_all)
        self._runs = runs
        self._watch = watch

    def run(self, feeds: Sequence[Any]) -> list[Any]:
        """Run the plan once and return the fetched values.

        Args:
            feeds: values in the order of the request's feeds.

        Raises:
            OpError: if a node fails, with its operation and inputs; if somebody aborts the run.
        """
        run = Pausing(self._watch)
        self._runs.begin(run)
        token = silence()
        try:
            return self._function(feeds, run.outputs)
        except Exception as error:
            if error is run.failure:
                raise
            raise self._failure(error) from shown(error)
        finally:
            restore(token)
            self._runs.end(run)


class _Wait(NamedTuple):
    node: Node
    future: Future[Any]
    arrival: _Arrival


class Pausing:
    """One run of generated code, for those who look at the runs of a session.

    Args:
        watch: told if it waits long, or None.

    Attributes:
        stops: gets the error that ends it, if somebody aborts it.

    Source: 2015 §5.3.
    """

    __slots__ = ("_wait", "_watch", "stops")

    def __init__(self, watch: Watch | None) -> None:
        self.stops: list[BaseException] = []
        self._watch = watch
        self._wait: _Wait | None = None

    @property
    def failure(self) -> BaseException | None:
        """The error that ends it, None if nobody has aborted it."""
        return self.stops[0] if self.stops else None

    def abort(self, error: BaseException) -> None:
        """End it: at once if it waits, else where it may wait, or at a loop's next round.

        Any thread may.
        """
        self.stops.append(error)
        wait = self._wait
        if wait is not None:
            wait.future.cancel()
            wait.arrival.put(None)

    def is_blocked(self) -> bool:
        """Tell whether it can do nothing but wait."""
        return self._wait is not None

    def waits(self) -> list[tuple[Node, Future[Any]]]:
        """Return the node that waits, and what it waits for."""
        wait = self._wait
        return [] if wait is None else [(wait.node, wait.future)]

    def outputs(self, result: Any, node: Node) -> Any:
        """Return what a kernel gives, when it is there.

        Args:
            result: its outputs, or a Future that brings them.
            node: whose kernel it is.

        Raises:
            OpError: if the operation fails, or the run is aborted.
        """
        if isinstance(result, Future):
            return self._awaited(result, node)
        if self.stops:
            raise self.stops[0]
        return result

    def _awaited(self, future: Future[Any], node: Node) -> Any:
        arrival: _Arrival = queue.SimpleQueue()
        future.add_done_callback(arrival.put)
        self._wait = _Wait(node, future, arrival)
        try:
            if not self.stops:  # else it was aborted before it could be told that this waits
                self._sit(arrival)
        except BaseException:  # an interrupt
            future.cancel()
            raise
        finally:
            self._wait = None
        if self.stops:
            future.cancel()
            raise self.stops[0]
        try:
            return future.result()
        except FutureCancelled:
            raise CancelledError(None, None, "The operation was cancelled") from None

    def _sit(self, arrival: _Arrival) -> None:
        """Wait until the outputs have come, or the run is aborted."""
        while self._watch is not None:
            try:
                arrival.get(timeout=self._watch.patience_s)
            except queue.Empty:
                self._watch = None if self._watch.stalled(self) else self._watch
            else:
                return
        arrival.get()
