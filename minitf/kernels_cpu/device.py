"""The CPU: finds the kernel of an op by the mirror, and runs the op's body where there is none.

The kernels of `minitf/ops/conv/conv2d.py` are in `minitf/kernels_cpu/conv/conv2d.py`.  That file is
imported the first time an op of the family is wanted, and only if it exists, so a program pays for
the families that it uses and for no compiler before the first compiled kernel runs.

Source: 2015 §2 (kernels), §3 "Devices"; OSDI §2.2.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from minitf.devices import Cluster, Device, LoopsFunction, MemoryUse, Routine, StepFunction
from minitf.kernels_cpu import buffers, threads
from minitf.kernels_cpu.jit import compiling_only
from minitf.op_def import OpDef
from minitf.operation import Operation

_OPS = "minitf.ops."
_HERE = Path(__file__).parent


class CpuDevice:
    """A CPU of this process; all of them share its cores and memory.

    Source: 2015 §3 "Devices"; OSDI §2.2.
    """

    device_type = "CPU"

    def __init__(self, index: int = 0) -> None:
        self.name = f"/job:localhost/replica:0/task:0/device:CPU:{index}"

    def kernel(self, op_def: OpDef, attrs: dict[str, Any], *, compiled: bool = True) -> Any:
        """Return the kernel of an op for these attributes, else its body; or just its body."""
        if not compiled:
            return op_def.body
        import_mirror(op_def.__module__)
        found = op_def.find_kernel(self.device_type, attrs)
        return op_def.body if found is None else found.function

    def prepare(self, kernel: Any, inputs: Sequence[Any]) -> None:
        """Compile a kernel's loops for inputs of these kinds."""
        with compiling_only(), np.errstate(all="ignore"):
            kernel(*inputs)

    def fuses(self, operation: Operation) -> bool:
        """Tell whether an operation may be part of a loop that is made for a cluster."""
        from minitf.kernels_cpu.fusion import fuses

        return fuses(operation)

    def fused(self, cluster: Cluster, plain: Any) -> Any:
        """Return the kernel of a cluster: one loop nest, or a few, for all its operations."""
        from minitf.kernels_cpu.fusion import fused

        return fused(cluster, plain, buffers.empty)

    def native(self, routine: Routine, otherwise: StepFunction) -> StepFunction | None:
        """Return a whole step as one compiled function, if it is small and all of it has a form."""
        from minitf.kernels_cpu.native import native

        return native(routine, otherwise, buffers.empty)

    def hot_kernel(self, operation: Operation, kernel: Any) -> Any:
        """Return a faster kernel for an operation that runs often in a long step."""
        from minitf.kernels_cpu.native import hot_kernel

        return hot_kernel(operation, kernel)

    def treats(self, operation: Operation) -> bool:
        """Tell whether an operation may be in loops that become machine code."""
        from minitf.kernels_cpu.native import treats

        return treats(operation)

    def native_loops(self, routine: Routine) -> LoopsFunction | None:
        """Return loops as one compiled function, if all that is in them has a form."""
        from minitf.kernels_cpu.native import native_loops

        return native_loops(routine, buffers.empty)

    def expression(self, operation: Operation, known: Sequence[Any]) -> str | None:
        """Return an operation on scalars as a Python expression, if it is a simple one."""
        from minitf.kernels_cpu.expressions import expression

        return expression(operation, known)

    def allocate(self, shape: tuple[int, ...], dtype: Any) -> Any:
        """Return an uninitialised array."""
        return buffers.empty(shape, np.dtype(dtype))

    def memory(self, *, restart_peak: bool = False) -> MemoryUse:
        """Return the use of large buffers; their limit, if none is set, is the machine's memory."""
        used, recent_peak, _ = buffers.in_use(restart_peak=restart_peak)
        peak, limit = buffers.most()
        if limit is None:
            limit = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return MemoryUse(used, recent_peak, peak, limit)

    def limit_threads(self, count: int | None) -> int | None:
        """Set how many threads run a kernel that this thread calls; return what it was."""
        return threads.limit(count)

    def to_host(self, value: Any) -> Any:
        """Return the value itself: it is in host memory."""
        return value

    def from_host(self, array: Any) -> Any:
        """Return the array itself: it is where the kernels want it."""
        return array


def devices(count: int | None = None) -> list[Device]:
    """Return the CPU devices of this process, one unless another number is asked for."""
    return [CpuDevice(index) for index in range(1 if count is None else count)]


@cache
def import_mirror(module: str) -> None:
    """Import the kernels of a family of ops, if there are any."""
    if not module.startswith(_OPS):
        return
    path = module.removeprefix(_OPS).split(".")
    if _HERE.joinpath(*path).with_suffix(".py").is_file():
        import_module(f"{__package__}.{'.'.join(path)}")
