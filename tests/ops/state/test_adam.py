"""Adam and AdaMax: formulas, and examples worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from step_cases import cases, named
from variable_steps import changed

from minitf import ops


def close(got, want):
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("use_nesterov", [False, True])
@given(cases("ApplyAdam", np.float64))
def test_adam_scales_the_mean_by_the_root_of_the_mean_square(use_nesterov, case):
    x = named("ApplyAdam", case[0])
    mean = x["beta1"] * x["m"] + (1 - x["beta1"]) * x["grad"]
    square = x["beta2"] * x["v"] + (1 - x["beta2"]) * x["grad"] ** 2
    ahead = x["beta1"] * mean + (1 - x["beta1"]) * x["grad"] if use_nesterov else mean
    unbiased = ahead / (1 - x["beta1_power"])
    root = np.sqrt(square) / np.sqrt(1 - x["beta2_power"])
    scaled_epsilon = x["epsilon"] / np.sqrt(1 - x["beta2_power"])

    got = changed(ops.apply_adam_op, case[0], use_nesterov=use_nesterov)

    close(got, (x["var"] - x["lr"] * unbiased / (root + scaled_epsilon), mean, square))


def test_adams_first_step_is_as_long_as_the_rate():
    case = [1.0, 1.0], [0.0, 0.0], [0.0, 0.0], 0.75, 0.75, 0.25, 0.75, 0.75, 0.0, [4.0, -0.5]
    # m = g / 4, v = g^2 / 4; rate = 0.25 * 0.5 / 0.25 = 0.5; m / sqrt(v) = sign(g) / 2
    got, m, v = changed(ops.apply_adam_op, [np.array(each) for each in case])

    assert got.tolist() == [0.75, 1.25]
    assert m.tolist() == [1, -0.125]
    assert v.tolist() == [4, 0.0625]


@given(cases("ApplyAdaMax", np.float64))
def test_adamax_scales_the_mean_by_the_decaying_maximum(case):
    x = named("ApplyAdaMax", case[0])
    mean = x["beta1"] * x["m"] + (1 - x["beta1"]) * x["grad"]
    most = np.maximum(x["beta2"] * x["v"], np.abs(x["grad"]))
    step = x["lr"] / (1 - x["beta1_power"]) * mean / (most + x["epsilon"])

    got = changed(ops.apply_ada_max_op, case[0])

    close(got, (x["var"] - step, mean, most))


def test_adamaxs_step_by_hand():
    case = [1.0], [0.0], [8.0], 0.5, 0.25, 0.5, 0.5, 0.0, [-2.0]
    # m = -1, v = max(4, 2), step = 0.25 / 0.5 * -1 / 4
    got, m, v = changed(ops.apply_ada_max_op, [np.array(each) for each in case])

    assert (got.tolist(), m.tolist(), v.tolist()) == ([1.125], [-1], [4])
