"""`tensorflow.python.framework.registry`: things under names, and who put them there.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from typing import Any

__all__ = ["Registry"]


class Registry:
    """A table of things by name, each put in once.

    Args:
        name: of the table, for messages.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._entries: dict[str, tuple[Any, traceback.FrameSummary]] = {}

    def register(self, candidate: Any, name: str | None = None) -> None:
        """Put a thing in.

        Args:
            candidate: the thing.
            name: its name; by default what `__name__` says.

        Raises:
            KeyError: if the name is taken.
        """
        if not name:
            name = str(candidate.__name__)
        if name in self._entries:
            frame = self._entries[name][1]
            raise KeyError(
                f"Registering two {self._name} with name {name!r}! (Previous registration was in "
                f"{frame.name} {frame.filename}:{frame.lineno})"
            )
        self._entries[name] = candidate, traceback.extract_stack(limit=2)[0]

    def list(self) -> Iterable[str]:
        """Return the names that are taken."""
        return [*self._entries]

    def lookup(self, name: Any) -> Any:
        """Return the thing of a name.

        Raises:
            LookupError: if there is none.
        """
        name = name.decode() if isinstance(name, bytes) else name
        if name not in self._entries:
            raise LookupError(f"{self._name} registry has no entry for: {name}")
        return self._entries[name][0]
