"""Devices: their names, what each must be able to do, and how a device finds an op's kernel.

A full device name is `/job:worker/task:0/device:GPU:0`; a specification may leave parts open.
The executor sees only `Device`: issue a kernel, allocate, copy to and from the host.

Worked example:

    >>> DeviceSpec.from_string("/job:ps/task:1").merged("/device:CPU:0").to_string()
    '/job:ps/task:1/device:CPU:0'

Source: 2015 §3 "Devices", §4.3; OSDI §2.2, §3.3.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from minitf.errors import InvalidArgumentError

if TYPE_CHECKING:
    from minitf.operation import Operation
    from minitf.tensor import Tensor

_SHORT = ("CPU", "GPU", "TPU")  # may be written `/cpu:0` and `/gpu`
_OPEN = "*"


@dataclass
class DeviceSpec:
    """A device name of which any part may be open (None).

    Args:
        job: name of a job, e.g. "worker".
        replica: a number, kept for TensorFlow's names.
        task: index of the task in its job.
        device_type: "CPU", "GPU", "TPU" or another registered type.
        device_index: which device of that type in the task.

    Source: 2015 §3 "Devices", §4.3.
    """

    job: str | None = None
    replica: int | None = None
    task: int | None = None
    device_type: str | None = None
    device_index: int | None = None

    @classmethod
    def from_string(cls, spec: str) -> DeviceSpec:
        """Parse `/job:ps/task:0/device:CPU:0`, any part left out; `/cpu:0` is taken too.

        Raises:
            ValueError: if it is no device specification.
        """
        made: dict[str, Any] = {}
        for part in spec.split("/"):
            match part.split(":"):
                case [""]:
                    pass
                case ["job", job]:
                    made["job"] = None if job == _OPEN else job
                case ["replica" | "task" as key, number]:
                    made[key] = _number(number, spec)
                case ["device", kind, index]:
                    made |= _device(made, kind, index, spec)
                case [kind, *index] if kind.upper() in _SHORT and len(index) < 2:
                    made |= _device(made, kind.upper(), index[0] if index else _OPEN, spec)
                case [unknown, *_]:
                    raise ValueError(f"Unknown attribute: '{unknown}' in '{spec}'")
        return cls(**made)

    def to_string(self) -> str:
        """Format; parts left open are left out, an open index of a known type is `*`."""
        parts = [
            f"/{key}:{value}"
            for key, value in (("job", self.job), ("replica", self.replica), ("task", self.task))
            if value is not None
        ]
        if self.device_type is not None:
            index = "*" if self.device_index is None else self.device_index
            parts.append(f"/device:{self.device_type}:{index}")
        return "".join(parts)

    def merged(self, other: DeviceSpec | str) -> DeviceSpec:
        """Return this specification with the parts that `other` sets taken from it."""
        if isinstance(other, str):
            other = DeviceSpec.from_string(other)
        given = {f.name: getattr(other, f.name) for f in fields(other)}
        return replace(self, **{name: part for name, part in given.items() if part is not None})

    def make_merged_spec(self, dev: DeviceSpec) -> DeviceSpec:
        """Return this specification with the parts that `dev` sets taken from it."""
        return self.merged(dev)

    def replace(self, **kwargs: Any) -> DeviceSpec:
        """Return the specification with parts changed."""
        return replace(self, **kwargs)

    def merge_from(self, dev: DeviceSpec) -> None:
        """Take the parts that `dev` sets into this specification."""
        self.__dict__.update(self.merged(dev).__dict__)

    def parse_from_string(self, spec: str) -> DeviceSpec:
        """Replace every part by what `spec` says; returns this specification."""
        self.__dict__.update(DeviceSpec.from_string(spec).__dict__)
        return self

    def __hash__(self) -> int:
        return hash(self.to_string())

    def matches(self, full: DeviceSpec) -> bool:
        """Tell whether a full device name satisfies every part that is set here."""
        return all(getattr(self, f.name) in (None, getattr(full, f.name)) for f in fields(self))


def _device(made: Mapping[str, Any], kind: str, index: str, spec: str) -> dict[str, Any]:
    if "device_type" in made:
        raise ValueError(f"Cannot specify multiple device types: {spec}")
    return {"device_type": kind, "device_index": _number(index, spec)}


def _number(text: str, spec: str) -> int | None:
    if text == _OPEN:
        return None
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number in device spec {spec!r}") from None


def incarnation_of(name: str) -> int:
    """Return a number that tells a device from others: with its name, part of a rendezvous' key."""
    return zlib.crc32(name.encode())


Operand = Any  # the number of a value, a Variable, or a constant array
StepFunction = Callable[[Sequence[Any]], list[Any]]
LoopsFunction = Callable[[Sequence[Any], Sequence[Any]], list[Any] | None]


@dataclass(frozen=True, eq=False)
class Cluster:
    """Operations that run as one.

    Attributes:
        operations: what the cluster stands for, in an order in which they can run.
        inputs: tensors that it reads, each once; of some only the shape matters.
        outputs: tensors of its operations that somebody else needs.
        constants: tensors with values known beforehand: numbers, shapes, axes, arrays of one value.
        sizes: operations whose outputs follow from shapes, in order: the device computes them when
            it knows the shapes of the inputs.  They stand in `operations` too, but for those that
            others also need.
        operands: members and sizes in an order in which they can run, with the tensors that they
            read.
    """

    operations: tuple[Operation, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    constants: Mapping[Tensor, Any]
    sizes: tuple[Operation, ...]
    operands: Mapping[Operation, tuple[Tensor, ...]]

    @property
    def members(self) -> tuple[Operation, ...]:
        """The operations that compute more than sizes."""
        sizes = set(self.sizes)
        return tuple(operation for operation in self.operations if operation not in sizes)


@dataclass(frozen=True, slots=True)
class Call:
    """An operation or cluster that runs at its place in a Routine.

    Attributes:
        operation: None for a cluster.
        kernel: of a cluster, what `Device.fused` gave.
        inputs: where its inputs come from; a Variable stands for itself or for its value, as the
            operation takes it.
        outputs: the numbers of its outputs.
    """

    operation: Operation | None
    kernel: Any
    inputs: tuple[Operand, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Assignment:
    """Values that take those of others, all at once: a loop's variables, what a branch gives.

    Attributes:
        targets: their numbers.
        sources: where their values come from.
    """

    targets: tuple[int, ...]
    sources: tuple[Operand, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """One of two blocks runs: `yes` if the test holds."""

    test: Operand
    yes: tuple[Statement, ...]
    no: tuple[Statement, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Repetition:
    """Head and body run by turns until the test, which stands between them, fails."""

    head: tuple[Statement, ...]
    test: Operand
    body: tuple[Statement, ...]


Statement = Call | Assignment | Choice | Repetition


@dataclass(frozen=True, slots=True)
class Routine:
    """A step, or loops of one, for feeds of known shapes.

    Attributes:
        feeds: dtype and shape of each; they are the values number 0, 1, ...
        block: what runs, in order.
        results: what it returns.

    Source: 2015 §10 (a just-in-time compiler for subgraphs).
    """

    feeds: tuple[tuple[Any, tuple[int, ...]], ...]
    block: tuple[Statement, ...]
    results: tuple[Operand, ...]


class MemoryUse(NamedTuple):
    """How much memory the arrays of a device take.

    Attributes:
        used_bytes: at present.
        recent_peak_bytes: at most since the last restart of `Device.memory`.
        peak_bytes: at most since the process began.
        limit_bytes: how many there can be.
    """

    used_bytes: int
    recent_peak_bytes: int
    peak_bytes: int
    limit_bytes: int


class Device(Protocol):
    """What the runtime asks of a device: no more than this.

    Source: OSDI §2.2 (issue a kernel, allocate memory, transfer buffers to and from the host).
    """

    name: str
    device_type: str

    def kernel(self, op_def: Any, attrs: dict[str, Any], *, compiled: bool = True) -> Any:
        """Return the callable that computes the op on this device for these attributes.

        Args:
            op_def: the op.
            attrs: its attributes.
            compiled: whether it may need a compiler; if not, a device that has a way to do without
                gives that.

        Raises:
            InvalidArgumentError: if the device has none.
        """

    def prepare(self, kernel: Any, inputs: Sequence[Any]) -> None:
        """Compile what a kernel, its attributes bound, needs for inputs of these kinds."""

    def fuses(self, operation: Operation) -> bool:
        """Tell whether an operation may be a member of a Cluster."""

    def fused(self, cluster: Cluster, plain: Any) -> Any:
        """Return the kernel of a cluster.

        Args:
            cluster: of operations that this device fuses.
            plain: computes the same by the operations' kernels; for arrays of other forms.

        Returns:
            A function of the arrays of `cluster.inputs`, which returns those of `cluster.outputs`,
            as a tuple if there are several.  Its `prepare(types)` compiles for the dtypes and
            shapes of inputs before they come.
        """

    def native(self, routine: Routine, otherwise: StepFunction) -> StepFunction | None:
        """Return a whole step as one function of machine code, None if that would not gain.

        Args:
            routine: what it does, all of it on this device.
            otherwise: does the same; for what machine code does not treat, such as errors.

        Returns:
            A function of the fed arrays, whose shapes nobody checks, that returns the results.
        """

    def hot_kernel(self, operation: Operation, kernel: Any) -> Any:
        """Return a kernel that pays where an operation runs often, None if there is none.

        Args:
            operation: one of a step that `native` does not make machine code of.
            kernel: its kernel, attributes bound.

        Returns:
            A function of the same inputs.  Its results may differ in the last bits.
        """

    def treats(self, operation: Operation) -> bool:
        """Tell whether an operation may be in a routine that `native_loops` is given."""

    def native_loops(self, routine: Routine) -> LoopsFunction | None:
        """Return loops, and what stands between them, as one function of machine code.

        Args:
            routine: what it does, all of it on this device; it changes no variable.

        Returns:
            A function of the fed arrays, whose shapes nobody checks, and of a list that somebody
            may fill at any time to stop it.  It returns the results; None if it was stopped or
            cannot compute them, because there is an error to raise.  None in place of the function
            if there is no such.
        """

    def expression(self, operation: Operation, known: Sequence[Any]) -> str | None:
        """Return an operation as a Python expression that gives the bits of its kernel.

        Args:
            operation: any operation.
            known: its inputs as far as they are constant, else None.

        Returns:
            The text, with {} for each input, which will be a NumPy scalar or an array without
            dimensions; None if there is none.
        """

    def allocate(self, shape: tuple[int, ...], dtype: Any) -> Any:
        """Return an uninitialised array on the device."""

    def memory(self, *, restart_peak: bool = False) -> MemoryUse:
        """Return how much of its memory is in use.

        Args:
            restart_peak: whether the recent peak is counted anew from here on.
        """

    def limit_threads(self, count: int | None) -> int | None:
        """Set how many threads run a kernel that this thread calls; return what it was.

        Args:
            count: 1 or more; None for what the device does by itself.
        """

    def to_host(self, value: Any) -> Any:
        """Return the value as a NumPy array."""

    def from_host(self, array: Any) -> Any:
        """Return a NumPy array's value on the device."""


_FOLDERS = {"CPU": "kernels_cpu", "GPU": "kernels_cuda", "TPU": "kernels_tpu"}


def local_devices(counts: Mapping[str, int] | None = None) -> list[Device]:
    """Make the devices of this process; the folder `kernels_<type>` of each must exist.

    Args:
        counts: device type -> how many; all there are of a type that is not named.

    Raises:
        InvalidArgumentError: if there is no CPU device.
    """
    from importlib import import_module, util

    found: list[Device] = []
    for device_type, folder in _FOLDERS.items():
        if util.find_spec(f"minitf.{folder}") is not None:
            count = (counts or {}).get(device_type)
            found += import_module(f"minitf.{folder}.device").devices(count)
    if not found:
        raise InvalidArgumentError(None, None, "no device: minitf.kernels_cpu is missing")
    return found
