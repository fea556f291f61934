"""Where the Sends and Recvs of a step meet when they are in several processes.

A Send leaves its value with its own worker.  A Recv asks the worker that the value comes from: its
own, or another one by a message, whose reply comes when the Send has run.

**State** (`Meetings`, one per worker): by number of step, the `StepRendezvous` of each that is
under way; the steps that ended last, so that whoever comes late is told and nothing is kept for it.

**Invariants**
1. Who comes first makes the rendezvous: another worker's question may be here before this worker's
   part of the step is.
2. A step that is over, or aborted, holds nothing; whoever asks for it gets an error.

Source: 2015 §3.2.2, §4.2; OSDI §3.3 (Send and Recv between tasks).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

import numpy as np

from minitf.distributed.channel import Channel, Reply
from minitf.distributed.messages import Message, ReceiveTensor, TensorSent
from minitf.errors import AbortedError, InternalError, OpError
from minitf.executor.rendezvous import LocalRendezvous
from minitf.ops.comm import Done

_MOST_REMEMBERED = 4096  # steps that are over


class StepRendezvous(LocalRendezvous):
    """A Rendezvous of one step in one worker.

    Args:
        step: the step's number.
        task: the worker's name, "/job:worker/replica:0/task:0".
        channel_to: gives the way to another worker, by its name.

    Source: 2015 §3.2.2; OSDI §3.3.
    """

    def __init__(self, step: int, task: str, channel_to: Callable[[str], Channel]) -> None:
        super().__init__()
        self._step = step
        self._task = task
        self._channel_to = channel_to

    def recv(self, key: str, done: Done) -> None:
        """Ask for a value, of its own worker or of another."""
        source = task_of(key)
        if source == self._task:
            super().recv(key, done)
            return

        def arrived(reply: Future[Message]) -> None:
            error = reply.exception()
            if error is not None:
                done(None, False, error if isinstance(error, OpError) else _internal(error))
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
            if error is not None:
                reply.set_exception(error)
            else:
                reply.set_result(TensorSent(None if is_dead else np.asarray(value), is_dead))

        super().recv(key, done)
        return reply


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
        self._over: OrderedDict[int, OpError] = OrderedDict()

    def of(self, step: int) -> StepRendezvous:
        """Return the rendezvous of a step.

        Raises:
            OpError: if the step is over.
        """
        with self._lock:
            error = self._over.get(step)
            if error is not None:
                raise error
            found = self._under_way.get(step)
            if found is None:
                found = StepRendezvous(step, self._task, self._channel_to)
                self._under_way[step] = found
            return found

    def end(self, steps: Iterable[int]) -> None:
        """Forget steps that are over on all their workers."""
        for step in steps:
            self.abort(step, AbortedError(None, None, f"Step {step} is over"))

    def abort(self, step: int, error: OpError) -> None:
        """End a step with an error for all who wait, and who come later."""
        with self._lock:
            self._over[step] = error
            while len(self._over) > _MOST_REMEMBERED:
                self._over.popitem(last=False)
            found = self._under_way.pop(step, None)
        if found is not None:
            found.abort(error)

    @property
    def count(self) -> int:
        """How many steps are under way."""
        return len(self._under_way)


def task_of(key: str) -> str:
    """Return the task that a value comes from: the front of its device's name."""
    return key.split("/device:", 1)[0]


def _internal(error: BaseException) -> OpError:
    return InternalError(None, None, f"{type(error).__name__}: {error}")
