"""What an iteration has drawn at random, so that it can be gone through again.

A pass over shuffled elements draws its seeds from a source that all iterations over the dataset
share, or from nowhere if nobody gave seeds.  Where the source stood at each draw of an iteration is
kept with it, in order; another iteration that gets that draws the same, and leaves the source where
the first one left it.

    draws = Draws()
    with draws.counted():
        elements = dataset.begin()      # its shuffles draw, and `draws.states` says where
    with Draws(draws.states).counted():
        again = dataset.begin()         # the same order

**Invariant**: threads that an iteration starts count to the same draws: they run in its context.

Source: TensorFlow 1.15, which saves the seeds of a shuffling iterator with its state.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

Seeds = tuple[int, int]
Place = tuple[int, ...]  # where a source of seeds stands

PRESENT: ContextVar["Draws | None"] = ContextVar("minitf_draws", default=None)


class Source(Protocol):
    """Gives seeds one after the other."""

    @property
    def place(self) -> Place:
        """Where it stands."""

    def go_to(self, place: Place) -> None:
        """Stand elsewhere."""

    def next(self) -> Seeds:
        """Return the next seeds."""


class Draws:
    """Where the sources stood from which one iteration drew.

    Args:
        states: where they shall stand at its first draws.
    """

    def __init__(self, states: Iterable[Place] = ()) -> None:
        self.states: list[Place] = list(states)
        self._used = 0
        self._lock = threading.Lock()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Let what is drawn meanwhile count to this iteration."""
        token = PRESENT.set(self)
        try:
            yield
        finally:
            PRESENT.reset(token)

    def draw(self, source: Source) -> Seeds:
        """Return the next seeds of a source."""
        with self._lock:
            if self._used < len(self.states):
                source.go_to(self.states[self._used])
            else:
                self.states.append(source.place)
            self._used += 1
            return source.next()


def draw(source: Source) -> Seeds:
    """Return the next seeds of a source, or what the present iteration drew there before."""
    present = PRESENT.get()
    return source.next() if present is None else present.draw(source)


class Anything:
    """Seeds that nobody can foresee."""

    def __init__(self) -> None:
        self._seeds = int.from_bytes(os.urandom(8)), int.from_bytes(os.urandom(8))

    @property
    def place(self) -> Place:
        """The seeds themselves."""
        return self._seeds

    def go_to(self, place: Place) -> None:
        """Take other seeds."""
        self._seeds = place[0], place[1]

    def next(self) -> Seeds:
        """Return them."""
        return self._seeds
