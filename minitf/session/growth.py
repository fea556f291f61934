"""Noticing a program that adds operations between runs: it gets slower and larger without end.

    train.py:57: loss = tf.reduce_mean(...)     inside the loop

**State**, one `GrowthWatch` per session: how large the graph was at the last run; over the last
runs, how many of them found it grown, and by how much.

Source: no paper; TensorFlow's users found out by a full memory.
"""

from __future__ import annotations

import warnings

from minitf import source
from minitf.graph import Graph

_RUNS_WATCHED = 50
_TOO_MANY = 40  # of them; a program that builds as it explores grows less often


class GrowthWatch:
    """Watches one graph for one session and warns once."""

    def __init__(self, graph: Graph) -> None:
        self.size = graph.version
        self._grown = 0
        self._added = 0
        self._first_size = self.size
        self._runs_until_judged = _RUNS_WATCHED
        self._has_warned = False

    def look(self, graph: Graph) -> None:
        """Note one run."""
        size = graph.version
        if size != self.size:
            self._grown += 1
            self._added += size - self.size
            self.size = size
        self._runs_until_judged -= 1
        if self._runs_until_judged == 0:
            if self._grown >= _TOO_MANY and not self._has_warned:
                self._warn(graph)
            self._runs_until_judged = _RUNS_WATCHED
            self._grown = self._added = 0

    def _warn(self, graph: Graph) -> None:
        self._has_warned = True
        last = graph.get_operations()[-1]
        warnings.warn(
            f"{source.describe(last.site)} adds operations between runs: {self._added} over the "
            f"last {_RUNS_WATCHED} runs of this session, and the graph holds {self.size}. Each "
            "makes a run slower and is kept for ever.\n"
            "  hint: build before the loop, feed what changes; graph.finalize() finds the line",
            stacklevel=2,
        )
