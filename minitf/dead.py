"""DEAD: the value of an output that was not computed, because a conditional took the other branch.

A body that takes a branch returns it for the outputs of the other one; the executor carries it from
node to node in place of an array, so that whoever waits for the untaken branch learns that nothing
will come.

Source: 2015 §4.4; OSDI §3.4.
"""

from __future__ import annotations

from typing import Final


class Dead:
    """The type of DEAD."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show as traces do."""
        return "dead"


DEAD: Final = Dead()
