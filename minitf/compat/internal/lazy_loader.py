"""`tensorflow.python.util.lazy_loader`: a module that is imported when it is first used.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

__all__ = ["LazyLoader"]


class LazyLoader(ModuleType):
    """Stands for a module until somebody asks for what it has.

    Args:
        local_name: the name that it has where it is imported.
        parent_module_globals: the globals there, in which the module takes its place.
        name: the module's own name.
    """

    def __init__(self, local_name: str, parent_module_globals: dict[str, Any], name: str) -> None:
        self._local_name = local_name
        self._parent_module_globals = parent_module_globals
        super().__init__(name)

    def _load(self) -> ModuleType:
        """Import the module, and let it answer from now on."""
        module = import_module(self.__name__)
        self._parent_module_globals[self._local_name] = module
        self.__dict__.update(module.__dict__)
        return module

    def __getattr__(self, item: str) -> Any:
        return getattr(self._load(), item)

    def __dir__(self) -> list[str]:
        return dir(self._load())
