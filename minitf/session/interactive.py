"""InteractiveSession: a session that is the default one from when it is made until it is closed.

Source: TensorFlow 1.15.
"""

from __future__ import annotations

import contextlib
import warnings
from typing import Any, ClassVar

from minitf.default_graph import entered
from minitf.graph import Graph
from minitf.session.session import DEFAULT, BaseSession


class InteractiveSession(BaseSession):
    """A Session that makes itself the default one when it is made, for notebooks and shells.

    Args:
        target: as of Session.
        graph: the graph, which becomes the default one; the present default if None.
        config: a ConfigProto.

    Source: TensorFlow 1.15.
    """

    _active_session_count: ClassVar[int] = 0

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        if InteractiveSession._active_session_count:
            warnings.warn(
                "An interactive session is already active. This can cause out-of-memory errors in "
                "some cases. You must explicitly call `InteractiveSession.close()` to release "
                "resources held by the other session(s).",
                stacklevel=2,
            )
        InteractiveSession._active_session_count += 1
        self._scope = entered(self._graph) if graph is not None else contextlib.nullcontext()
        self._scope.__enter__()
        DEFAULT.stack.append(self)

    def close(self) -> None:
        """Close it; it is no default any more, whatever was made default after it."""
        if not self._is_closed:
            InteractiveSession._active_session_count -= 1
            if self in DEFAULT.stack:
                DEFAULT.stack.remove(self)
            self._scope.__exit__(None, None, None)
        super().close()
