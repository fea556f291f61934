"""Derivatives by differences: what the gradients of any system can be compared with.

With weights w on the outputs, f(x) = sum of w * y(x) is a real function, and its derivative along a
direction d is sum(gradient * d).  The gradients of complex numbers follow TensorFlow's convention:
the change of f is the real part of conj(gradient) * d.

Source: 2015 §4.1 (gradient computation).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

STEP = 1e-4  # of the five-point rule: its error is STEP**4 times the fifth derivative
TOLERANCE = 1e-6  # of that error and of rounding, 1e-16 / STEP, where derivatives are of order 1


def slope(function: Callable[[float], float], step: float = STEP) -> float:
    """Return the derivative of a function at 0 by Richardson's five-point rule."""
    near = function(step) - function(-step)
    far = function(2 * step) - function(-2 * step)
    return (8 * near - far) / (12 * step)


def is_double(value: Any) -> bool:
    """Tell whether derivatives with respect to an array can be measured."""
    return np.asarray(value).dtype in (np.float64, np.complex128)


def random_like(rng: np.random.Generator, value: Any) -> Any:
    """Return normal random numbers, complex ones for a complex array."""
    made = rng.standard_normal(np.shape(value))
    return made + 1j * rng.standard_normal(made.shape) if np.iscomplexobj(value) else made


def inner(gradients: Sequence[Any], changes: Sequence[Any]) -> float:
    """Return how much a real function changes; None, of either, stands for zeros."""
    return float(
        sum(
            np.sum(np.real(np.conj(np.asarray(g)) * change))
            for g, change in zip(gradients, changes, strict=True)
            if g is not None and change is not None
        )
    )


def flat(inputs: Sequence[Any]) -> list[Any]:
    """Return inputs with lists unpacked."""
    return [x for each in inputs for x in (each if isinstance(each, list) else [each])]


def moved(inputs: Sequence[Any], directions: Sequence[Any], step: float) -> tuple[Any, ...]:
    """Return inputs, each with a direction moved `step` along it.

    Args:
        inputs: arrays and lists of arrays.
        directions: an array or None for each array, flat.
        step: how far.
    """
    rest = iter(directions)

    def move(value: Any) -> Any:
        direction = next(rest)
        return value if direction is None else value + step * direction

    return tuple([move(x) for x in v] if isinstance(v, list) else move(v) for v in inputs)


class Walk:
    """A function of arrays made a real function of them, by random weights on its outputs.

    Attributes:
        moves: for each array, flat, whether it moves.
        weights: for each output random numbers, None for one that is not double.
    """

    def __init__(
        self,
        function: Callable[..., tuple[Any, ...]],
        inputs: Sequence[Any],
        rng: np.random.Generator,
        constant: Collection[int] = (),
    ) -> None:
        """Draw the weights.

        Args:
            function: arrays and lists of arrays in, a flat tuple of arrays out.
            inputs: where derivatives are measured.
            rng: of weights and directions.
            constant: places of inputs that do not move although they are double.
        """
        self.function, self.inputs, self.rng = function, inputs, rng
        self.moves = [
            is_double(x) and place not in constant
            for place, value in enumerate(inputs)
            for x in (value if isinstance(value, list) else [value])
        ]
        with np.errstate(all="ignore"):
            outputs = function(*inputs)
        self.weights = [random_like(rng, y) if is_double(y) else None for y in outputs]
        sizes = [float(np.sum(np.abs(w))) for w in self.weights if w is not None]
        self.size = max(abs(inner(self.weights, outputs)), sum(sizes))

    @property
    def is_measurable(self) -> bool:
        """Whether a double output may move with a double input."""
        return any(self.moves) and any(w is not None for w in self.weights)

    def direction(self) -> list[Any]:
        """Return random numbers for each array that moves, None for the others."""
        pairs = zip(flat(self.inputs), self.moves, strict=True)
        return [random_like(self.rng, x) if moves else None for x, moves in pairs]

    def slope(self, direction: Sequence[Any]) -> float:
        """Return the derivative along a direction, by differences."""

        def value(step: float) -> float:
            with np.errstate(all="ignore"):
                made = self.function(*moved(self.inputs, direction, step))
            return inner(self.weights, made)

        return slope(value)


def assert_close(exact: float, measured: float, size: float) -> None:
    """Check a derivative against differences.

    Args:
        exact: what the gradient says.
        measured: what differences say.
        size: of the function's values, whose rounding the differences magnify.
    """
    limit = TOLERANCE * max(abs(exact), size, 1.0)
    assert abs(exact - measured) <= limit, (
        f"the gradient says {exact:.9g}, differences say {measured:.9g} +- {limit:.1g}"
    )
