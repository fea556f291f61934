"""Saving and restoring checkpoints, large ones and ones of many small variables, beside TensorFlow.

python benchmarks/bench_checkpoint.py [megabytes]

1 GB in 16 variables by default.  MiniTF's files are on the disk when `save` returns; TensorFlow's
are on their way there.  So saving is measured in memory (/dev/shm), where a disk has no part in it,
and on a disk both as it is and with TensorFlow's files synced behind its save.  The page cache is
not dropped: what is restored comes from memory.
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
            self._savers = {"large": tf.train.Saver(large), "small": tf.train.Saver(small)}
            self._session = tf.Session()
            self._session.run(tf.global_variables_initializer())

    def save(self, what: str, folder: Path) -> str:
        """Write a checkpoint."""
        path = str(folder / what)
        self._savers[what].save(self._session, path, write_meta_graph=False, write_state=False)
        return path

    def save_and_sync(self, what: str, folder: Path) -> None:
        """Write a checkpoint, and return when its files are on the disk."""
        for file in Path(self.save(what, folder)).parent.glob(f"{what}.*"):
            handle = os.open(file, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)

    def restore(self, what: str, folder: Path) -> None:
        """Read it back."""
        self._savers[what].restore(self._session, str(folder / what))


def timed(call: Callable[[], Any], units: float) -> Callable[[], float]:
    """Return a call that gives the seconds per unit of another."""

    def seconds() -> float:
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
                "TensorFlow": timed(
                    lambda at=folders["TensorFlow"]: sessions["TensorFlow"].save_and_sync(what, at),
                    units,
                ),
                "MiniTF": found[f"save to {place}"]["MiniTF"],
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
