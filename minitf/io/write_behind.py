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

What need not be on the disk at the end is limited by memory instead: most of the time of a write
goes into pages that the system has to find for it.  So a third thread has it find them ahead, by
making the file longer and reading the zeros there.

**Invariants**
1. Pieces stand in the file in the order in which they were given.
2. After a write has failed nothing more is written; `finish` raises what it failed with.
3. The file is made longer by no more than the piece that follows, before that is written.
4. The system tells of an error of the disk once, to whoever syncs first: so `finish` raises what
   any sync failed with.

Source: no paper; checkpoints (2015 §3.3) are checksummed and written, and neither needs the other.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any

import numpy as np

_SYNC_EVERY = 1 << 25  # bytes; each sync costs an entry in the file system's journal
_READ_AT_ONCE = 1 << 22  # bytes
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
        self._finder: ThreadPoolExecutor | None = None
        self._end = 0  # of what was given to write

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
        if self._finder is not None:
            self._finder.shutdown(cancel_futures=True)
        self._writer = self._syncer = self._finder = None

    def _write_small(self) -> None:
        pieces, self._small, self._small_size = self._small, [], 0
        if not pieces:
            return
        together = b"".join(pieces)
        if self._writer is None:
            self._end += len(together)
            self._file.write(together)
        else:
            self._submit(together)

    def _submit(self, piece: Piece) -> None:
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, "write behind")
        before, file, found = self._last, self._file, self._find_pages(len(piece))

        def write() -> None:
            if before is not None:
                before.result()  # done: the thread is the only one; it may have failed
            if found is not None:
                found.result()
            file.write(piece)  # type: ignore[arg-type]  # an array is a buffer
            if self._syncs:
                self._sync_behind(len(piece))

        self._last = self._writer.submit(write)

    def _find_pages(self, size: int) -> Future[None] | None:
        """Have the system find the pages that the next bytes will be written to."""
        start, self._end = self._end, self._end + size
        if self._syncs or size < LARGE or not hasattr(os, "preadv"):
            return None
        if self._finder is None:
            self._finder = ThreadPoolExecutor(1, "find pages")
        return self._finder.submit(_lengthen, self._file.fileno(), start, self._end)

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


def _lengthen(handle: int, start: int, end: int) -> None:
    """Make a file longer, and read what is there now."""
    os.ftruncate(handle, end)
    zeros = memoryview(bytearray(min(_READ_AT_ONCE, end - start)))
    for place in range(start, end, _READ_AT_ONCE):
        os.preadv(handle, [zeros[: end - place]], place)
