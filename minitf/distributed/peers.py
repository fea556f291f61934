"""The tasks of a cluster: what they are called, where they are, and the ways to them.

    peers = Peers(cluster_def, "worker", 0, key)
    peers.names                                     # "/job:ps/replica:0/task:0", ...
    peers.channel(name).call(GetStatus())

**State**: the ways that were opened, each once; a way that broke is opened anew by whoever comes
next, since its task may have been started again.

**Invariant**: an error on the way says which task, and where it should be.

Source: 2015 §3 (jobs and tasks); OSDI §3.3, §5.
"""

from __future__ import annotations

import threading
from typing import Any

from minitf.distributed.channel import Channel, Connection, Direct, Service
from minitf.distributed.messages import Message
from minitf.distributed.replies import Reply, failed
from minitf.errors import NotFoundError, OpError


class Peers:
    """The tasks of a cluster, seen from one of them.

    Args:
        cluster: a ClusterDef.
        job: the job of this task; `task`: its number.
        key: what all of them know.

    Attributes:
        own: the name of this task.
        addresses: name -> (host, port).

    Source: OSDI §3.3.
    """

    def __init__(self, cluster: Any, job: str, task: int, key: bytes) -> None:
        self.own = task_name(job, task)
        self.addresses = {
            task_name(each.name, number): host_and_port(address)
            for each in cluster.job
            for number, address in sorted(each.tasks.items())
        }
        self._key = key
        self._lock = threading.Lock()
        self._channels: dict[str, Channel] = {}

    def serve(self, service: Service) -> None:
        """Let this task itself be reached, without a connection."""
        self._channels[self.own] = Direct(service)

    def channel(self, name: str) -> Channel:
        """Return the way to a task; it connects at its first call, and again when it broke.

        Raises:
            NotFoundError: if the cluster has no such task.
        """
        if name not in self.addresses:
            known = ", ".join(self.addresses)
            raise NotFoundError(None, None, f"There is no task {name}; the cluster has {known}")
        with self._lock:
            found = self._channels.get(name)
            if found is None:
                found = self._channels[name] = self.another(name)
            return found

    def another(self, name: str) -> Way:
        """Return a way of the caller's own to a task, not held up by what others send."""
        return Way(name, self.addresses[name], self._key)

    def give_up(self, name: str, reason: str) -> None:
        """End all calls to a task that have no reply: it is silent."""
        channel = self.channel(name)
        if isinstance(channel, Way):
            channel.close(reason)

    def close(self) -> None:
        """End all ways."""
        with self._lock:
            channels, self._channels = list(self._channels.values()), {}
        for each in channels:
            each.close()


class Way:
    """A way to a task of another process, which connects when it has to.

    Args:
        name: the task's.
        address: host and port.
        key: what both know.
    """

    def __init__(self, name: str, address: tuple[str, int], key: bytes) -> None:
        self._name = name
        self._address = address
        self._key = key
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def call(self, request: Message) -> Reply:
        """Send a request."""
        try:
            with self._lock:
                if self._connection is None or self._connection.is_broken:
                    self._connection = Connection.to(self._address, self._key, self._name)
                connection = self._connection
        except OpError as error:
            return failed(error)
        return connection.call(request)

    def close(self, reason: str = "The channel is closed") -> None:
        """End it, for now: a later call connects anew."""
        connection = self._connection
        if connection is not None:
            connection.close(reason)


def task_name(job: str, task: int) -> str:
    """Return a task's name, as device names begin."""
    return f"/job:{job}/replica:0/task:{task}"


def host_and_port(address: str) -> tuple[str, int]:
    """Read "host:port".

    Raises:
        ValueError: if it is none.
    """
    host, _, port = address.removeprefix("grpc://").rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f'"{address}" is no address: "host:port" is wanted')
    return host.strip("[]"), int(port)
