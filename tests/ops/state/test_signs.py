"""AddSign and PowerSign: formulas, and examples worked by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from step_cases import cases, named
from variable_steps import changed

from minitf import ops


def close(got, want):
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@given(cases("ApplyAddSign", np.float64))
def test_add_sign_goes_farther_where_signs_agree(case):
    x = named("ApplyAddSign", case[0])
    mean = x["beta"] * x["m"] + (1 - x["beta"]) * x["grad"]
    length = x["alpha"] + x["sign_decay"] * np.sign(x["grad"] * mean)

    got = changed(ops.apply_add_sign_op, case[0])

    close(got, (x["var"] - x["lr"] * length * x["grad"], mean))


@given(cases("ApplyPowerSign", np.float64))
def test_power_sign_goes_a_power_as_far_where_signs_agree(case):
    x = named("ApplyPowerSign", case[0])
    mean = x["beta"] * x["m"] + (1 - x["beta"]) * x["grad"]
    length = np.exp(x["logbase"]) ** (x["sign_decay"] * np.sign(x["grad"] * mean))

    got = changed(ops.apply_power_sign_op, case[0])

    close(got, (x["var"] - x["lr"] * length * x["grad"], mean))


def test_steps_of_signs_by_hand():
    var, m, grad = np.zeros(3), np.array([2.0, -8.0, -2.0]), np.array([2.0, 2.0, 2.0])
    half, one = np.array(0.5), np.array(1.0)
    # the means are 2, -3 and 0: the signs agree, differ, and say nothing

    got, mean = changed(ops.apply_add_sign_op, (var, m, half, one, half, half, grad))
    power, _ = changed(ops.apply_power_sign_op, (var, m, half, np.log(4), half, half, grad))

    assert mean.tolist() == [2, -3, 0]
    assert got.tolist() == [-1.5, -0.5, -1]
    np.testing.assert_allclose(power, [-2, -0.5, -1], rtol=1e-15)
