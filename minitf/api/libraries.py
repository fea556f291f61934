"""Ops that a program brings along.

A library is a Python file with op definitions (`from minitf.op_def import op`); TensorFlow's shared
objects hold machine code for its own runtime and cannot be loaded.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import os
import sys
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

from minitf import ops
from minitf.errors import AlreadyExistsError, NotFoundError, house_message
from minitf.op_def import CATALOGUE

_LOADED: dict[Path, ModuleType] = {}  # a file's ops are registered once


def load_op_library(library_filename: Any) -> ModuleType:
    """Register the ops of a library and return a module of them.

    Args:
        library_filename: a Python file with op definitions.

    Returns:
        The file as a module; each op is called as a function: inputs by position, attributes and
        `name` by keyword.

    Raises:
        NotFoundError: if there is no such file, or it is no Python file.
        AlreadyExistsError: if an op of that name is registered.
    """
    path = Path(os.fsdecode(library_filename))
    if not path.exists():
        message = f"{path}: cannot open shared object file: No such file or directory"
        raise NotFoundError(None, None, message)
    if path.suffix != ".py":
        raise NotFoundError(None, None, house_message(f"{path}: invalid ELF header", {}, _HINT))
    path = path.resolve()
    if path not in _LOADED:
        _LOADED[path] = _load(path)
    return _LOADED[path]


_HINT = (
    "MiniTF runs ops written in Python: define the op in a .py file (from minitf.op_def import op) "
    "and load that"
)


def _load(path: Path) -> ModuleType:
    name = f"{path.stem}_{len(_LOADED)}"
    spec = util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = util.module_from_spec(spec)
    before = set(CATALOGUE)
    try:
        spec.loader.exec_module(module)
        if clash := sorted(_own(module) & set(ops.names())):
            raise AlreadyExistsError(None, None, f"Op with name {clash[0]} is registered already")
    except BaseException:
        del sys.modules[name]
        for each in set(CATALOGUE) - before:
            if CATALOGUE[each].__module__ == name:
                del CATALOGUE[each]
        raise
    return module


def _own(module: ModuleType) -> set[str]:
    """Return the registry names of a module's ops."""
    return {name for name, each in CATALOGUE.items() if each.__module__ == module.__name__}


def load_library(library_location: Any) -> None:
    """Register the ops of a library, or of all libraries in a folder.

    Args:
        library_location: a Python file with op definitions, or a folder: of that, the files whose
            names begin with `libtfkernel`.

    Raises:
        OSError: if there is no such file or folder.
        NotFoundError: if a file is no Python file.
    """
    path = Path(os.fsdecode(library_location))
    if not path.exists():
        raise FileNotFoundError(
            f"The file or folder to load kernel libraries from does not exist. {path}"
        )
    files = sorted(path.glob("libtfkernel*")) if path.is_dir() else [path]
    for each in files:
        load_op_library(each)


def load_file_system_library(library_filename: Any) -> None:
    """Load a library that only registers what it has; see `load_op_library`."""
    load_op_library(library_filename)
