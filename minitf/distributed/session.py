"""A client's side of a session with a server: its steps are run by a master.

`tf.Session("grpc://host:port")` runs these steps where a local session runs its own: what is
fetched, fed and raised is the same.

**State** (`RemoteSteps`): the session's name at its master; how many operations of the graph the
master knows.

**Invariants**
1. Before a step is run the master knows all operations of the graph.
2. An error of an operation names the operation of the client's graph, and where its author made it.

Source: 2015 §2 "Sessions", §3 (client and master); OSDI §3.3.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from minitf import source
from minitf.distributed.channel import Channel, Connection, Direct
from minitf.distributed.key import cluster_key
from minitf.distributed.listener import service_at
from minitf.distributed.messages import (
    CloseSession,
    CreateSession,
    DeviceAttributes,
    ExtendSession,
    HoldSession,
    ResetCluster,
    RunStep,
    SessionMade,
    StepRun,
)
from minitf.distributed.peers import host_and_port
from minitf.distributed.replies import awaited
from minitf.errors import (
    DeadlineExceededError,
    InvalidArgumentError,
    OpError,
    UnimplementedError,
)
from minitf.executor.prune import Request, prune
from minitf.executor.report import checked_options
from minitf.executor.runs import Runs
from minitf.graph import Graph
from minitf.operation import Operation

_PATIENCE_S = 10.0  # with a master that is to end a session
_CREATED = re.compile(r"'([^']+)'(.*), created at [^\n]*")


class RemoteSteps:
    """The steps of a session with a server.

    Args:
        graph: the client's.
        target: "grpc://host:port".
        config: a ConfigProto, None for the defaults.

    Attributes:
        devices: those of the cluster.
        runs: those under way.

    Raises:
        UnavailableError: if nobody serves the target.

    Source: OSDI §3.3.
    """

    def __init__(self, graph: Graph, target: str, config: Any) -> None:
        self._graph = graph
        self._channel = channel_to(target)
        self._config = b"" if config is None else config.SerializeToString()
        self.runs = Runs()
        self.local: dict[Hashable, Any] = {}
        self.requests: list[Request] = []
        self.devices: list[DeviceAttributes] = []
        self._lock = threading.Lock()
        self._version = self._structure = 0
        self._name = ""
        self._end: BaseException | None = None
        self._make_session()

    def find(self, request: Request) -> RemoteStep:
        """Return the step of a request; the master gets it ready at its first run."""
        self.requests.append(request)
        return RemoteStep(request, self)

    def close(self, error: BaseException) -> None:
        """Let the master end the session, and what runs in it."""
        self._end = error
        with contextlib.suppress(OpError, TimeoutError):  # it may be gone, or silent
            self._channel.call(CloseSession(self._name)).result(_PATIENCE_S)
        self._channel.close()

    def twin(self, *_: Any, **__: Any) -> Any:
        """Refuse: how the steps of a server are run is not up to its clients.

        Raises:
            UnimplementedError: always.
        """
        raise UnimplementedError(None, None, "A session with a server cannot be stepped through")

    def run(self, request: RunStep, timeout_s: float | None) -> StepRun:
        """Let the master run a step.

        Raises:
            OpError: if it fails, or takes longer than it may.
        """
        try:
            self._extend()
        except OpError as error:
            raise self._end or error from None
        reply = self._channel.call(replace(request, session=self._name))
        try:
            found = awaited(reply, timeout_s)
        except TimeoutError:
            reply.cancel()
            raise DeadlineExceededError(
                None, None, f"Timed out waiting for notification: {timeout_s} s are over"
            ) from None
        except OpError as error:
            raise self._end or self._at_home(error) from None
        except BaseException:  # an interrupt
            reply.cancel()
            raise
        assert isinstance(found, StepRun), "the reply to RunStep"
        return found

    def _make_session(self) -> None:
        made = self._channel.call(CreateSession(self._config)).result()
        assert isinstance(made, SessionMade), "the reply to CreateSession"
        self._name, self.devices = made.session, made.devices
        self._channel.call(HoldSession(self._name))
        self._version, self._structure = 0, self._graph.structure_version

    def _extend(self) -> None:
        """Tell the master of operations that it does not know."""
        graph = self._graph
        with self._lock:
            if self._structure != graph.structure_version:
                self._version, self._structure = 0, graph.structure_version
            known, version = self._version, graph.version
            if known == version:
                return
            message = graph.as_graph_def(from_version=known).SerializeToString()
            self._channel.call(ExtendSession(self._name, message, known)).result()
            self._version = version

    def _at_home(self, error: OpError) -> OpError:
        """Return an error of a worker as one of the client's own graph."""
        graph = self._graph

        def created(found: re.Match[str]) -> str:
            name, rest = found.groups()
            try:
                operation = graph.get_operation_by_name(name.partition(":")[0])
            except KeyError:
                return f"'{name}'{rest}"
            return f"'{name}'{rest}, created at {source.describe(operation.site)}"

        node = error.node_def
        operation = None
        if node is not None:
            with contextlib.suppress(KeyError):
                operation = graph.get_operation_by_name(node.name)
        return type(error)(node, operation, _CREATED.sub(created, error.message))


class RemoteStep:
    """A step that a master runs.

    Args:
        request: what it was made for.
        steps: those of its session.

    Source: OSDI §3.3.
    """

    def __init__(self, request: Request, steps: RemoteSteps) -> None:
        self.request = request
        self._steps = steps
        self._feeds = [tensor.name for tensor in request.feeds]
        self._fetches = [tensor.name for tensor in request.fetches]
        self._targets = [operation.name for operation in request.targets]

    @property
    def operations(self) -> Iterator[Operation]:
        """Walk the operations that it needs."""
        return iter(prune(self.request).operations)

    def run(
        self,
        feeds: Sequence[Any],
        observer: RemoteReport | None = None,
        timeout_s: float | None = None,
    ) -> list[Any]:
        """Run it once and return the fetched values.

        Args:
            feeds: values, in the order of the request's feeds.
            observer: a RemoteReport, to be told what the master says of the run.
            timeout_s: how long it may take.

        Raises:
            OpError: if it fails.
        """
        values = [np.asarray(value) for value in feeds]
        options = b"" if observer is None else observer.options
        request = RunStep("", self._feeds, values, self._fetches, self._targets, options)
        found = self._steps.run(request, timeout_s)
        if observer is not None:
            observer.metadata = found.metadata
        return found.values


class RemoteReport:
    """What the RunOptions of one run ask for, of a master.

    Args:
        options: a RunOptions or None.
        run_metadata: a RunMetadata or None.

    Attributes:
        observer: takes what the master says: itself.
        options: a RunOptions; `metadata`: a RunMetadata.
        timeout_s: how long the run may take, None for the session's limit.

    Raises:
        TypeError: if the arguments are no RunOptions and RunMetadata.
    """

    def __init__(self, options: Any, run_metadata: Any) -> None:
        read = checked_options(options, run_metadata)
        if read.debug_options.debug_tensor_watch_opts:
            raise UnimplementedError(None, None, "watching outputs of a server's session")
        self._run_metadata = run_metadata
        self.observer = None if run_metadata is None else self
        self.options: bytes = read.SerializeToString()
        self.metadata = b""
        self.timeout_s = read.timeout_in_ms / 1000 if read.timeout_in_ms > 0 else None

    def fill(self, _: RemoteStep) -> None:
        """Fill the RunMetadata after the run."""
        if self._run_metadata is not None:
            self._run_metadata.ParseFromString(self.metadata)


def reset(target: str, containers: Sequence[str]) -> None:
    """Drop the state in some containers of a cluster, in all if none is named."""
    channel = channel_to(target)
    try:
        channel.call(ResetCluster(list(containers))).result()
    finally:
        channel.close()


def channel_to(target: str) -> Channel:
    """Return a way to the server of a target, which may be one of this process.

    Raises:
        InvalidArgumentError: if it is no address.
        UnavailableError: if nobody serves it.
    """
    try:
        address = host_and_port(target)
    except ValueError as error:
        raise InvalidArgumentError(None, None, str(error)) from error
    service = service_at(address)
    return Connection.to(address, cluster_key()) if service is None else Direct(service)
