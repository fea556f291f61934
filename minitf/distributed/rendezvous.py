"""Where the Sends and Recvs of a step meet when they are in several processes.

A Send leaves its value with its own worker.  A Recv asks the worker that the value comes from: its
own, or another one by a message, whose reply comes when the Send has run.

**State** (`Meetings`, one per worker): by number of step, the `StepRendezvous` of each that is
under way; the errors of the steps that were aborted last, for whoever comes late.

**Invariants**
1. Who comes first makes the rendezvous: another worker's question may be here before this worker's
   part of the step is.
2. It is forgotten when this worker's part is over and all that it sent was asked for, or when the
   step is aborted.  Then also this worker's part ends, whatever it waits for.

Source: 2015 §3.2.2, §4.2; OSDI §3.3 (Send and Recv between tasks).
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import numpy as np

from minitf.distributed.channel import Channel
from minitf.distributed.messages import ReceiveTensor, TensorSent
from minitf.distributed.replies import Reply, as_op_error, error_in, settle
from minitf.errors import OpError
from minitf.executor.exchange import Exchange
from minitf.executor.rendezvous import LocalRendezvous
from minitf.ops.comm import Done

_MOST_REMEMBERED = 4096  # steps that were aborted


class StepRendezvous(LocalRendezvous):
    """A Rendezvous of one step in one worker.

    Args:
        step: the step's number.
        task: the worker's name, "/job:worker/replica:0/task:0".
        channel_to: gives the way to another worker, by its name.

    Attributes:
        session: the session that the step is one of, "" as long as that is not known.

    Source: 2015 §3.2.2; OSDI §3.3.
    """

    def __init__(self, step: int, task: str, channel_to: Callable[[str], Channel]) -> None:
        super().__init__()
        self._step = step
        self._task = task
        self._channel_to = channel_to

        self.session = ""
        self._part: Exchange | None = None

    def recv(self, key: str, done: Done) -> None:
        """Ask for a value, of its own worker or of another."""
        source = task_of(key)
        if source == self._task:
            super().recv(key, done)
            return

        def arrived(reply: Reply) -> None:
            error = error_in(reply)
            if error is not None:
                done(None, False, as_op_error(error))
                return
            sent = reply.result()
            assert isinstance(sent, TensorSent), "the reply to ReceiveTensor"
            done(sent.value, sent.is_dead, None)

        question = ReceiveTensor(self._step, key)
        self._channel_to(source).call(question).add_done_callback(arrived)

    def asked(self, key: str) -> Reply:
        """Return what brings the value of a Send of this worker, for another one."""
        reply: Reply = Future()

        def done(value: Any, is_dead: bool, error: OpError | None) -> None:
            sent = TensorSent(None if is_dead else np.asarray(value), is_dead)
            settle(reply, sent if error is None else error)

        super().recv(key, done)
        return reply

    def begin(self, part: Exchange) -> None:
        """Note this worker's part of the step, which an abort ends."""
        with self._lock:
            self._part, error = part, self._error
        if error is not None:
            part.abort(error)

    def abort(self, error: OpError) -> None:
        """End the step in this worker."""
        super().abort(error)
        part = self._part
        if part is not None:
            part.abort(error)

    @property
    def is_empty(self) -> bool:
        """Whether all that was sent was asked for, and the other way round."""
        return not self._values and not self._waiting


class Meetings:
    """The steps that a worker takes part in.

    Args:
        task: the worker's name.
        channel_to: gives the way to another worker, by its name.

    Source: OSDI §3.3.
    """

    def __init__(self, task: str, channel_to: Callable[[str], Channel]) -> None:
        self._task = task
        self._channel_to = channel_to
        self._lock = threading.Lock()
        self._under_way: dict[int, StepRendezvous] = {}
        self._left: set[int] = set()  # whose part of this worker is over
        self._aborted: OrderedDict[int, OpError] = OrderedDict()

    def of(self, step: int) -> StepRendezvous:
        """Return the rendezvous of a step.

        Raises:
            OpError: if the step was aborted.
        """
        with self._lock:
            error = self._aborted.get(step)
            if error is not None:
                raise error
            found = self._under_way.get(step)
            if found is None:
                found = StepRendezvous(step, self._task, self._channel_to)
                self._under_way[step] = found
            return found

    @contextlib.contextmanager
    def part_of(self, step: int, session: str) -> Iterator[Exchange]:
        """Let this worker's part of a step run in the block; its error ends the step here."""
        meeting = self.of(step)
        meeting.session = session
        part = Exchange(meeting)
        meeting.begin(part)
        try:
            yield part
        except BaseException as error:
            self.abort(step, as_op_error(error))
            raise
        with self._lock:
            self._left.add(step)
        self._forget_if_over(step, meeting)

    def asked(self, step: int, key: str) -> Reply:
        """Return what brings the value of a Send of this worker, for another one.

        Raises:
            OpError: if the step was aborted.
        """
        meeting = self.of(step)
        reply = meeting.asked(key)
        reply.add_done_callback(lambda _: self._forget_if_over(step, meeting))
        return reply

    def abort(self, step: int, error: OpError) -> None:
        """End a step with an error for all who wait, and who come later."""
        with self._lock:
            self._aborted.setdefault(step, error)
            while len(self._aborted) > _MOST_REMEMBERED:
                self._aborted.popitem(last=False)
            found = self._under_way.pop(step, None)
            self._left.discard(step)
        if found is not None:
            found.abort(error)

    def end(self, session: str, error: OpError) -> None:
        """End all steps of a session."""
        with self._lock:
            steps = [n for n, each in self._under_way.items() if each.session == session]
        for step in steps:
            self.abort(step, error)

    @property
    def count(self) -> int:
        """How many steps are under way."""
        return len(self._under_way)

    def _forget_if_over(self, step: int, meeting: StepRendezvous) -> None:
        with self._lock:
            if step in self._left and meeting.is_empty:
                self._left.discard(step)
                self._under_way.pop(step, None)


def task_of(key: str) -> str:
    """Return the task that a value comes from: the front of its device's name."""
    return key.split("/device:", 1)[0]
