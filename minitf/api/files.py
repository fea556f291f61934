"""Whole files as strings.

Source: TensorFlow 1.15's functions of the same names in `tf` and `tf.io`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.operation import Operation
from minitf.tensor import Tensor


def read_file(filename: Any, name: str | None = None) -> Tensor:
    """Return the bytes of a file, read anew in each run."""
    return ops.read_file_op(filename, name=name)


def write_file(filename: Any, contents: Any, name: str | None = None) -> Operation:
    """Return an operation that writes a file, with the directories above it."""
    return ops.write_file_op(filename, contents, name=name)


def matching_files(pattern: Any, name: str | None = None) -> Tensor:
    """Return the paths that match a pattern, or any of several, in order.

    Args:
        pattern: string scalar or vector; `*`, `?` and `[...]` match within one part of a path.
        name: name of the operation.
    """
    return ops.matching_files_op(pattern, name=name)
