"""`tf.keras.regularizers`: what a variable's value, or a layer's output, costs.

Source: TensorFlow 1.15's `tf.keras.regularizers`.
"""

from __future__ import annotations

from typing import Any, Self

from minitf.api.elementary import square
from minitf.api.math import abs as absolute
from minitf.api.reductions import reduce_sum
from minitf.keras.backend.tensors import constant
from minitf.keras.utils.objects import Registry


class Regularizer:
    """A function of a tensor whose result is a loss."""

    def __call__(self, x: Any) -> Any:
        """Return the loss."""
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the regularizer that `get_config` describes."""
        return cls(**config)


class L1L2(Regularizer):
    """l1 sum |x| + l2 sum x^2.

    Args:
        l1: factor of the sum of absolute values.
        l2: factor of the sum of squares.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = float(l1)
        self.l2 = float(l2)

    def __call__(self, x: Any) -> Any:
        """Return the loss."""
        if not self.l1 and not self.l2:
            return constant(0.0)
        parts = []
        if self.l1:
            parts.append(reduce_sum(self.l1 * absolute(x)))
        if self.l2:
            parts.append(reduce_sum(self.l2 * square(x)))
        return parts[0] if len(parts) == 1 else parts[0] + parts[1]

    def get_config(self) -> dict[str, Any]:
        """Return the factors."""
        return {"l1": self.l1, "l2": self.l2}


def l1(l: float = 0.01) -> L1L2:  # noqa: E741 - TensorFlow's name
    """Return l sum |x|."""
    return L1L2(l1=l)


def l2(l: float = 0.01) -> L1L2:  # noqa: E741
    """Return l sum x^2."""
    return L1L2(l2=l)


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Return l1 sum |x| + l2 sum x^2."""
    return L1L2(l1=l1, l2=l2)


_REGISTRY = Registry("regularizer", {"L1L2": L1L2, "l1": l1, "l2": l2, "l1_l2": l1_l2})
serialize = _REGISTRY.serialize
deserialize = _REGISTRY.deserialize


def get(identifier: Any) -> Any:
    """Return a regularizer by itself, its name or its configuration; None for None.

    Raises:
        ValueError: if there is none of that name, or it is something else.
    """
    found = _REGISTRY.get(identifier)
    return found() if isinstance(identifier, str) else found


__all__ = ["L1L2", "Regularizer", "deserialize", "get", "l1", "l1_l2", "l2", "serialize"]
