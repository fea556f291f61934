"""The files of bundles as they replace each other.

A bundle's files cannot all change at once, so one that is to be replaced first gets a second name:

    x.index, x.data-00000-of-00001                                       the old one
    .x.replaced.index, .x.replaced.data-00000-of-00001, and both above   it, under both names
    .x.replaced.index, .x.replaced.data-00000-of-00001                   only by the second
    x.index, x.data-00000-of-00001, and both above                       the new one and the old
    x.index, x.data-00000-of-00001                                       the new one, on the disk

At any moment there is one that is whole, by one of the two names.  Who writes a bundle has it on
the disk before he removes what it replaces, unless somebody has promised to see to that
(`minitf.train.commits`).

**State**: the prefixes that somebody has promised to bring to the disk.

Source: OSDI §4.3 (checkpoints are for fault tolerance); POSIX link and rename.
"""

from __future__ import annotations

import contextlib
import glob
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

_PATTERN = "data-?????-of-?????"
_promised: Counter[str] = Counter()


def index_path(prefix: str) -> Path:
    """Return the path of a bundle's table."""
    return Path(f"{prefix}.index")


def data_path(prefix: str, shard: int, shards: int) -> Path:
    """Return the path of one of a bundle's data files."""
    return Path(f"{prefix}.data-{shard:05d}-of-{shards:05d}")


def bundle_files(prefix: str) -> list[Path]:
    """Return the files that a bundle has, its table first."""
    index = index_path(prefix)
    return [
        *([index] if index.is_file() else []),
        *sorted(index.parent.glob(f"{glob.escape(Path(prefix).name)}.{_PATTERN}")),
    ]


def replaced(prefix: str) -> str:
    """Return the prefix under which the bundle is kept that this one replaces."""
    folder, name = os.path.split(prefix)
    return os.path.join(folder, f".{name}.replaced")  # noqa: PTH118 `./` and the like stay


def keep_replaced(prefix: str) -> bool:
    """Give the bundle of this prefix its second name; tell whether it has one now.

    It has none if it is not there, if files cannot have two names here, or if an older bundle has
    it still: that one may be the only one on the disk.
    """
    kept = replaced(prefix)
    if not index_path(prefix).exists() or index_path(kept).exists():
        return False
    try:
        for file in reversed(bundle_files(prefix)):  # the table last: with it there is a bundle
            os.link(file, f"{kept}{file.name.removeprefix(Path(prefix).name)}")
    except (OSError, NotImplementedError):
        remove_bundle(kept)
        return False
    return True


def remove_bundle(prefix: str) -> None:
    """Remove the files of a bundle, its table first."""
    for file in bundle_files(prefix):
        file.unlink(missing_ok=True)


@contextlib.contextmanager
def promised(prefix: str) -> Iterator[None]:
    """Promise that the bundles with this prefix, written in the block, will be brought to the disk.

    Writers in other threads know of it, in other processes they do not.
    """
    _promised[prefix] += 1
    try:
        yield
    finally:
        _promised[prefix] -= 1


def is_promised(prefix: str) -> bool:
    """Tell whether somebody brings a bundle to the disk, or one of which it becomes a part."""
    return any(prefix == each or prefix.startswith(f"{each}_temp_") for each in +_promised)
