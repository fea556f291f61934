"""A file written behind the back of whoever writes: one thread writes while another computes.

    with open(path, "wb") as file:
        stream = WriteBehind(file)
        stream.write(array)             # returns at once: the array must not change
        crc32c(array)                   # meanwhile
        stream.finish()                 # everything is with the system, or this raises

Small pieces are put together and written as one.  The thread starts with the first large piece, so
that a file of small ones has none.

**Invariants**
1. Pieces stand in the file in the order in which they were given.
2. After a write has failed nothing more is written; `finish` raises what it failed with.

Source: no paper; checkpoints (2015 §3.3) are checksummed and written, and neither needs the other.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any

import numpy as np

LARGE = 1 << 20  # bytes of a piece that is worth a thread
Piece = bytes | np.ndarray[Any, np.dtype[np.uint8]]


class WriteBehind:
    """Writes pieces to a file that is open for bytes; it stays open.

    Args:
        file: where to write.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._small: list[bytes] = []
        self._small_size = 0
        self._writer: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None

    def write(self, piece: Piece) -> None:
        """Write a piece, soon; an array must not change before `finish` has returned."""
        size = len(piece)
        if size < LARGE:
            self._small.append(bytes(piece))
            self._small_size += size
            if self._small_size >= LARGE:
                self._write_small()
            return
        self._write_small()
        self._submit(piece)

    def finish(self) -> None:
        """Return when everything is with the system.

        Raises:
            OSError: if it could not be written.
        """
        self._write_small()
        try:
            if self._last is not None:
                self._last.result()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Wait for what is being written, and drop what is not begun."""
        if self._writer is not None:
            self._writer.shutdown(cancel_futures=True)
            self._writer = None

    def _write_small(self) -> None:
        pieces, self._small, self._small_size = self._small, [], 0
        if not pieces:
            return
        if self._writer is None:
            self._file.write(b"".join(pieces))
        else:
            self._submit(b"".join(pieces))

    def _submit(self, piece: Piece) -> None:
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, "write behind")
        before, file = self._last, self._file

        def write() -> None:
            if before is not None:
                before.result()  # done: the thread is the only one; it may have failed
            file.write(piece)  # type: ignore[arg-type]  # an array is a buffer

        self._last = self._writer.submit(write)
