"""`tensorflow.python.lib.io.file_io`: files of this machine, by functions in lower case.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import filecmp as _filecmp
import zlib
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
copy = copy_v2 = Copy
create_dir = create_dir_v2 = MkDir
delete_file = delete_file_v2 = Remove
delete_recursively = delete_recursively_v2 = DeleteRecursively
file_exists = file_exists_v2 = Exists
get_matching_files = get_matching_files_v2 = Glob
is_directory = is_directory_v2 = IsDirectory
list_directory = list_directory_v2 = ListDirectory
recursive_create_dir = recursive_create_dir_v2 = MakeDirs
rename = rename_v2 = Rename
stat = stat_v2 = Stat
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


def filecmp(filename_a: Any, filename_b: Any) -> bool:
    """Tell whether two files hold the same."""
    return _filecmp.cmp(filename_a, filename_b, shallow=False)


def file_crc32(filename: Any, block_size: int = 1 << 24) -> str:
    """Return the CRC32 of what a file holds, `0x` and hexadecimal digits.

    Args:
        filename: the file.
        block_size: how many bytes are read at once.
    """
    found = 0
    with GFile(filename, "rb") as file:
        while block := file.read(block_size):
            found = zlib.crc32(block, found)
    return hex(found)
