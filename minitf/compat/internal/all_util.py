"""`tensorflow.python.util.all_util`: which names of a module are its public ones.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

_MENTIONED = re.compile(r"\s*@@([A-Za-z0-9_]+)")
_HIDDEN: dict[str, dict[str, Any]] = {}
"""Module -> the names that were removed from it, with what they stood for."""


def make_all(module_name: str, doc_string_modules: Sequence[Any] | None = None) -> list[str]:
    """Return the names that the docstrings of modules mention as `@@name`, and a module has.

    Args:
        module_name: the module.
        doc_string_modules: whose docstrings are read; by default of the module alone.
    """
    module = sys.modules[module_name]
    documented = {
        name
        for each in doc_string_modules or [module]
        for name in _MENTIONED.findall(each.__doc__ or "")
    }
    return sorted(documented & {name for name in vars(module) if not name.startswith("_")})


def remove_undocumented(
    module_name: str,
    allowed_exception_list: Sequence[str] | None = None,
    doc_string_modules: Sequence[Any] | None = None,
) -> None:
    """Remove the names of a module that no docstring mentions.

    Args:
        module_name: the module.
        allowed_exception_list: names that stay.
        doc_string_modules: as `make_all`'s.
    """
    module = sys.modules[module_name]
    kept = {*make_all(module_name, doc_string_modules), *(allowed_exception_list or ())}
    for name in [each for each in vars(module) if not each.startswith("_")]:
        if name not in kept:
            _HIDDEN.setdefault(module_name, {})[name] = getattr(module, name)
            delattr(module, name)


def reveal_undocumented(symbol_name: str, target_module: Any = None) -> None:
    """Put back a name that `remove_undocumented` took away.

    Args:
        symbol_name: the name, with its module.
        target_module: where it is put instead.

    Raises:
        LookupError: if it was not removed.
    """
    module_name, _, name = symbol_name.rpartition(".")
    if name not in _HIDDEN.get(module_name, {}):
        raise LookupError(f"{symbol_name} is not a hidden symbol")
    where = target_module or sys.modules[module_name]
    setattr(where, name, _HIDDEN[module_name][name])
