"""Master: turns the steps that clients ask for into one RunGraph per worker.

    client: RunStep(fetches, feeds)
        once:   prune -> place on the devices of all tasks -> merge, fold -> partition by device
                -> RegisterGraph to each task
        always: RunGraph to each task, all at once;  their replies, put together, are the result

**State**: by name, the sessions; of each, its graph and, by what is asked for, the steps that are
registered (`ClusterStep`).

**Invariants**
1. A step that is known costs one message to each of its workers, whatever crosses between them.
2. The first worker that fails ends the step on all others; what is raised is the failure of an
   operation of the client's graph if there is one, since others follow from it.
3. A worker that is gone, or that forgot its graphs because it was started again, fails the step;
   the next one registers anew.

**Departure from TensorFlow**: a session is made at once.  Which tasks have to be there is known
when a step is placed: those that it runs on, and only they are waited for.

Source: 2015 §3, §3.2, §3.3; OSDI §3.3, §5 (the distributed master).
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from typing import Any

from minitf import protos
from minitf.devices import Device, DeviceSpec
from minitf.distributed.channel import Reply
from minitf.distributed.cluster_step import ClusterStep, Portion
from minitf.distributed.messages import (
    CloseSession,
    CreateSession,
    Done,
    EndSession,
    ExtendSession,
    GraphRegistered,
    Message,
    PartitionDef,
    RegisterGraph,
    ResetCluster,
    ResetContainers,
    RunStep,
    SessionMade,
    StepRun,
)
from minitf.distributed.peers import Peers
from minitf.distributed.tasks import Tasks
from minitf.elements import Element
from minitf.errors import (
    AbortedError,
    CancelledError,
    UnavailableError,
)
from minitf.executor.config import read_config
from minitf.executor.optimize import fold_constants, merge_equal
from minitf.executor.partition import Partition, partition
from minitf.executor.partition_graphs import name_of_given, nodes_of
from minitf.executor.placer import place
from minitf.executor.prune import Request, Subgraph, prune
from minitf.executor.runs import Runs
from minitf.graph import Graph
from minitf.import_graph import import_graph

Key = tuple[tuple[str, ...], ...]


class Master:
    """Answers what clients ask of a task.

    Args:
        peers: the tasks of the cluster.

    Source: 2015 §3; OSDI §3.3, §5.
    """

    def __init__(self, peers: Peers) -> None:
        self._peers = peers
        self._tasks = Tasks(peers)
        self._sessions: dict[str, MasterSession] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._works: dict[type[Message], Callable[[Any], Message]] = {
            CreateSession: self._create,
            ExtendSession: self._extend,
            RunStep: self._run,
            CloseSession: self._close,
            ResetCluster: self._reset,
        }

    def answers(self, request: Message) -> bool:
        """Tell whether a request is one for masters."""
        return type(request) in self._works

    def answer(self, request: Message) -> Reply:
        """Return the reply, or the error to be told of, once the work is done."""
        reply: Reply = Future()
        try:
            reply.set_result(self._works[type(request)](request))
        except Exception as error:  # noqa: BLE001 told to the client
            reply.set_exception(error)
        return reply

    def close(self) -> None:
        """End all sessions."""
        with self._lock:
            sessions, self._sessions = list(self._sessions.values()), {}
        for session in sessions:
            session.close()

    def _create(self, request: CreateSession) -> Message:
        name = f"{self._peers.own}/session_{next(self._numbers)}"
        session = MasterSession(name, request.config, self._peers, self._tasks)
        with self._lock:
            self._sessions[name] = session
        return SessionMade(name, [device.attributes for device in session.devices()])  # type: ignore[attr-defined]

    def _extend(self, request: ExtendSession) -> Message:
        message = protos.GraphDef.FromString(request.graph)
        self._session(request.session).extend(message, request.version)
        return Done()

    def _run(self, request: RunStep) -> Message:
        return StepRun(*self._session(request.session).run(request))

    def _close(self, request: CloseSession) -> Message:
        with self._lock:
            session = self._sessions.pop(request.session, None)
        if session is not None:
            session.close()
        return Done()

    def _reset(self, request: ResetCluster) -> Message:
        order = ResetContainers(request.containers)
        replies = [self._peers.channel(name).call(order) for name in self._peers.addresses]
        for reply in replies:
            try:
                reply.result()
            except UnavailableError:
                continue  # a task that is gone has no state
        return Done()

    def _session(self, name: str) -> MasterSession:
        with self._lock:
            found = self._sessions.get(name)
        if found is None:
            raise AbortedError(
                None,
                None,
                f"Session {name} is not found. Possibly, this master has restarted.",
            )
        return found


class MasterSession:
    """A client's session: its graph, and the steps that workers have registered.

    Args:
        name: its name.
        config: a ConfigProto.
        peers: the tasks of the cluster.
        tasks: what they have.

    Source: 2015 §2 "Sessions", §3; OSDI §3.3.
    """

    def __init__(self, name: str, config: bytes, peers: Peers, tasks: Tasks) -> None:
        self._name = name
        self._config = config
        message = protos.ConfigProto.FromString(config)
        self._options = read_config(message).step
        self._filters = list(message.device_filters)
        self._peers = peers
        self._tasks = tasks
        self._graph = Graph()
        self._steps: dict[Key, ClusterStep] = {}
        self._runs = Runs()
        self._lock = threading.RLock()
        self._is_closed = False

    def devices(self) -> list[Device]:
        """Return the devices that its steps may be placed on."""
        return self._tasks.devices(self._passes)

    def extend(self, message: Any, version: int) -> None:
        """Add operations to the graph.

        Args:
            message: a GraphDef.
            version: how many the graph has; 0 to begin anew.

        Raises:
            AbortedError: if it has another number.
            ValueError: if they do not fit.
        """
        with self._lock:
            if version == 0:
                self._graph, self._steps = Graph(), {}
            elif self._graph.version != version:
                raise AbortedError(None, None, "The graph of the session has changed meanwhile")
            import_graph(self._graph, message, input_map=_Present(self._graph))

    def run(self, request: RunStep) -> tuple[list[Any], bytes]:
        """Run a step; return what it fetches, and a RunMetadata.

        Raises:
            OpError: if it fails.
        """
        key = tuple(request.fetches), tuple(request.targets), tuple(request.feeds)
        with self._lock:
            step = self._steps.get(key)
            if step is None:
                step = self._steps[key] = self._register(key)
        try:
            return step.run(request.values, request.options, self._runs)
        except (AbortedError, UnavailableError):
            with self._lock:  # a worker may have been started again: it knows no graphs
                self._steps.pop(key, None)
                self._tasks.forget(portion.task for portion in step.portions)
            raise

    def close(self) -> None:
        """End what is under way, and let the workers forget it."""
        self._is_closed = True
        self._runs.end_all(CancelledError(None, None, "Session has been closed."))
        with self._lock:
            tasks = {portion.task for step in self._steps.values() for portion in step.portions}
        for task in tasks:
            self._peers.channel(task).call(EndSession(self._name))

    # --- a new step ------------------------------------------------------------------------------

    def _register(self, key: Key) -> ClusterStep:
        """Place and cut a step, and let its workers register their parts."""
        graph = self._graph
        fetches, targets, feeds = key
        wanted = Request(
            tuple([graph.get_tensor_by_name(name) for name in fetches]),
            tuple([graph.get_operation_by_name(name) for name in targets]),
            tuple([graph.get_tensor_by_name(name) for name in feeds]),
        )
        subgraph = prune(wanted)
        self._tasks.wait_for(self._named(subgraph), lambda: self._is_closed)
        placement = place(subgraph, self.devices(), self._options)
        self._tasks.wait_for(
            {_task_of(device) for device in placement.values()}, lambda: self._is_closed
        )
        if self._options.merge_equal:
            merge_equal(subgraph)
        if self._options.fold_constants:
            fold_constants(subgraph, self._options.most_folded_bytes)
        library = graph.as_graph_def(from_version=graph.version).library.SerializeToString()
        portions = []
        for task, parts in _by_task(partition(subgraph, placement)).items():
            portions.append(self._portion(task, parts, library))
        known, fed = _given(subgraph)
        names = {operation.name for operation in subgraph.operations}
        portions.sort(key=lambda portion: portion.task == self._peers.own)
        return ClusterStep(
            portions, known, fed, len(fetches), self._peers.channel, names.__contains__
        )

    def _portion(self, task: str, parts: list[Partition], library: bytes) -> Portion:
        feeds = tuple(dict.fromkeys(position for part in parts for position in part.feeds))
        fetches: list[int] = []
        partitions = []
        for part in parts:
            known, fed = _given(part.subgraph)
            brought = [i for i in range(len(part.fetches)) if i not in known and i not in fed]
            fetches += [part.fetches[i] for i in brought]
            partitions.append(_definition(part, feeds, brought))
        request = RegisterGraph(self._name, partitions, library, self._config)
        reply = self._peers.channel(task).call(request).result()
        assert isinstance(reply, GraphRegistered), "the reply to RegisterGraph"
        return Portion(task, reply.handle, feeds, tuple(fetches))

    def _named(self, subgraph: Subgraph) -> set[str]:
        """Return the tasks that operations of a step ask for, and this one, which is here."""
        asked = {operation.device for operation in subgraph.operations}
        specs = [DeviceSpec.from_string(device) for device in asked if device]
        named = {
            task
            for spec in specs
            if spec.job is not None and spec.task is not None
            for task in self._peers.addresses
            if replaced(spec).matches(DeviceSpec.from_string(task))
        }
        return named | {self._peers.own}

    def _passes(self, task: str) -> bool:
        """Tell whether the session may use a task: its own, and those that a filter names."""
        if not self._filters or task == self._peers.own:
            return True
        full = DeviceSpec.from_string(task)
        return any(replaced(DeviceSpec.from_string(each)).matches(full) for each in self._filters)


def replaced(spec: DeviceSpec) -> DeviceSpec:
    """Return what a specification says of a task."""
    return spec.replace(device_type=None, device_index=None)


class _Present(Mapping[Any, Element]):
    """The elements of a graph, by the names that the inputs of new nodes have."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def __getitem__(self, source: Any) -> Element:
        name, index = source
        try:
            operation = self._graph.get_operation_by_name(name)
        except KeyError:
            raise KeyError(source) from None
        return operation if index < 0 else operation.outputs[index]

    def __iter__(self) -> Iterator[Any]:
        """Nobody asks for all."""
        return iter(())

    def __len__(self) -> int:
        return self._graph.version


def _by_task(partitions: list[Partition]) -> dict[str, list[Partition]]:
    found: dict[str, list[Partition]] = {}
    for each in partitions:
        found.setdefault(_task_of(each.device), []).append(each)
    return found


def _task_of(device: Device) -> str:
    return device.name.split("/device:", 1)[0]


def _given(subgraph: Subgraph) -> tuple[dict[int, Any], dict[int, int]]:
    """Return which fetches are known, with their values, and which are fed, with the feed."""
    feeds = subgraph.request.feeds
    known: dict[int, Any] = {}
    fed: dict[int, int] = {}
    for position, tensor in enumerate(map(subgraph.source, subgraph.request.fetches)):
        if tensor in subgraph.constants:
            known[position] = subgraph.constants[tensor]
        elif tensor in feeds:
            fed[position] = feeds.index(tensor)
    return known, fed


def _definition(part: Partition, feeds: tuple[int, ...], brought: list[int]) -> PartitionDef:
    """Return what a worker has to know of a partition.

    Args:
        part: the partition.
        feeds: which of the step's feeds the worker gets, in order.
        brought: which of the partition's fetches it is to bring.
    """
    subgraph = part.subgraph
    nodes = nodes_of(part)
    for node in nodes:
        node.attr.pop("_class", None)  # all of it is on one device
    read = {node.name for node in nodes if node.op == "Placeholder"}
    fed = [
        (name_of_given(tensor), feeds.index(position))
        for tensor, position in zip(subgraph.request.feeds, part.feeds, strict=True)
    ]
    fed = [(name, place) for name, place in fed if name in read]
    return PartitionDef(
        part.device.name,
        protos.GraphDef(node=nodes).SerializeToString(),
        [name for name, _ in fed],
        [place for _, place in fed],
        [subgraph.source(subgraph.request.fetches[i]).name for i in brought],
        part.has_dead,
    )
