"""Placement by a simulated run: each operation goes where it would be finished soonest.

**State** of a simulation: when each device is free; when each operation is over, and where it is;
when each tensor is on a device to which it was brought.

**Invariants**
1. A group is placed with the first of its members, and the rest follow it.
2. A tensor is brought to a device once, however many read it there.
3. Where nothing is to be brought the end is no later than with all on one device that can run all.

Worked example: f takes 3 us, g and h 4 us each, and join 1 us; a transfer takes 1 us.

    f -> g, h -> join      f on A, 0 to 3;  g on A, 3 to 7;  h on B, 4 to 8;  join on B, 8 to 9
                           (all on A: 12)

**Departure from the paper**: transfers do not wait for each other.

Source: 2015 §3.2.1 (the placement algorithm), §4.3 (which runs on groups).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from minitf.devices import Device
from minitf.executor.loops import MERGES, NEXTS
from minitf.executor.prune import Subgraph
from minitf.operation import Operation
from minitf.tensor import Tensor


class Costs(Protocol):
    """What a simulation asks of a CostModel."""

    def nbytes(self, tensor: Tensor) -> int:
        """Return the size of a tensor's value."""

    def compute_us(self, operation: Operation, device_type: str) -> float:
        """Return how long an operation takes on a type of device."""

    def transfer_us(self, nbytes: int) -> float:
        """Return how long it takes to bring bytes to another device."""


@dataclass
class Schedule:
    """What a simulated run did.

    Attributes:
        placement: operation -> its device.
        ends_us: when each operation was over.
        moved_bytes: what was brought from one device to another.
    """

    placement: dict[Operation, Device] = field(default_factory=dict)
    ends_us: dict[Operation, float] = field(default_factory=dict)
    moved_bytes: int = 0

    @property
    def makespan_us(self) -> float:
        """When the last operation was over."""
        return max(self.ends_us.values(), default=0.0)


def simulate(
    subgraph: Subgraph,
    group_of: Callable[[Operation], Operation],
    feasible: Mapping[Operation, Sequence[Device]],
    costs: Costs,
) -> Schedule:
    """Run a subgraph in thought, and place its operations on the way.

    Args:
        subgraph: pruned; loops count as if each made one round.
        group_of: what stands for the group of an operation.
        feasible: by what stands for a group, the devices that it may run on, best first.
        costs: of operations and transfers.

    Source: 2015 §3.2.1.
    """
    return _Simulation(subgraph, group_of, feasible, costs).schedule


class _Simulation:
    """One simulated run."""

    def __init__(
        self,
        subgraph: Subgraph,
        group_of: Callable[[Operation], Operation],
        feasible: Mapping[Operation, Sequence[Device]],
        costs: Costs,
    ) -> None:
        self.schedule = Schedule()
        self._group_of = group_of
        self._feasible = feasible
        self._costs = costs
        self._free_us: dict[str, float] = {}
        self._brought: set[tuple[Tensor | Operation, str]] = set()
        self._group_devices: dict[Operation, Device] = {}
        self._sources = _sources(subgraph)
        self._run(subgraph)

    def _run(self, subgraph: Subgraph) -> None:
        place = {operation: i for i, operation in enumerate(subgraph.operations)}
        readers: dict[Operation, list[Operation]] = {}
        missing: dict[Operation, int] = {}
        for operation, sources in self._sources.items():
            makers = {_maker(each) for each in sources}
            missing[operation] = len(makers)
            for maker in makers:
                readers.setdefault(maker, []).append(operation)
        ready = [(0.0, i) for operation, i in place.items() if not missing[operation]]
        heapq.heapify(ready)
        while ready:
            operation = subgraph.operations[heapq.heappop(ready)[1]]
            self._place(operation)
            for reader in readers.get(operation, ()):
                missing[reader] -= 1
                if not missing[reader]:
                    ends = [self.schedule.ends_us[_maker(s)] for s in self._sources[reader]]
                    heapq.heappush(ready, (max(ends), place[reader]))

    def _place(self, operation: Operation) -> None:
        """Place an operation where it is over soonest; then, where less is to be brought."""
        group = self._group_of(operation)
        settled = self._group_devices.get(group)
        choices = self._feasible[group] if settled is None else [settled]
        ends = [(*self._end(operation, device), i) for i, device in enumerate(choices)]
        end_us, moved, i = min(ends)
        device = choices[i]
        self._group_devices[group] = device
        self._free_us[device.name] = end_us
        self._brought.update((each, device.name) for each in self._sources[operation])
        self.schedule.placement[operation] = device
        self.schedule.ends_us[operation] = end_us
        self.schedule.moved_bytes += moved

    def _end(self, operation: Operation, device: Device) -> tuple[float, int]:
        """Return when an operation would be over on a device, and what would have to be brought."""
        start_us, moved = self._free_us.get(device.name, 0.0), 0
        for each in self._sources[operation]:
            maker = _maker(each)
            there_us = self.schedule.ends_us[maker]
            if self.schedule.placement[maker] is not device:
                nbytes = self._costs.nbytes(each) if isinstance(each, Tensor) else 0
                there_us += self._costs.transfer_us(nbytes)
                moved += 0 if (each, device.name) in self._brought else nbytes
            start_us = max(start_us, there_us)
        return start_us + self._costs.compute_us(operation, device.device_type), moved


def _sources(subgraph: Subgraph) -> dict[Operation, list[Tensor | Operation]]:
    """Return, by operation, what it gets from others in the run; a loop's way back is left out."""
    present = set(subgraph.operations)
    fed = set(subgraph.request.feeds)
    found: dict[Operation, list[Tensor | Operation]] = {}
    for operation in subgraph.operations:
        each: dict[Tensor | Operation, None] = {}
        for tensor in map(subgraph.source, operation.inputs):
            is_back_edge = operation.type in MERGES and tensor.op.type in NEXTS
            if tensor.op in present and tensor not in fed and not is_back_edge:
                each[tensor] = None
        each |= {other: None for other in subgraph.control_sources(operation) if other in present}
        found[operation] = list(each)
    return found


def _maker(each: Tensor | Operation) -> Operation:
    return each.op if isinstance(each, Tensor) else each
