"""Health: notices workers that are there but say nothing, such as one that was stopped or hangs.

A process that ends closes its connections, which is noticed at once.  One that is silent is asked
for its status again and again while steps run on it; one that does not answer for `PATIENCE_S` is
given up: all calls to it fail with Unavailable, and so their steps are ended on the others.

**State**: by task, the number of steps under way that need it, and when it was last heard.

**Invariants**
1. Nobody is asked while no step runs on it.
2. Questions have a way of their own: a large tensor on the other one is no silence.

Source: 2015 §3.3 (periodic health checks from the master to every worker).
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

from minitf.distributed.messages import GetStatus
from minitf.distributed.peers import Peers, Way
from minitf.errors import OpError
from minitf.executor.crew import Team

INTERVAL_S = 3.0  # between two questions
PATIENCE_S = 30.0  # without an answer


class Health:
    """Watches the workers of steps that are under way.

    Args:
        peers: the tasks of the cluster.

    Source: 2015 §3.3.
    """

    def __init__(self, peers: Peers) -> None:
        self._peers = peers
        self._needed: Counter[str] = Counter()
        self._heard: dict[str, float] = {}
        self._asking: set[str] = set()
        self._ways: dict[str, Way] = {}
        self._lock = threading.Lock()
        self._team = Team()
        self._is_closed = threading.Event()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def watching(self, names: Iterable[str]) -> Iterator[None]:
        """Give up, in the block, those of some tasks that fall silent."""
        others = [name for name in names if name != self._peers.own]
        with self._lock:
            for name in others:
                if not self._needed[name]:
                    self._heard[name] = time.monotonic()
                self._needed[name] += 1
            if others and self._thread is None:
                self._thread = threading.Thread(
                    target=self._look_again, name="minitf-health", daemon=True
                )
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._needed.subtract(others)

    def close(self) -> None:
        """Watch no more."""
        self._is_closed.set()
        self._team.close()
        for way in tuple(self._ways.values()):
            way.close()

    def _look_again(self) -> None:
        while not self._is_closed.wait(INTERVAL_S):
            with self._lock:
                names = [name for name, count in self._needed.items() if count > 0]
            for name in names:
                self._look_at(name)

    def _look_at(self, name: str) -> None:
        silent_s = time.monotonic() - self._heard[name]
        if silent_s > PATIENCE_S:
            self._heard[name] = time.monotonic()
            self._peers.give_up(name, f"no answer for {silent_s:.0f} s to health checks")
        elif name not in self._asking:
            self._asking.add(name)
            self._team.start(partial(self._ask, name))

    def _ask(self, name: str) -> None:
        try:
            way = self._ways.setdefault(name, self._peers.another(name))
            way.call(GetStatus()).result(PATIENCE_S)
            self._heard[name] = time.monotonic()
        except (OpError, TimeoutError):
            pass  # it was not heard
        finally:
            self._asking.discard(name)
