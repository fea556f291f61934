"""`tf.keras.constraints`: what a variable's value must be after each update.

Source: TensorFlow 1.15's `tf.keras.constraints`.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import stack
from minitf.api.casting import cast
from minitf.api.elementary import sqrt, square
from minitf.api.framework import convert_to_tensor
from minitf.api.reductions import reduce_sum
from minitf.keras.backend.config import epsilon
from minitf.keras.backend.numbers import clip
from minitf.keras.utils.objects import Registry


class Constraint:
    """A function from a value to the one that it must be."""

    def __call__(self, w: Any) -> Any:
        """Return the value."""
        return w

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {}


class MaxNorm(Constraint):
    """Limits the norm along axes.

    Args:
        max_value: the greatest norm.
        axis: along which it is taken.
    """

    def __init__(self, max_value: float = 2, axis: Any = 0) -> None:
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        """Return the value, scaled down where its norm is greater."""
        w = convert_to_tensor(w)
        norms = _norms(w, self.axis)
        return w * (clip(norms, 0, self.max_value) / (epsilon() + norms))

    def get_config(self) -> dict[str, Any]:
        """Return limit and axis."""
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """Makes elements below 0 to 0."""

    def __call__(self, w: Any) -> Any:
        """Return the value."""
        w = convert_to_tensor(w)
        return w * cast(w >= 0.0, w.dtype)


class UnitNorm(Constraint):
    """Scales to norm 1 along axes.

    Args:
        axis: along which it is taken.
    """

    def __init__(self, axis: Any = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        """Return the value, scaled."""
        w = convert_to_tensor(w)
        return w / (epsilon() + _norms(w, self.axis))

    def get_config(self) -> dict[str, Any]:
        """Return the axis."""
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Moves the norm along axes into an interval.

    Args:
        min_value: its least number.
        max_value: its greatest.
        rate: how far a norm outside is moved: 1 for all of the way.
        axis: along which the norm is taken.
    """

    def __init__(
        self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Any = 0
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        """Return the value, scaled."""
        w = convert_to_tensor(w)
        norms = _norms(w, self.axis)
        moved = self.rate * clip(norms, self.min_value, self.max_value)
        return w * ((moved + (1 - self.rate) * norms) / (epsilon() + norms))

    def get_config(self) -> dict[str, Any]:
        """Return limits, rate and axis."""
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            "axis": self.axis,
        }


class RadialConstraint(Constraint):
    """Makes the cells of a square window alike that lie on one square around its middle.

    The innermost square takes the value of the cell on the diagonal before the middle, the others
    those of the diagonal from the middle on: TensorFlow's choice.
    """

    def __call__(self, w: Any) -> Any:
        """Return the value: [S, S, ...], as a convolution of images has it.

        Raises:
            ValueError: if it is no such value.
        """
        w = convert_to_tensor(w)
        sizes = w.shape.as_list()
        if len(sizes) != 4 or sizes[0] is None or sizes[0] != sizes[1]:
            raise ValueError(f"The weight tensor must be of rank 4, but is of shape {w.shape}")
        start, odd = divmod(sizes[0], 2)

        def square(at: int) -> int:
            return start - at - 1 + odd if at < start else at - start

        def of_square(number: int) -> Any:
            at = start + number - odd if number else start - 1
            return w[at, at]

        values = [of_square(number) for number in range(start + odd)]
        rows = [
            stack([values[max(square(a), square(b))] for b in range(sizes[0])])
            for a in range(sizes[0])
        ]
        return stack(rows)


def _norms(w: Any, axis: Any) -> Any:
    return sqrt(reduce_sum(square(w), axis, keepdims=True))


max_norm = MaxNorm
non_neg = NonNeg
unit_norm = UnitNorm
min_max_norm = MinMaxNorm
radial_constraint = RadialConstraint

_REGISTRY = Registry(
    "constraint",
    {
        "MaxNorm": MaxNorm,
        "MinMaxNorm": MinMaxNorm,
        "NonNeg": NonNeg,
        "RadialConstraint": RadialConstraint,
        "UnitNorm": UnitNorm,
        "max_norm": MaxNorm,
        "min_max_norm": MinMaxNorm,
        "non_neg": NonNeg,
        "radial_constraint": RadialConstraint,
        "unit_norm": UnitNorm,
    },
)
serialize = _REGISTRY.serialize
deserialize = _REGISTRY.deserialize


def get(identifier: Any) -> Any:
    """Return a constraint by itself, its name or its configuration; None for None.

    Raises:
        ValueError: if there is none of that name, or it is something else.
    """
    found = _REGISTRY.get(identifier)
    return found() if isinstance(identifier, str) else found


__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "RadialConstraint",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "radial_constraint",
    "serialize",
    "unit_norm",
]
