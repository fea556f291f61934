"""Clusters for tests: tasks that are processes of their own, or servers within this one."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from minitf.distributed import wire
from minitf.distributed.channel import Direct
from minitf.distributed.server import Server

JOBS = {"ps": 1, "worker": 2}
TASKS = ("/job:ps/task:0", "/job:worker/task:0", "/job:worker/task:1")
DEADLINE_S = 60.0


def eventually(condition: Callable[[], Any], what: str | Callable[[], object] = "") -> Any:
    """Wait until a condition holds and return what it gives; there is a deadline.

    What is waited for, or what tells of it once the deadline is past, is named in the error.
    """
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        threading.Event().wait(0.005)
    told = what() if callable(what) else what or condition
    raise AssertionError(f"it never came about: {told}")


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.create_server(("localhost", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in found]


def described(jobs: dict[str, int]) -> dict[str, list[str]]:
    """Return a cluster with so many tasks of each job on this machine."""
    ports = iter(free_ports(sum(jobs.values())))
    return {job: [f"localhost:{next(ports)}" for _ in range(n)] for job, n in jobs.items()}


class Forge:
    """Makes processes that are tasks of clusters; `serving.py` at the other end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("serving.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._lock = threading.Lock()
        self._told()

    def make(self, **order: Any) -> int:
        """Start a task; return its process."""
        with self._lock:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            return self._told()["pid"]

    def close(self) -> None:
        """End all processes."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _told(self) -> dict[str, Any]:
        told = json.loads(self._process.stdout.readline())
        assert "error" not in told, told["error"]
        return told


class Processes:
    """A cluster whose tasks are processes.

    Args:
        forge: makes them.
        jobs: how many tasks each job has.
        settings: attributes of modules that are to be others in all of them.
        environment: likewise variables.
    """

    def __init__(
        self,
        forge: Forge,
        jobs: dict[str, int] = JOBS,
        settings: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self._forge = forge
        self._settings = settings or {}
        self._environment = environment or {}
        self.cluster = described(jobs)
        self.pids: dict[str, int] = {}
        for job, addresses in self.cluster.items():
            for task in range(len(addresses)):
                self.start(job, task)

    def start(self, job: str, task: int) -> None:
        """Start a task, or start it again."""
        self.pids[f"/job:{job}/task:{task}"] = self._forge.make(
            cluster=self.cluster,
            job=job,
            task=task,
            settings=self._settings,
            environment=self._environment,
        )

    def address(self, job: str, task: int) -> str:
        return self.cluster[job][task]

    def target(self, job: str = "worker", task: int = 0) -> str:
        return f"grpc://{self.address(job, task)}"

    def signal(self, job: str, task: int, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a task a signal: SIGKILL, SIGSTOP, SIGCONT."""
        os.kill(self.pids[f"/job:{job}/task:{task}"], number)

    def close(self) -> None:
        for pid in self.pids.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Servers:
    """A cluster whose tasks are servers of this process, which notes what they are asked.

    Args:
        jobs: how many tasks each job has.
        transport: "tcp", or "direct" for calls without a connection.
    """

    def __init__(self, jobs: dict[str, int] = JOBS, transport: str = "tcp") -> None:
        self.requests: list[tuple[str, Any]] = []
        cluster = described(jobs)
        self.all = {
            f"/job:{job}/task:{task}": Server(cluster, job, task)
            for job, addresses in cluster.items()
            for task in range(len(addresses))
        }
        for name, server in self.all.items():
            self._note(name, server)
        if transport == "direct":
            for server in self.all.values():
                for other in self.all.values():
                    peers = server._peers
                    peers._channels[other._peers.own] = Direct(other)

    def _note(self, name: str, server: Server) -> None:
        answer = server.answer

        def noting(request: Any) -> Any:
            self.requests.append((name, request))
            return answer(request)

        server.answer = noting

    @property
    def target(self) -> str:
        return self.all["/job:worker/task:0"].target

    @contextlib.contextmanager
    def asked(self) -> Iterator[Counter[tuple[str, str]]]:
        """Count, in the block, requests by task and kind, without health checks."""
        first, found = len(self.requests), Counter()
        yield found
        found.update(
            (name, type(request).__name__)
            for name, request in self.requests[first:]
            if type(request).__name__ != "GetStatus"
        )

    def of_kind(self, kind: type, first: int = 0) -> list[Any]:
        """Return the requests of a kind from a place on."""
        return [each for _, each in self.requests[first:] if isinstance(each, kind)]

    def under_way(self) -> int:
        """Return how many steps the workers know."""
        return sum(server._worker._meetings.count for server in self.all.values())

    def close(self) -> None:
        for server in self.all.values():
            server.stop()


def bytes_of(message: Any) -> int:
    """Return how long the frame of a message is."""
    return sum(len(memoryview(buffer)) for buffer in wire.frame(1, message))
