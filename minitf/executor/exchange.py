"""Exchange: one run of several partitions, and what the run of one of them has to know of it.

**State** (`Exchange`): the rendezvous; the runs of partitions that are under way; the first error.

**Invariants**
1. The first error ends the rendezvous and all runs of partitions, those too that begin later.
2. A thread that runs a partition has the Exchange as its rendezvous (`comm.meeting_at`).

`PartitionRun` is the dataflow executor for a partition.  It knows the iteration that a Send or Recv
fires in, which is part of their key, and what a Send does though its input is dead.

Source: 2015 §3.2.2, §3.3 (an error aborts the step), §4.2; OSDI §3.3, §3.4.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

from minitf.dead import DEAD
from minitf.errors import CancelledError, OpError
from minitf.executor.dataflow import Deliver, Observer, Run, dead_fetch
from minitf.executor.failure import failure_of, shown
from minitf.executor.frames import ALL_DEAD, Iteration
from minitf.executor.plan import Node, Plan
from minitf.executor.ready import InOrder, Item
from minitf.executor.runs import Abortable, Runs
from minitf.executor.watch import Watch
from minitf.ops.comm import Rendezvous, current_rendezvous, key_of, received


class Exchange:
    """One run of several partitions: a Rendezvous that also ends their runs.

    Args:
        rendezvous: where their Sends and Recvs meet.

    Attributes:
        failure: the first error, None if there was none.

    Source: 2015 §3.3, §4.2.
    """

    def __init__(self, rendezvous: Rendezvous) -> None:
        self.failure: BaseException | None = None
        self._rendezvous = rendezvous
        self._runs: set[Abortable] = set()
        self._lock = threading.Lock()
        self.send = rendezvous.send
        self.recv = rendezvous.recv

    def abort(self, error: BaseException) -> None:
        """End all runs of partitions; any thread may, and only the first error counts."""
        with self._lock:
            if self.failure is not None:
                return
            self.failure = error
            runs = list(self._runs)
        if not isinstance(error, OpError):
            error = CancelledError(None, None, "The step was interrupted")
        self._rendezvous.abort(error)
        for run in runs:
            run.abort(error)

    def begin(self, run: Abortable) -> None:
        """Note that the run of a partition begins."""
        with self._lock:
            self._runs.add(run)
            failure = self.failure
        if failure is not None:
            run.abort(failure)

    def end(self, run: Abortable) -> None:
        """Note that it is over."""
        with self._lock:
            self._runs.discard(run)


class JoinedRuns(Runs):
    """The runs of partitions: those of a session that belong to an Exchange too.

    Args:
        runs: the session's.

    Source: 2015 §3.3.
    """

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self._session_runs = runs

    def begin(self, run: Abortable) -> None:
        """Note that a run begins, in the thread that works for its Exchange."""
        exchange = current_rendezvous()
        assert isinstance(exchange, Exchange), "a partition runs within an Exchange"
        exchange.begin(run)
        self._session_runs.begin(run)

    def end(self, run: Abortable) -> None:
        """Note that it is over."""
        exchange = current_rendezvous()
        assert isinstance(exchange, Exchange), "a partition runs within an Exchange"
        exchange.end(run)
        self._session_runs.end(run)


class PartitionRun(Run):
    """One run of one partition.

    Args:
        plan: its plan.
        fetches: positions of its fetches among those of the step.
        observer: told of each event, or None.
        watch: told if it waits long, or None.

    Source: 2015 §3.2.2, §4.4; OSDI §3.4.
    """

    __slots__ = ("_fetches", "_rendezvous")

    def __init__(
        self,
        plan: Plan,
        fetches: tuple[int, ...],
        observer: Observer | None = None,
        watch: Watch | None = None,
    ) -> None:
        super().__init__(plan, InOrder(), observer, watch)
        self._fetches = fetches
        self._rendezvous = current_rendezvous()

    def _fire(self, node: Node, at: Iteration) -> Any:
        kind = "" if node.operation is None else node.operation.type
        if kind == "_Send":
            return self._send(node, at)
        if kind == "_Recv":
            return self._recv(node, at)
        return super()._fire(node, at)

    def _send(self, node: Node, at: Iteration) -> tuple[None]:
        """Send what has come, or that it is dead.

        Raises:
            OpError: if it is a variable without a value; for its maker, which the user knows.
        """
        assert node.operation is not None
        (value,) = at.values[node.first : node.last]
        at.values[node.first : node.last] = node.empty
        is_dead = node.index in at.dead
        if node.reads and not is_dead:
            try:
                value = value.read()
            except OpError as error:
                maker = node.operation.inputs[0].op
                raise failure_of(error, maker, [], at.tag) from shown(error)
        key = key_of(node.operation.attrs, at.tag)
        self._rendezvous.send(key, None if is_dead else value, is_dead)
        return (None,)

    def _recv(self, node: Node, at: Iteration) -> Any:
        if node.index in at.dead:
            return ALL_DEAD
        assert node.operation is not None
        value = received(self._rendezvous, key_of(node.operation.attrs, at.tag))
        if isinstance(value, Future):
            return self._wait_for(value, node, at)
        return ALL_DEAD if value is DEAD else (value,)

    def _receive(self, arrival: tuple[Item, Future[Any]] | None, deliver: Deliver) -> None:
        def told(node: Node, at: Any, outputs: Any) -> None:
            """Tell those who wait without data too that a Recv is dead."""
            is_dead = outputs is not None and len(outputs) == 1 and outputs[0] is DEAD
            deliver(node, at, ALL_DEAD if is_dead else outputs)

        super()._receive(arrival, told)

    def _fetched(self, root: Iteration) -> list[Any]:
        sink = self.plan.sink
        for position in range(sink.first, sink.last):
            if root.values[position] is DEAD:
                tensor = self.plan.fetches[position - sink.first]
                raise dead_fetch(tensor, self._fetches[position - sink.first])
        return super()._fetched(root)
