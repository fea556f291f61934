"""Steps that somebody wants to look at after the program is over: what ran, and how often.

    with keeping() as kept:
        sess.run(train, {x: images})
    kept[0].runs, kept[0].step.request      # -> 1, Request(...)

**State**, of the process: the list that new Steps go to, None nearly always.  A Step that is kept
counts its runs; no other does.

Source: no paper; TensorFlow shows what it made of a graph only in a trace.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minitf.executor.step import AnyStep


@dataclass(slots=True)
class Kept:
    """A Step, and how often it has been run."""

    step: AnyStep
    runs: int = 0


_kept: list[Kept] | None = None


@contextlib.contextmanager
def keeping() -> Iterator[list[Kept]]:
    """Keep every Step that is made in the block, in any session and thread."""
    global _kept  # noqa: PLW0603 one list per process
    before, _kept = _kept, []
    try:
        yield _kept
    finally:
        _kept = before


def keep(step: AnyStep) -> AnyStep:
    """Keep a new Step if somebody wants to; returns it."""
    if _kept is None:
        return step
    kept = Kept(step)
    run = step.run

    def counted(*arguments: Any) -> list[Any]:
        kept.runs += 1
        return run(*arguments)

    vars(step)["run"] = counted
    _kept.append(kept)
    return step
