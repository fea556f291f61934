"""`tf.io.gfile`: `tf.gfile` with names in small letters.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from minitf.compat import gfile
from minitf.errors import OpError


def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copy a file.

    Args:
        src: its path.
        dst: the path of the copy.
        overwrite: whether a file there may be replaced.

    Raises:
        AlreadyExistsError: if there is one, and it may not.
        NotFoundError: if there is nothing to copy.
    """
    gfile.Copy(src, dst, overwrite)


def exists(path: Any) -> bool:
    """Tell whether there is a file or a folder."""
    return gfile.Exists(path)


def glob(pattern: Any) -> list[str]:
    """Return the paths that match a pattern, or any of a list of patterns."""
    return gfile.Glob(pattern)


def isdir(path: Any) -> bool:
    """Tell whether a path is that of a folder."""
    return gfile.IsDirectory(path)


def listdir(path: Any) -> list[str]:
    """Return the names in a folder.

    Raises:
        NotFoundError: if there is no such folder.
    """
    return gfile.ListDirectory(path)


def makedirs(path: Any) -> None:
    """Make a folder and those above it; it may exist already."""
    gfile.MakeDirs(path)


def mkdir(path: Any) -> None:
    """Make a folder in one that exists.

    Raises:
        AlreadyExistsError: if it exists already.
        NotFoundError: if the folder above it does not.
    """
    gfile.MkDir(path)


def remove(path: Any) -> None:
    """Delete a file.

    Raises:
        NotFoundError: if there is none.
    """
    gfile.Remove(path)


def rename(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Give a file or a folder another path.

    Args:
        src: the path that it has.
        dst: the path that it gets.
        overwrite: whether a file there may be replaced.

    Raises:
        AlreadyExistsError: if there is one, and it may not.
        NotFoundError: if there is nothing to rename.
    """
    gfile.Rename(src, dst, overwrite)


def rmtree(path: Any) -> None:
    """Delete a folder with all that is in it.

    Raises:
        NotFoundError: if there is none.
    """
    gfile.DeleteRecursively(path)


def stat(path: Any) -> gfile.FileStatistics:
    """Return the length of a file, when it was changed, and whether it is a folder.

    Raises:
        NotFoundError: if there is no such file.
    """
    return gfile.Stat(path)


def walk(
    top: Any, topdown: bool = True, onerror: Callable[[OpError], Any] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each folder at and below a path, with the names of folders and of files in it.

    Args:
        top: where to begin.
        topdown: whether a folder comes before those in it.
        onerror: what is called with an error; else it is left out that there is nothing to see.
    """
    try:
        yield from gfile.Walk(top, topdown)
    except OpError as error:
        if onerror is not None:
            onerror(error)
