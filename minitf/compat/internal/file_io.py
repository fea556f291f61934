"""`tensorflow.python.lib.io.file_io`: files of this machine, by functions in lower case.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import errors
from minitf.compat.gfile import (
    Copy,
    DeleteRecursively,
    Exists,
    GFile,
    Glob,
    IsDirectory,
    ListDirectory,
    MakeDirs,
    MkDir,
    Remove,
    Rename,
    Stat,
    Walk,
)
from minitf.compat.text import as_bytes
from minitf.io import durable
from minitf.io.os_errors import told

FileIO = GFile
copy = Copy
create_dir = MkDir
delete_file = Remove
delete_recursively = DeleteRecursively
file_exists = Exists
get_matching_files = Glob
is_directory = IsDirectory
list_directory = ListDirectory
recursive_create_dir = MakeDirs
rename = Rename
stat = Stat
walk = Walk


def read_file_to_string(filename: Any, binary_mode: bool = False) -> Any:
    """Return all that a file holds: text, or bytes in binary mode.

    Raises:
        OpError: if it cannot be read.
    """
    with GFile(filename, "rb" if binary_mode else "r") as file:
        return file.read()


def write_string_to_file(filename: Any, file_content: Any) -> None:
    """Write text or bytes to a file; what it held before is gone.

    Raises:
        OpError: if it cannot be written.
    """
    with GFile(filename, "w") as file:
        file.write(file_content)


def atomic_write_string_to_file(filename: Any, contents: Any, overwrite: bool = True) -> None:
    """Write text or bytes to a file: it is there whole or not at all.

    Args:
        filename: its path.
        contents: what to write.
        overwrite: whether a file of that name may be there.

    Raises:
        AlreadyExistsError: if there is one and it may not.
    """
    if not overwrite and Exists(filename):
        raise errors.AlreadyExistsError(None, None, f"{filename}; File exists")
    with told(filename), durable.file(filename) as file:
        file.write(as_bytes(contents))
