"""`tf.resource_loader`: data files that lie beside the file of the caller.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import sys
from pathlib import Path

from minitf.compat.text import path_to_str


def _folder_of_caller() -> Path:
    """Return the folder of the file that calls this module."""
    frame = sys._getframe()  # noqa: SLF001 the one way to find a caller
    while frame.f_back and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return Path(frame.f_code.co_filename).resolve().parent


def get_data_files_path() -> str:
    """Return the folder of the calling file."""
    return str(_folder_of_caller())


def get_path_to_datafile(path: str) -> str:
    """Return the path of a file beside the calling one.

    Args:
        path: relative to the folder of the calling file.
    """
    return str(_folder_of_caller() / path)


def load_resource(path: str) -> bytes:
    """Return the bytes of a file beside the calling one.

    Args:
        path: relative to the folder of the calling file.

    Raises:
        FileNotFoundError: if there is none.
    """
    return (_folder_of_caller() / path).read_bytes()


def get_root_dir_with_all_resources() -> str:
    """Return the folder below which data files lie: that of the calling file."""
    return str(_folder_of_caller())


def readahead_file_path(path: str, readahead: str = "128M") -> str:
    """Return a path as it is: files are read ahead by the system."""
    return str(path_to_str(path))
