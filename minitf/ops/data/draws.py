"""What an iteration has drawn at random, so that it can be gone through again.

A pass over shuffled elements draws its seeds from a sequence that all iterations over the dataset
share, or from nowhere if nobody gave seeds.  The seeds that one iteration drew are kept with it, in
order; another iteration that gets them draws the same.

    draws = Draws()
    with draws.counted():
        elements = dataset.begin()      # its shuffles draw, and `draws.seeds` says what
    with Draws(draws.seeds).counted():
        again = dataset.begin()         # the same order

**Invariant**: threads that an iteration starts count to the same draws: they run in its context.

Source: TensorFlow 1.15, which saves the seeds of a shuffling iterator with its state.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Seeds = tuple[int, int]

_PRESENT: ContextVar["Draws | None"] = ContextVar("minitf_draws", default=None)


class Draws:
    """The seeds that one iteration drew.

    Args:
        seeds: what it shall draw first.
    """

    def __init__(self, seeds: Iterable[Seeds] = ()) -> None:
        self.seeds: list[Seeds] = list(seeds)
        self._used = 0
        self._lock = threading.Lock()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Let what is drawn meanwhile count to this iteration."""
        token = _PRESENT.set(self)
        try:
            yield
        finally:
            _PRESENT.reset(token)

    def draw(self, source: Callable[[], Seeds]) -> Seeds:
        """Return the next seeds: those that are there, else what a source gives."""
        with self._lock:
            if self._used == len(self.seeds):
                self.seeds.append(source())
            self._used += 1
            return self.seeds[self._used - 1]


def draw(source: Callable[[], Seeds]) -> Seeds:
    """Return what a source of seeds gives, or what the present iteration drew there before."""
    present = _PRESENT.get()
    return source() if present is None else present.draw(source)
