"""`tensorflow.python.util.all_util`: which names of a module are public.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable
from types import ModuleType

_DOCUMENTED = re.compile(r"^\s*@@([^\W\d]\w*)\s*$", re.MULTILINE)
_HIDDEN: dict[str, dict[str, object]] = {}


def make_all(module_name: str, doc_string_modules: Iterable[ModuleType] | None = None) -> list[str]:
    """Return the names that the documentation of modules lists, a line `@@name` each.

    Args:
        module_name: a module that is loaded.
        doc_string_modules: the modules with the documentation; that module by default.
    """
    module = sys.modules[module_name]
    documented = doc_string_modules or [module]
    texts = [inspect.getdoc(each) or "" for each in documented]
    return sorted({name for text in texts for name in _DOCUMENTED.findall(text)})


def remove_undocumented(
    module_name: str,
    allowed_exception_list: Iterable[str] | None = None,
    doc_string_modules: Iterable[ModuleType] | None = None,
) -> None:
    """Take names out of a module that nothing says to be public.

    Args:
        module_name: a module that is loaded.
        allowed_exception_list: names that stay.
        doc_string_modules: the modules whose documentation says what is public; see `make_all`.
    """
    names = vars(sys.modules[module_name])
    kept = {*make_all(module_name, doc_string_modules), *(allowed_exception_list or ())}
    hidden = [name for name in names if name not in kept and not name.startswith("_")]
    for name in hidden:
        _HIDDEN.setdefault(module_name, {})[name] = names.pop(name)


def reveal_undocumented(symbol_name: str, target_module: ModuleType | None = None) -> None:
    """Put a name back that `remove_undocumented` took.

    Args:
        symbol_name: `module.name`.
        target_module: where to; its own module by default.

    Raises:
        LookupError: if it was not taken.
    """
    module, _, name = symbol_name.rpartition(".")
    if name not in _HIDDEN.get(module, {}):
        raise LookupError(f"Symbol {symbol_name} is not a hidden symbol")
    setattr(target_module or sys.modules[module], name, _HIDDEN[module][name])
