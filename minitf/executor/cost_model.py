"""CostModel: how long operations take, and how many bytes they give: guessed, or measured.

A guess counts the arithmetic of products and convolutions, and the bytes that anything else reads
and writes.  A run that was traced tells the truth about its operations, which counts from then on.

**State**: by operation's name and device type, the time of its fastest firing; by tensor's name,
the bytes that it had.

Worked example: x float32[100, 784], w float32[784, 10]

    costs.nbytes(x)                        # -> 313600
    costs.compute_us(matmul, "CPU")        # -> 5 us, and 1,568,000 operations at 5,000 a us: 318.6
    costs.transfer_us(313600)              # -> 50 us, and 313,600 bytes at 5,000 a us: 112.72

Source: 2015 §3.2.1 (the cost model: static heuristics, or measured in earlier executions).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from minitf.executor.trace import Record, operations_of
from minitf.operation import Operation
from minitf.shapes import UNKNOWN
from minitf.tensor import Tensor

_DISPATCH_US = 5.0
_OPERATIONS_PER_US = 5_000.0  # of arithmetic: a modest core
_BYTES_PER_US = 5_000.0  # read, written, or brought to another device
_LATENCY_US = 50.0  # of a transfer: a hand-off between threads
_UNKNOWN_SIZE = 32  # of a dimension: a small batch
_PRODUCTS = frozenset(("BatchMatMul", "BatchMatMulV2", "MatMul"))
_CONVOLUTIONS = frozenset(("Conv2D", "Conv3D"))


class CostModel:
    """What operations and transfers cost.

    Args:
        latency_us: of a transfer, however small.
        bytes_per_us: how fast the rest of it is.

    Source: 2015 §3.2.1.
    """

    def __init__(
        self, latency_us: float = _LATENCY_US, bytes_per_us: float = _BYTES_PER_US
    ) -> None:
        self._latency_us = latency_us
        self._bytes_per_us = bytes_per_us
        self._times_us: dict[tuple[str, str], float] = {}
        self._nbytes: dict[str, int] = {}

    def nbytes(self, tensor: Tensor) -> int:
        """Return the size of a tensor's value."""
        measured = self._nbytes.get(tensor.name)
        return _elements(tensor) * tensor.dtype.size if measured is None else measured

    def compute_us(self, operation: Operation, device_type: str) -> float:
        """Return how long an operation takes on a type of device."""
        measured = self._times_us.get((operation.name, device_type))
        if measured is not None:
            return measured
        if operation.type in _PRODUCTS:
            a, b, c = (_elements(t) for t in (*operation.inputs, operation.outputs[0]))
            work = 2 * c * math.sqrt(a * b / max(1, c))  # m k, k n, m n: the root of k squared
            return _DISPATCH_US + work / _OPERATIONS_PER_US
        if operation.type in _CONVOLUTIONS:
            kernel = operation.inputs[1]
            channels = (kernel.static_shape.dims or (1,))[-1]
            depth = _elements(kernel) / max(1, _size(channels))
            work = 2 * _elements(operation.outputs[0]) * depth
            return _DISPATCH_US + work / _OPERATIONS_PER_US
        moved = sum(map(self.nbytes, (*operation.inputs, *operation.outputs)))
        return _DISPATCH_US + moved / _BYTES_PER_US

    def transfer_us(self, nbytes: int) -> float:
        """Return how long it takes to bring bytes to another device."""
        return self._latency_us + nbytes / self._bytes_per_us

    def learn(self, records: Iterable[Record], device_type: str) -> None:
        """Take what a traced run tells: times of single operations, and sizes.

        Args:
            records: of the run.
            device_type: of the devices that it ran on.
        """
        for record in records:
            operations = operations_of(record.node)
            if len(operations) != 1 or record.is_dead:
                continue
            key = operations[0].name, device_type
            elapsed_us = (record.finished_ns - record.started_ns) / 1000
            self._times_us[key] = min(elapsed_us, self._times_us.get(key, math.inf))
            for output in record.outputs:
                self._nbytes[f"{key[0]}:{output.slot}"] = output.nbytes


def _elements(tensor: Tensor) -> int:
    dims = tensor.static_shape.dims
    if dims is None:
        return _UNKNOWN_SIZE
    return math.prod(map(_size, dims))


def _size(dim: Any) -> int:
    return _UNKNOWN_SIZE if dim is UNKNOWN else int(dim)
