"""Where sessions keep their state: a store of their own, or one shared by a target's name.

**State**: the stores of shared targets, by name, kept until the process ends; which sessions with
a store of their own are open.

- Target `""`: each Session has its own store, as in TensorFlow: variables of two sessions never
  meet, and the state ends with the session.
- Target `"local://NAME"`: all Sessions of that name in this process use one store.  Graphs that
  know nothing of each other share a variable by its container and `shared_name`, and the state
  outlives them.

**Departure from TensorFlow**: `local://` is ours.  There, state is shared by sessions of one
server's target only; here tests, notebooks and pipelines share without a server.

Source: 2015 §4.7 "Containers".
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable
from typing import Any

from minitf.errors import NotFoundError
from minitf.resources import DEFAULT_CONTAINER, ResourceStore

_SHARED = "local://"
_REMOTE = "grpc://"

_stores: dict[str, ResourceStore] = {}
_private: weakref.WeakSet[Any] = weakref.WeakSet()
_lock = threading.Lock()


def is_remote(target: str) -> bool:
    """Tell whether a target names a server, which has the state."""
    return target.startswith(_REMOTE)


def store_of(session: Any, target: str) -> ResourceStore:
    """Return the store of a session of that target.

    Raises:
        NotFoundError: if nobody serves the target.
    """
    if not target:
        with _lock:
            _private.add(session)
        return ResourceStore()
    if not target.startswith(_SHARED):
        raise NotFoundError(
            None,
            None,
            f'No session factory registered for the given session options: {{target: "{target}"}}\n'
            f'  hint: targets are "", "{_SHARED}NAME" and "{_REMOTE}HOST:PORT"',
        )
    with _lock:
        return _stores.setdefault(target, ResourceStore())


def reset(target: str, containers: Iterable[str] | None) -> None:
    """Drop the resources in some containers of a target, in all if none is named.

    Resetting `""` closes all sessions that have a store of their own, as TensorFlow does.

    Source: 2015 §4.7 (a container can be reset).
    """
    if is_remote(target):
        from minitf.distributed.session import reset as reset_cluster

        reset_cluster(target, list(containers or ()))
        return
    names = tuple("" if name == DEFAULT_CONTAINER else name for name in containers or ())
    with _lock:
        sessions = tuple(_private) if not target else ()
        store = _stores.get(target)
    for session in sessions:
        session.cancel()
    if store is not None:
        store.reset(names)
