"""Files that are there whole or not at all, whatever happens while they are written.

A file is written under another name in its folder, synced to the disk, and renamed: a rename is
atomic.  Syncing the folder makes the rename last.

    with durable.file(path) as file:        # at the end, `path` is the new file
        file.write(...)                     # if this raises, `path` is what it was

Who would rather not wait for the disk has the files synced behind its back:

    with durable.named() as paths:          # in the block, files get their names and no more
        ...
    commit = durable.Commit(paths)          # they go to the disk
    commit.wait()                           # they are there

Until then a power cut may leave names with torn files; the end of the process, by kill -9 even,
cannot: the system has the bytes.

Source: OSDI §4.3 (checkpoints are for fault tolerance); POSIX rename and fsync.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import IO

_LOG = logging.getLogger("tensorflow")
_named: ContextVar[list[Path] | None] = ContextVar("named", default=None)

# --- files that are whole -------------------------------------------------------------------------


@contextlib.contextmanager
def file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Give a file to write; it gets its name when the block ends, and never if that raises."""
    path = Path(path)
    part = part_of(path)
    named = _named.get()
    try:
        with part.open("wb") as opened:
            yield opened
            if named is None:
                sync(opened)
        part.replace(path)
        if named is None:
            sync_folder(path.parent)
        else:
            named.append(path)
    finally:
        part.unlink(missing_ok=True)


def part_of(path: Path) -> Path:
    """Return the name of a file that is not whole yet."""
    return path.with_name(f"{path.name}.{os.getpid()}.part")


def sync(opened: IO[bytes]) -> None:
    """Return when what was written to a file is on the disk."""
    opened.flush()
    os.fsync(opened.fileno())


def sync_folder(folder: Path) -> None:
    """Return when renames in a folder are on the disk, where the system can say so."""
    if os.name != "nt":  # folders cannot be opened there
        sync_path(folder)


def sync_path(path: Path) -> None:
    """Return when what was written to a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- files that go to the disk behind the program -------------------------------------------------


@contextlib.contextmanager
def named() -> Iterator[list[Path]]:
    """In the block, of this thread, `file` does not wait for the disk; give a list of its files."""
    paths: list[Path] = []
    token = _named.set(paths)
    try:
        yield paths
    finally:
        _named.reset(token)


class Commit:
    """Files on their way to the disk: a thread syncs them, then the folders with their names.

    The interpreter ends when it has.  A file that is gone by then is not missed.

    Args:
        paths: the files.
        what: how messages name them.
        then: called when they are there.
    """

    def __init__(
        self, paths: Iterable[Path], what: str, then: Callable[[], None] = lambda: None
    ) -> None:
        self._paths = list(paths)
        self._what = what
        self._then = then
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._sync, name=f"sync of {what}")
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether they are on the disk, or could not get there."""
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Return when they are on the disk.

        Raises:
            OSError: if they could not get there.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error

    def is_kept(self) -> bool:
        """Wait; tell whether they are on the disk."""
        self._thread.join()
        return self._error is None

    def _sync(self) -> None:
        try:
            for path in self._paths:
                with contextlib.suppress(FileNotFoundError):
                    sync_path(path)
            for folder in dict.fromkeys(path.parent for path in self._paths):
                with contextlib.suppress(FileNotFoundError):
                    sync_folder(folder)
            self._then()
        except BaseException as error:  # noqa: BLE001 `wait` raises it
            self._error = error
            _LOG.error("%s did not get to the disk: %s", self._what, error)
