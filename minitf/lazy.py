"""Public namespaces whose names are imported on first use (PEP 562).

A namespace keeps a table `module -> names`; `import minitf` then costs little more than NumPy, and
a program pays for what it touches.  Names stay visible to people and tools: `dir()` and Tab list
them, and a stub file beside each namespace (`__init__.pyi`) shows them to type checkers.

Source: no paper; TensorFlow's import of seconds is what users complained of.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def attach(
    namespace: str, table: Mapping[str, str], submodules: str = "", *, beyond: tuple[str, ...] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return `__getattr__`, `__dir__` and `__all__` for a namespace module.

    Args:
        namespace: the module's `__name__`.
        table: module -> its public names, separated by spaces; `theirs=ours` gives a name of the
            module (`ours`) another public name (`theirs`).
        submodules: modules that are names of the namespace, separated by spaces;
            `math=namespaces.math` gives `<namespace>.namespaces.math` the public name `math`.
        beyond: other modules, whose names the namespace has too.
    """
    where: dict[str, tuple[str, str]] = {}
    for module, names in table.items():
        for entry in names.split():
            public, _, own = entry.partition("=")
            where[public] = module, own or public
    for entry in submodules.split():
        public, _, own = entry.partition("=")
        where[public] = f"{namespace}.{own or public}", ""

    def getattr_(name: str) -> Any:
        if name not in where:
            for other in () if name.startswith("__") else beyond:
                with contextlib.suppress(AttributeError):
                    return getattr(import_module(other), name)
            raise AttributeError(f"module {namespace!r} has no attribute {name!r}")
        module, own = where[name]
        loaded = import_module(module)
        found = getattr(loaded, own) if own else loaded
        setattr(sys.modules[namespace], name, found)
        return found

    public_names = sorted(where)
    return getattr_, public_names.copy, public_names


def present(module: str, names: str) -> dict[str, str]:
    """Return a part of a table: those of the names that a namespace has.

    Args:
        module: the namespace's `__name__`.
        names: separated by spaces; `theirs=ours` as for `attach`.
    """
    known = set(dir(import_module(module)))
    entries = [each for each in names.split() if (each.partition("=")[2] or each) in known]
    return {module: " ".join(entries)} if entries else {}
