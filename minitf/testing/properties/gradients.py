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
from minitf.testing.derivatives import Walk, assert_close, flat, inner, moved, slope
from minitf.testing.property import Draw, Property, not_a_function


def _not_for(op_def: Any) -> str:
    if reason := not_a_function(op_def) or skips.NO_DIFFERENCES.get(op_def.name, ""):
        return reason
    if op_def.gradient_rule is None:
        return skips.TENSORFLOW_HAS_NONE if op_def.refuses_gradient else skips.NO_GRADIENT
    types = [op_def.attrs[arg.type_attr].allowed for arg in op_def.inputs if arg.type_attr]
    doubles = any(allowed is None or {float64, complex128} & set(allowed) for allowed in types)
    return "" if doubles else skips.NO_DOUBLES


class _Gradients:
    """The op of a case in the default graph, and the gradients of its weighted outputs."""

    def __init__(self, op_def: Any, case: Case, walk: Walk) -> None:
        self.case, self.walk = case, walk
        inputs = placeholders(op_def, case)
        self.tensors = flat(inputs)
        results = tensors_of(op_def(*inputs, **case.attrs))
        used = [(y, w) for y, w in zip(results, walk.weights, strict=True) if w is not None]
        self.first = self.of([y for y, _ in used], [w for _, w in used])

    def of(self, ys: Any, weights: Any) -> list[Any]:
        """Return the dense gradient, or None, for each array; None for one that does not move."""
        moves = self.walk.moves
        xs = [x for x, each in zip(self.tensors, moves, strict=True) if each]
        found = iter(tf.gradients(ys, xs, grad_ys=[tf.constant(w) for w in weights]))
        grads = [next(found) if each else None for each in moves]
        return [None if grad is None else tf.convert_to_tensor(grad) for grad in grads]

    def run(self, session: Any, tensors: list[Any], inputs: Any) -> list[Any]:
        """Return the values of Tensors, None of None."""
        wanted = [t for t in tensors if t is not None]
        values = iter(session.run(wanted, dict(zip(self.tensors, flat(inputs), strict=True))))
        return [None if t is None else next(values) for t in tensors]


def _walk_of(op_def: Any, case: Case, draw: Draw) -> Walk | None:
    if not case.smooth:
        return None
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    constant = [i for i, arg in enumerate(op_def.inputs) if arg.name in case.constant]

    def body(*inputs: Any) -> tuple[Any, ...]:
        return flat_outputs(op_def, op_def.body(*inputs, **case.attrs))

    walk = Walk(body, case.inputs, rng, constant)
    return walk if walk.is_measurable else None


def _direction(op_def: Any, case: Case, walk: Walk) -> list[Any]:
    """Return random numbers for each array that moves; Hermitian ones where the case says so."""
    made = walk.direction()
    for i, name in enumerate(arg.name for arg in op_def.inputs):
        if name in case.hermitian and made[i] is not None:
            made[i] = made[i] + np.conj(np.swapaxes(made[i], -1, -2))
    return made


def _check_first(op_def: Any, case: Case, draw: Draw) -> str:
    walk = _walk_of(op_def, case, draw)
    if walk is None:
        return skips.NOT_SMOOTH
    direction = _direction(op_def, case, walk)
    with tf.Graph().as_default(), tf.Session() as session:
        grads = _Gradients(op_def, case, walk)
        exact = inner(grads.run(session, grads.first, case.inputs), direction)

    assert_close(exact, walk.slope(direction), walk.size)
    return ""


def _check_second(op_def: Any, case: Case, draw: Draw) -> str:
    walk = _walk_of(op_def, case, draw)
    if walk is None or not case.twice:
        return skips.NOT_SMOOTH
    one, other = (_direction(op_def, case, walk) for _ in range(2))
    with tf.Graph().as_default(), tf.Session() as session:
        grads = _Gradients(op_def, case, walk)
        pairs = [(g, d) for g, d in zip(grads.first, one, strict=True) if g is not None]
        if not pairs:
            return skips.CONSTANT
        try:
            second = grads.of([g for g, _ in pairs], [d for _, d in pairs])
        except LookupError as error:
            if "TensorFlow defines none" not in str(error):
                raise
            return skips.TENSORFLOW_HAS_NONE
        exact = inner(grads.run(session, second, case.inputs), other)

        def along(step: float) -> float:
            return inner(grads.run(session, grads.first, moved(case.inputs, other, step)), one)

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
