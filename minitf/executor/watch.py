"""Who hears of a run that does nothing but wait.

Source: no paper; TensorFlow's users sat before programs that hung without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from minitf.executor.runs import Abortable


class Watch(NamedTuple):
    """Who wants to hear of a run that does nothing but wait.

    Attributes:
        patience_s: how long it may wait until it is called.
        stalled: called with the run, again and again until it returns True; in the run's thread.
    """

    patience_s: float
    stalled: Callable[[Abortable], bool]
