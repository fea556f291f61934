"""What test programs need around their tests: a folder, a GPU or none, stubs, `main`.

Source: TensorFlow 1.15's functions of the same names in tf.test.
"""

from __future__ import annotations

import atexit
import inspect
import os
import shutil
import sys
import tempfile
import unittest
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self
from unittest import mock

from minitf.compat import app
from minitf.devices import local_devices

__all__ = ["mock"]  # others come through their namespace


def main(argv: Sequence[str] | None = None) -> None:
    """Read the flags and run the test cases of the program, then end it.

    Args:
        argv: the command line; `sys.argv` if None.

    Raises:
        SystemExit: always: with 0 if all tests passed.
    """
    app.run(lambda rest: unittest.main(argv=rest), argv)


@cache
def get_temp_dir() -> str:
    """Return a folder for files of this process's tests; it is removed when the process ends."""
    made = tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def test_src_dir_path(relative_path: str) -> str:
    """Return the absolute path of a file beside the program, where tests keep their data.

    Args:
        relative_path: a path without `..`.
    """
    root = os.environ.get("TEST_SRCDIR") or Path(sys.argv[0]).resolve().parent
    return str(Path(root, relative_path))


# pytest takes names with `test_` for tests
test_src_dir_path.__test__ = False  # type: ignore[attr-defined]


# --- devices -------------------------------------------------------------------------------------


def is_built_with_cuda() -> bool:
    """Tell that there are no kernels of TensorFlow's CUDA build: always False."""
    return False


def is_built_with_rocm() -> bool:
    """Tell that there are no kernels for ROCm: always False."""
    return False


def is_built_with_gpu_support() -> bool:
    """Tell whether this library has kernels for GPUs of either kind."""
    return is_built_with_cuda() or is_built_with_rocm()


def gpu_device_name() -> str:
    """Return the name of the first GPU of this process; "" without one."""
    names = (str(device.name) for device in local_devices())
    return next((name for name in names if ":GPU:" in name), "")


def is_gpu_available(cuda_only: bool = False, min_cuda_compute_capability: Any = None) -> bool:
    """Tell whether this process has a GPU.

    Args:
        cuda_only: accepted: there are no others.
        min_cuda_compute_capability: accepted, without effect.
    """
    return bool(gpu_device_name())


# --- stubs ---------------------------------------------------------------------------------------


class StubOutForTesting:
    """Replace attributes of modules and classes for a while.

        stubs = tf.test.StubOutForTesting()
        stubs.Set(os.path, "exists", lambda path: True)
        ...
        stubs.CleanUp()

    As a context manager it cleans up at the end.
    """

    def __init__(self) -> None:
        self._set: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.CleanUp()

    def __del__(self) -> None:
        self.CleanUp()

    def CleanUp(self) -> None:
        """Put back everything."""
        self.UnsetAll()

    def Set(self, parent: Any, child_name: str, new_child: Any) -> None:
        """Replace an attribute of `parent`, which must have it."""
        # a static method must not become an ordinary one when it is put back
        old = vars(parent).get(child_name, getattr(parent, child_name))
        self._set.append((parent, child_name, old))
        setattr(parent, child_name, new_child)

    def UnsetAll(self) -> None:
        """Put back what `Set` and `SmartSet` have replaced, the last first."""
        while self._set:
            setattr(*self._set.pop())

    def SmartSet(self, obj: Any, attr_name: str, new_attr: Any) -> None:
        """Replace an attribute where it is defined: in the object, its class or one above.

        Raises:
            AttributeError: if nobody has it.
        """
        if inspect.ismodule(obj) or attr_name in vars(obj):
            self.Set(obj, attr_name, new_attr)
            return
        kind = obj if inspect.isclass(obj) else type(obj)
        owner = next((each for each in kind.__mro__ if attr_name in vars(each)), None)
        if owner is None:
            raise AttributeError(attr_name)
        self.Set(owner, attr_name, new_attr)

    def SmartUnsetAll(self) -> None:
        """Put back what `Set` and `SmartSet` have replaced, the last first."""
        self.UnsetAll()
