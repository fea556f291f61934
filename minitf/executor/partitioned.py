"""A step of several partitions: one executor per device, all of one process.

**State**, constant once made: per partition a `Part`, which is a Step with a plan and tiers of its
own.  What belongs to a run is its `Exchange`, so several threads may run one step at once.

**Invariants**
1. The calling thread runs the first partition, and other threads the rest; it leaves last.
2. The first error of any partition ends them all, and is the one that is raised.
3. Send and Recv do all synchronisation: nobody else looks at two partitions.

Worked example:

    step.run([3.0])     # CPU:0 sends x, CPU:1 receives it and sends y, CPU:0 gives z

**Departures from the paper**: partitions in other processes come with the distributed runtime, for
which a Rendezvous is an interface.

Source: 2015 §3.2.2, §3.3; OSDI §3.3.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any

from minitf.devices import Device
from minitf.errors import OpError
from minitf.executor.crew import Team
from minitf.executor.dataflow import Observer, Run
from minitf.executor.exchange import Exchange, PartitionRun
from minitf.executor.partition import Partition
from minitf.executor.plan import Plan
from minitf.executor.prune import Request
from minitf.executor.step import Step
from minitf.operation import Operation
from minitf.ops.comm import Rendezvous, meeting_at


class Part(Step):
    """One partition, ready to run within an Exchange.

    Args:
        partition: what it runs.
        kernel_threads: how many threads may run one kernel; None for the device's own number.
        arguments: as of Step.

    Source: 2015 §3.2.2; OSDI §3.3.
    """

    def __init__(self, partition: Partition, kernel_threads: int | None, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.partition = partition
        self._kernel_threads = kernel_threads

    def run(
        self,
        feeds: Sequence[Any],
        observer: Observer | None = None,
        timeout_s: float | None = None,
    ) -> list[Any]:
        """Run it once, in a thread that works for an Exchange, and return its fetches."""
        if self._kernel_threads is None:
            return super().run(feeds, observer, timeout_s)
        before = self.device.limit_threads(self._kernel_threads)
        try:
            return super().run(feeds, observer, timeout_s)
        finally:
            self.device.limit_threads(before)

    def _new_run(self, observer: Observer | None) -> Run:
        return PartitionRun(self.plan, self.partition.fetches, observer, self._watch)


class PartitionedStep:
    """A request, ready to run on several devices.

    Args:
        request: what it was made for.
        parts: its partitions.
        whole: makes the plan of the whole step, for those who run it by one executor.
        team: the threads of all partitions but one.
        meet: makes the rendezvous of a run.

    Source: 2015 §3.2.2; OSDI §3.3.
    """

    def __init__(
        self,
        request: Request,
        parts: Sequence[Part],
        whole: Callable[[], Plan],
        team: Team,
        meet: Callable[[], Rendezvous],
    ) -> None:
        self.request = request
        self.parts = tuple(parts)
        self._whole = whole
        self._team = team
        self._meet = meet

    @cached_property
    def plan(self) -> Plan:
        """The plan of the whole step, uncut: what a partial run goes through."""
        return self._whole()

    @property
    def device(self) -> Device:
        """The device of the first partition."""
        return self.parts[0].device

    @property
    def placed(self) -> dict[Operation, str]:
        """The names of the devices of its operations."""
        return {
            operation: part.device.name
            for part in self.parts
            for operation in part.partition.subgraph.operations
        }

    @property
    def operations(self) -> Iterator[Operation]:
        """Walk the operations of all partitions, Sends and Recvs among them."""
        return (operation for part in self.parts for operation in part.operations)

    def run(
        self,
        feeds: Sequence[Any],
        observer: Observer | None = None,
        timeout_s: float | None = None,
    ) -> list[Any]:
        """Run it once and return the fetched values.

        Args:
            feeds: values, in the order of the request's feeds.
            observer: told of each event, in the thread of its partition.
            timeout_s: how long it may take.

        Raises:
            OpError: the first failure of a node; if time runs out.
        """
        exchange = Exchange(self._meet())
        fetched: list[Any] = [None] * len(self.request.fetches)
        started: list[Part] = []
        over: list[Part] = []
        ends: queue.SimpleQueue[None] = queue.SimpleQueue()

        def work(part: Part) -> None:
            try:
                self._run_part(part, exchange, feeds, fetched, observer, timeout_s)
            finally:
                over.append(part)
                ends.put(None)

        try:
            for part in self.parts[1:]:
                self._team.start(partial(work, part))
                started.append(part)
            self._run_part(self.parts[0], exchange, feeds, fetched, observer, timeout_s)
            _wait(started, over, ends)
        except BaseException as error:  # an interrupt
            exchange.abort(error)
            _wait(started, over, ends)
            raise
        if exchange.failure is not None:
            raise exchange.failure
        return fetched

    def _run_part(
        self,
        part: Part,
        exchange: Exchange,
        feeds: Sequence[Any],
        fetched: list[Any],
        observer: Observer | None,
        timeout_s: float | None,
    ) -> None:
        partition = part.partition
        try:
            with meeting_at(exchange):
                own = [feeds[position] for position in partition.feeds]
                values = part.run(own, observer, timeout_s)
        except BaseException as error:  # noqa: BLE001 the calling thread raises the first
            exchange.abort(_with_device(error, partition.device))
        else:
            for position, value in zip(partition.fetches, values, strict=True):
                fetched[position] = value


def _wait(started: list[Part], over: list[Part], ends: queue.SimpleQueue[None]) -> None:
    """Wait until the partitions are over that other threads run."""
    while len(over) < len(started):
        ends.get()


def _with_device(error: BaseException, device: Device) -> BaseException:
    """Return the error of an operation with its device."""
    if not isinstance(error, OpError) or error.op is None:
        return error
    message = f"{error.message}\n  on device {device.name}"
    made = type(error)(None, error.op, message)
    made.__cause__ = error.__cause__
    return made
