"""Saving and restoring checkpoints, large ones and ones of many small variables, beside TensorFlow.

python benchmarks/bench_checkpoint.py [megabytes]

1 GB in 16 variables by default, each checkpoint under its step's name as a training's are, the two
youngest kept.  When `save` returns the files of both are on their way to the disk.  So saving is
measured in memory (/dev/shm), where a disk has no part in it, and on a disk both until `save`
returns and until the disk has the files.  Before each measurement the disk has done what it had to
do.  The page cache is not dropped: what is restored comes from memory.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from beside import backends, compare

LARGE, SMALL = 16, 1000
ROW_FLOATS = 1024 * 256  # a MiB of float32


class Checkpoints:
    """One backend's session with large and small variables, and its Savers."""

    def __init__(self, tf: ModuleType, megabytes: int) -> None:
        rows = max(1, megabytes // LARGE)
        with tf.Graph().as_default():
            large = [
                tf.Variable(tf.random_uniform([rows, ROW_FLOATS], seed=i), name=f"v{i}")
                for i in range(LARGE)
            ]
            small = [tf.Variable(tf.zeros([10]), name=f"s{i}") for i in range(SMALL)]
            self._savers = {
                "large": tf.train.Saver(large, max_to_keep=2),
                "small": tf.train.Saver(small, max_to_keep=2),
            }
            self._steps = 0
            self._latest: dict[Path, str] = {}
            self._session = tf.Session()
            self._session.run(tf.global_variables_initializer())

    def save(self, what: str, folder: Path) -> str:
        """Write a checkpoint."""
        self._steps += 1
        path: str = self._savers[what].save(
            self._session, str(folder / what), global_step=self._steps, write_meta_graph=False
        )
        self._latest[folder] = path
        return path

    def save_and_sync(self, what: str, folder: Path) -> None:
        """Write a checkpoint, and return when its files are on the disk."""
        path = Path(self.save(what, folder))
        for file in path.parent.glob(f"{path.name}.*"):
            handle = os.open(file, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)

    def restore(self, what: str, folder: Path) -> None:
        """Read the latest back."""
        self._savers[what].restore(self._session, self._latest[folder])


def timed(call: Callable[[], Any], units: float) -> Callable[[], float]:
    """Return a call that gives the seconds per unit of another, once the disk is done."""

    def seconds() -> float:
        if hasattr(os, "sync"):
            os.sync()
        start = time.perf_counter()
        call()
        return (time.perf_counter() - start) / units

    return seconds


def rows(
    sessions: dict[str, Checkpoints], places: dict[str, Path], what: str, units: float
) -> dict[str, dict[str, Callable[[], float]]]:
    """Return what is measured of the large or of the small variables."""
    found: dict[str, dict[str, Callable[[], float]]] = {}
    for place, folder in places.items():
        folders = {name: folder / name for name in sessions}
        for each in folders.values():
            each.mkdir(exist_ok=True)
        found[f"save to {place}"] = {
            name: timed(lambda one=one, at=folders[name]: one.save(what, at), units)
            for name, one in sessions.items()
        }
        if place != "memory":
            found[f"save to {place}, and sync"] = {
                name: timed(lambda one=one, at=folders[name]: one.save_and_sync(what, at), units)
                for name, one in sessions.items()
            }
        found[f"restore from {place}"] = {
            name: timed(lambda one=one, at=folders[name]: one.restore(what, at), units)
            for name, one in sessions.items()
        }
    return found


def main(megabytes: int) -> None:
    """Measure and print."""
    sessions = {name: Checkpoints(tf, megabytes) for name, tf in backends().items()}
    with (
        tempfile.TemporaryDirectory() as disk,
        tempfile.TemporaryDirectory(
            dir="/dev/shm" if Path("/dev/shm").is_dir() else None
        ) as memory,
    ):
        places = {"memory": Path(memory), "a disk": Path(disk)}
        compare(
            f"{LARGE} variables, {megabytes} MiB: MiB",
            rows(sessions, places, "large", megabytes),
            "1/s",
        )
        compare(f"{SMALL} variables of 10 numbers", rows(sessions, places, "small", 1), "us")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1024)
