"""`tf.train.Server`: a task of a cluster, in this process.

    cluster = tf.train.ClusterSpec({"ps": ["localhost:2222"], "worker": ["localhost:2223"]})
    server = tf.train.Server(cluster, job_name="ps", task_index=0)
    server.join()                                       # serve until the process is ended

    with tf.Session(server.target) as session: ...      # "grpc://localhost:2222"

Every task is a worker, and a master for the sessions that name it as their target.

**State**: the listener, and behind it the Worker and the Master.

**Invariants**
1. It listens where the cluster says that this task is; an address that is not this machine's own
   (loopback) only if the environment variable `MINITF_REMOTE=1` says that others may come.
2. Whoever calls has to know the key of the cluster (`key.py`).

Source: 2015 §3; OSDI §3.3, §5; TensorFlow 1.15's tf.train.Server.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
from typing import Any

from minitf import protos
from minitf.devices import Device, local_devices
from minitf.distributed.key import cluster_key
from minitf.distributed.listener import Listener
from minitf.distributed.master import Master
from minitf.distributed.messages import Message
from minitf.distributed.peers import Peers, host_and_port, task_name
from minitf.distributed.rendezvous import Meetings
from minitf.distributed.replies import Reply
from minitf.distributed.worker import Worker
from minitf.errors import InvalidArgumentError, PermissionDeniedError, UnimplementedError
from minitf.executor.config import read_config

_PROTOCOLS = ("grpc",)


class Server:
    """A task of a cluster.

    Args:
        server_or_cluster_def: a ServerDef, or a ClusterDef, ClusterSpec or dict.
        job_name: the task's job; may be left out if there is one job, or a ServerDef says it.
        task_index: its number; may be left out if the job has one task.
        protocol: "grpc"; the messages are MiniTF's own.
        config: a ConfigProto for its devices.
        start: whether to serve at once.

    Raises:
        TypeError: if it is no description of a cluster.
        ValueError: if it cannot be told which task this is.
        UnavailableError: if its port is taken.
        PermissionDeniedError: if its address is one that other machines reach.

    Source: OSDI §3.3; TensorFlow 1.15.
    """

    def __init__(
        self,
        server_or_cluster_def: Any,
        job_name: str | None = None,
        task_index: int | None = None,
        protocol: str | None = None,
        config: Any = None,
        start: bool = True,
    ) -> None:
        self._server_def = made = _server_def(
            server_or_cluster_def, job_name, task_index, protocol, config
        )
        self._host, port = host_and_port(_address_of(made))
        _check_reach(self._host)
        key = cluster_key()
        peers = self._peers = Peers(made.cluster, made.job_name, made.task_index, key)
        peers.serve(self)
        devices = _devices(made)
        self._worker = Worker(devices, Meetings(peers.own, peers.channel))
        self._master = Master(peers)
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._listener: Listener | None = None
        # The port is taken now, so that the target is known; nobody is answered before `start`.
        self._started = threading.Event()
        self._listener = Listener(self._host, port, self, key)
        peers.addresses[peers.own] = self._listener.address
        if start:
            self.start()

    @staticmethod
    def create_local_server(config: Any = None, start: bool = True) -> Server:
        """Return a server of a cluster of one task, on a port that is free.

        Args:
            config: a ConfigProto.
            start: whether to serve at once.

        Source: TensorFlow 1.15.
        """
        return Server(
            {"local": ["localhost:0"]}, job_name="local", task_index=0, config=config, start=start
        )

    def start(self) -> None:
        """Serve; again has no effect."""
        self._started.set()

    def join(self) -> None:
        """Wait until the server is stopped: for ever, if nobody does."""
        while not self._ended.wait(3600.0):
            pass

    def stop(self) -> None:
        """End what is under way, and listen no more."""
        with self._lock:
            listener, self._listener = self._listener, None
        if listener is None:
            return
        self._master.close()
        self._worker.close()
        listener.close()
        self._peers.close()
        self._ended.set()

    @property
    def server_def(self) -> Any:
        """The ServerDef."""
        return self._server_def

    @property
    def target(self) -> str:
        """What a `tf.Session` of this server names."""
        host, port = self._peers.addresses[self._peers.own]
        return f"grpc://{host}:{port}"

    def answer(self, request: Message) -> Reply:
        """Return what brings the reply to a request of a client, a master or a worker."""
        self._started.wait()
        for role in (self._worker, self._master):
            if role.answers(request):
                return role.answer(request)
        raise InvalidArgumentError(None, None, f"{type(request).__name__} is no request")


def _server_def(
    given: Any, job_name: str | None, task_index: int | None, protocol: str | None, config: Any
) -> Any:
    """Return the ServerDef, completed."""
    made = protos.ServerDef()
    if hasattr(given, "DESCRIPTOR") and given.DESCRIPTOR.name == "ServerDef":
        made.CopyFrom(given)
        if job_name is not None:
            made.job_name = job_name
        if task_index is not None:
            made.task_index = task_index
    else:
        made.cluster.CopyFrom(_cluster_def(given))
        made.job_name = _only_job(made.cluster) if job_name is None else job_name
        made.task_index = _only_task(made) if task_index is None else task_index
    made.protocol = protocol or made.protocol or _PROTOCOLS[0]
    if made.protocol not in _PROTOCOLS:
        raise UnimplementedError(
            None, None, f"No server factory registered for the given ServerDef: {made.protocol}"
        )
    if config is not None:
        made.default_session_config.MergeFrom(config)
    return made


def _cluster_def(given: Any) -> Any:
    """Return the ClusterDef of a ClusterDef, a ClusterSpec or a dict."""
    if hasattr(given, "as_cluster_def"):
        return given.as_cluster_def()
    if hasattr(given, "DESCRIPTOR") and given.DESCRIPTOR.name == "ClusterDef":
        return given
    if not isinstance(given, dict):
        raise TypeError(
            "server_or_cluster_def must be a tf.train.ServerDef, tf.train.ClusterDef or "
            f"tf.train.ClusterSpec, but got {given!r}"
        )
    made = protos.ClusterDef()
    for job, tasks in given.items():
        numbered = tasks.items() if isinstance(tasks, dict) else enumerate(tasks)
        made.job.add(name=job).tasks.update(numbered)
    return made


def _only_job(cluster: Any) -> str:
    if len(cluster.job) != 1:
        raise ValueError("Must specify an explicit `job_name`.")
    return str(cluster.job[0].name)


def _only_task(made: Any) -> int:
    tasks: Any = next((job.tasks for job in made.cluster.job if job.name == made.job_name), {})
    if len(tasks) != 1:
        raise ValueError("Must specify an explicit `task_index`.")
    return int(next(iter(tasks)))


def _address_of(made: Any) -> str:
    for job in made.cluster.job:
        if job.name == made.job_name and made.task_index in job.tasks:
            return str(job.tasks[made.task_index])
    raise InvalidArgumentError(
        None, None, f'Task {made.task_index} was not defined in job "{made.job_name}"'
    )


def _check_reach(host: str) -> None:
    """Refuse an address that other machines reach, unless the user allows it."""
    if os.environ.get("MINITF_REMOTE") == "1":
        return
    try:
        found = socket.getaddrinfo(host, None)
    except OSError as error:
        raise InvalidArgumentError(None, None, f"No machine is called {host!r}") from error
    addresses = {str(row[4][0]).split("%")[0] for row in found}
    if not all(ipaddress.ip_address(each).is_loopback for each in addresses):
        raise PermissionDeniedError(
            None,
            None,
            f"Other machines reach {host}: {', '.join(sorted(addresses))}\n"
            "  hint: MINITF_REMOTE=1 lets them, if they know the key in MINITF_CLUSTER_KEY; "
            "what they send is not encrypted",
        )


def _devices(made: Any) -> list[Device]:
    """Return the devices of this process under the names that they have in the cluster."""
    counts = dict(read_config(made.default_session_config).device_counts)
    devices = local_devices(counts)
    task = task_name(made.job_name, made.task_index)
    for device in devices:
        device.name = f"{task}/device:{device.name.split('/device:', 1)[1]}"
    return devices
