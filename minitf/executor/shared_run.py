"""One run by several threads: the calling one and a crew of helpers.

**State**, beside that of `Run`, all of it guarded by one Condition: how many threads are in a
kernel; the Futures that have arrived.

**Invariants**
1. Kernels run outside the lock; tokens are delivered inside it, so counts never lose a decrement.
2. A helper that comes late finds nothing to do and leaves: the calling thread never waits for one
   to begin.
3. The calling thread leaves last: no kernel of the run is running any more when `run` returns.

A hand-off to another thread costs 25 to 90 us, and Python code of two threads does not overlap: it
pays for kernels that release the interpreter for longer (NumPy, compiled loops).  `step.py` decides
when to ask for helpers.

Source: 2015 §3.1; OSDI §5 ("kernels run in parallel on multiple cores").
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Executor, Future
from typing import Any

import numpy as np

from minitf.executor.dataflow import Deliver, Observer, Run
from minitf.executor.plan import Plan
from minitf.executor.ready import Item, Ready
from minitf.executor.watch import Watch


class SharedRun(Run):
    """One run of a Plan by several threads.

    Args:
        plan: what to run.
        helpers: how many threads may help.
        crew: where the helpers come from.
        ready: an empty ready queue.
        observer: told of each event, or None.
        watch: told if it waits long, or None.

    Source: 2015 §3.1; OSDI §5.
    """

    def __init__(
        self,
        plan: Plan,
        helpers: int,
        crew: Executor,
        ready: Ready | None = None,
        observer: Observer | None = None,
        watch: Watch | None = None,
    ) -> None:
        super().__init__(plan, ready, observer, watch)
        self._helpers = helpers
        self._crew = crew
        self._changed = threading.Condition()
        self._busy = 0
        self._arrived: deque[tuple[Item, Future[Any]]] = deque()

    def abort(self, error: BaseException) -> None:
        """Stop: no further kernel starts, and what is waited for is cancelled.  Any thread may."""
        super().abort(error)
        with self._changed:
            self._changed.notify_all()

    def is_blocked(self) -> bool:
        """Tell whether it can do nothing but wait."""
        return not (self._busy or self._ready or self._arrived)

    def _drain(self, deliver: Deliver) -> None:
        for _ in range(self._helpers):
            self._crew.submit(self._work, deliver)
        self._work(deliver, tells=True)
        with self._changed:
            self._changed.wait_for(lambda: not self._busy)

    def _work(self, deliver: Deliver, *, tells: bool = False) -> None:
        """Fire ready nodes until nothing is ready, nobody is busy and nothing is waited for.

        Args:
            deliver: brings outputs to their readers.
            tells: whether this thread tells the watch that nothing happens.
        """
        fire = self._fire if self._observer is None else self._fire_seen
        changed = self._changed
        with np.errstate(all="ignore"), changed:
            while self.failure is None:
                if self._ready:
                    self._busy += 1
                    node, at = self._ready.take()
                    deliver(node, at, self._fire_unlocked(fire, node, at))
                    changed.notify(len(self._ready) or 1)
                elif self._arrived:
                    self._receive_or_abort(self._arrived.popleft(), deliver)
                elif self._busy or self._outstanding:
                    self._wait(tells=tells)
                else:
                    break
            changed.notify_all()

    def _wait(self, *, tells: bool) -> None:
        watch = self._watch if tells else None
        came = self._changed.wait(None if watch is None else watch.patience_s)
        if watch is not None and not came and self.is_blocked() and watch.stalled(self):
            self._watch = None

    def _fire_unlocked(self, fire: Any, node: Any, at: Any) -> Any:
        outputs = None
        self._changed.release()
        try:
            outputs = fire(node, at)
        except BaseException as error:  # noqa: BLE001 the calling thread raises it
            self.abort(error)
        finally:
            self._changed.acquire()
            self._busy -= 1
        return outputs

    def _receive_or_abort(self, arrival: tuple[Item, Future[Any]], deliver: Deliver) -> None:
        try:
            self._receive(arrival, deliver)
        except BaseException as error:  # noqa: BLE001 the calling thread raises it
            self._changed.release()  # what is cancelled may serve other runs, which have locks too
            try:
                self.abort(error)
            finally:
                self._changed.acquire()

    def _arrive(self, item: Item, future: Future[Any]) -> None:
        with self._changed:
            self._arrived.append((item, future))
            self._changed.notify()
