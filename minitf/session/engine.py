"""What a session runs its steps by: this process, or the servers of a cluster.

Source: 2015 §3 (local and distributed); OSDI §3.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from minitf.devices import local_devices
from minitf.executor.config import SessionOptions
from minitf.executor.report import Report
from minitf.executor.step import Steps
from minitf.graph import Graph
from minitf.resources import ResourceStore
from minitf.session import starvation
from minitf.session import store as session_store
from minitf.session.described import DeviceAttributes

if TYPE_CHECKING:
    from minitf.distributed.session import RemoteSteps
    from minitf.session.session import BaseSession

AnySteps = Union[Steps, "RemoteSteps"]


class Engine(NamedTuple):
    """What a session runs its steps by.

    Attributes:
        steps: makes and runs them.
        devices: where they run.
        store: the state, as far as it is in this process.
        report: makes, of RunOptions and RunMetadata, what a run reports to.
    """

    steps: AnySteps
    devices: Sequence[DeviceAttributes]
    store: ResourceStore
    report: Callable[[Any, Any], Any]


def engine_for(
    session: BaseSession, target: str, graph: Graph, options: SessionOptions, config: Any
) -> Engine:
    """Return what a session runs by.

    Args:
        session: the session.
        target: "", "local://NAME" or "grpc://HOST:PORT".
        graph: whose steps.
        options: what `config` says.
        config: a ConfigProto, None for the defaults.

    Raises:
        NotFoundError: if it is no target.
        UnavailableError: if nobody serves it.
    """
    if session_store.is_remote(target):
        from minitf.distributed.session import RemoteReport, RemoteSteps

        remote = RemoteSteps(graph, target, config)
        rows = [(d.name, d.device_type, d.memory_limit, d.incarnation) for d in remote.devices]
        return Engine(
            remote, [DeviceAttributes(*row) for row in rows], ResourceStore(), RemoteReport
        )
    store = session_store.store_of(session, "" if options.isolated else target)
    devices = local_devices(options.device_counts)
    watch = starvation.watch_for(session, options.step.patience_s)
    steps = Steps(graph, devices, store, options.step, watch)
    described = [DeviceAttributes.of(device) for device in devices]
    return Engine(steps, described, store, partial(Report, device=devices[0]))
