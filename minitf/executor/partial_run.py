"""One run of a plan whose feeds come in several calls: what can run, runs.

**State**: that of a Run, kept from call to call: one iteration, so each node fires at most once.

**Invariant**: after a call every node has fired whose inputs have come.

Worked example: `y = a + b`, `z = y * c`; a, b and c are feeds 0, 1 and 2, y and z fetches 0 and 1.

    run = PartialRun(plan)
    run.feed({0: 1.0, 1: 2.0});  run.fetched(0)     # 3.0; `z` waits for c
    run.feed({2: 10.0});         run.fetched(1)     # 30.0; `y` does not run again

Source: 2015 §4.2 (feeds and fetches of a run); TensorFlow 1.15's partial_run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from minitf.executor.dataflow import Run
from minitf.executor.plan import Plan


class PartialRun(Run):
    """One run of a Plan in several calls.

    Source: 2015 §4.2.
    """

    __slots__ = ("_root", "_send")

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._root, self._send = self._begun()
        without_feeds = replace(plan.source, edges=(), merges=())
        self._send(without_feeds, self._root, ())  # nodes without inputs

    def feed(self, values: Mapping[int, Any]) -> None:
        """Bring the values of some feeds, by position, and run what can run.

        Raises:
            OpError: the first failure of a node; the run is over then.
        """
        source = self.plan.source
        try:
            for position, value in values.items():
                edges, merges = (
                    tuple((0, slot, reader) for i, slot, reader in each if i == position)
                    for each in (source.edges, source.merges)
                )
                one = replace(source, edges=edges, merges=merges, controls=())
                self._send(one, self._root, (value,))
            self._drain(self._send)
        except BaseException as error:
            self.abort(error)
            raise
        if self.failure is not None:
            raise self.failure

    def fetched(self, position: int) -> Any:
        """Return a fetched value, None if it waits for feeds to come."""
        return self._root.values[self.plan.sink.first + position]
