"""Worker: what a task does for masters and for other workers.

    master: RegisterGraph -> "graph 1";  RunGraph("graph 1", step 7, values) -> what it fetches
    worker: ReceiveTensor(step 7, key)   -> what a Send of this one brings, once it has run

**State**: the devices; the store of variables and queues, which outlives sessions and is shared by
all of them; by handle, the registered graphs; by number, the steps under way (`Meetings`).

**Invariants**
1. A worker makes no choice: what runs where is in the graphs that it is given.
2. What is registered is ready to run: a RunGraph imports, places and plans nothing.
3. A part of a step ends when its partitions have ended; what it sent stays until the step is over
   everywhere, or is aborted.

Source: 2015 §3 (a worker arbitrates devices and runs nodes as told), §3.2.2, §3.3; OSDI §3.3, §5.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf import protos
from minitf.devices import Device, incarnation_of
from minitf.distributed.channel import Reply
from minitf.distributed.messages import (
    AbortStep,
    DeregisterGraph,
    DeviceAttributes,
    Done,
    EndSession,
    GetStatus,
    GraphRegistered,
    GraphRun,
    Message,
    PartitionDef,
    ReceiveTensor,
    RegisterGraph,
    ResetContainers,
    RunGraph,
    Status,
)
from minitf.distributed.rendezvous import Meetings
from minitf.errors import (
    AbortedError,
    CancelledError,
    InternalError,
    InvalidArgumentError,
    exception_type_from_error_code,
)
from minitf.executor.config import read_config
from minitf.executor.crew import Team
from minitf.executor.exchange import JoinedRuns
from minitf.executor.partition import Partition
from minitf.executor.partitioned import Part, PartitionedStep
from minitf.executor.prune import Request, Subgraph
from minitf.executor.report import Report
from minitf.executor.runs import Runs
from minitf.executor.step import Steps
from minitf.graph import Graph
from minitf.import_graph import import_graph
from minitf.resources import DEFAULT_CONTAINER, ResourceStore
from minitf.tensor import Tensor

_MEMORY = 256 << 20  # what a CPU says that it has, as TensorFlow's does


@dataclass
class _Session:
    """What a worker keeps for a session of a master.

    Attributes:
        runs: those under way.
        local: what operations keep of earlier runs.
        store: its variables and queues, if it keeps them to itself.
    """

    runs: Runs = field(default_factory=Runs)
    local: dict[Hashable, Any] = field(default_factory=dict)
    local_lock: threading.Lock = field(default_factory=threading.Lock)
    store: ResourceStore = field(default_factory=ResourceStore)


@dataclass(frozen=True)
class _Registered:
    """A graph that is ready to run, and whose it is."""

    session: str
    step: PartitionedStep


class Worker:
    """Answers what masters and workers ask of a task.

    Args:
        devices: the task's, with full names.
        meetings: the steps that it takes part in.

    Source: 2015 §3; OSDI §3.3, §5.
    """

    def __init__(self, devices: Sequence[Device], meetings: Meetings) -> None:
        self._devices = {device.name: device for device in devices}
        self._meetings = meetings
        self._store = ResourceStore()
        self._sessions: dict[str, _Session] = {}
        self._graphs: dict[str, _Registered] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._team = Team()
        self._answers: dict[type[Message], Callable[[Any], Reply]] = {
            GetStatus: self._status,
            RegisterGraph: _told(self._register),
            RunGraph: _told(self._run),
            AbortStep: self._abort,
            DeregisterGraph: self._deregister,
            EndSession: self._end_session,
            ReceiveTensor: self._receive,
            ResetContainers: self._reset,
        }

    def answers(self, request: Message) -> bool:
        """Tell whether a request is one for workers."""
        return type(request) in self._answers

    def answer(self, request: Message) -> Reply:
        """Return what brings the reply."""
        return self._answers[type(request)](request)

    def close(self) -> None:
        """End all that is under way."""
        for session in tuple(self._sessions.values()):
            session.runs.end_all(CancelledError(None, None, "The worker was stopped"))
        self._team.close()

    # --- graphs ----------------------------------------------------------------------------------

    def _register(self, request: RegisterGraph) -> Message:
        options = read_config(protos.ConfigProto.FromString(request.config))
        library = protos.FunctionDefLibrary.FromString(request.library)
        with self._lock:
            session = self._sessions.setdefault(request.session, _Session())
        store = session.store if options.isolated else self._store
        runs = JoinedRuns(session.runs)
        parts: list[Part] = []
        fetches: list[Tensor] = []
        for each in request.partitions:
            partition, graph = self._partition(each, library, len(fetches))
            steps = Steps(graph, [partition.device], store, options.step)
            steps.local, steps.local_lock = session.local, session.local_lock
            placement = dict.fromkeys(partition.subgraph.operations, partition.device)
            parts.append(steps.part(partition, placement, runs))
            fetches += partition.subgraph.request.fetches
        made = PartitionedStep(
            Request(tuple(fetches), (), ()), parts, _no_plan, self._team, _no_rendezvous
        )
        handle = f"graph_{next(self._numbers)}"
        with self._lock:
            self._graphs[handle] = _Registered(request.session, made)
        return GraphRegistered(handle)

    def _partition(
        self, given: PartitionDef, library: Any, fetched: int
    ) -> tuple[Partition, Graph]:
        """Return a partition and the graph that it is of.

        Raises:
            InvalidArgumentError: if this task has no such device.
        """
        device = self._devices.get(given.device)
        if device is None:
            known = ", ".join(self._devices)
            raise InvalidArgumentError(
                None, None, f"There is no device {given.device} here, but {known}"
            )
        graph = Graph()
        message = protos.GraphDef.FromString(given.graph)
        message.library.CopyFrom(library)
        made = import_graph(graph, message)
        feeds = tuple([made[name].outputs[0] for name in given.feeds])
        fetches = tuple([graph.get_tensor_by_name(name) for name in given.fetches])
        fed = {tensor.op for tensor in feeds}
        operations = [op for op in graph.get_operations() if op not in fed]
        subgraph = Subgraph(Request(fetches, (), feeds), operations)
        positions = tuple(range(fetched, fetched + len(fetches)))
        return Partition(device, subgraph, tuple(given.places), positions, given.has_dead), graph

    def _deregister(self, request: DeregisterGraph) -> Reply:
        with self._lock:
            self._graphs.pop(request.handle, None)
        return _done()

    def _end_session(self, request: EndSession) -> Reply:
        with self._lock:
            session = self._sessions.pop(request.session, None)
            for handle, graph in list(self._graphs.items()):
                if graph.session == request.session:
                    del self._graphs[handle]
        if session is not None:
            session.runs.end_all(CancelledError(None, None, "Session has been closed."))
        return _done()

    # --- steps -----------------------------------------------------------------------------------

    def _run(self, request: RunGraph) -> Message:
        self._meetings.end(request.over)
        graph = self._graphs.get(request.handle)
        if graph is None:
            raise AbortedError(
                None,
                None,
                f"Graph handle is not found: {request.handle}. "
                "Possibly, this worker just restarted.",
            )
        meeting = self._meetings.of(request.step)
        metadata = protos.RunMetadata()
        options = protos.RunOptions.FromString(request.options)
        report = Report(options, metadata, graph.step.device)
        values = graph.step.run(request.values, report.observer, report.timeout_s, meeting)
        report.fill(graph.step)
        return GraphRun([owned(value) for value in values], metadata.SerializeToString())

    def _abort(self, request: AbortStep) -> Reply:
        kind = exception_type_from_error_code(request.code)
        self._meetings.abort(request.step, kind(None, None, request.text))
        return _done()

    def _receive(self, request: ReceiveTensor) -> Reply:
        return self._meetings.of(request.step).asked(request.key)

    # --- the task --------------------------------------------------------------------------------

    def _status(self, _: GetStatus) -> Reply:
        devices = [
            DeviceAttributes(name, device.device_type, _MEMORY, incarnation_of(name))
            for name, device in self._devices.items()
        ]
        return _replied(Status(os.getpid(), devices))

    def _reset(self, request: ResetContainers) -> Reply:
        names = ["" if name == DEFAULT_CONTAINER else name for name in request.containers]
        self._store.reset(tuple(names))
        return _done()


def _told(work: Callable[[Any], Message]) -> Callable[[Any], Reply]:
    """Return what does some work and then brings its result, or the error to be told of."""

    def answer(request: Message) -> Reply:
        reply: Reply = Future()
        try:
            reply.set_result(work(request))
        except Exception as error:  # noqa: BLE001 told to whoever asked
            reply.set_exception(error)
        return reply

    return answer


def owned(value: Any) -> Any:
    """Return a value that nobody writes to while it is sent."""
    array = np.asarray(value)
    return array if array.flags.writeable else array.copy()


def _no_plan() -> Any:
    raise InternalError(None, None, "a worker has only its own partitions of a step")


def _no_rendezvous() -> Any:
    raise InternalError(None, None, "the partitions of a worker meet where their master says")


def _done() -> Reply:
    return _replied(Done())


def _replied(message: Message) -> Reply:
    reply: Reply = Future()
    reply.set_result(message)
    return reply
