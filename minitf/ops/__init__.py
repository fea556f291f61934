"""What each op means: a folder per area, a file per family of at most about ten ops.

`ops.mat_mul_op` and `find_op("MatMul")` import the family on first use.  Where an op lives is read
from the family files themselves: a definition stands at the start of a line as `@op("MatMul"` above
`def mat_mul_op`, or as `tanh_op = unary("Tanh"`.  So there is no list to keep, gradient rules of
different families may call each other without an import cycle, and nothing is imported in vain.

Source: 2015 Table 1.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module, resources
from typing import Any

from minitf.errors import NotFoundError
from minitf.op_def import CATALOGUE, OpDef

DEFINITION = re.compile(  # "\n" for the start of a line: a third of the time that "^" takes
    r'\n(?:@op\(\s*"(?P<name>\w+)".*?\ndef (?P<function>\w+_op)\('
    r'|(?P<row>\w+_op) = \w+\(\s*"(?P<row_name>\w+)")',
    re.DOTALL,
)

_OTHER_NAMES = {"Leave": "Exit"}  # as the white paper says


@cache
def _index() -> tuple[dict[str, str], dict[str, str]]:
    """Return module by Python name, and Python name by registry name, of every op."""
    modules: dict[str, str] = {}
    functions: dict[str, str] = {}
    for area in resources.files(__name__).iterdir():
        files = area.iterdir() if area.is_dir() else [area]
        for file in files:
            if not file.name.endswith(".py") or file.name == "__init__.py":
                continue
            parts = [__name__, *([area.name] if area.is_dir() else []), file.name[:-3]]
            for match in DEFINITION.finditer(file.read_text(encoding="utf-8")):
                function = match["function"] or match["row"]
                modules[function] = ".".join(parts)
                functions[match["name"] or match["row_name"]] = function
    return modules, functions


def __getattr__(name: str) -> Any:
    module = _index()[0].get(name) if name.endswith("_op") else None
    if module is None:
        raise AttributeError(f"module {__name__!r} has no op {name!r}")
    found = globals()[name] = getattr(import_module(module), name)
    return found


def __dir__() -> list[str]:
    return sorted(_index()[0])


def find_op(name: str) -> OpDef:
    """Return the OpDef of a registry name, importing its family if need be.

    Raises:
        NotFoundError: if no op of that name is registered.
    """
    name = _OTHER_NAMES.get(name, name)
    found = CATALOGUE.get(name)
    if found is None:
        function = _index()[1].get(name)
        if function is None:
            raise NotFoundError(None, None, f"Op type not registered '{name}'")
        import_module(_index()[0][function])
        found = CATALOGUE[name]
    return found


def names() -> list[str]:
    """Return the registry names of all ops, without importing any."""
    return sorted(_index()[1])


def import_all() -> dict[str, OpDef]:
    """Import every family and return the catalogue: registry name -> OpDef."""
    for module in sorted(set(_index()[0].values())):
        import_module(module)
    return CATALOGUE
