"""Machines that crash, and disks that have only what was synced."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Self

import pytest


class Crash(BaseException):
    """The machine is down."""


class FaultyFiles:
    """Counts writes, syncs, renames and removals; from number `limit` on, each raises.

    Args:
        patch: pytest's, within whose life the file system is faulty.
        limit: how many changes succeed.
        error: what is raised; an OSError is a disk that is full, a Crash a machine that is down.
    """

    def __init__(self, patch: pytest.MonkeyPatch, limit: float, error: BaseException) -> None:
        self.limit = limit
        self.count = 0
        self._error = error
        for owner, name in (
            (os, "fsync"),
            (os, "link"),
            *((Path, each) for each in ("replace", "rename", "unlink", "mkdir", "rmdir")),
        ):
            patch.setattr(owner, name, self._counted(getattr(owner, name)))
        opened = Path.open
        patch.setattr(
            Path, "open", lambda path, *args, **kwargs: self._file(opened(path, *args, **kwargs))
        )

    def _counted(self, function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.step()
            return function(*args, **kwargs)

        return call

    def step(self) -> None:
        """Note a change, or fail."""
        if self.count >= self.limit:
            raise self._error
        self.count += 1

    def _file(self, file: Any) -> Any:
        return _FaultyFile(file, self) if file.writable() else file


class _FaultyFile:
    """A file whose writes are counted; half of the bytes of the write that fails arrive."""

    def __init__(self, file: Any, faults: FaultyFiles) -> None:
        self._file = file
        self._faults = faults

    def write(self, data: Any) -> int:
        try:
            self._faults.step()
        except BaseException:
            self._file.write(bytes(data)[: len(bytes(data)) // 2])
            self._file.flush()
            raise
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class Disk:
    """A disk that has what was synced, contents by file and names by folder; the rest is lost."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self._folder = folder
        self._contents: set[int] = set()  # inodes
        self._names: dict[str, int] = {}
        self.least = 0  # whole checkpoints that a power cut at the worst moment leaves
        self.moments: list[int] = []
        sync, unlink = os.fsync, Path.unlink

        def fsync(handle: int) -> None:
            sync(handle)
            found = os.fstat(handle)
            if os.path.samestat(found, folder.stat()):
                self._names = {each.name: each.stat().st_ino for each in folder.iterdir()}
            else:
                self._contents.add(found.st_ino)

        def remove(path: Path, missing_ok: bool = False) -> None:
            unlink(path, missing_ok=missing_ok)
            self._names.pop(path.name, None)  # which the system may tell the disk at any time
            self.moments.append(len(self.whole()))

        patch.setattr(os, "fsync", fsync)
        patch.setattr(Path, "unlink", remove)

    def whole(self) -> set[str]:
        """Return the checkpoints that are on the disk."""
        kept = {name for name, inode in self._names.items() if inode in self._contents}
        found = {Path(name).stem for name in kept if name.endswith(".index")}
        return {each for each in found if f"{each}.data-00000-of-00001" in kept}
