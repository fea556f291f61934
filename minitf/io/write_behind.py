"""A file written behind the back of whoever writes: one thread writes, and one sees to the disk.

    with open(path, "wb") as file:
        stream = WriteBehind(file)
        stream.write(array)             # returns at once: the array must not change
        crc32c(array)                   # meanwhile
        stream.finish()                 # everything is with the system, or this raises
        os.fsync(file.fileno())         # everything is on the disk, most of it was before, if
                                        # the stream was told that it `syncs`

Small pieces are put together and written as one.  The threads start with the first large piece, so
that a file of small ones has none.

Left to itself the system would begin to write to the disk when it is asked to sync the whole file,
and the disk would have stood idle until then.  So whenever it stands idle and enough has come
since, it is told to sync what there is.  (Files of that size that go round the page cache, or whose
room is reserved beforehand, come no faster: the disk is what limits them.)

**Invariants**
1. Pieces stand in the file in the order in which they were given.
2. After a write has failed nothing more is written; `finish` raises what it failed with.
3. The system tells of an error of the disk once, to whoever syncs first: so `finish` raises what
   any sync failed with.

Source: no paper; checkpoints (2015 §3.3) are checksummed and written, and neither needs the other.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any

import numpy as np

_SYNC_EVERY = 1 << 25  # bytes; each sync costs an entry in the file system's journal
LARGE = 1 << 20  # bytes of a piece that is worth a thread
Piece = bytes | np.ndarray[Any, np.dtype[np.uint8]]


class WriteBehind:
    """Writes pieces to a file that is open for bytes; it stays open.

    Args:
        file: where to write.
        syncs: whether what is written goes to the disk meanwhile.
    """

    def __init__(self, file: IO[bytes], *, syncs: bool) -> None:
        self._file = file
        self._syncs = syncs and hasattr(os, "fdatasync")
        self._small: list[bytes] = []
        self._small_size = 0
        self._writer: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None
        self._unsynced = 0  # bytes that no sync was asked for
        self._syncer: ThreadPoolExecutor | None = None
        self._sync: Future[None] | None = None

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
            if self._sync is not None:
                self._sync.result()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Wait for what is being written, and drop what is not begun."""
        if self._writer is not None:
            self._writer.shutdown(cancel_futures=True)
        if self._syncer is not None:  # which the writer may have started until now
            self._syncer.shutdown(cancel_futures=True)
        self._writer = self._syncer = None

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
            if self._syncs:
                self._sync_behind(len(piece))

        self._last = self._writer.submit(write)

    def _sync_behind(self, size: int) -> None:
        """Have the disk write what there is, if it has nothing to do.  The writer's thread."""
        self._unsynced += size
        if self._unsynced < _SYNC_EVERY:
            return
        if self._sync is not None:
            if not self._sync.done():
                return
            self._sync.result()  # it may have failed
        if self._syncer is None:
            self._syncer = ThreadPoolExecutor(1, "sync behind")
        self._unsynced = 0
        self._sync = self._syncer.submit(os.fdatasync, self._file.fileno())
