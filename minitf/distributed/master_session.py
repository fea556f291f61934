"""MasterSession: a client's session at its master, which makes each step ready to run on workers.

    once:   prune -> place on the devices of all tasks -> merge, fold -> partition by device
            -> RegisterGraph to each task
    always: ClusterStep.run

**State**: the client's graph; by what is asked for, the steps that workers have registered
(`ClusterStep`); by task, the call by which it keeps what it has for the session.

**Invariants**
1. A worker that is gone, or that forgot its graphs because it was started again, fails the step;
   the next one registers anew.
2. A step that waits for a task, or runs, holds up no other.
3. When the session is over, so is what its workers have for it.

**Departure from TensorFlow**: a session is made at once.  Which tasks have to be there is known
when a step is placed: those that it runs on, and only they are waited for.

Source: 2015 §2 "Sessions", §3.2; OSDI §3.3.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from typing import Any

from minitf import protos
from minitf.devices import Device, DeviceSpec
from minitf.distributed.cluster_step import ClusterStep, Portion
from minitf.distributed.health import Health
from minitf.distributed.messages import (
    Done,
    GraphRegistered,
    HoldGraphs,
    PartitionDef,
    RegisterGraph,
    RunStep,
)
from minitf.distributed.peers import Peers
from minitf.distributed.replies import Reply, settle
from minitf.distributed.tasks import Tasks
from minitf.elements import Element
from minitf.errors import AbortedError, CancelledError, UnavailableError
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


class MasterSession:
    """A client's session: its graph, and the steps that workers have registered.

    Args:
        name: its name.
        config: a ConfigProto.
        peers: the tasks of the cluster.
        tasks: what they have.
        health: notices those that fall silent.

    Attributes:
        ended: settled when it is over.

    Source: 2015 §2 "Sessions", §3; OSDI §3.3.
    """

    def __init__(
        self, name: str, config: bytes, peers: Peers, tasks: Tasks, health: Health
    ) -> None:
        self.ended: Reply = Future()
        self._name = name
        self._config = config
        message = protos.ConfigProto.FromString(config)
        self._options = read_config(message).step
        self._filters = list(message.device_filters)
        self._peers = peers
        self._tasks = tasks
        self._health = health
        self._graph = Graph()
        self._steps: dict[Key, ClusterStep] = {}
        self._making: dict[Key, threading.Lock] = {}
        self._held: dict[str, Reply] = {}
        self._runs = Runs()
        self._lock = threading.Lock()
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
                self._graph, old = Graph(), list(self._steps.values())
                self._steps.clear()
                self._making.clear()
                for step in old:
                    step.forget()
            elif self._graph.version != version:
                raise AbortedError(None, None, "The graph of the session has changed meanwhile")
            import_graph(self._graph, message, input_map=_Present(self._graph))

    def run(self, request: RunStep, asked: Reply) -> tuple[list[Any], bytes]:
        """Run a step; return what it fetches, and a RunMetadata.

        Args:
            request: what the client asks for.
            asked: what it waits for; the step ends when that is given up.

        Raises:
            OpError: if it fails.
        """
        key = tuple(request.fetches), tuple(request.targets), tuple(request.feeds)
        step = self._steps.get(key) or self._made(key, asked)
        try:
            return step.run(request.values, request.options, self._runs, asked)
        except (AbortedError, UnavailableError) as error:
            if not step.blames(error):  # a worker may have been started again: it knows no graphs
                self._drop(step.tasks)
            raise

    def close(self) -> None:
        """End what is under way, and let the workers forget it."""
        self._is_closed = True
        self._runs.end_all(CancelledError(None, None, "Session has been closed."))
        with self._lock:
            held, self._held = list(self._held.values()), {}
        for each in held:
            each.cancel()
        settle(self.ended, Done())

    # --- a new step ------------------------------------------------------------------------------

    def _made(self, key: Key, asked: Reply) -> ClusterStep:
        """Return a step; who asks for it while it is made waits for that."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found = self._steps.get(key)
            if found is None:
                found = self._register(key, lambda: self._is_closed or asked.cancelled())
                self._steps[key] = found
            return found

    def _drop(self, tasks: set[str]) -> None:
        """Forget the steps that some tasks take part in: one of them was gone."""
        with self._lock:
            old = {key: step for key, step in self._steps.items() if step.tasks & tasks}
            for key in old:
                del self._steps[key]
            for task in tasks:
                if task in self._held and self._held[task].done():
                    del self._held[task]
        self._tasks.forget(tasks)
        for step in old.values():
            step.forget()

    def _register(self, key: Key, is_over: Callable[[], bool]) -> ClusterStep:
        """Place and cut a step, and let its workers register their parts."""
        fetches, targets, feeds = key
        with self._lock:
            graph = self._graph
            wanted = Request(
                tuple([graph.get_tensor_by_name(name) for name in fetches]),
                tuple([graph.get_operation_by_name(name) for name in targets]),
                tuple([graph.get_tensor_by_name(name) for name in feeds]),
            )
            library = graph.as_graph_def(from_version=graph.version).library.SerializeToString()
            subgraph = prune(wanted)
        self._tasks.wait_for(self._named(subgraph), is_over)
        placement = place(subgraph, self.devices(), self._options)
        self._tasks.wait_for({_task_of(device) for device in placement.values()}, is_over)
        if self._options.merge_equal:
            merge_equal(subgraph)
        if self._options.fold_constants:
            fold_constants(subgraph, self._options.most_folded_bytes)
        parts = _by_task(partition(subgraph, placement))
        with self._health.watching(parts):
            try:
                portions = [self._portion(task, own, library) for task, own in parts.items()]
            except (AbortedError, UnavailableError):
                self._drop(set(parts))
                raise
        known, fed = _given(subgraph)
        is_own = {operation.name for operation in subgraph.operations}.__contains__
        count, channel_to = len(fetches), self._peers.channel
        return ClusterStep(portions, known, fed, count, channel_to, is_own, self._health)

    def _portion(self, task: str, parts: list[Partition], library: bytes) -> Portion:
        feeds = tuple(dict.fromkeys(position for part in parts for position in part.feeds))
        fetches: list[int] = []
        partitions = []
        for part in parts:
            known, fed = _given(part.subgraph)
            brought = [i for i in range(len(part.fetches)) if i not in known and i not in fed]
            fetches += [part.fetches[i] for i in brought]
            partitions.append(_definition(part, feeds, brought))
        self._hold(task)
        request = RegisterGraph(self._name, partitions, library, self._config)
        reply = self._peers.channel(task).call(request).result()
        assert isinstance(reply, GraphRegistered), "the reply to RegisterGraph"
        return Portion(task, reply.handle, feeds, tuple(fetches))

    def _hold(self, task: str) -> None:
        """Let a task keep what is registered there until the session is over.

        Raises:
            AbortedError: if it has lost that, and its variables: its client is to know.
        """
        with self._lock:
            held = self._held.get(task)
            if held is None:
                held = self._held[task] = self._peers.channel(task).call(HoldGraphs(self._name))
                return
        if held.done():
            raise AbortedError(None, None, f"{task} was gone, or was started again")

    def _named(self, subgraph: Subgraph) -> set[str]:
        """Return the tasks that operations of a step ask for, and this one, which is here."""
        asked = {operation.device for operation in subgraph.operations}
        specs = [DeviceSpec.from_string(device) for device in asked if device]
        return {self._peers.own} | {
            task
            for spec in specs
            if spec.job is not None and spec.task is not None
            for task in self._peers.addresses
            if replaced(spec).matches(DeviceSpec.from_string(task))
        }

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
    nodes = nodes_of(subgraph, part.device.name)
    for node in nodes:
        node.attr.pop("_class", None)  # all of it is on one device
    read = {node.name for node in nodes if node.op == "Placeholder"}
    fed = [
        (name_of_given(tensor, subgraph), feeds.index(position))
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
