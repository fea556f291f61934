"""`tf.gfile`: files of this machine under TensorFlow's names, with TensorFlow's errors.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import glob
import itertools
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, Self, cast

from minitf import errors
from minitf.compat.text import as_bytes, as_text
from minitf.io.os_errors import told

_MODES = ("r", "w", "a", "r+", "w+", "a+")


class GFile:
    """A file, opened when it is first read or written.

    Args:
        name: its path.
        mode: r, w, a, r+, w+ or a+; with b, bytes are read instead of text in UTF-8.
    """

    def __init__(self, name: Any, mode: str = "r") -> None:
        self._file: IO[bytes] | None = None
        if mode.replace("b", "") not in _MODES:
            raise errors.invalid(f"mode is not {' or '.join(map(repr, _MODES))}", mode=mode)
        self._path = _path(name)
        self._mode = mode

    @property
    def name(self) -> str:
        """The path."""
        return str(self._path)

    @property
    def mode(self) -> str:
        """The mode in which it was opened."""
        return self._mode

    def _open(self, doing: str = "") -> IO[bytes]:
        """Open the file if it is not yet open; `doing` is what its mode must allow."""
        mode = self._mode.replace("b", "")
        if doing and (doing == "reading") != (mode == "r") and "+" not in mode:
            raise errors.PermissionDeniedError(
                None, None, f"File isn't open for {doing}\n  file: {self._path}, mode {mode!r}"
            )
        if self._file is None:
            if (mode, doing) == ("r+", "writing"):
                mode = "w+"  # TensorFlow's, too, makes or empties the file
            with told(self._path):
                self._file = cast("IO[bytes]", self._path.open(f"{mode}b"))
        return self._file

    def _shown(self, content: bytes) -> Any:
        return content if "b" in self._mode else content.decode()

    def read(self, n: int = -1) -> Any:
        """Return `n` bytes, decoded in a text mode; all that are left if n is -1."""
        return self._shown(self._open("reading").read(n))

    def readline(self) -> Any:
        """Return the next line with its newline; empty at the end."""
        return self._shown(self._open("reading").readline())

    def readlines(self) -> list[Any]:
        """Return all lines that are left."""
        return list(self)

    def write(self, file_content: Any) -> None:
        """Append bytes, or text in UTF-8, at the present position."""
        self._open("writing").write(as_bytes(file_content))

    def size(self) -> int:
        """Return the file's size in bytes."""
        self.flush()
        return Stat(self._path).length

    def seek(self, offset: int | None = None, whence: int = 0, position: int | None = None) -> None:
        """Move to `offset` bytes from the start (whence 0), from here (1) or from the end (2).

        Args:
            position: the deprecated name of `offset`.
        """
        if offset is None and position is None:
            raise TypeError("seek(): offset argument required")
        where = offset if offset is not None else position
        self._open().seek(where or 0, whence)

    def tell(self) -> int:
        """Return the present position in bytes."""
        return self._open().tell()

    def seekable(self) -> bool:
        """Tell that `seek` works."""
        return True

    def flush(self) -> None:
        """Write out what is buffered."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Close the file; the next read or write opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __next__(self) -> Any:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    next = __next__

    def __iter__(self) -> Iterator[Any]:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


FastGFile = Open = GFile


class FileStatistics(NamedTuple):
    """What `Stat` tells of a file."""

    length: int
    mtime_nsec: int
    is_directory: bool


# --- looking ------------------------------------------------------------------------------------


def Exists(filename: Any) -> bool:
    """Tell whether there is a file or directory of that name."""
    return _path(filename).exists()


def IsDirectory(dirname: Any) -> bool:
    """Tell whether there is a directory of that name."""
    return _path(dirname).is_dir()


def Stat(filename: Any) -> FileStatistics:
    """Return length, time of the last change and kind of a file."""
    path = _path(filename)
    with told(path):
        found = path.stat()
    return FileStatistics(found.st_size, found.st_mtime_ns, path.is_dir())


def ListDirectory(dirname: Any) -> list[str]:
    """Return the names in a directory, sorted."""
    path = _path(dirname)
    if not path.is_dir():
        raise errors.NotFoundError(None, None, f"Could not find directory {path}")
    return sorted(each.name for each in path.iterdir())


def Glob(filename: Any) -> list[str]:
    """Return the paths that match a pattern, or any of several patterns, sorted."""
    one = isinstance(filename, (str, bytes, os.PathLike))
    patterns: Iterable[Any] = [filename] if one else filename
    found = (sorted(glob.glob(_text(each))) for each in patterns)  # noqa: PTH207 absolute patterns
    return list(itertools.chain.from_iterable(found))


def Walk(top: Any, in_order: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield (directory, its directories, its files) for `top` and all below it.

    Args:
        in_order: a directory before those in it; else after them.
    """
    for here, directories, files in os.walk(_path(top), topdown=in_order):
        directories.sort()
        yield here, directories, sorted(files)


# --- changing -----------------------------------------------------------------------------------


def MkDir(dirname: Any) -> None:
    """Make a directory in one that exists; nothing happens if it is there."""
    path = _path(dirname)
    if not path.is_dir():
        with told(path):
            path.mkdir()


def MakeDirs(dirname: Any) -> None:
    """Make a directory with those above it; nothing happens if it is there."""
    path = _path(dirname)
    with told(path):
        path.mkdir(parents=True, exist_ok=True)


def Copy(oldpath: Any, newpath: Any, overwrite: bool = False) -> None:
    """Copy a file."""
    old, new = _path(oldpath), _path(newpath)
    _check_free(new, overwrite=overwrite)
    with told(old):
        shutil.copyfile(old, new)


def Rename(oldname: Any, newname: Any, overwrite: bool = False) -> None:
    """Move a file or directory to another name."""
    old, new = _path(oldname), _path(newname)
    _check_free(new, overwrite=overwrite)
    with told(old):
        old.replace(new)


def Remove(filename: Any) -> None:
    """Delete a file."""
    path = _path(filename)
    with told(path):
        path.unlink()


def DeleteRecursively(dirname: Any) -> None:
    """Delete a file, or a directory with all that is in it."""
    path = _path(dirname)
    with told(path):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _text(name: Any) -> str:
    return as_text(os.fspath(name))


def _path(name: Any) -> Path:
    return Path(_text(name))


def _check_free(path: Path, *, overwrite: bool) -> None:
    if not overwrite and path.exists():
        raise errors.AlreadyExistsError(None, None, f"file already exists\n  file: {path}")
