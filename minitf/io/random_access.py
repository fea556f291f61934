"""A file that several threads read from, at any place.

It is opened once, so that what is read belongs together also if another file takes its name.

Source: no paper; POSIX pread.
"""

from __future__ import annotations

import os
import threading
import weakref
from pathlib import Path


class RandomAccessFile:
    """An open file; it is closed when nobody holds it.

    Args:
        path: where it is.

    Raises:
        OSError: if it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._lock = threading.Lock()
        weakref.finalize(self, self._file.close)

    def read(self, size: int, offset: int) -> bytes:
        """Return what stands from `offset` on: `size` bytes, or what there was of them."""
        pieces = []
        while size > 0:
            piece = self._read_piece(size, offset)
            if not piece:
                break
            pieces.append(piece)
            size, offset = size - len(piece), offset + len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def read_into(self, memory: memoryview, offset: int) -> int:
        """Fill memory with what stands from `offset` on, and return how many bytes that was."""
        done = 0
        while done < len(memory):
            count = self._fill(memory[done:], offset + done)
            if not count:
                break
            done += count
        return done

    def _fill(self, memory: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [memory], offset)
        with self._lock:
            self._file.seek(offset)
            return self._file.readinto(memory) or 0

    def _read_piece(self, size: int, offset: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), size, offset)
        with self._lock:  # where place and reading are two calls
            self._file.seek(offset)
            return self._file.read(size) or b""
