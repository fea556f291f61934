"""Checkpoints on their way to the disk.

    commits = Commits()
    with commits.begun("model/net.ckpt-10"):
        ...                                                 # its files are written
        commits.wait_for_one_of(["model/net.ckpt-9", "model/net.ckpt-10"])
        commits.hold("model/net.ckpt-8")
        checkpoint_state.remove_checkpoint("model/net.ckpt-8")

A program that saves goes on when the system has the files; the disk gets them behind it.  The end
of the process, by kill -9 even, takes nothing from them.  A power cut may, so no checkpoint is
removed before one that stays is on the disk.  `MINITF_SYNC_SAVES=1` has every save wait for the
disk.

Files are sent to the disk at the end of the block, since a removal would wait while the file system
syncs others: the older of two that stay was sent long before.  And a file that is held open loses
its name at once, but its gigabytes only when it is closed, which is left to a thread as well.

**State**: by its path, from old to new, each checkpoint whose files are on their way, or could not
get to the disk and nobody was told yet; the one that is being written, with files besides its own;
files that are held open.

Source: OSDI §4.3 (checkpoints are for fault tolerance); asynchronous commits of databases.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from minitf.io import durable
from minitf.io.bundle_files import bundle_files, promised, remove_bundle, replaced
from minitf.io.os_errors import told


class Commits:
    """The checkpoints that one writer has written and that may not be on the disk yet."""

    def __init__(self) -> None:
        self._commits: dict[str, durable.Commit] = {}
        self._written: tuple[str, list[Path]] = "", []
        self._held: list[IO[bytes]] = []

    @contextlib.contextmanager
    def begun(self, path: str) -> Iterator[None]:
        """Send to the disk what the block writes: a checkpoint of format V2, and `durable.file`s.

        Args:
            path: the checkpoint's, without endings.

        Raises:
            OpError: if an earlier one could not get there; this one is written all the same.
        """
        if path in self._commits:
            self._commits[path].is_kept()  # what it replaced is gone then
        try:
            with promised(path), durable.named() as others:
                self._written = path, others
                yield
        finally:
            self._send()
            self._let_go()
        waits = os.environ.get("MINITF_SYNC_SAVES", "0") not in ("", "0")
        for each, commit in list(self._commits.items()):
            if waits or commit.is_done:
                self._wait_for(each)

    def wait(self) -> None:
        """Return when all are on the disk.

        Raises:
            OpError: if one could not get there.
        """
        while self._commits:
            self._wait_for(next(iter(self._commits)))

    def wait_for_one_of(self, paths: Sequence[str]) -> None:
        """Return when one of these checkpoints is on the disk.

        Args:
            paths: from old to new; the last is being written.  Of the others, those that were not
                begun here are taken to be there.

        Raises:
            OpError: if none could get there.
        """
        for path in paths[:-1]:
            if path not in self._commits or self._commits[path].is_kept():
                return
        self._send()
        self._wait_for(paths[-1])

    def hold(self, path: str) -> None:
        """Free the room of a checkpoint that is to be removed behind the program, not at once."""
        if os.name != "nt":  # open files cannot be removed there
            self._held += [file.open("rb") for file in bundle_files(path)]

    def _send(self) -> None:
        path, others = self._written
        self._commits[path] = durable.Commit(
            bundle_files(path) + others,
            f"The checkpoint {path}",
            then=lambda: remove_bundle(replaced(path)),
        )

    def _let_go(self) -> None:
        if self._held:
            threading.Thread(
                target=_close, args=[self._held], name="removal of checkpoints"
            ).start()
            self._held = []

    def _wait_for(self, path: str) -> None:
        with told(path):
            self._commits.pop(path).wait()


def _close(files: list[IO[bytes]]) -> None:
    for file in files:
        file.close()
