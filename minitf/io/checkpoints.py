"""Checkpoint files of either format, read alike.

Source: TensorFlow 1.15, `checkpoint_reader.h`; 2015 §3.3.
"""

from __future__ import annotations

from minitf.io.bundle_reader import BundleReader, index_path
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
    if index_path(prefix).is_file():
        return BundleReader(prefix)
    return SliceReader(prefix)
