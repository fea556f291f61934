"""A gradient is the derivative: along a random direction, first and second order, in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from minitf.dtypes import complex128, float64
from minitf.testing.calls import placeholders, tensors_of
from minitf.testing.case import flat_outputs
from minitf.testing.catalogue import cases_of, catalogue, ops_with_cases, runs_by_body

STEP = 1e-4  # of the five-point rule, whose error is of order STEP**4


REFUSING = {"PreventGradient"}  # its rule raises


def differentiable() -> list[str]:
    return [n for n in ops_with_cases() if n not in REFUSING and is_measurable(catalogue()[n])]


def is_measurable(op_def) -> bool:
    """Tell whether an op has a gradient that differences in float64 can be compared with."""
    types = [op_def.attrs[arg.type_attr].allowed for arg in op_def.inputs if arg.type_attr]
    takes_doubles = any(
        allowed is None or {float64, complex128} & set(allowed) for allowed in types
    )
    return bool(op_def.gradient_rule) and runs_by_body(op_def) and takes_doubles


def is_double(value) -> bool:
    return np.asarray(value).dtype in (np.float64, np.complex128)


def random_like(rng, value):
    """Return normal random numbers, complex ones for a complex array."""
    made = rng.standard_normal(np.shape(value))
    return made + 1j * rng.standard_normal(made.shape) if np.iscomplexobj(value) else made


def inner(gradient, change):
    """Return the change of a real function by TensorFlow's convention for complex gradients."""
    return float(np.sum(np.real(np.conj(gradient) * change)))


def flat(inputs):
    return [x for each in inputs for x in (each if isinstance(each, list) else [each])]


def moved(case, directions, step):
    """Return the inputs of a case, each real one moved `step` along its direction."""
    rest = iter(directions)

    def move(value):
        direction = next(rest)
        return value if direction is None else value + step * direction

    return tuple([move(x) for x in v] if isinstance(v, list) else move(v) for v in case.inputs)


@pytest.mark.thorough
@pytest.mark.paper("W-26")
@pytest.mark.parametrize("name", differentiable())
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_a_gradient_is_the_directional_derivative(name, data, seed):
    import minitf as tf

    op_def, case = catalogue()[name], data.draw(cases_of(name))
    assume(case.smooth and any(is_double(x) for x in flat(case.inputs)))
    rng = np.random.default_rng(seed)
    names = [
        arg.name
        for arg, v in zip(op_def.inputs, case.inputs, strict=True)
        for _ in (v if isinstance(v, list) else [v])
    ]
    directions = [
        random_like(rng, x) if is_double(x) and n not in case.constant else None
        for n, x in zip(names, flat(case.inputs), strict=True)
    ]
    outputs = case.run(op_def)
    weights = [random_like(rng, y) if is_double(y) else None for y in outputs]
    assume(any(w is not None for w in weights))

    def along(step):
        with np.errstate(all="ignore"):
            made = flat_outputs(op_def, op_def.body(*moved(case, directions, step), **case.attrs))
        return sum(inner(w, y) for w, y in zip(weights, made, strict=True) if w is not None)

    # Richardson's five points: error STEP**4 * fifth derivative
    numeric = (8 * (along(STEP) - along(-STEP)) - (along(2 * STEP) - along(-2 * STEP))) / (
        12 * STEP
    )
    with tf.Graph().as_default(), tf.Session() as session:
        inputs = placeholders(op_def, case)
        results = tensors_of(op_def(*inputs, **case.attrs))
        used = [(r, w) for r, w in zip(results, weights, strict=True) if w is not None]
        xs = [x for x, d in zip(flat(inputs), directions, strict=True) if d is not None]
        grads = tf.gradients([r for r, _ in used], xs, grad_ys=[tf.constant(w) for _, w in used])
        feeds = dict(zip(flat(inputs), flat(case.inputs), strict=True))
        given_grads = [g for g in grads if g is not None]
        values = iter(session.run([tf.convert_to_tensor(g) for g in given_grads], feeds))
        moving = [d for d in directions if d is not None]
        exact = sum(
            inner(next(values), d) for g, d in zip(grads, moving, strict=True) if g is not None
        )

    size = max(abs(along(0.0)), *(np.sum(np.abs(w)) for w in weights if w is not None), 1.0)
    assert abs(exact - numeric) <= 1e-6 * max(abs(exact), size)
