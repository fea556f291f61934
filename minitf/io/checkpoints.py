"""Checkpoint files of either format, read alike.

Whoever looks into a checkpoint before operations read it lets them use what it has opened:

    with opened("model.ckpt-10") as files:      # its table is read
        ...                                     # RestoreV2 of this path, in any thread, finds it

**State**: what is opened so, by path; the last one, if several threads open a path at once.

Source: TensorFlow 1.15, `checkpoint_reader.h`; 2015 §3.3.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from minitf.io.bundle_files import index_path
from minitf.io.bundle_reader import BundleReader
from minitf.io.slices_v1 import SliceReader

CheckpointFiles = BundleReader | SliceReader


def open_checkpoint(prefix: str) -> CheckpointFiles:
    """Return what reads a checkpoint.

    Args:
        prefix: a path without endings; of the first format, a path or a pattern.

    Raises:
        NotFoundError: if there is no checkpoint.
        DataLossError: if its table is damaged.
    """
    return _opened.get(prefix) or _open(prefix)


@contextlib.contextmanager
def opened(prefix: str) -> Iterator[CheckpointFiles]:
    """Open a checkpoint; in the block `open_checkpoint` returns the same object.

    Raises as `open_checkpoint` does.
    """
    files = _opened[prefix] = _open(prefix)
    try:
        yield files
    finally:
        if _opened.get(prefix) is files:
            del _opened[prefix]


_opened: dict[str, CheckpointFiles] = {}


def _open(prefix: str) -> CheckpointFiles:
    return BundleReader(prefix) if index_path(prefix).is_file() else SliceReader(prefix)
