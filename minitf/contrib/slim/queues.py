"""`tf.contrib.slim.queues`: threads that fill queues, for as long as a block runs.

Source: TensorFlow 1.15's tf.contrib.slim.queues.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from minitf.api.framework import get_collection
from minitf.graph_keys import GraphKeys
from minitf.train.coordinator import Coordinator

_NESTED = threading.Lock()


class NestedQueueRunnerError(Exception):
    """Blocks of QueueRunners were put into each other."""


@contextlib.contextmanager
def QueueRunners(session: Any) -> Iterator[None]:  # noqa: N802 TensorFlow's name
    """Run the threads of all queue runners of the graph in a session; stop them in the end.

    Args:
        session: the session.

    Raises:
        NestedQueueRunnerError: if another such block is open.
    """
    if not _NESTED.acquire(blocking=False):
        raise NestedQueueRunnerError("QueueRunners cannot be nested")
    coordinator = Coordinator()
    threads: list[threading.Thread] = []
    try:
        for runner in get_collection(GraphKeys.QUEUE_RUNNERS):
            threads += runner.create_threads(session, coord=coordinator, daemon=True, start=True)
        yield
    finally:
        coordinator.request_stop()
        try:
            coordinator.join(threads, stop_grace_period_secs=120)
        finally:
            _NESTED.release()
