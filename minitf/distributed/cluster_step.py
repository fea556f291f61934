"""ClusterStep: a step that its workers have registered, ready to run with one message to each.

    run:  RunGraph -> worker 0     RunGraph -> worker 1         (at once)
          GraphRun <- worker 1     GraphRun <- worker 0         put together: what is fetched

**State**, constant once made: by worker, its handle, the values that it is fed and the fetches that
it brings.  What belongs to a run is its `_Run`, so several clients may run one step at once.

**Invariants**
1. One RunGraph per worker and run.
2. The first failure ends the run on all other workers; all have answered when it is over.

Source: 2015 §3.2.2 (decentralised scheduling), §3.3 (the whole execution is aborted); OSDI §3.3.
"""

from __future__ import annotations

import queue
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

from minitf.distributed.channel import Channel
from minitf.distributed.messages import AbortStep, GraphRun, Message, RunGraph
from minitf.errors import CancelledError, InternalError, OpError
from minitf.executor.plan import Node
from minitf.executor.runs import Runs

_STEP_BITS = 62


@dataclass(frozen=True)
class Portion:
    """What one worker does of a step.

    Attributes:
        task: the worker's name.
        handle: under which it has registered its graph.
        feeds: which of the step's feeds it gets.
        fetches: which of its fetches it brings.
    """

    task: str
    handle: str
    feeds: tuple[int, ...]
    fetches: tuple[int, ...]


class ClusterStep:
    """A step, registered with its workers.

    Args:
        portions: one for each worker; that of the master's own task, which this thread runs, last.
        known: fetch -> its value, as far as no worker has to be asked.
        fed: fetch -> the feed that it is.
        count: how many fetches there are.
        channel_to: gives the way to a worker.
        is_own: tells whether an operation of that name is in the client's graph.

    Source: OSDI §3.3.
    """

    def __init__(
        self,
        portions: Sequence[Portion],
        known: dict[int, Any],
        fed: dict[int, int],
        count: int,
        channel_to: Callable[[str], Channel],
        is_own: Callable[[str], bool],
    ) -> None:
        self.portions = tuple(portions)
        self._known = known
        self._fed = fed
        self._count = count
        self._channel_to = channel_to
        self._is_own = is_own
        self._over: dict[str, list[int]] = {portion.task: [] for portion in portions}

    def run(self, values: Sequence[Any], options: bytes, runs: Runs) -> tuple[list[Any], bytes]:
        """Run it once; return the fetched values and a RunMetadata.

        Args:
            values: what is fed.
            options: a RunOptions.
            runs: notes that it runs.

        Raises:
            OpError: the failure that ended it.
        """
        fetched: list[Any] = [None] * self._count
        for position, value in self._known.items():
            fetched[position] = value
        for position, feed in self._fed.items():
            fetched[position] = values[feed]
        run = _Run(self.portions, self._channel_to, self._is_own)
        runs.begin(run)
        try:
            for portion in self.portions:
                fed = [values[position] for position in portion.feeds]
                over, self._over[portion.task] = self._over[portion.task], []
                run.start(portion, RunGraph(portion.handle, run.number, fed, options, over))
            replies = run.finished()
        except BaseException as error:  # an interrupt, or the failure itself
            run.abort(error)
            raise
        finally:
            runs.end(run)
        for portion, reply in replies:
            for position, value in zip(portion.fetches, reply.values, strict=True):
                fetched[position] = value
        for portion in self.portions:
            self._over[portion.task].append(run.number)
        return fetched, b"".join(reply.metadata for _, reply in replies)  # bytes joined are merged


class _Run:
    """One run of a ClusterStep.

    Attributes:
        number: that of the step, which no other has.
    """

    def __init__(
        self,
        portions: Sequence[Portion],
        channel_to: Callable[[str], Channel],
        is_own: Callable[[str], bool],
    ) -> None:
        self.number = secrets.randbits(_STEP_BITS)
        self._portions = portions
        self._channel_to = channel_to
        self._is_own = is_own
        self._replies: queue.SimpleQueue[tuple[Portion, Future[Message]]] = queue.SimpleQueue()
        self._failures: list[OpError] = []

    def start(self, portion: Portion, request: RunGraph) -> None:
        """Send a worker its request."""
        arrived = partial(self._arrived, portion)
        self._channel_to(portion.task).call(request).add_done_callback(arrived)

    def finished(self) -> list[tuple[Portion, GraphRun]]:
        """Return all replies.

        Raises:
            OpError: the failure that ended the run.
        """
        found = []
        for _ in self._portions:
            portion, reply = self._replies.get()
            if reply.exception() is None:
                result = reply.result()
                assert isinstance(result, GraphRun), "the reply to RunGraph"
                found.append((portion, result))
        if self._failures:
            raise self._cause()
        return found

    def abort(self, error: BaseException) -> None:
        """End it on all workers, from any thread."""
        self._fail(error if isinstance(error, OpError) else _cancelled())

    def is_blocked(self) -> bool:
        """Workers know whether they can do nothing but wait; a master does not."""
        return False

    def waits(self) -> list[tuple[Node, Future[Any]]]:
        """No operation of it runs here."""
        return []

    def _arrived(self, portion: Portion, reply: Future[Message]) -> None:
        error = reply.exception()
        if error is not None:
            self._fail(error if isinstance(error, OpError) else _internal(error))
        self._replies.put((portion, reply))

    def _fail(self, error: OpError) -> None:
        self._failures.append(error)
        if len(self._failures) > 1:
            return
        request = AbortStep(self.number, error.error_code, error.message)
        for portion in self._portions:
            self._channel_to(portion.task).call(request)

    def _cause(self) -> OpError:
        """Return the failure from which the others follow."""
        for error in self._failures:
            if error.node_def is not None and self._is_own(error.node_def.name):
                return error
        return self._failures[0]


def _internal(error: BaseException) -> OpError:
    return InternalError(None, None, f"{type(error).__name__}: {error}")


def _cancelled() -> OpError:
    return CancelledError(None, None, "The step was interrupted")
