"""Session.partial_run: one run in several calls, each with some of the feeds and fetches.

    handle = sess.partial_run_setup([y, z], [a, b, c])
    y_value = sess.partial_run(handle, y, {a: 1, b: 2})
    z_value = sess.partial_run(handle, z, {c: y_value * 10})

Source: TensorFlow 1.15's partial_run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf.dead import DEAD
from minitf.errors import InvalidArgumentError
from minitf.executor.partial_run import PartialRun
from minitf.executor.prune import Request
from minitf.executor.step import Steps
from minitf.graph import Graph
from minitf.session.conversions import parts_to_feed
from minitf.session.feeds import Feed, converted_feeds, flat_feeds
from minitf.session.fetches import Fetches
from minitf.session.prepared_run import handed_out
from minitf.tensor import Tensor


class PartialSessionRun:
    """A run that was set up, and what of it is still to come.

    Args:
        graph: the session's graph.
        steps: where to find the Step.
        fetches: all that will be fetched.
        feeds: all Tensors that will be fed.

    Raises:
        InvalidArgumentError: if a Tensor is among both.
    """

    def __init__(self, graph: Graph, steps: Steps, fetches: Any, feeds: Any) -> None:
        parts = [part for feed in feeds or () for part in parts_to_feed(feed)]
        fed = [tensor for tensor, _ in flat_feeds(graph, dict.fromkeys(parts))]
        wanted = Fetches(graph, fetches)
        for tensor in wanted.tensors:
            if tensor in fed:
                raise InvalidArgumentError(
                    None, tensor.op, f"{tensor.name} is both fed and fetched."
                )
        step = steps.find(Request(wanted.tensors, wanted.operations, tuple(fed)))
        self._graph = graph
        self._runs = steps.runs
        self._run = PartialRun(step.plan)
        self._feeds = {tensor: position for position, tensor in enumerate(fed)}
        self._fetches = {tensor: position for position, tensor in enumerate(wanted.tensors)}
        self._fed: set[Tensor] = set()
        self._fetched: set[Tensor] = set()

    def run(self, fetches: Any, feed_dict: Mapping[Any, Any] | None) -> Any:
        """Feed some values and return some fetches.

        Raises:
            RuntimeError: if an Operation is fetched.
            InvalidArgumentError: if a feed or fetch was not set up, comes a second time, or cannot
                be computed yet.
        """
        wanted = Fetches(self._graph, fetches)
        if wanted.operations:
            raise RuntimeError("partial_run() requires empty target_list.")
        given = flat_feeds(self._graph, feed_dict or {})
        tensors = [tensor for tensor, _ in given]
        _claim("feed", "fed", tensors, self._feeds, self._fed)
        _claim("fetch", "fetched", wanted.tensors, self._fetches, self._fetched)
        arrays = converted_feeds(
            [Feed(tensor, position) for position, tensor in enumerate(tensors)],
            [value for _, value in given],
        )
        positions = [self._feeds[tensor] for tensor in tensors]
        self._runs.begin(self._run)
        try:
            self._run.feed(dict(zip(positions, arrays, strict=True)))
        finally:
            self._runs.end(self._run)
        values = [self._value(tensor) for tensor in wanted.tensors]
        return wanted.build(handed_out(values, arrays))

    @property
    def is_over(self) -> bool:
        """Whether all feeds and fetches have come."""
        return len(self._fed) == len(self._feeds) and len(self._fetched) == len(self._fetches)

    def _value(self, tensor: Tensor) -> Any:
        value = self._run.fetched(self._fetches[tensor])
        if value is None or value is DEAD:
            raise InvalidArgumentError(
                None,
                tensor.op,
                f"Fetch {tensor.name} can't be computed from the feeds that have been fed so far.",
            )
        return value


def _claim(kind: str, done: str, tensors: Any, planned: Any, seen: set[Tensor]) -> None:
    for tensor in tensors:
        if tensor not in planned:
            raise InvalidArgumentError(
                None, tensor.op, f"The {kind} {tensor.name} was not specified in partial_run_setup."
            )
        if tensor in seen:
            raise InvalidArgumentError(
                None, tensor.op, f"The {kind} {tensor.name} has already been {done}."
            )
    seen.update(tensors)
