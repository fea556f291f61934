"""Replies: Futures that bring a Message, how they come about, and how errors travel.

A caller gives a call up by cancelling its reply, and so does a connection that ends.  The service
sees that its own Future is cancelled, and ends what it does for it (`when_given_up`).

**Invariant**: a reply is settled once; what comes after it was given up is dropped.

Source: 2015 §3.3 (an error aborts the step); OSDI §3.3.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future, InvalidStateError

from minitf import protos
from minitf.distributed.messages import Done, Failure, Message
from minitf.errors import (
    CancelledError,
    InternalError,
    OpError,
    UnknownError,
    exception_type_from_error_code,
)

Reply = Future[Message]
_LOOK_S = 0.2  # how late an interrupt may be seen


def replied(message: Message) -> Reply:
    """Return a reply that is there."""
    reply: Reply = Future()
    reply.set_result(message)
    return reply


def done() -> Reply:
    """Return the reply to what was done at once."""
    return replied(Done())


def failed(error: BaseException) -> Reply:
    """Return a reply that is an error."""
    reply: Reply = Future()
    reply.set_exception(error)
    return reply


def settle(reply: Reply, outcome: Message | BaseException) -> None:
    """Give a reply its message or error, unless it was given up."""
    with contextlib.suppress(InvalidStateError):
        if isinstance(outcome, BaseException):
            reply.set_exception(outcome)
        else:
            reply.set_result(outcome)


def fulfil(reply: Reply, work: Callable[[], Message]) -> None:
    """Settle a reply by what some work gives, or by the error that it meets."""
    try:
        outcome: Message | BaseException = work()
    except BaseException as error:  # noqa: BLE001 told to whoever asked
        outcome = error
    settle(reply, outcome)


def when_given_up(reply: Reply, act: Callable[[], object]) -> None:
    """Let something be done when a caller gives a reply up, or its connection ends."""

    def look(found: Reply) -> None:
        if found.cancelled():
            act()

    reply.add_done_callback(look)


def error_in(reply: Reply) -> BaseException | None:
    """Return the error of a reply that is settled, None if it has a message."""
    if reply.cancelled():
        return CancelledError(None, None, "The call was given up")
    return reply.exception()


def awaited(reply: Reply, timeout_s: float | None = None) -> Message:
    """Return the message of a reply when it has come.

    An interrupt (Ctrl-C) that comes just before a thread waits is seen after the wait only; so
    nobody waits long at a time.

    Raises:
        TimeoutError: if it has not come in that time.
        OpError: what it brings instead.
    """
    end = math.inf if timeout_s is None else time.monotonic() + timeout_s
    while not reply.done() and (left := end - time.monotonic()) > 0:
        futures.wait([reply], min(left, _LOOK_S))
    return reply.result(0)


def as_op_error(error: BaseException) -> OpError:
    """Return an error as one that tasks tell each other."""
    if isinstance(error, OpError):
        return error
    return InternalError(None, None, f"{type(error).__name__}: {error}")


def failure_of(error: BaseException) -> Failure:
    """Return what tells another task of an error."""
    found = as_op_error(error)
    node = found.node_def
    name, device = ("", "") if node is None else (node.name, node.device)
    return Failure(found.error_code, found.message, name, device)


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
