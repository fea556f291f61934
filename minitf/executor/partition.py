"""Partitioning: a placed step becomes one subgraph per device, with Send and Recv where it is cut.

    device A: x                     device A: x -> Send(x)
    device B: b(x), c(x)            device B: Recv(x) -> b, c

**State** (`Partition`): a device, its subgraph, and which of the step's feeds and fetches it has.
The operations of the graph are in the partitions as they are: a partition's `Subgraph.aliases` say
that what another device makes comes from a Recv.

**Invariants**
1. No edge leads from one partition to another.
2. One Send and one Recv for each (tensor, destination), however many read it; likewise for each
   (operation, destination) that is waited for without data: then what is sent is empty.
3. Known values are in every partition that reads them, and so are fed ones: they are not sent.
4. In a step without loops a Recv waits for those Sends of its own partition that its value depends
   on, through others.  So an order that one partition follows agrees with those of the others, and
   a partition may wait at each Recv in turn: among them all there is always one that can go on.
5. A Recv in a loop waits for the Merge of its control loop (`control_loops.py`).

Worked example, y = x * 2 on CPU:1 and z = y + x on CPU:0:

    CPU:0   x;  Send(x)   Recv(y) after Send(x);  z
    CPU:1   Recv(x);  y;  Send(y)

Source: 2015 §3.2.2 (one Recv per tensor and device), §4.4; OSDI §3.3.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from minitf.devices import Device, incarnation_of
from minitf.dtypes import float32
from minitf.errors import InvalidArgumentError
from minitf.executor.control_loops import ControlLoops, settle
from minitf.executor.inserted import Inserted
from minitf.executor.loops import CONTROL_FLOW, MERGES, NEXTS, Loops
from minitf.executor.prune import Subgraph
from minitf.operation import Operation
from minitf.tensor import Tensor


@dataclass(frozen=True, eq=False)
class Partition:
    """What one device does of a step.

    Attributes:
        device: which.
        subgraph: its operations.
        feeds: positions, among those of the step, of the feeds that it reads.
        fetches: positions of the fetches that it has.
        has_dead: whether values may be dead on some device of the step.

    Source: 2015 §3.2.2; OSDI §3.3.
    """

    device: Device
    subgraph: Subgraph
    feeds: tuple[int, ...]
    fetches: tuple[int, ...]
    has_dead: bool


def partition(subgraph: Subgraph, placement: dict[Operation, Device]) -> list[Partition]:
    """Cut a step into one partition per device.

    Args:
        subgraph: pruned, merged and folded; left as it is.
        placement: operation -> its device; what `settle` says may move, and what is added gets a
            device.

    Raises:
        InvalidArgumentError: if a reference would cross, a loop over several devices has no
            LoopCond, or operations wait for each other in a circle.

    Source: 2015 §3.2.2, §4.4.
    """
    settle(subgraph, placement)
    return _Cut(subgraph, placement).partitions()


class _Cut:
    """One step while it is being cut."""

    def __init__(self, subgraph: Subgraph, placement: dict[Operation, Device]) -> None:
        self._subgraph = subgraph
        self._placement = placement
        self._fed = set(subgraph.request.feeds)
        self._operations = list(subgraph.operations)
        self._present = set(self._operations)
        self._loops = Loops(subgraph)
        self._inserted = Inserted(placement)
        self._control_loops = ControlLoops(self._operations, self._loops, placement, self._inserted)
        self._order: dict[Operation, int] = {}
        self._parts: dict[str, list[tuple[int, int, Operation]]] = {}
        self._recvs: dict[tuple[Any, str], Operation] = {}
        self._sends: dict[Operation, Operation] = {}  # by Recv
        self._aliases: dict[str, dict[Tensor, Tensor]] = {}
        self._left_out: dict[str, dict[Operation, list[Operation]]] = {}
        self._edges = 0

    def partitions(self) -> list[Partition]:
        """Return the partitions, in the order of their devices' names."""
        self._add_control_loops()
        self._order = {operation: i for i, operation in enumerate(self._in_order())}
        for operation in self._order:
            self._put(operation, self._order[operation], 0)
            self._cut_inputs(operation)
        has_dead = any(op.type in CONTROL_FLOW for op in self._operations)
        delays = {} if has_dead else self._delays()
        names = sorted(self._parts)
        devices = {device.name: device for device in self._placement.values()}
        return [
            self._partition(devices[name], delays, is_first=name == names[0], has_dead=has_dead)
            for name in names
        ]

    # --- edges -----------------------------------------------------------------------------------

    def _sources(self, operation: Operation) -> Iterator[Tensor | Operation]:
        """Walk what an operation gets in the run: tensors, and operations that it waits for."""
        for tensor in map(self._subgraph.source, operation.inputs):
            if tensor not in self._subgraph.constants and tensor not in self._fed:
                yield tensor
        for other in self._subgraph.control_sources(operation):
            if other in self._present:
                yield other

    def _crossing(self, operation: Operation) -> Iterator[Tensor | Operation]:
        """Walk those that are made on another device."""
        here = self._placement[operation]
        for each in self._sources(operation):
            if self._placement[_maker(each)] is not here:
                yield each

    def _add_control_loops(self) -> None:
        """Let each device that sends or receives within a loop go round with it."""
        going_round = {
            (self._loops.of(op), self._placement[op].name)
            for op in self._operations
            if op.type in NEXTS
        }
        for operation in self._subgraph.operations:
            for each in self._crossing(operation):
                maker = _maker(each)
                loop = self._loops.behind(maker)
                if loop is not None:
                    self._control_loops.merge(loop, self._placement[operation], operation)
                    sender = self._placement[maker]
                    owner = self._control_loops.owner(loop, operation)
                    if sender is not owner or (loop, sender.name) not in going_round:
                        self._control_loops.merge(loop, sender, operation)
        self._operations += self._control_loops.made
        self._present.update(self._control_loops.made)

    def _in_order(self) -> list[Operation]:
        """Return the operations, each after its sources, else in order of construction.

        Raises:
            InvalidArgumentError: if some wait for each other in a circle.
        """
        place = {operation: i for i, operation in enumerate(self._operations)}
        readers: dict[Operation, list[Operation]] = {}
        missing: dict[Operation, int] = {}
        for operation in self._operations:
            makers = {_maker(each) for each in self._sources(operation)}
            if operation.type in MERGES:
                makers = {maker for maker in makers if maker.type not in NEXTS}
            missing[operation] = len(makers)
            for maker in makers:
                readers.setdefault(maker, []).append(operation)
        ready = [place[operation] for operation in self._operations if not missing[operation]]
        found = []
        while ready:
            operation = self._operations[heapq.heappop(ready)]
            found.append(operation)
            for reader in readers.get(operation, ()):
                missing[reader] -= 1
                if not missing[reader]:
                    heapq.heappush(ready, place[reader])
        stuck = [operation.name for operation in self._operations if missing[operation]]
        if stuck:
            raise InvalidArgumentError(
                None,
                None,
                f"Graph is invalid, contains a cycle with {len(stuck)} nodes, including: "
                + ", ".join(stuck[:8]),
            )
        return found

    # --- cutting ---------------------------------------------------------------------------------

    def _put(self, operation: Operation, position: int, rank: int) -> None:
        """Put an operation into the partition of its device, at a place of the common order."""
        name = self._placement[operation].name
        self._parts.setdefault(name, []).append((position, rank, operation))

    def _cut_inputs(self, operation: Operation) -> None:
        device = self._placement[operation]
        wanted = operation.definition.input_types(operation.attrs) if operation.inputs else []
        crossing = dict.fromkeys(self._crossing(operation))
        for tensor, dtype in zip(operation.inputs, wanted, strict=True):
            source = self._subgraph.source(tensor)
            if source not in crossing:
                continue
            if dtype.is_ref:
                raise _crossing_reference(source.op, operation, self._placement)
            recv = self._recv(source, operation)
            aliases = self._aliases.setdefault(device.name, {})
            aliases[tensor] = aliases[source] = recv.outputs[0]
        for each in crossing:
            if isinstance(each, Operation):
                recv = self._recv(each, operation)
                self._left_out.setdefault(device.name, {})[each] = [recv]

    def _recv(self, each: Tensor | Operation, reader: Operation) -> Operation:
        """Return the Recv of a tensor, or of an operation's end, on a reader's device."""
        there = self._placement[reader]
        wanted = each, there.name
        if wanted in self._recvs:
            return self._recvs[wanted]
        maker = _maker(each)
        here = self._placement[maker]
        at = self._order[maker]
        if isinstance(each, Operation):
            each = self._empty(each, here, at)
        key: dict[str, Any] = {
            "tensor_name": f"edge_{self._edges}_{maker.name}",
            "send_device": here.name,
            "send_device_incarnation": incarnation_of(here.name),
            "recv_device": there.name,
            "client_terminated": False,
        }
        self._edges += 1
        dtype = each.dtype.base_dtype
        send = self._inserted.add("_Send", maker, here, [each], {"T": dtype, **key})
        loop = self._loops.behind(maker)
        waits = [] if loop is None else [self._control_loops.merge(loop, there, reader)]
        recv = self._inserted.add("_Recv", maker, there, [], {"tensor_type": dtype, **key}, waits)
        recv.outputs[0].static_shape = each.static_shape
        self._put(send, at, 2)
        self._put(recv, self._order[reader], -1)
        self._sends[recv] = send
        self._recvs[wanted] = recv
        return recv

    def _empty(self, operation: Operation, device: Device, position: int) -> Tensor:
        """Return a tensor without elements that is there when an operation has run."""
        attrs = {"dtype": float32, "value": np.zeros(0, np.float32)}
        made = self._inserted.add("Const", operation, device, [], attrs, [operation])
        self._put(made, position, 1)
        return made.outputs[0]

    # --- order -----------------------------------------------------------------------------------

    def _delays(self) -> dict[Operation, list[Operation]]:
        """Return, by Recv, the Sends of its own partition on which its value depends."""
        sends: list[Operation] = []
        before: dict[Operation, int] = {}  # operation -> the Sends before it, as bits
        delays: dict[Operation, list[Operation]] = {}
        rows = [row for part in self._parts.values() for row in part]
        for _, _, operation in sorted(rows, key=lambda row: row[:2]):
            if operation in self._sends:  # a Recv
                send = self._sends[operation]
                before[operation] = before[send]
                delays[operation] = self._latest(operation, before, sends)
                continue
            found = 0
            here = self._placement[operation].name
            for each in self._any_sources(operation):
                found |= before.get(self._recvs.get((each, here), _maker(each)), 0)
            if operation.type == "_Send":
                found |= 1 << len(sends)
                sends.append(operation)
            before[operation] = found
        return delays

    def _any_sources(self, operation: Operation) -> Iterator[Tensor | Operation]:
        if operation in self._order:
            yield from self._sources(operation)
        else:
            yield from operation.inputs
            yield from operation.control_inputs

    def _latest(
        self, recv: Operation, before: dict[Operation, int], sends: list[Operation]
    ) -> list[Operation]:
        """Return the Sends before a Recv in its partition, less those before others of them."""
        device, left = self._placement[recv], before[recv]
        found = []
        while left:
            number = left.bit_length() - 1
            send = sends[number]
            left &= ~(1 << number)
            if self._placement[send] is device:
                found.append(send)
                left &= ~before[send]
        return found

    # --- the result ------------------------------------------------------------------------------

    def _partition(
        self,
        device: Device,
        delays: dict[Operation, list[Operation]],
        *,
        is_first: bool,
        has_dead: bool,
    ) -> Partition:
        old, name = self._subgraph, device.name
        rows = sorted(self._parts[name], key=lambda row: row[:2])
        operations = [operation for _, _, operation in rows]
        here = set(operations)
        request = old.request
        fetches = [
            position
            for position, tensor in enumerate(map(old.source, request.fetches))
            if (tensor.op in here and tensor not in self._fed and tensor not in old.constants)
            or (is_first and (tensor in self._fed or tensor in old.constants))
        ]
        wanted = {request.fetches[position] for position in fetches}
        read = {old.source(t) for op in operations for t in op.inputs} | set(
            map(old.source, wanted)
        )
        feeds = [position for position, tensor in enumerate(request.feeds) if tensor in read]
        made = Subgraph(
            replace(
                request,
                fetches=tuple([request.fetches[position] for position in fetches]),
                targets=tuple([op for op in request.targets if old.same.get(op, op) in here]),
                feeds=tuple([request.feeds[position] for position in feeds]),
                effects=tuple([op for op in request.effects if old.same.get(op, op) in here]),
            ),
            operations,
            old.constants,
            old.same,
            old.aliases | self._aliases.get(name, {}),
            old.left_out | self._left_out.get(name, {}),
            old.delays | delays,
        )
        return Partition(device, made, tuple(feeds), tuple(fetches), has_dead)


def _maker(each: Tensor | Operation) -> Operation:
    return each.op if isinstance(each, Tensor) else each


def _crossing_reference(
    maker: Operation, reader: Operation, placement: dict[Operation, Device]
) -> InvalidArgumentError:
    return InvalidArgumentError(
        None,
        reader,
        f"A reference never crosses devices: '{maker.name}' is on {placement[maker].name}, and "
        f"'{reader.name}', which changes what it refers to, on {placement[reader].name}",
    )
