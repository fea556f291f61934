"""Requests and their replies, many at once: over TCP to another process, or to a service in this.

    with Listener("localhost", 0, service, key) as listener:
        channel = Connection.to(listener.address, key)
        channel.call(GetStatus()).result()          # what service.answer(GetStatus()) brings

**State** of a `Connection`: the calls that have no reply yet, by number; the frames that are not
sent yet.

**Invariants**
1. Every call ends: with its reply, with the error that its receiver met, or, when the connection
   breaks, with Unavailable, and then all later ones too.
2. A request that may take long is answered by the thread that has read it, while another one reads
   on; one that only waits for something holds no thread, since services answer by Futures.
3. Whoever calls or answers writes as much as the connection takes at once, and leaves the rest to a
   thread of the connection: nobody waits for a slow reader.

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
from concurrent.futures import Future, InvalidStateError
from functools import partial
from typing import Protocol

from minitf import protos
from minitf.distributed import wire
from minitf.distributed.key import introduce
from minitf.distributed.messages import Failure, Message
from minitf.errors import (
    InternalError,
    InvalidArgumentError,
    OpError,
    UnavailableError,
    UnknownError,
    exception_type_from_error_code,
)
from minitf.executor.crew import Team

_PATIENCE_S = 10.0  # until a connection is made
Reply = Future[Message]


class Service(Protocol):
    """What answers requests."""

    def is_long(self, request: Message) -> bool:
        """Tell whether `answer` may take long to return."""

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
    """A way to a service of this process, by calls: the caller's thread does the work.

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
            return _failed(UnavailableError(None, None, "The channel is closed"))
        return answered(self._service, request)

    def close(self) -> None:
        """Take no more calls."""
        self._is_closed = True


def answered(service: Service, request: Message) -> Reply:
    """Return what brings the reply of a service, errors too."""
    try:
        return service.answer(request)
    except OpError as error:
        return _failed(error)
    except Exception as error:  # noqa: BLE001 a mistake here is told to the caller
        return _failed(InternalError(None, None, f"{type(error).__name__}: {error}"))


class Connection:
    """A way to the service of another process, and back.

    Args:
        link: a connected socket whose other side is known.
        team: the threads that read and write.
        service: what answers requests from there; None to refuse them.
        ended: called when it is over.
    """

    def __init__(
        self,
        link: socket.socket,
        team: Team,
        service: Service | None = None,
        ended: Callable[[Connection], None] | None = None,
    ) -> None:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._link = link
        self._team = team
        self._service = service
        self._ended = ended
        self._numbers = itertools.count(1)
        self._calls: dict[int, Reply] = {}
        self._error: OpError | None = None
        self._lock = threading.Lock()
        self._unsent: deque[Sequence[wire.Buffer]] = deque()
        self._is_writing = False

    @classmethod
    def to(cls, address: tuple[str, int], key: bytes) -> Connection:
        """Connect to a listener that knows the key.

        Raises:
            UnavailableError: if nobody listens there.
            UnauthenticatedError: if it does not know the key.
        """
        try:
            link = socket.create_connection(address, _PATIENCE_S)
        except OSError as error:
            reason = error.strerror or str(error)
            where = f"{address[0]}:{address[1]}"
            raise UnavailableError(None, None, f"failed to connect to {where}: {reason}") from error
        try:
            introduce(link, key)
        except BaseException:
            link.close()
            raise
        made = cls(link, Team())
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
            return _failed(error)
        with self._lock:
            if self._error is not None:
                return _failed(self._error)
            self._calls[number] = reply
        self._write(buffers)
        return reply

    @property
    def is_broken(self) -> bool:
        """Whether it is over: no call passes any more."""
        return self._error is not None

    def close(self) -> None:
        """Break it."""
        self._break(UnavailableError(None, None, "The connection is closed"))

    # --- reading ---------------------------------------------------------------------------------

    def _read_all(self) -> None:
        try:
            while True:
                number, message = wire.read(self._link)
                if number < 0:
                    self._take_reply(-number, message)
                    continue
                service = self._service
                if service is None:
                    raise InvalidArgumentError(None, None, "Malformed frame: a request to a caller")
                is_long = service.is_long(message)
                if is_long:
                    self._team.start(self._read_all)
                answered(service, message).add_done_callback(partial(self._reply, number))
                if is_long:
                    return
        except OpError as error:
            self._break(error)

    def _reply(self, number: int, reply: Reply) -> None:
        self._write(_framed(-number, reply))

    def _take_reply(self, number: int, message: Message) -> None:
        with self._lock:
            reply = self._calls.pop(number, None)
        if reply is None:
            raise InvalidArgumentError(None, None, f"Malformed frame: nobody made call {number}")
        if isinstance(message, Failure):
            _settle(reply, error_of(message))
        else:
            _settle(reply, message)

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
            self._error = error
            calls = list(self._calls.values())
            self._calls.clear()
            self._unsent.clear()
        with contextlib.suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)  # wakes whoever reads or writes
        self._link.close()
        for reply in calls:
            _settle(reply, error)
        if self._ended is not None:
            self._ended(self)


# --- errors ---------------------------------------------------------------------------------------


def failure_of(error: BaseException) -> Failure:
    """Return what tells another task of an error."""
    if not isinstance(error, OpError):
        return Failure(InternalError.code, f"{type(error).__name__}: {error}", "", "")
    node = error.node_def
    name, device = ("", "") if node is None else (node.name, node.device)
    return Failure(error.error_code, error.message, name, device)


def error_of(failure: Failure) -> OpError:
    """Return the error that another task tells of; its NodeDef names the operation, if any."""
    try:
        kind = exception_type_from_error_code(failure.code)
    except KeyError:
        kind = UnknownError
    node = None
    if failure.operation:
        node = protos.NodeDef(name=failure.operation, device=failure.device)
    return kind(node, None, failure.text)


def _framed(number: int, reply: Reply) -> list[wire.Buffer]:
    error = reply.exception()
    if error is None:
        try:
            return wire.frame(number, reply.result())
        except OpError as unsendable:
            error = unsendable
    return wire.frame(number, failure_of(error))


def _failed(error: OpError) -> Reply:
    reply: Reply = Future()
    reply.set_exception(error)
    return reply


def _settle(reply: Reply, outcome: Message | OpError) -> None:
    with contextlib.suppress(InvalidStateError):  # the caller gave it up
        if isinstance(outcome, OpError):
            reply.set_exception(outcome)
        else:
            reply.set_result(outcome)
