"""What a bijector has computed: pairs of x and y, found by either.

**State**: records by the identity of a Tensor, the conditions under which it was mapped, and the
graph, branch or loop that is being built.  A record holds its Tensors, so that no identity is used
again; the graph and the context live at least as long as they.

Source: Dillon et al. 2017, "TensorFlow Distributions" §4.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minitf.api.framework import get_default_graph


@dataclass(eq=False)
class Pair:
    """An x and its y; what is not known yet is None.

    Attributes:
        x: what is mapped.
        y: what it is mapped to.
        stretch: log |det dy/dx| of least events.
    """

    x: Any = None
    y: Any = None
    stretch: Any = None


class Cache:
    """The pairs that a bijector knows."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[Any, ...], tuple[Pair, dict[str, Any]]] = {}

    def find(self, side: str, value: Any, conditions: dict[str, Any]) -> Pair | None:
        """Return the pair of a Tensor on one side, "x" or "y"; None if there is none."""
        found = self._pairs.get(_key(side, value, conditions))
        return found[0] if found else None

    def keep(self, pair: Pair, conditions: dict[str, Any]) -> Pair:
        """Keep a pair, and return it."""
        for side in ("x", "y"):
            self._pairs[_key(side, getattr(pair, side), conditions)] = pair, conditions
        return pair


def _key(side: str, value: Any, conditions: dict[str, Any]) -> tuple[Any, ...]:
    graph = get_default_graph()
    under = tuple(sorted((name, id(each)) for name, each in conditions.items()))
    return side, id(value), under, id(graph), id(graph.scopes.context)
