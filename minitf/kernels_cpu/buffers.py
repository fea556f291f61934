"""Memory for the outputs of kernels: large buffers are kept and used again.

A fresh buffer of megabytes costs a page fault every 4 KiB, more than an elementwise kernel's whole
work on it; the operating system takes the pages back when the array dies.  So buffers that die come
into a free list, by size, from which the next output of that size takes them.

    out = buffers.empty(x.shape, x.dtype)      # as np.empty

**State** (`Buffers`): by size in bytes, the buffers that nobody uses; how many bytes they are; how
many bytes are in use, and the most that ever were.

**Invariants**
1. A buffer is free only when no array and no view of one refers to it: the last reference to its
   `_Lease`, which all of them hold as their base, gives it back.
2. Free buffers are never more bytes than were in use at one time, so keeping them at most doubles
   the memory of a program; but 32 MiB may always be free, where arrays of many sizes take turns.

Measured: kept buffers cost 1.0 to 1.1 times what a planned arena costs, fresh ones 3 times.

Source: 2015 §3 "Devices" (a device allocates and frees), §3.1 (buffers live until the last
reference goes).
"""

from __future__ import annotations

import mmap as _mmap
import os
import threading
from math import prod
from mmap import mmap
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
LEAST_BYTES = 1 << 16  # smaller ones come from the C library's own free lists
_HUGE_BYTES = 4 << 20
_SPARE_BYTES = 32 << 20


class _Lease(np.ndarray[Any, Any]):
    """A view of a buffer: the base of the array that lives in it, and so of that array's views.

    NumPy shortens chains of bases that are arrays; so buffers are no arrays, but anonymous maps.
    """

    def __del__(self) -> None:
        _BUFFERS.give_back(self.base)  # type: ignore[arg-type]  # what it was made of


class Buffers:
    """Free lists of large buffers.

    Attributes:
        used_bytes: in buffers that arrays live in.
        peak_bytes: the most that `used_bytes` was.
        recent_peak_bytes: the most that it was since that was last set.
        free_bytes: in buffers that are kept.
        most_bytes: how many may be in use; None for as many as the machine has.
        spare_bytes: how many may be free however few were in use.
    """

    def __init__(self, most_bytes: int | None = None, spare_bytes: int = 0) -> None:
        self.most_bytes = most_bytes
        self.spare_bytes = spare_bytes
        self.used_bytes = self.peak_bytes = self.recent_peak_bytes = self.free_bytes = 0
        self._free: dict[int, list[mmap]] = {}
        self._lock = threading.RLock()  # a garbage collection in `empty` may end a lease

    def empty(self, shape: tuple[int, ...], dtype: Any) -> Array:
        """Return an uninitialised array, as np.empty does."""
        size = prod(shape) * dtype.itemsize
        if size < LEAST_BYTES or dtype.kind not in "biufc":
            return np.empty(shape, dtype)
        try:
            block = self.take(size)
        except (MemoryError, OSError) as error:  # OSError: from mmap
            sizes = ",".join(map(str, shape))
            raise MemoryError(
                f"OOM when allocating tensor with shape[{sizes}] and type {dtype.name}: {error}"
            ) from None
        return np.ndarray(shape, dtype, _Lease(size, np.uint8, block))

    def take(self, size: int) -> mmap:
        """Return a buffer, a free one if there is one of that size; `give_back` ends its use.

        Raises:
            MemoryError: if more would be in use than may be.
        """
        with self._lock:
            if self.most_bytes is not None and self.used_bytes + size > self.most_bytes:
                raise MemoryError(
                    f"{size:,} bytes on top of {self.used_bytes:,} are more than the "
                    f"{self.most_bytes:,} of MINITF_MEMORY_LIMIT"
                )
            self.used_bytes += size
            self.recent_peak_bytes = max(self.recent_peak_bytes, self.used_bytes)
            self.peak_bytes = max(self.peak_bytes, self.used_bytes)
            blocks = self._free.get(size)
            if blocks:
                self.free_bytes -= size
                return blocks.pop()
        try:
            return _new_block(size)
        except OSError:
            with self._lock:
                self.used_bytes -= size
            raise

    def give_back(self, block: mmap) -> None:
        """Keep a buffer that no array lives in any more; let go of those not used for longest."""
        size = len(block)
        with self._lock:
            self.used_bytes -= size
            blocks = self._free.pop(size, [])
            blocks.append(block)
            self._free[size] = blocks  # last: the size used latest
            self.free_bytes += size
            while self.free_bytes > max(self.peak_bytes, self.spare_bytes):
                oldest = next(iter(self._free))
                if not self._free[oldest]:
                    del self._free[oldest]
                    continue
                self._free[oldest].pop()
                self.free_bytes -= oldest

    def forget_lock(self) -> None:
        """Make a new lock in a forked child: a thread of the parent may hold the old one."""
        self._lock = threading.RLock()

    def clear(self) -> None:
        """Let go of all free buffers."""
        with self._lock:
            self._free.clear()
            self.free_bytes = 0
            self.peak_bytes = self.used_bytes


def _new_block(size: int) -> mmap:
    block = mmap(-1, size)
    if size >= _HUGE_BYTES and hasattr(mmap, "madvise") and hasattr(_mmap, "MADV_HUGEPAGE"):
        block.madvise(_mmap.MADV_HUGEPAGE)  # a fault per 2 MiB instead of 4 KiB
    return block


def _limit() -> int | None:
    """Return MINITF_MEMORY_LIMIT in bytes."""
    text = os.environ.get("MINITF_MEMORY_LIMIT")
    if text is None:
        return None
    if not text.isdigit():
        raise ValueError(f"MINITF_MEMORY_LIMIT must be a whole number of MB, not {text!r}")
    return int(text) * 1_000_000


_BUFFERS = Buffers(_limit(), _SPARE_BYTES)
empty = _BUFFERS.empty
clear = _BUFFERS.clear


def empty_like(array: Array) -> Array:
    """Return an uninitialised array of the shape and type of another, in C order."""
    return empty(array.shape, array.dtype)


def in_use(*, restart_peak: bool = False) -> tuple[int, int, int]:
    """Return how many bytes are used at present, were used at most, and are kept for later.

    Args:
        restart_peak: whether the most is counted anew from here on.
    """
    found = _BUFFERS.used_bytes, _BUFFERS.recent_peak_bytes, _BUFFERS.free_bytes
    if restart_peak:
        _BUFFERS.recent_peak_bytes = _BUFFERS.used_bytes
    return found


def most() -> tuple[int, int | None]:
    """Return how many bytes were used at most so far, and how many may be, if that is limited."""
    return _BUFFERS.peak_bytes, _BUFFERS.most_bytes


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_BUFFERS.forget_lock)
