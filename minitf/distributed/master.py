"""Master: what a task does for clients.  It turns their steps into one RunGraph per worker.

    client: RunStep(fetches, feeds)  ->  its MasterSession  ->  RunGraph to each task, all at once;
                                         their replies, put together, are the result

**State**: by name, the sessions.

**Invariants**
1. A step that is known costs one message to each of its workers, whatever crosses between them.
2. The first worker that fails ends the step on all others; what is raised is the failure of an
   operation of the client's graph if there is one, since others follow from it.
3. A session is over when its client says so, or is gone.

Source: 2015 §3, §3.2, §3.3; OSDI §3.3, §5 (the distributed master).
"""

from __future__ import annotations

import itertools
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from minitf import protos
from minitf.distributed.health import Health
from minitf.distributed.master_session import MasterSession
from minitf.distributed.messages import (
    CloseSession,
    CreateSession,
    Done,
    ExtendSession,
    HoldSession,
    Message,
    ResetCluster,
    ResetContainers,
    RunStep,
    SessionMade,
    StepRun,
)
from minitf.distributed.peers import Peers
from minitf.distributed.replies import Reply, fulfil, when_given_up
from minitf.distributed.tasks import Tasks
from minitf.errors import AbortedError, UnavailableError
from minitf.executor.crew import Team


class Master:
    """Answers what clients ask of a task.

    Args:
        peers: the tasks of the cluster.

    Source: 2015 §3; OSDI §3.3, §5.
    """

    def __init__(self, peers: Peers) -> None:
        self._peers = peers
        self._tasks = Tasks(peers)
        self._health = Health(peers)
        self._sessions: dict[str, MasterSession] = {}
        self._incarnation = secrets.token_hex(8)  # workers may remember a master of the same name
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._team = Team()
        self._works: dict[type[Message], Callable[[Any, Reply], Message]] = {
            CreateSession: self._create,
            ExtendSession: self._extend,
            RunStep: self._run,
            CloseSession: self._close,
            ResetCluster: self._reset,
        }

    def answers(self, request: Message) -> bool:
        """Tell whether a request is one for masters."""
        return type(request) in self._works or isinstance(request, HoldSession)

    def answer(self, request: Message) -> Reply:
        """Return what brings the reply: each request has a thread."""
        if isinstance(request, HoldSession):
            return self._hold(request)
        reply: Reply = Future()
        work = partial(self._works[type(request)], request, reply)
        self._team.start(partial(fulfil, reply, work))
        return reply

    def close(self) -> None:
        """End all sessions."""
        with self._lock:
            sessions, self._sessions = list(self._sessions.values()), {}
        for session in sessions:
            session.close()
        self._health.close()
        self._team.close()

    def _create(self, request: CreateSession, _: Reply) -> Message:
        name = f"{self._peers.own}/{self._incarnation}/session_{next(self._numbers)}"
        session = MasterSession(name, request.config, self._peers, self._tasks, self._health)
        with self._lock:
            self._sessions[name] = session
        return SessionMade(name, [device.attributes for device in session.devices()])  # type: ignore[attr-defined]

    def _hold(self, request: HoldSession) -> Reply:
        """Return what is there when the session is over; its client gives it up if it is gone."""
        ended = self._session(request.session).ended
        when_given_up(ended, lambda: self._team.start(partial(self._end, request.session)))
        return ended

    def _extend(self, request: ExtendSession, _: Reply) -> Message:
        message = protos.GraphDef.FromString(request.graph)
        self._session(request.session).extend(message, request.version)
        return Done()

    def _run(self, request: RunStep, asked: Reply) -> Message:
        return StepRun(*self._session(request.session).run(request, asked))

    def _close(self, request: CloseSession, _: Reply) -> Message:
        self._end(request.session)
        return Done()

    def _end(self, name: str) -> None:
        with self._lock:
            session = self._sessions.pop(name, None)
        if session is not None:
            session.close()

    def _reset(self, request: ResetCluster, _: Reply) -> Message:
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
