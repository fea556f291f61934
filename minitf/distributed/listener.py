"""Where a task is reached: takes connections of those who know the key of the cluster.

**State** (`Listener`): the connections that others have made; of all listeners of this process,
their services by address, so that who asks for one of them needs no connection.

Source: OSDI §3.3, §5.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from types import TracebackType
from typing import Self

from minitf.distributed.channel import Connection, Service
from minitf.distributed.key import welcome
from minitf.errors import OpError, UnavailableError
from minitf.executor.crew import Team

_LOG = logging.getLogger("tensorflow")
_OF_THIS_PROCESS: dict[tuple[str, int], Service] = {}  # by address


def service_at(address: tuple[str, int]) -> Service | None:
    """Return the service that listens at an address, if this process has it."""
    return _OF_THIS_PROCESS.get(address)


class Listener:
    """Takes connections of those who know the key, and lets a service answer them.

    Args:
        host: a name or number of this machine.
        port: 0 for any that is free.
        service: what answers.
        key: what callers must know.

    Attributes:
        address: host and port.

    Raises:
        UnavailableError: if the port is taken or the host is not this machine.
    """

    def __init__(self, host: str, port: int, service: Service, key: bytes) -> None:
        self._service = service
        self._key = key
        self._team = Team()
        self._lock = threading.Lock()
        self._connections: set[Connection] = set()
        self._is_closed = False
        try:
            self._socket = socket.create_server((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnavailableError(
                None, None, f"Could not start gRPC server: {host}:{port}: {reason}"
            ) from error
        self.address: tuple[str, int] = host, self._socket.getsockname()[1]
        _OF_THIS_PROCESS[self.address] = service
        threading.Thread(target=self._accept_all, name="minitf-listener", daemon=True).start()

    def __enter__(self) -> Self:
        """Listen in a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Listen no more."""
        self.close()

    def close(self) -> None:
        """Take no more callers, and end the connections that there are."""
        with self._lock:
            self._is_closed = True
            connections = list(self._connections)
        _OF_THIS_PROCESS.pop(self.address, None)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in connections:
            connection.close()
        self._team.close()

    def _accept_all(self) -> None:
        while True:
            try:
                link, (host, *_) = self._socket.accept()
            except OSError:  # it was closed
                return
            threading.Thread(
                target=self._greet, args=(link, host), name="minitf-greeting", daemon=True
            ).start()

    def _greet(self, link: socket.socket, host: str) -> None:
        try:
            welcome(link, self._key)
        except OpError as error:
            _LOG.warning("Refused a connection from %s: %s", host, error.message)
            link.close()
            return
        with self._lock:
            if self._is_closed:
                link.close()
                return
            connection = Connection(link, self._team, self._service, self._forget)
            self._connections.add(connection)
        connection.start()

    def _forget(self, connection: Connection) -> None:
        with self._lock:
            self._connections.discard(connection)
