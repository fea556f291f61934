"""What tasks say to each other: a request, and the reply that its receiver gives.

Every message is a dataclass whose fields are of the few types that `wire.py` lays out as bytes.
What comes from outside is checked against them before anybody sees it.

Who says what:

    client -> master    CreateSession, HoldSession, ExtendSession, RunStep, CloseSession,
                        ResetCluster
    master -> worker    GetStatus, HoldGraphs, RegisterGraph, RunGraph, AbortStep, DeregisterGraph,
                        ResetContainers
    worker -> worker    ReceiveTensor
    caller -> receiver  GiveUp

**Invariants**
1. A step costs one RunStep and one RunGraph per worker, whatever crosses between them.
2. A RunGraph names a registered graph: its size does not depend on the graph's.

Source: 2015 §3.2.2 (one Run request per worker), §3.3; OSDI §3.3 (a small message starts a step).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from minitf.errors import InvalidArgumentError


@dataclass(frozen=True)
class Message:
    """What one task says to another."""


# --- client -> master -----------------------------------------------------------------------------


@dataclass(frozen=True)
class CreateSession(Message):
    """Make a session; the reply is a SessionMade.

    Attributes:
        config: a ConfigProto.
    """

    config: bytes


@dataclass(frozen=True)
class SessionMade(Message):
    """A session.

    Attributes:
        session: its name, to be said in what follows.
        devices: those of all tasks that it may use.
    """

    session: str
    devices: list[DeviceAttributes]


@dataclass(frozen=True)
class HoldSession(Message):
    """Keep a session; the reply, Done, comes when it is over.

    It is over too when this call is given up, or its connection ends: the client is gone then.
    """

    session: str


@dataclass(frozen=True)
class ExtendSession(Message):
    """Add operations to a session's graph; the reply is Done.

    Attributes:
        session: whose graph.
        graph: a GraphDef of the new operations.
        version: how many operations the graph has without them.
    """

    session: str
    graph: bytes
    version: int


@dataclass(frozen=True)
class RunStep(Message):
    """Run a step; the reply is a StepRun.

    Attributes:
        session: of which session.
        feeds: names of tensors; `values` has a value for each.
        fetches: names of tensors.
        targets: names of operations.
        options: a RunOptions.
    """

    session: str
    feeds: list[str]
    values: list[Any]
    fetches: list[str]
    targets: list[str]
    options: bytes


@dataclass(frozen=True)
class StepRun(Message):
    """What a step gave.

    Attributes:
        values: one for each fetch.
        metadata: a RunMetadata.
    """

    values: list[Any]
    metadata: bytes


@dataclass(frozen=True)
class CloseSession(Message):
    """End a session and the steps that run in it; the reply is Done."""

    session: str


@dataclass(frozen=True)
class ResetContainers(Message):
    """Drop the state in some containers, in all if none is named; the reply is Done.

    Attributes:
        containers: their names.
    """

    containers: list[str]


@dataclass(frozen=True)
class ResetCluster(Message):
    """Drop the state in some containers of all tasks, as ResetContainers does of one."""

    containers: list[str]


# --- master -> worker -----------------------------------------------------------------------------


@dataclass(frozen=True)
class GetStatus(Message):
    """Ask whether a worker lives, and what it has; the reply is a Status."""


@dataclass(frozen=True)
class DeviceAttributes(Message):
    """A device of a task.

    Attributes:
        name: in full.
        device_type: "CPU", ...
        memory_limit: bytes.
        incarnation: another number each time that the task starts.
    """

    name: str
    device_type: str
    memory_limit: int
    incarnation: int


@dataclass(frozen=True)
class Status(Message):
    """A worker lives.

    Attributes:
        process: the number of its process.
        devices: what it has.
    """

    process: int
    devices: list[DeviceAttributes]


@dataclass(frozen=True)
class PartitionDef(Message):
    """What one device runs of a step.

    Attributes:
        device: its full name.
        graph: a GraphDef, with Send and Recv where it was cut.
        feeds: names of the nodes that are fed.
        places: for each of them, which of the values of a RunGraph it gets.
        fetches: names of tensors.
        has_dead: whether values of the step may be dead.
    """

    device: str
    graph: bytes
    feeds: list[str]
    places: list[int]
    fetches: list[str]
    has_dead: bool


@dataclass(frozen=True)
class HoldGraphs(Message):
    """Keep what is registered for a session until this call is given up; there is no reply.

    The end of its connection gives it up too: the master is gone then.
    """

    session: str


@dataclass(frozen=True)
class RegisterGraph(Message):
    """Get a worker's part of a step ready to run; the reply is a GraphRegistered.

    Attributes:
        session: of which session it is.
        partitions: one for each of the worker's devices that have something to do.
        library: a FunctionDefLibrary, of the functions that operations call.
        config: a ConfigProto.
    """

    session: str
    partitions: list[PartitionDef]
    library: bytes
    config: bytes


@dataclass(frozen=True)
class GraphRegistered(Message):
    """A graph that is ready to run.

    Attributes:
        handle: its name.
    """

    handle: str


@dataclass(frozen=True)
class RunGraph(Message):
    """Run a registered graph as a part of a step; the reply is a GraphRun.

    Attributes:
        handle: which graph.
        step: the step's number, the same for all its workers and no other step.
        values: what is fed.
        options: a RunOptions.
    """

    handle: str
    step: int
    values: list[Any]
    options: bytes


@dataclass(frozen=True)
class GraphRun(Message):
    """What a part of a step gave.

    Attributes:
        values: what is fetched from the partitions, one after the other.
        metadata: a RunMetadata.
    """

    values: list[Any]
    metadata: bytes


@dataclass(frozen=True)
class AbortStep(Message):
    """End a worker's part of a step, because of an error elsewhere; the reply is Done.

    Attributes:
        step: the step's number.
        code: the status code of the error.
        text: its message.
    """

    step: int
    code: int
    text: str


@dataclass(frozen=True)
class DeregisterGraph(Message):
    """Forget a graph; the reply is Done."""

    handle: str


# --- worker -> worker -----------------------------------------------------------------------------


@dataclass(frozen=True)
class ReceiveTensor(Message):
    """Ask for what a Send brings, once it has run; the reply is a TensorSent.

    Attributes:
        step: of which step.
        key: the key that the Send and its Recv share.
    """

    step: int
    key: str


@dataclass(frozen=True)
class TensorSent(Message):
    """What a Send has brought.

    Attributes:
        value: an array; None if it is dead.
        is_dead: whether the Send was on a branch that was not taken.
    """

    value: Any
    is_dead: bool


# --- to and from all ------------------------------------------------------------------------------


@dataclass(frozen=True)
class GiveUp(Message):
    """End the call whose number this has: nobody waits for it.  The call's reply is a Failure."""


@dataclass(frozen=True)
class Done(Message):
    """It is done."""


@dataclass(frozen=True)
class Failure(Message):
    """It failed.

    Attributes:
        code: the status code.
        text: what happened.
        operation: the name of the operation that failed, "" if it was none.
        device: the device that it was on, "" if that is not known.
    """

    code: int
    text: str
    operation: str
    device: str


KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in Message.__subclasses__()}


def fields_of(message: Message) -> list[Any]:
    """Return the values of a message's fields."""
    return [getattr(message, field.name) for field in fields(message)]


def message_of(kind: str, values: list[Any]) -> Message:
    """Return the message of a kind with these values of its fields.

    Raises:
        InvalidArgumentError: if there is no such kind, or a value is not of its field's type.
    """
    made = KINDS.get(kind)
    if made is None:
        raise _malformed(f"there is no message {kind!r}")
    wanted = _types_of(kind)
    if len(values) != len(wanted):
        raise _malformed(f"{kind} has {len(wanted)} fields, not {len(values)}")
    for (name, hint), value in zip(wanted.items(), values, strict=True):
        if not _is(value, hint):
            raise _malformed(f"{kind}.{name} is no {hint}: {str(value)[:80]!r}")
    return made(*values)


@cache
def _types_of(kind: str) -> dict[str, Any]:
    made: Any = KINDS[kind]
    hints = get_type_hints(made)
    return {field.name: hints[field.name] for field in fields(made)}


def _is(value: Any, hint: Any) -> bool:
    """Tell whether a value is of a field's type."""
    if hint is Any:
        return True
    if get_origin(hint) is list:
        (item,) = get_args(hint)
        return isinstance(value, list) and all(_is(each, item) for each in value)
    return type(value) is hint


def _malformed(what: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, f"Malformed message: {what}")
