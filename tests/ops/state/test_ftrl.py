"""FTRL: what it minimises, its variants, and an example worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from step_cases import cases, named
from variable_steps import changed

from minitf import ops


@pytest.mark.parametrize("name", ["ApplyFtrl", "ApplyFtrlV2"])
@given(data=st.data())
def test_a_step_minimises_linear_losses_penalties_and_the_way_gone(name, data):
    case, _ = data.draw(cases(name, np.float64))
    x = named(name, case)
    total = x["accum"] + x["grad"] ** 2
    rate = [x["lr"] * power ** x["lr_power"] for power in (x["accum"], total)]
    slope = x["grad"] + 2 * x.get("l2_shrinkage", 0) * x["var"]
    linear = x["linear"] + slope - (1 / rate[1] - 1 / rate[0]) * x["var"]

    def cost(value):
        penalty = x["l1"] * np.abs(value) + x["l2"] * value**2
        return linear * value + penalty + value**2 / (2 * rate[1])

    got, got_total, got_linear = changed(ops.find_op(name), case)

    np.testing.assert_allclose(got_total, total, rtol=1e-12)
    scale = 1 + np.max(np.abs(x["var"]) / rate[1], initial=0)
    np.testing.assert_allclose(got_linear, linear, rtol=1e-12, atol=1e-12 * scale)
    for near in (got - 1e-2, got + 1e-2):
        assert (cost(near) >= cost(got)).all()


@given(cases("ApplyFtrl", np.float64))
def test_the_linear_losses_may_be_kept_times_the_rate(case):
    inputs = list(case[0])
    var, accum, linear = changed(ops.apply_ftrl_op, inputs)
    inputs[2] = inputs[2] * inputs[4]

    got = changed(ops.apply_ftrl_op, inputs, multiply_linear_by_lr=True)

    np.testing.assert_allclose(got[2], linear * inputs[4], rtol=1e-12, atol=1e-11)
    np.testing.assert_allclose(got[1], accum, rtol=0)
    if inputs[6] > 0.01:  # else the minimum may be a quotient of two tiny numbers
        np.testing.assert_allclose(got[0], var, rtol=1e-9, atol=1e-8)


def test_ftrls_step_by_hand():
    case = [2.0, 1.0], [7.0, 1.0], [1.0, 0.0], [3.0, 0.5], 0.5, 1.0, 1.0, -0.5
    # roots of accum: sqrt 7 -> 4; linear = 1 + 3 - (4 - sqrt 7) / 0.5 * 2 = 4 sqrt 7 - 12 < -1
    # second element: linear = 0.5 - (sqrt 1.25 - 1) * 2 = 0.26: within l1, so the result is 0
    got, accum, linear = changed(ops.apply_ftrl_op, [np.array(each) for each in case])

    root = np.sqrt(7)
    np.testing.assert_allclose(accum, [16, 1.25])
    np.testing.assert_allclose(linear, [4 * root - 12, 2.5 - 2 * np.sqrt(1.25)], rtol=1e-14)
    np.testing.assert_allclose(got, [(11 - 4 * root) / (4 / 0.5 + 2), 0], rtol=1e-14)


def test_an_element_that_no_gradient_has_touched_is_zero():
    nothing = np.zeros(1)
    case = [np.ones(1), nothing, nothing, nothing, *map(np.array, (0.5, 0.0, 0.0, -0.5))]
    with np.errstate(invalid="ignore"):  # 0 / 0 in what is not chosen
        got, *_ = changed(ops.apply_ftrl_op, case)

    assert got.tolist() == [0]
