"""Whether samples of a distribution are differentiable functions of its parameters.

Source: Dillon et al. 2017, "TensorFlow Distributions" §3.2.
"""

from __future__ import annotations

from typing import Final


class ReparameterizationType:
    """Whether samples are differentiable functions of the parameters."""

    def __init__(self, rep_type: str) -> None:
        self._rep_type = rep_type

    def __repr__(self) -> str:
        """Show which it is."""
        return f"<Reparameterization Type: {self._rep_type}>"

    def __eq__(self, other: object) -> bool:
        """Compare by identity: there are two."""
        return self is other

    def __hash__(self) -> int:
        """Hash by identity."""
        return id(self)


FULLY_REPARAMETERIZED: Final = ReparameterizationType("FULLY_REPARAMETERIZED")
NOT_REPARAMETERIZED: Final = ReparameterizationType("NOT_REPARAMETERIZED")
