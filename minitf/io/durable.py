"""Files that are there whole or not at all, whatever happens while they are written.

A file is written under another name in its folder, synced to the disk, and renamed: a rename is
atomic.  Syncing the folder makes the rename last.

    with durable.file(path) as file:        # at the end, `path` is the new file
        file.write(...)                     # if this raises, `path` is what it was

Source: OSDI §4.3 (checkpoints are for fault tolerance); POSIX rename and fsync.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Give a file to write; it gets its name when the block ends, and never if that raises."""
    path = Path(path)
    part = part_of(path)
    try:
        with part.open("wb") as opened:
            yield opened
            sync(opened)
        part.replace(path)
        sync_folder(path.parent)
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
    if os.name == "nt":
        return  # folders cannot be opened there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
