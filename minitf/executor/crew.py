"""The threads that help to run long steps of the reference executor.

Source: OSDI §5 ("kernels run in parallel on multiple cores").
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor


class Crew:
    """The threads that help to run long steps; made when first needed.

    Args:
        threads: how many may run a step, the calling one among them.
        begin: called by each of them, when it begins.
    """

    def __init__(self, threads: int, begin: Callable[[], object] | None = None) -> None:
        self.threads = threads
        self._begin = begin
        self._pool: Executor | None = None
        self._lock = threading.Lock()

    def pool(self) -> Executor:
        """Return the pool."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.threads - 1, "minitf-step", self._begin)
            return self._pool

    def close(self) -> None:
        """End the threads."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False)
