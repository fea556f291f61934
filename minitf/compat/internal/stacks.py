"""The stacks of `tensorflow.python.framework.ops`: default sessions and default graphs.

Source: TensorFlow 1.15's `_default_session_stack` and `_default_graph_stack`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import default_graph
from minitf.session import session


class _Stack:
    """A stack of one thread as TensorFlow's tests see it."""

    def __init__(self, stack: Callable[[], list[Any]], default: Callable[[], Any]) -> None:
        self._stack = stack
        self.get_default = default

    @property
    def stack(self) -> list[Any]:
        """What is on it, the innermost last."""
        return self._stack()

    def reset(self) -> None:
        """Take everything off it."""
        self.stack.clear()

    def is_cleared(self) -> bool:
        """Tell whether nothing is on it."""
        return not self.stack


_default_graph_stack = _Stack(default_graph.default_graphs, default_graph.default_graph)
_default_session_stack = _Stack(lambda: session.DEFAULT.stack, session.get_default_session)
