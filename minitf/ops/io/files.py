"""Whole files: read, write, find by pattern.

Each reads what stands on the disk when it fires: the ops take a `context`, so that no plan folds or
merges them.

Source: TensorFlow's ops of the same names.
"""

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from minitf import errors
from minitf.io.os_errors import told
from minitf.op_def import op
from minitf.ops.strings.arrays import strings
from minitf.resources import Context
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import string

Array = np.ndarray[Any, Any]


def _name(filename: Array) -> str:
    return os.fsdecode(filename.item())


# --- ReadFile ------------------------------------------------------------------------------------


@op("ReadFile", outputs=("contents",))
def read_file_op(filename: string[()], *, context: Context) -> string:
    """Read a whole file.

    Args:
        filename: its path.

    Returns:
        string scalar, the file's bytes.

    Raises:
        NotFoundError: if there is no such file.

    Source: TensorFlow's op of the same name.
    """
    name = _name(filename)
    with told(name):
        return strings([Path(name).read_bytes()], ())


@read_file_op.shape
def read_file_shape(filename: Shape) -> Shape:
    return Shape(())


read_file_op.no_gradient("text has no slope")

# --- WriteFile -----------------------------------------------------------------------------------


@op("WriteFile", "stateful")
def write_file_op(filename: string[()], contents: string[()]) -> None:
    """Write a file, with the directories above it.

    Args:
        filename: its path; a file of that name is replaced.
        contents: its bytes.

    Raises:
        PermissionDeniedError: if it may not be written.

    Source: TensorFlow's op of the same name.
    """
    name = _name(filename)
    with told(name):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(contents[()])


write_file_op.no_gradient("text has no slope")

# --- MatchingFiles -------------------------------------------------------------------------------


@op("MatchingFiles", outputs=("filenames",))
def matching_files_op(pattern: string, *, context: Context) -> string:
    """Find the files and directories that match patterns.

    `*`, `?` and `[...]` match within one part of a path.

    Args:
        pattern: string, a scalar or a vector.

    Returns:
        string[n], the paths in order, those of all patterns together.

    Source: TensorFlow's op of the same name.
    """
    if pattern.ndim > 1:
        raise errors.invalid(
            "Input patterns tensor must be scalar or vector", pattern=pattern.shape
        )
    found = [os.fsencode(path) for each in pattern.flat for path in matching(os.fsdecode(each))]
    return strings(sorted(found), (len(found),))


def matching(pattern: str) -> Iterator[str]:
    """Yield the paths that match one pattern, part by part; names with a leading dot too."""
    parts = [part for part in pattern.split("/") if part]
    relative = "." if parts and _is_wild(parts[0]) else ""  # TensorFlow's "*" finds "./a"
    found = ["/" if pattern.startswith("/") else relative]
    for part in parts:
        if not _is_wild(part):
            paths = [os.path.join(head, part) for head in found]  # noqa: PTH118 keeps "./"
            found = [path for path in paths if os.path.lexists(path)]
            continue
        found = [
            os.path.join(head, name)  # noqa: PTH118 keeps "./"
            for head in found
            if os.path.isdir(head)  # noqa: PTH112 likewise
            for name in os.listdir(head)  # noqa: PTH208 likewise
            if fnmatchcase(name, part)
        ]
    yield from found


def _is_wild(part: str) -> bool:
    return any(c in part for c in "*?[")


@matching_files_op.shape
def matching_files_shape(pattern: Shape) -> Shape:
    return Shape([UNKNOWN])


matching_files_op.no_gradient("text has no slope")
