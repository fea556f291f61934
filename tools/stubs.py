"""Write the stubs that show lazily imported names to type checkers, or check them.

    python tools/stubs.py [--check]

A namespace is a module with the tables `_NAMES` and `_SUBMODULES` of `minitf.lazy`; its stub stands
beside it with the ending `.pyi`.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parent.parent))


def main() -> int:
    """Write or check every stub; return 1 if one is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which files are stale")
    check = parser.parse_args().check
    stale = []
    raw_ops = import_module("minitf.namespaces.raw_ops")
    texts = [(module, stub(module)) for module in namespaces("minitf")]
    for module, text in [*texts, (raw_ops, stub_of_ops(raw_ops))]:
        path = Path(str(module.__file__)).with_suffix(".pyi")
        if path.exists() and path.read_text() == text:
            continue
        stale.append(path)
        if not check:
            path.write_text(text)
    for path in stale:
        print(f"{'stale' if check else 'written'}: {path}")
    return 1 if check and stale else 0


def namespaces(name: str) -> list[ModuleType]:
    """Return the namespace module of that name and those inside it."""
    module = import_module(name)
    found = [module]
    for entry in getattr(module, "_SUBMODULES", "").split():
        public, _, own = entry.partition("=")
        inner = import_module(f"{name}.{own or public}")
        if hasattr(inner, "_NAMES") and inner.__name__ != "minitf":  # tf.compat.v1 is tf
            found += namespaces(inner.__name__)
    return found


def stub(module: ModuleType) -> str:
    """Return the text of a namespace's stub."""
    lines = [f"# {(module.__doc__ or '').splitlines()[0]}", ""]
    for source, names in sorted(vars(module)["_NAMES"].items()):
        for entry in sorted(names.split()):
            public, _, own = entry.partition("=")
            lines.append(f"from {source} import {own or public} as {public}")
    for entry in sorted(getattr(module, "_SUBMODULES", "").split()):
        public, _, own = entry.partition("=")
        package, _, last = f"{module.__name__}.{own or public}".rpartition(".")
        lines.append(f"from {package} import {last} as {public}")
    for name, value in sorted(vars(module).items()):
        if name in ("__version__", "release") or (name.isupper() and not name.startswith("_")):
            lines.append(f"{name}: {type(value).__name__}")
    # without it a stub hides whatever has another name where it comes from
    lines.append(f"__all__ = {sorted(vars(module)['__all__'])}")
    return "\n".join([*lines, ""])


def stub_of_ops(module: ModuleType) -> str:
    """Return the text of the stub of `tf.raw_ops`: a function per op."""
    lines = [
        f"# {(module.__doc__ or '').splitlines()[0]}",
        "",
        "from typing import Any as _Any",
        "",
    ]
    for name in dir(module):
        parameters = [
            f"{each.name}: _Any{'' if each.default is each.empty else ' = ...'}"
            for each in inspect.signature(getattr(module, name)).parameters.values()
        ]
        lines.append(f"def {name}(*, {', '.join(parameters)}) -> _Any: ...")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
