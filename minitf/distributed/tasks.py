"""What the tasks of a cluster have: their devices, asked for when a step needs them.

**State**: by task, the devices that it said it has, or that it is taken to have until it is asked:
one CPU, since all tasks run the same program.

**Invariants**
1. Only tasks that a step names are waited for.
2. Nobody waits in silence: every ten seconds the log says for whom, where it should be, and why it
   does not answer.

Source: 2015 §3 (devices of tasks); TensorFlow's "CreateSession still waiting for response".
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from minitf.devices import Device
from minitf.distributed.messages import DeviceAttributes, GetStatus, Status
from minitf.distributed.peers import Peers
from minitf.distributed.replies import Reply
from minitf.errors import UnavailableError

_LOG = logging.getLogger("tensorflow")
_REPORT_S = 10.0
_RETRY_S = 0.1
_MEMORY = 256 << 20


@dataclass(frozen=True)
class RemoteDevice:
    """A device of any task, as far as a placer looks at it.

    Attributes:
        name: in full; `device_type`: "CPU", ...
        attributes: what its task says of it.
    """

    name: str
    device_type: str
    attributes: DeviceAttributes

    def kernel(self, op_def: Any, attrs: dict[str, Any], *, compiled: bool = True) -> Any:
        """Return what computes the op; all tasks run the same program, and its body runs on all."""
        del attrs, compiled
        return op_def.body


class Tasks:
    """The tasks of a cluster and what they have.

    Args:
        peers: the ways to them.

    Source: 2015 §3.
    """

    def __init__(self, peers: Peers) -> None:
        self._peers = peers
        self._known: dict[str, list[DeviceAttributes]] = {}

    def devices(self, filters: Callable[[str], bool] = lambda _: True) -> list[Device]:
        """Return the devices of all tasks that a filter lets through, those of this one first."""
        names = sorted(filter(filters, self._peers.addresses), key=lambda n: n != self._peers.own)
        found = [
            RemoteDevice(each.name, each.device_type, each)
            for name in names
            for each in self._known.get(name) or _presumed(name)
        ]
        return cast("list[Device]", found)

    def forget(self, names: Iterable[str]) -> None:
        """Ask tasks anew: they were gone."""
        for name in names:
            self._known.pop(name, None)

    def wait_for(self, names: Iterable[str], is_over: Callable[[], bool]) -> None:
        """Return when all of these tasks have said what they have.

        Args:
            names: of tasks.
            is_over: whether nobody waits any more; asked now and then.

        Raises:
            OpError: if a task refuses; UnavailableError if it is over.
        """
        missing = {name: "no answer" for name in names if name not in self._known}
        due = time.monotonic() + _REPORT_S
        while missing:
            missing |= dict(self._asked(missing))
            missing = {name: reason for name, reason in missing.items() if name not in self._known}
            if not missing:
                return
            if is_over():
                raise UnavailableError(None, None, self._still_waiting(missing))
            if time.monotonic() >= due:
                _LOG.warning("%s", self._still_waiting(missing))
                due += _REPORT_S
            threading.Event().wait(_RETRY_S)

    def _asked(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Ask tasks, all at once; give the names of those that do not answer, and why."""
        replies = {name: self._peers.channel(name).call(GetStatus()) for name in names}
        for name, reply in replies.items():
            try:
                self._note(name, reply)
            except TimeoutError:
                yield name, "no answer"
            except UnavailableError as error:
                yield name, error.message.splitlines()[0]

    def _note(self, name: str, reply: Reply) -> None:
        status = reply.result(_REPORT_S)
        assert isinstance(status, Status), "the reply to GetStatus"
        self._known[name] = status.devices

    def _still_waiting(self, missing: dict[str, str]) -> str:
        lines = ["CreateSession still waiting for response from worker:"]
        for name, reason in missing.items():
            host, port = self._peers.addresses[name]
            lines.append(f"  {name} at {host}:{port}: {reason}")
        return "\n".join(lines)


def _presumed(name: str) -> list[DeviceAttributes]:
    return [DeviceAttributes(f"{name}/device:CPU:0", "CPU", _MEMORY, 0)]
