"""The runs of one session that are under way, and what ends them all.

**State**: the runs; after `end_all` the error that ends whatever begins.

**Invariant**: a run that begins after `end_all` is aborted too, so that none can wait for ever in a
session that is closed.

Source: 2015 §3.3 (a step is aborted); TensorFlow 1.15's Session.close.
"""

from __future__ import annotations

from collections.abc import Iterator

from minitf.executor.dataflow import Run


class Runs:
    """The runs of one session that are under way.

    Source: OSDI §3.2 (concurrent steps).
    """

    def __init__(self) -> None:
        self._runs: set[Run] = set()
        self._end: BaseException | None = None

    def __iter__(self) -> Iterator[Run]:
        """Iterate over a copy: runs come and go."""
        return iter(tuple(self._runs))

    def begin(self, run: Run) -> None:
        """Note that a run begins."""
        self._runs.add(run)
        if self._end is not None:
            run.abort(self._end)

    def end(self, run: Run) -> None:
        """Note that it is over."""
        self._runs.discard(run)

    def end_all(self, error: BaseException) -> None:
        """Abort the runs that are under way, and whatever begins from here on."""
        self._end = error
        for run in self:
            run.abort(error)
