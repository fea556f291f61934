"""The operating system's errors as TensorFlow's.

Source: TensorFlow 1.15, which maps `errno` to its status codes.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from minitf import errors

_ERRORS: dict[int | None, type[errors.OpError]] = {
    errno.ENOENT: errors.NotFoundError,
    errno.EEXIST: errors.AlreadyExistsError,
    errno.EACCES: errors.PermissionDeniedError,
    errno.EPERM: errors.PermissionDeniedError,
    errno.EISDIR: errors.FailedPreconditionError,
    errno.ENOTDIR: errors.FailedPreconditionError,
    errno.ENOTEMPTY: errors.FailedPreconditionError,
    errno.ENOSPC: errors.ResourceExhaustedError,
    errno.EINVAL: errors.InvalidArgumentError,
}


def as_op_error(error: OSError, path: str | os.PathLike[str]) -> errors.OpError:
    """Return TensorFlow's error for one of the operating system's; it names the file."""
    kind = _ERRORS.get(error.errno, errors.UnknownError)
    return kind(None, None, f"{error.filename or path}; {error.strerror}")


@contextmanager
def told(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn an OSError of the block into the OpError of its kind."""
    try:
        yield
    except OSError as error:
        raise as_op_error(error, path) from None
