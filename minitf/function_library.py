"""The functions of a graph: what its operations name by attributes of the kind "func".

**State** of a graph
- `library`: the FunctionDefLibrary message of what was imported into it, None where nothing was.
- `_traced`: the functions that were traced here or made from the library, by name.
- `_reading`: names of functions of the library that are becoming graphs just now.
- `defined`: those of them that a `Defun` has made, by it and the types of arguments.
- `functions`: functions of the Python program that operations name by token; held here so that
  they live as long as the graph.

**Invariants**
1. A name stands for one function as long as the graph lives.
2. A function of the library becomes a graph when something first asks for it.

Source: TensorFlow 1.15, `function.proto`; OSDI §3.1 (attributes).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from minitf.errors import GraphBuildError, NotFoundError

if TYPE_CHECKING:
    from minitf.function_graph import FunctionGraph

_SERIAL = itertools.count()


class FunctionLibrary:
    """The functions of a graph."""

    library: Any
    functions: list[Any]

    def __init__(self) -> None:
        super().__init__()
        self.library = None
        self.functions = []
        self._traced: dict[str, FunctionGraph] = {}
        self._reading: set[str] = set()
        self.defined: dict[Any, FunctionGraph] = {}

    def add_function(self, function: FunctionGraph) -> None:
        """Add a function that was traced.

        Raises:
            ValueError: if the graph has another one of that name.
        """
        if self._traced.setdefault(function.name, function) is not function:
            raise GraphBuildError(
                None,
                None,
                f"Cannot add function '{function.name}' because a different function with the "
                "same name already exists.",
            )

    def traced_functions(self) -> list[FunctionGraph]:
        """Return the functions that are graphs here."""
        return list(self._traced.values())

    def has_function(self, name: str) -> bool:
        """Tell whether there is a function of that name."""
        return name in self._traced or self._message(name) is not None

    def find_function(self, name: str) -> FunctionGraph:
        """Return the function of that name.

        Raises:
            NotFoundError: if there is none.
            ValueError: if what the library holds of it does not fit, or if it calls itself.
        """
        found = self._traced.get(name) or self._from_library(name)
        if found is None:
            raise NotFoundError(None, None, f"Function {name} is not defined.")
        return found

    def _from_library(self, name: str) -> FunctionGraph | None:
        message = self._message(name)
        if message is None:
            return None
        from minitf.function_def import function_graph

        if name in self._reading:
            raise GraphBuildError(None, None, f"Function {name} calls itself")
        self._reading.add(name)
        try:
            return self._traced.setdefault(name, function_graph(self, message))
        finally:
            self._reading.remove(name)

    def _message(self, name: str) -> Any:
        """Return the FunctionDef of that name in the library, or None."""
        for message in () if self.library is None else self.library.function:
            if message.signature.name == name:
                return message
        return None


def unique_function_name(name: str) -> str:
    """Return a name that no other function has."""
    return f"{name}_{next(_SERIAL)}"
