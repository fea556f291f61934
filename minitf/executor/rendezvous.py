"""LocalRendezvous: where the Sends and Recvs of one run meet, all of one process.

**State**, guarded by one lock: by key, the values that nobody has asked for, and those who wait for
one that has not come; the error that ended the run.

**Invariants**
1. A key is in one of the two tables at most: the second to come takes out what the first has left.
2. Whoever waits is told once, outside the lock: of the value, or of the error.
3. After `abort` nobody waits and nothing is kept.

Worked example:

    meeting.recv("a", tell);  meeting.send("a", 3, False)     # tell(3, False, None)
    meeting.send("b", 4, False);  meeting.recv("b", tell)     # tell(4, False, None)

Source: 2015 §3.2.2 (Send and Recv do all synchronisation), §4.2 (a rendezvous per Run); OSDI §3.3.
"""

from __future__ import annotations

import threading
from typing import Any

from minitf.errors import InternalError, OpError
from minitf.ops.comm import Done


class LocalRendezvous:
    """A Rendezvous (`minitf.ops.comm`) of one run in one process.

    Source: 2015 §3.2.2; OSDI §3.3.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, tuple[Any, bool]] = {}
        self._waiting: dict[str, Done] = {}
        self._error: OpError | None = None

    def send(self, key: str, value: Any, is_dead: bool) -> None:
        """Bring a value; never waits.

        Raises:
            OpError: if the run was aborted, or the key brings a value already.
        """
        with self._lock:
            if self._error is not None:
                raise self._error
            done = self._waiting.pop(key, None)
            if done is None:
                if key in self._values:
                    raise _twice("Duplicate send", key)
                self._values[key] = value, is_dead
        if done is not None:
            done(value, is_dead, None)

    def recv(self, key: str, done: Done) -> None:
        """Ask for a value: `done` gets it when it has come, at once or in another thread.

        Raises:
            InternalError: if somebody waits for the key already.
        """
        with self._lock:
            error, found = self._error, self._values.pop(key, None)
            if error is None and found is None:
                if key in self._waiting:
                    raise _twice("Duplicate recv", key)
                self._waiting[key] = done
                return
        value, is_dead = (None, False) if found is None else found
        done(value, is_dead, error)

    def abort(self, error: OpError) -> None:
        """Give the error to all who wait, and to whoever comes after; a second one is ignored."""
        with self._lock:
            if self._error is not None:
                return
            self._error = error
            waiting = list(self._waiting.values())
            self._waiting.clear()
            self._values.clear()
        for done in waiting:
            done(None, False, error)


def _twice(what: str, key: str) -> OpError:
    return InternalError(None, None, f"{what}: {key}")
