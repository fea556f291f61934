"""Placer: which device runs each operation of a step.

Operations that must share a device form a group: those that their authors colocated, and those that
act on one piece of state, which are joined by the edges along which its handle goes.  A group runs
on the first device that all its members ask for and that has a kernel for each of them.

**State** (`_Groups`): a forest of operations, by union-find; per root the members and the parts of
a device's name that they ask for.

**Invariants**
1. A reference or a resource handle never goes from one device to another.
2. Where the state is decides for those who act on it: another device that they ask for is ignored.
3. With one device there is nothing to choose, and nobody is grouped.

Worked example, with CPU:0 and CPU:1:

    v = variable @CPU:1;  u = assign(v, 2);  x = 3 @CPU:0;  s = size(x);  c = 1;  y = x + c @CPU:1
    u is with v on CPU:1;  s is where its input is;  c has one reader, and is with it on CPU:1

**Departure from the paper**: unless a program asks for it, no simulated run chooses
(`simulation.py`): as in the TensorFlow that was published, constraints decide, and else the first
device.

Source: 2015 §3.2.1, §4.3 (device constraints, union-find); OSDI §3.3; TensorFlow's Placer.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from minitf import source
from minitf.devices import Device, DeviceSpec
from minitf.dtypes import resource, variant
from minitf.errors import InvalidArgumentError, OpError
from minitf.executor.prune import Subgraph
from minitf.executor.simulation import Costs, simulate
from minitf.operation import Operation

if TYPE_CHECKING:
    from minitf.executor.step_options import StepOptions

_GROUP = "loc:@"
_DATA = "minitf.ops.data."  # datasets are variants that stay where their makers are
_METADATA = frozenset(("Rank", "Shape", "Size"))  # read no data: best where their input is
_HINT = "\n  hint: tf.ConfigProto(allow_soft_placement=True) lets it run elsewhere"


def place(
    subgraph: Subgraph,
    devices: Sequence[Device],
    options: StepOptions,
    costs: Costs | None = None,
) -> dict[Operation, Device]:
    """Give each operation a device that satisfies what is asked for.

    Args:
        subgraph: whose operations are placed.
        devices: where they may run; the first is the default.
        options: whether another device will do, and whether to write each choice to stderr.
        costs: by which a simulated run chooses where that is left open; None for the default.

    Raises:
        InvalidArgumentError: if a device that is asked for does not exist or has no kernel, or
            operations of one group ask for different ones.

    Source: 2015 §3.2.1, §4.3.
    """
    if len(devices) == 1:
        placement = _on_the_only(subgraph, devices[0], options)
    else:
        placement = _Placer(subgraph, devices, options, costs).placement()
    if options.log_placement:
        for operation, device in placement.items():
            sys.stderr.write(f"{operation.name}: ({operation.type}): {device.name}\n")
    return placement


def _on_the_only(
    subgraph: Subgraph, device: Device, options: StepOptions
) -> dict[Operation, Device]:
    full = DeviceSpec.from_string(device.name)
    asked = {operation.device: operation for operation in reversed(subgraph.operations)}
    for name, operation in reversed(asked.items()):
        if not options.soft_placement and not DeviceSpec.from_string(name).matches(full):
            raise _unknown_device(operation, [device])
    return dict.fromkeys(subgraph.operations, device)


class _Groups:
    """Operations that share a device."""

    def __init__(self) -> None:
        self._parent: dict[Operation, Operation] = {}
        self._rank: Counter[Operation] = Counter()

    def root(self, operation: Operation) -> Operation:
        """Return what stands for the group of an operation."""
        path = []
        while (parent := self._parent.get(operation, operation)) is not operation:
            path.append(operation)
            operation = parent
        self._parent.update(dict.fromkeys(path, operation))
        return operation

    def join(self, first: Operation, second: Operation) -> Operation:
        """Make one group of two different ones, and return what stands for it.

        That is what stood for the deeper one, and if they are equally deep, for the first.
        """
        first, second = self.root(first), self.root(second)
        if self._rank[first] < self._rank[second]:
            first, second = second, first
        elif self._rank[first] == self._rank[second]:
            self._rank[first] += 1
        self._parent[second] = first
        return first

    def all(self, operations: Iterable[Operation]) -> dict[Operation, list[Operation]]:
        """Return the groups, each with its members, by what stands for it."""
        found = defaultdict(list)
        for operation in operations:
            found[self.root(operation)].append(operation)
        return found


class _Placer:
    """Places the operations of one subgraph on several devices."""

    def __init__(
        self,
        subgraph: Subgraph,
        devices: Sequence[Device],
        options: StepOptions,
        costs: Costs | None,
    ) -> None:
        self._subgraph = subgraph
        self._costs = costs
        self._devices = devices
        self._specs = [DeviceSpec.from_string(device.name) for device in devices]
        self._is_soft = options.soft_placement
        self._groups = _Groups()
        self._asked: dict[Operation, DeviceSpec] = {}  # by root

    def placement(self) -> dict[Operation, Device]:
        """Return the device of each operation.

        Raises:
            InvalidArgumentError: if there is none.
        """
        operations = [*self._subgraph.operations, *self._named_elsewhere()]
        self._join_by_state(operations)
        self._join_by_name(operations)
        feasible: dict[Operation, list[Device]] = {}
        alone = set()
        for root, members in self._groups.all(operations).items():
            feasible[root] = self._feasible(root, members)
            if len(members) == 1:
                alone.add(root)
        if self._costs is not None:
            found = simulate(self._subgraph, self._groups.root, feasible, self._costs)
            chosen = found.placement  # of all that no circle holds up
            return {op: chosen.get(op, self._devices[0]) for op in self._subgraph.operations}
        placed: dict[Operation, Device] = {}
        for operation in self._subgraph.operations:
            choices = feasible[self._groups.root(operation)]
            placed[operation] = choices[0]
            if operation in alone and operation.type in _METADATA:
                beside = placed.get(operation.inputs[0].op)
                placed[operation] = beside if beside in choices else choices[0]
        self._move_to_readers(placed, feasible, alone)
        return placed

    # --- groups ----------------------------------------------------------------------------------

    def _named_elsewhere(self) -> list[Operation]:
        """Return operations that the run does not need, but others are to be beside them."""
        present = set(self._subgraph.operations)
        found: dict[Operation, None] = {}
        stack = list(self._subgraph.operations)
        while stack:
            for other in _colocated_with(stack.pop()):
                if other not in present and other not in found:
                    found[other] = None
                    stack.append(other)
        return list(found)

    def _join_by_state(self, operations: Sequence[Operation]) -> None:
        """Join those who act on one piece of state with what makes it, whose request counts."""
        present = set(operations)
        for operation in operations:
            self._asked[operation] = DeviceSpec.from_string(operation.device)
        for operation in operations:
            for maker in _makers_of_state(operation):
                if maker not in present:
                    continue
                first, second = self._groups.root(maker), self._groups.root(operation)
                if first is not second:
                    spec = self._asked[second].merged(self._asked[first])
                    self._asked[self._groups.join(first, second)] = spec

    def _join_by_name(self, operations: Sequence[Operation]) -> None:
        """Join those that their authors colocated."""
        for operation in operations:
            for other in _colocated_with(operation):
                roots = self._groups.root(operation), self._groups.root(other)
                if roots[0] is roots[1]:
                    continue
                root = self._groups.join(*roots)
                merged = roots[1] if root is roots[0] else roots[0]
                try:
                    spec = _merged(self._asked[root], self._asked[merged], is_soft=self._is_soft)
                except ValueError as error:
                    raise self._cannot_colocate(operation, other, str(error)) from None
                self._asked[root] = spec

    # --- devices ---------------------------------------------------------------------------------

    def _feasible(self, root: Operation, members: list[Operation]) -> list[Device]:
        """Return the devices that a group may run on.

        Raises:
            InvalidArgumentError: if there are none.
        """
        asked = self._asked[root]
        with_kernels = [
            (device, spec)
            for device, spec in zip(self._devices, self._specs, strict=True)
            if all(_has_kernel(device, member) for member in members)
        ]
        found = [device for device, spec in with_kernels if asked.matches(spec)]
        if found:
            return found
        if self._is_soft and with_kernels:
            task = replace(asked, device_type=None, device_index=None)
            near = [device for device, spec in with_kernels if task.matches(spec)]
            return near or [device for device, _ in with_kernels]
        named = next((m for m in members if m.device), members[0])
        if not any(DeviceSpec.from_string(named.device).matches(spec) for spec in self._specs):
            raise _unknown_device(named, self._devices, self._described(members))
        raise InvalidArgumentError(
            None,
            named,
            f"Cannot assign a device for operation {named.name}: Could not satisfy explicit device "
            f"specification '{named.device}' because no supported kernel for "
            f"{asked.device_type or 'these'} devices is available.{self._described(members)}{_HINT}"
            f"\n  created at {source.describe(named.site)}",
        )

    def _move_to_readers(
        self,
        placed: dict[Operation, Device],
        feasible: dict[Operation, list[Device]],
        alone: set[Operation],
    ) -> None:
        """Move what has no inputs and one output to those who use it, if that is one device."""
        users = defaultdict(set)
        for operation in self._subgraph.operations:
            for maker in {*(t.op for t in operation.inputs), *operation.control_inputs}:
                users[maker].add(placed[operation])
        for operation in self._subgraph.operations:
            is_generator = not operation.inputs and len(operation.outputs) == 1
            if operation in alone and is_generator and len(users[operation]) == 1:
                (there,) = users[operation]
                if there in feasible[operation]:
                    placed[operation] = there

    # --- messages --------------------------------------------------------------------------------

    def _cannot_colocate(self, operation: Operation, other: Operation, why: str) -> OpError:
        root = self._groups.root(operation)
        members = [op for op in self._asked if self._groups.root(op) is root]
        return InvalidArgumentError(
            None,
            operation,
            f"Cannot colocate nodes {{{{colocation_node {operation.name}}}}} and "
            f"{{{{colocation_node {other.name}}}}}: {why}{self._described(members)}{_HINT}\n"
            f"  created at {source.describe(operation.site)}",
        )

    def _described(self, members: list[Operation]) -> str:
        """List the members of a group, each with what it asks for and where it could run."""
        if len(members) == 1:
            return ""
        lines = ["", "  colocation members, the devices they ask for, and those with a kernel:"]
        for member in members:
            types = sorted({d.device_type for d in self._devices if _has_kernel(d, member)})
            asked = member.device or "any device"
            lines.append(f"    {member.name} ({member.type}) {asked}; {', '.join(types) or 'none'}")
        return "\n".join(lines)


def _colocated_with(operation: Operation) -> Iterator[Operation]:
    """Walk the operations beside which an operation is to run, as far as there are such."""
    for group in operation.attrs.get("_class", ()):
        name = group.removeprefix(_GROUP)
        if group.startswith(_GROUP) and name != operation.name:
            other = operation.graph.find_operation(name)
            if other is not None:
                yield other


def _makers_of_state(operation: Operation) -> Iterator[Operation]:
    """Walk the operations that give an operation the handle of state."""
    definition = operation.definition
    wanted = definition.input_types(operation.attrs) if operation.inputs else ()
    calls = any("func" in attr.kind for attr in definition.attrs.values())
    for tensor, dtype in zip(operation.inputs, wanted, strict=True):
        is_handle = dtype is resource and not calls
        is_dataset = dtype is variant and _is_of_data(operation) and _is_of_data(tensor.op)
        if dtype.is_ref or is_handle or is_dataset:
            yield tensor.op


def _is_of_data(operation: Operation) -> bool:
    return operation.definition.__module__.startswith(_DATA)


def _has_kernel(device: Device, operation: Operation) -> bool:
    try:
        device.kernel(operation.definition, operation.attrs, compiled=False)
    except OpError:
        return False
    return True


def _merged(first: DeviceSpec, second: DeviceSpec, *, is_soft: bool) -> DeviceSpec:
    """Return what both ask for.

    Args:
        first: one.
        second: the other.
        is_soft: whether to leave open which device of a task it is, where they differ in that.

    Raises:
        ValueError: if they differ.
    """
    made = second.merged(first)
    for field in fields(first):
        one, other = getattr(first, field.name), getattr(second, field.name)
        if one is None or other is None or one == other:
            continue
        if is_soft and field.name == "device_type":
            return replace(made, device_type=None, device_index=None)
        if is_soft and field.name == "device_index":
            return replace(made, device_index=None)
        kind = {"device_type": "types", "device_index": "ids"}.get(field.name, f"{field.name}s")
        raise ValueError(
            f"Cannot merge devices with incompatible {kind}: '{first.to_string()}' and "
            f"'{second.to_string()}'"
        )
    return made


def _unknown_device(operation: Operation, devices: Sequence[Device], members: str = "") -> OpError:
    names = ", ".join(device.name for device in devices)
    return InvalidArgumentError(
        None,
        operation,
        f"Cannot assign a device for operation {operation.name}: {{{{node {operation.name}}}}} "
        f"was explicitly assigned to {operation.device} but available devices are [ {names} ]. "
        f"Make sure the device specification refers to a valid device.{members}{_HINT}\n"
        f"  created at {source.describe(operation.site)}",
    )
