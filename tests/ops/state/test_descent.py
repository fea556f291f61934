"""Gradient descent, its proximal form, and momentum: formulas, and examples worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from step_cases import cases, named
from variable_steps import changed

from minitf import ops


@given(cases("ApplyGradientDescent", np.float64))
def test_descent_goes_against_the_gradient(case):
    x = named("ApplyGradientDescent", case[0])

    (got,) = changed(ops.apply_gradient_descent_op, case[0])

    np.testing.assert_allclose(got, x["var"] - x["alpha"] * x["delta"], rtol=0, atol=1e-15)


@given(cases("ApplyProximalGradientDescent", np.float64))
def test_the_proximal_step_minimises_distance_and_penalties(case):
    """Its result is the minimum of |x - ahead|^2 / 2 + alpha (l1 |x| + l2 x^2 / 2)."""
    x = named("ApplyProximalGradientDescent", case[0])
    ahead = x["var"] - x["alpha"] * x["delta"]

    def cost(value):
        penalty = x["l1"] * np.abs(value) + x["l2"] * value**2 / 2
        return (value - ahead) ** 2 / 2 + x["alpha"] * penalty

    (got,) = changed(ops.apply_proximal_gradient_descent_op, case[0])

    for near in (got - 1e-3, got + 1e-3):
        assert (cost(near) >= cost(got)).all()


def test_a_proximal_step_by_hand():
    case = [3.0, -0.5, 0.25], 0.5, 1.0, 2.0, [2.0, 0.0, 0.5]
    # ahead: 2, -0.5, 0; shrunk by 0.5: 1.5, 0, 0; divided by 2
    (got,) = changed(ops.apply_proximal_gradient_descent_op, [np.array(each) for each in case])

    assert got.tolist() == [0.75, 0, 0]


def test_a_negative_l1_is_none():
    case = [np.array(each) for each in ([3.0, -1.0], 0.5, -1.0, 0.0, [2.0, 0.0])]

    assert changed(ops.apply_proximal_gradient_descent_op, case)[0].tolist() == [2, -1]


@pytest.mark.parametrize("use_nesterov", [False, True])
@given(cases("ApplyMomentum", np.float64))
def test_momentum_is_a_decaying_sum(use_nesterov, case):
    x = named("ApplyMomentum", case[0])
    total = x["momentum"] * x["accum"] + x["grad"]
    step = x["lr"] * (x["grad"] + x["momentum"] * total if use_nesterov else total)

    got, got_total = changed(ops.apply_momentum_op, case[0], use_nesterov=use_nesterov)

    np.testing.assert_allclose(got_total, total, rtol=0, atol=1e-14)
    np.testing.assert_allclose(got, x["var"] - step, rtol=0, atol=1e-14)


def test_a_row_that_is_named_twice_moves_twice():
    case = [[1.0], [2.0]], [[0.0], [0.0]], 0.5, [[2.0], [2.0]], [1, 1], 0.5
    # the sum of row 1: 2, then 3; it moves by 1, then by 1.5
    got, sums = changed(ops.sparse_apply_momentum_op, [np.array(each) for each in case])

    assert got.tolist() == [[1], [-0.5]]
    assert sums.tolist() == [[0], [3]]
