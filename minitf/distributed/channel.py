"""Requests and their replies, many at once: over TCP to another process, or to a service in this.

    with Listener("localhost", 0, service, key) as listener:
        channel = Connection.to(listener.address, key)
        channel.call(GetStatus()).result()          # what service.answer(GetStatus()) brings

**State** of a `Connection`: the calls that have no reply yet, by number, those of either side; the
frames that are not sent yet.

**Invariants**
1. Every call ends: with its reply, with the error that its receiver met, or, when the connection
   breaks, with Unavailable, and then all later ones too.
2. A receiver that waits for something holds no thread: a service answers by a Future.
3. Whoever calls or answers writes as much as the connection takes at once, and leaves the rest to a
   thread of the connection: nobody waits for a slow reader.
4. Who gives a call up (`reply.cancel()`), or leaves, ends it at the receiver too.

Worked example, two calls on one connection:

    caller -> listener      7 ReceiveTensor     8 RunGraph
    listener -> caller      8 GraphRun          7 TensorSent

Source: 2015 §3.3 (an error in communication is noticed at once); OSDI §3.3, §5.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Protocol

from minitf.distributed import wire
from minitf.distributed.key import introduce
from minitf.distributed.messages import Failure, GiveUp, Message
from minitf.distributed.replies import (
    Reply,
    as_op_error,
    error_in,
    error_of,
    failed,
    failure_of,
    settle,
    when_given_up,
)
from minitf.errors import InvalidArgumentError, OpError, UnavailableError
from minitf.executor.crew import Team

_PATIENCE_S = 10.0  # until a connection is made


class Service(Protocol):
    """What answers requests."""

    def answer(self, request: Message) -> Reply:
        """Return what brings the reply; its error is sent as a Failure."""


class Channel(Protocol):
    """A way to a service.

    Source: OSDI §3.3.
    """

    def call(self, request: Message) -> Reply:
        """Send a request; the Future brings its reply, or raises the OpError that it met."""

    def close(self) -> None:
        """End it: calls without a reply fail."""


class Direct:
    """A way to a service of this process: nothing is laid out as bytes.

    Args:
        service: the service.

    Source: 2015 §3 (local mode: client, master and worker in one process).
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._is_closed = False

    def call(self, request: Message) -> Reply:
        """Hand a request over."""
        if self._is_closed:
            return failed(UnavailableError(None, None, "The channel is closed"))
        return answered(self._service, request)

    def close(self) -> None:
        """Take no more calls."""
        self._is_closed = True


def answered(service: Service, request: Message) -> Reply:
    """Return what brings the reply of a service, errors too."""
    try:
        return service.answer(request)
    except Exception as error:  # noqa: BLE001 a mistake here is told to the caller
        return failed(as_op_error(error))


class Connection:
    """A way to the service of another process, and back.

    Args:
        link: a connected socket whose other side is known.
        team: the threads that read and write.
        service: what answers requests from there; None to refuse them.
        ended: called when it is over.
        peer: who is there, for messages.
    """

    def __init__(
        self,
        link: socket.socket,
        team: Team,
        service: Service | None = None,
        ended: Callable[[Connection], None] | None = None,
        peer: str = "",
    ) -> None:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._link = link
        self._team = team
        self._service = service
        self._ended = ended
        self._numbers = itertools.count(1)
        self._peer = peer
        self._calls: dict[int, Reply] = {}
        self._asked: dict[int, Reply] = {}
        self._error: OpError | None = None
        self._lock = threading.Lock()
        self._unsent: deque[Sequence[wire.Buffer]] = deque()
        self._is_writing = False

    @classmethod
    def to(cls, address: tuple[str, int], key: bytes, task: str = "") -> Connection:
        """Connect to a listener that knows the key.

        Args:
            address: host and port.
            key: what it must know.
            task: the name of the task there, for messages.

        Raises:
            UnavailableError: if nobody listens there.
            UnauthenticatedError: if it does not know the key.
        """
        where = f"{address[0]}:{address[1]}"
        peer = f"\n  task {task} at {where}" if task else ""
        try:
            link = socket.create_connection(address, _PATIENCE_S)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnavailableError(
                None, None, f"failed to connect to {where}: {reason}{peer}"
            ) from error
        try:
            introduce(link, key)
        except OpError as error:
            link.close()
            raise type(error)(None, None, error.message + peer) from error
        except BaseException:
            link.close()
            raise
        made = cls(link, Team(), peer=peer)
        made.start()
        return made

    def start(self) -> None:
        """Read from here on."""
        self._team.start(self._read_all)

    def call(self, request: Message) -> Reply:
        """Send a request."""
        reply: Reply = Future()
        number = next(self._numbers)
        try:
            buffers = wire.frame(number, request)
        except OpError as error:
            return failed(error)
        with self._lock:
            if self._error is not None:
                return failed(self._error)
            self._calls[number] = reply
        self._write(buffers)
        when_given_up(reply, lambda: self._write(wire.frame(number, GiveUp())))
        return reply

    @property
    def is_broken(self) -> bool:
        """Whether it is over: no call passes any more."""
        return self._error is not None

    def close(self, reason: str = "The connection is closed") -> None:
        """Break it; calls without a reply are Unavailable for that reason."""
        self._break(UnavailableError(None, None, reason))

    # --- reading ---------------------------------------------------------------------------------

    def _read_all(self) -> None:
        try:
            while True:
                number, message = wire.read(self._link)
                if number > 0:
                    self._take_request(number, message)
                else:
                    self._take_reply(-number, message)
        except Exception as error:  # noqa: BLE001 whatever it is, nobody may wait for ever
            self._break(as_op_error(error))

    def _take_request(self, number: int, request: Message) -> None:
        if isinstance(request, GiveUp):
            with self._lock:
                given_up = self._asked.get(number)
            if given_up is not None:
                given_up.cancel()
            return
        if self._service is None:
            raise InvalidArgumentError(None, None, "Malformed frame: a request to a caller")
        reply = answered(self._service, request)
        with self._lock:
            self._asked[number] = reply
            is_broken = self._error is not None
        if is_broken:
            reply.cancel()

        def finish(reply: Reply) -> None:
            with self._lock:
                self._asked.pop(number, None)
            self._write(_framed(-number, reply))

        reply.add_done_callback(finish)

    def _take_reply(self, number: int, message: Message) -> None:
        with self._lock:
            reply = self._calls.pop(number, None)
        if reply is None:
            raise InvalidArgumentError(None, None, f"Malformed frame: nobody made call {number}")
        settle(reply, error_of(message) if isinstance(message, Failure) else message)

    # --- writing ---------------------------------------------------------------------------------

    def _write(self, buffers: Sequence[wire.Buffer]) -> None:
        """Write a frame, or leave it to whoever is writing."""
        with self._lock:
            self._unsent.append(buffers)
            if self._is_writing:
                return
            self._is_writing = True
        self._write_all(may_wait=False)

    def _write_all(self, *, may_wait: bool) -> None:
        """Write what there is, as the only thread that does; leave what it would wait for."""
        try:
            while (buffers := self._next()) is not None:
                left = wire.write(self._link, buffers, may_wait=may_wait)
                if left:
                    with self._lock:
                        self._unsent.appendleft(left)
                    self._team.start(partial(self._write_all, may_wait=True))
                    return
        except OpError as error:
            self._break(error)

    def _next(self) -> Sequence[wire.Buffer] | None:
        with self._lock:
            if self._unsent and self._error is None:
                return self._unsent.popleft()
            self._is_writing = False
            return None

    # --- the end ---------------------------------------------------------------------------------

    def _break(self, error: OpError) -> None:
        with self._lock:
            if self._error is not None:
                return
            self._error = error = type(error)(None, None, error.message + self._peer)
            calls, self._calls = list(self._calls.values()), {}
            asked = list(self._asked.values())
            self._unsent.clear()
        with contextlib.suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)  # wakes whoever reads or writes
        self._link.close()
        for reply in calls:
            settle(reply, error)
        for reply in asked:
            reply.cancel()
        if self._ended is not None:
            self._ended(self)


def _framed(number: int, reply: Reply) -> list[wire.Buffer]:
    error = error_in(reply)
    if error is None:
        try:
            return wire.frame(number, reply.result())
        except OpError as unsendable:
            error = unsendable
    return wire.frame(number, failure_of(error))
