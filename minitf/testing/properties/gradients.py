"""A gradient is the derivative: along a random direction in float64, of first and second order.

For weights w on the outputs, g = sum of gradient * d is the derivative of sum of w * y along the
direction d.  The gradient of g itself, along another direction, is of second order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

import minitf as tf
from minitf.dtypes import complex128, float64
from minitf.testing import skips
from minitf.testing.calls import placeholders, tensors_of
from minitf.testing.case import Case, flat_outputs
from minitf.testing.derivatives import (
    assert_close,
    flat,
    inner,
    is_double,
    moved,
    random_like,
    slope,
)
from minitf.testing.property import Draw, Property, not_a_function


def _not_for(op_def: Any) -> str:
    if reason := not_a_function(op_def) or skips.NO_DIFFERENCES.get(op_def.name, ""):
        return reason
    if op_def.gradient_rule is None:
        return skips.TENSORFLOW_HAS_NONE if op_def.refuses_gradient else skips.NO_GRADIENT
    types = [op_def.attrs[arg.type_attr].allowed for arg in op_def.inputs if arg.type_attr]
    doubles = any(allowed is None or {float64, complex128} & set(allowed) for allowed in types)
    return "" if doubles else skips.NO_DOUBLES


class _Walk:
    """One case, which of its inputs move, and the weights on its outputs."""

    def __init__(self, op_def: Any, case: Case, rng: np.random.Generator) -> None:
        self.op_def, self.case, self.rng = op_def, case, rng
        names = [
            arg.name
            for arg, value in zip(op_def.inputs, case.inputs, strict=True)
            for _ in (value if isinstance(value, list) else [value])
        ]
        self.arrays = flat(case.inputs)
        self.hermitian = [name in case.hermitian for name in names]
        self.moves = [
            is_double(x) and name not in case.constant
            for name, x in zip(names, self.arrays, strict=True)
        ]
        self.weights = [random_like(rng, y) if is_double(y) else None for y in case.run(op_def)]

    @property
    def is_measurable(self) -> bool:
        """Whether a real output may move with a real input."""
        return any(self.moves) and any(w is not None for w in self.weights)

    def direction(self) -> list[Any]:
        """Return random numbers for each array that moves, None for the others."""
        made = [
            random_like(self.rng, x) if moves else None
            for x, moves in zip(self.arrays, self.moves, strict=True)
        ]
        return [
            d + np.conj(np.swapaxes(d, -1, -2)) if hermitian and d is not None else d
            for d, hermitian in zip(made, self.hermitian, strict=True)
        ]

    def value(self, inputs: Any) -> float:
        """Return the weighted sum of the outputs of the body."""
        with np.errstate(all="ignore"):
            made = flat_outputs(self.op_def, self.op_def.body(*inputs, **self.case.attrs))
        return inner(self.weights, made)

    @property
    def size(self) -> float:
        """How large the numbers are whose rounding differences magnify."""
        weights = sum(float(np.sum(np.abs(w))) for w in self.weights if w is not None)
        return max(abs(self.value(self.case.inputs)), weights)

    def gradients(self) -> list[Any]:
        """Build the op in the default graph; return a gradient or None for each array."""
        inputs = placeholders(self.op_def, self.case)
        self.tensors = flat(inputs)
        results = tensors_of(self.op_def(*inputs, **self.case.attrs))
        used = [(y, w) for y, w in zip(results, self.weights, strict=True) if w is not None]
        return self.gradients_of([y for y, _ in used], [tf.constant(w) for _, w in used])

    def gradients_of(self, ys: Any, grad_ys: Any = None) -> list[Any]:
        """Return the dense gradient, or None, for each array."""
        xs = [x for x, moves in zip(self.tensors, self.moves, strict=True) if moves]
        found = iter(tf.gradients(ys, xs, grad_ys=grad_ys))
        grads = [next(found) if moves else None for moves in self.moves]
        return [None if grad is None else tf.convert_to_tensor(grad) for grad in grads]

    def run(self, session: Any, tensors: list[Any], inputs: Any) -> list[Any]:
        """Return the values of Tensors, None of None."""
        wanted = [t for t in tensors if t is not None]
        values = iter(session.run(wanted, dict(zip(self.tensors, flat(inputs), strict=True))))
        return [None if t is None else next(values) for t in tensors]


def _walk_of(op_def: Any, case: Case, draw: Draw) -> _Walk | None:
    if not case.smooth:
        return None
    walk = _Walk(op_def, case, np.random.default_rng(draw(st.integers(0, 2**32 - 1))))
    return walk if walk.is_measurable else None


def _check_first(op_def: Any, case: Case, draw: Draw) -> str:
    walk = _walk_of(op_def, case, draw)
    if walk is None:
        return skips.NOT_SMOOTH
    direction = walk.direction()
    with tf.Graph().as_default(), tf.Session() as session:
        exact = inner(walk.run(session, walk.gradients(), case.inputs), direction)

    measured = slope(lambda step: walk.value(moved(case.inputs, direction, step)))
    assert_close(exact, measured, walk.size)
    return ""


def _check_second(op_def: Any, case: Case, draw: Draw) -> str:
    walk = _walk_of(op_def, case, draw)
    if walk is None or not case.twice:
        return skips.NOT_SMOOTH
    one, other = walk.direction(), walk.direction()
    with tf.Graph().as_default(), tf.Session() as session:
        first = walk.gradients()
        pairs = [(g, d) for g, d in zip(first, one, strict=True) if g is not None]
        if not pairs:
            return skips.CONSTANT
        try:
            second = walk.gradients_of([g for g, _ in pairs], [tf.constant(d) for _, d in pairs])
        except LookupError as error:
            if "TensorFlow defines none" not in str(error):
                raise
            return skips.TENSORFLOW_HAS_NONE
        exact = inner(walk.run(session, second, case.inputs), other)

        def along(step: float) -> float:
            return inner(walk.run(session, first, moved(case.inputs, other, step)), one)

        measured, size = slope(along), max(abs(along(0)), walk.size)
    assert_close(exact, measured, size)
    return ""


FIRST = Property(
    "gradient", "The gradient is the derivative along any direction.", _not_for, _check_first
)
SECOND = Property(
    "second gradient",
    "The gradient of the gradient is its derivative along any direction.",
    _not_for,
    _check_second,
)
