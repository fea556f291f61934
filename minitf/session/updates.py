"""Noticing a program that trains and forgets the updates: the averages of batch normalization.

    train = optimizer.minimize(loss)            UPDATE_OPS hang in the air: nothing runs them
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = optimizer.minimize(loss)        right

**State**, one `UpdateWatch` per session: whether an update of the graph was in any run, and how
often a train op ran without one.  Which of the two a run holds is found once per PreparedRun.

Source: no paper; TensorFlow's users found out when their model was evaluated.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from minitf import source
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation

_RUNS_WATCHED = 10  # of a train op: the updates may be run by themselves now and then


class UpdateWatch:
    """Watches one graph for one session and warns once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._runs_until_judged = _RUNS_WATCHED
        self._has_updated = False

    def wants(self, operations: Iterable[Operation | None]) -> bool:
        """Tell whether runs of these operations are to be counted: they train without updates."""
        updates = self._operations(GraphKeys.UPDATE_OPS)
        if self._has_updated or not updates:
            return False
        present = set(operations)
        self._has_updated = not present.isdisjoint(updates)
        return not (self._has_updated or present.isdisjoint(self._operations(GraphKeys.TRAIN_OP)))

    def count(self) -> None:
        """Note one run that trained without updates."""
        self._runs_until_judged -= 1
        if self._runs_until_judged == 0 and not self._has_updated:
            self._warn()

    def _operations(self, key: str) -> list[Any]:
        return [getattr(each, "op", each) for each in self._graph.get_collection(key)]

    def _warn(self) -> None:
        updates = self._operations(GraphKeys.UPDATE_OPS)
        first = updates[0]
        warnings.warn(
            f"the train op has run {_RUNS_WATCHED} times, and none of the {len(updates)} "
            "operations in the collection UPDATE_OPS ever did: the moving averages of batch "
            "normalization stay as they began.  The first of them is "
            f"'{first.name}', created at {source.describe(first.site)}\n"
            "  hint: with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):\n"
            "            train_op = optimizer.minimize(loss)",
            stacklevel=5,  # the call of `run`
        )
