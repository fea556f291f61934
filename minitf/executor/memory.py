"""The bytes of tensors that are alive in a run: per node, and the most at any moment.

Values die by NumPy's reference counts (`plan.py`, invariant 1), so nobody has to say when: a weak
reference to the array that owns a value's memory tells.

**State** (`LiveBytes`): the owners of memory that are alive, with their bytes; the bytes alive now
and the most there were; per event an allocation, dated, and later its end.

**Invariants**
1. Memory counts once, however many views of it go about, from the moment its node has finished
   until the last array that lies in it has died.
2. Not counted is what the step did not make: fed arrays, constants, versions of variables (no
   array of theirs may be written to); and NumPy scalars, which are no arrays.
3. While a kernel runs, its scratch counts too, as far as it comes from the device.

Worked example: x of 4 MB is fed; each line says what is alive when its node has finished.

    y = x * 2        y            4 MB
    z = exp(y)       y, z         8 MB, the peak: y dies now
    s = sum(z)       z            4 MB, then nothing but the scalar that is fetched

Source: 2015 §3 "Devices" (a device allocates and frees), §3.1 (reference-counted buffers), §5.2.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from minitf.devices import Device


class Allocation(NamedTuple):
    """Bytes that came to life (or, negative, died) at a moment in nanoseconds since the epoch."""

    at_ns: int
    nbytes: int


@dataclass(slots=True)
class NodeMemory:
    """What one firing of a node took.

    Attributes:
        allocations: its new outputs, and their ends.
        live_bytes: of its new outputs.
        scratch_bytes: what it used beside them while it ran.
    """

    allocations: list[Allocation] = field(default_factory=list)
    live_bytes: int = 0
    scratch_bytes: int = 0


class LiveBytes:
    """Counts the bytes of a run.

    Args:
        device: whose memory kernels take scratch from.
        now_ns: the clock.

    Attributes:
        live_bytes: of the values that are alive.
        peak_bytes: the most that were, scratch included.
        total_bytes: of all that were made.

    Source: 2015 §3.1, §5.2.
    """

    def __init__(self, device: Device, now_ns: Callable[[], int]) -> None:
        self.live_bytes = self.peak_bytes = self.total_bytes = 0
        self._device = device
        self._now_ns = now_ns
        self._owners: dict[int, weakref.ref[Any]] = {}  # by id, while they live
        self._given: set[int] = set()  # by id: they live as long as the run
        self._lock = threading.RLock()  # a value may die anywhere, also in here

    def give(self, values: Iterable[Any]) -> None:
        """Note the fed arrays: they are the caller's."""
        for value in values:
            if isinstance(value, np.ndarray):
                self._given.add(id(owner_of(value)))

    def begin(self) -> tuple[int, int]:
        """Note that a kernel is about to run; returns what `end` wants to know."""
        with self._lock:
            used = self._device.memory(restart_peak=True).used_bytes
            return self.live_bytes, used

    def end(self, begun: tuple[int, int], outputs: Iterable[Any]) -> NodeMemory:
        """Note what a kernel has given; returns what it took."""
        live_before, used_before = begun
        memory = NodeMemory()
        with self._lock:
            most_used = self._device.memory().recent_peak_bytes
            for value in outputs:
                if isinstance(value, np.ndarray) and value.flags.writeable:
                    self._keep(owner_of(value), memory)
            made = memory.live_bytes
            taken = max(made, most_used - used_before)
            memory.scratch_bytes = taken - made
            self.total_bytes += taken
            # The inputs that it was the last to read are dead by now, but were not while it ran.
            self.peak_bytes = max(self.peak_bytes, live_before + taken, self.live_bytes)
        return memory

    def _keep(self, owner: Any, memory: NodeMemory) -> None:
        key = id(owner)
        if key in self._owners or key in self._given:
            return
        nbytes = owner.nbytes

        def end(_: Any) -> None:
            with self._lock:
                del self._owners[key]
                self.live_bytes -= nbytes
                memory.allocations.append(Allocation(self._now_ns(), -nbytes))

        self._owners[key] = weakref.ref(owner, end)
        memory.allocations.append(Allocation(self._now_ns(), nbytes))
        memory.live_bytes += nbytes
        self.live_bytes += nbytes


def owner_of(array: Any) -> Any:
    """Return the array that owns the memory of a view."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
